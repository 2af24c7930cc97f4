"""A build makes the next release, or touches nothing."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import datasets
import pyarrow.parquet as pq
import pytest

from claimset.errors import ContractError, DataError, UsageError
from claimset.loading import load
from claimset.models import GoldSource, Stance, Verdict
from claimset.release import builder
from claimset.release.builder import BuildResult, BuildStatus
from claimset.release.columns import CONFIGS
from claimset.release.reader import read_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claimset.models import Annotation


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*")
    }


def test_the_folder_loads_by_name_with_labels_and_nesting(
    released: Path, seed_input: dict[str, Any]
) -> None:
    claims = datasets.load_dataset(str(released), split="train")
    annotations = datasets.load_dataset(str(released), "annotations", split="train")
    articles = datasets.load_dataset(str(released), "articles", split="train")
    count = len(seed_input["claims"])
    assert (len(claims), len(annotations), len(articles)) == (count, 3 * count, 3)
    assert claims.features["gold_verdict"].names == list(Verdict)
    assert annotations.features["evidence"].feature["stance"].names == list(Stance)
    assert str(claims.info.version) == "0.1.0"
    first = claims[0]
    assert claims.features["gold_source"].int2str(first["gold_source"]) == GoldSource.UNANIMOUS
    sets = first["evidence_sets"]
    assert [item["annotator"] for item in sets] == ["machine-a", "machine-b", "machine-c"]
    assert all(span["text"] for item in sets for span in item["spans"])
    assert datasets.get_dataset_config_names(str(released)) == list(CONFIGS)


def test_every_span_of_every_table_is_its_slice_after_loading(
    released: Path, seed_input: dict[str, Any]
) -> None:
    texts = {article.article_id: article.text for article in seed_input["articles"]}

    def check(value: object, article_id: str) -> int:
        if isinstance(value, list):
            return sum(check(item, article_id) for item in value)
        if not isinstance(value, dict):
            return 0
        article_id = value.get("article_id", article_id)
        found = 0
        if {"start", "end", "text"} <= value.keys():
            assert texts[article_id][value["start"] : value["end"]] == value["text"]
            found = 1
        return found + sum(check(item, article_id) for item in value.values())

    for config in ("claims", "annotations"):
        rows = datasets.load_dataset(str(released), config, split="train")
        assert sum(check(row, "") for row in rows) > len(seed_input["claims"])
    for row in datasets.load_dataset(str(released), "articles", split="train"):
        position = 0
        for unit in row["units"]:
            assert not texts[row["article_id"]][position : unit["start"]].strip()
            position = unit["end"]
        assert not texts[row["article_id"]][position:].strip()


def test_two_folders_of_one_name_each_give_their_own_rows(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    """`load_dataset` keys its cache by folder name and card; the counts here are equal."""
    first, *rest = seed_input["annotations"]
    other = first.model_copy(update={"justification": "another reason"})
    build(tmp_path / "one" / "dataset")
    build(tmp_path / "two" / "dataset", annotations=[other, *rest])
    for where, expected in (("one", first), ("two", other), ("one", first)):
        folder = str(tmp_path / where / "dataset")
        row = datasets.load_dataset(folder, "annotations", split="train")[0]
        assert row["justification"] == expected.justification


def test_a_flipped_label_is_never_served_from_the_cache(
    tmp_path: Path,
    build: Callable[..., BuildResult],
    relabel: Callable[[int, str], list[Annotation]],
) -> None:
    """The same counts, the same version, the same folder name, one label apart."""
    for verdict in ("not_enough_evidence", "refuted"):
        folder = tmp_path / verdict / "dataset"
        build(folder, annotations=relabel(0, verdict))
        claims = datasets.load_dataset(str(folder), split="train")
        assert claims.features["gold_verdict"].int2str(claims[0]["gold_verdict"]) == verdict


def test_building_anew_gives_the_same_bytes(
    released: Path, tmp_path: Path, build: Callable[..., BuildResult]
) -> None:
    build(tmp_path / "elsewhere" / "dataset")
    assert _bytes(tmp_path / "elsewhere" / "dataset") == _bytes(released)


def test_building_again_touches_nothing(released: Path, build: Callable[..., BuildResult]) -> None:
    before = _stamps(released)
    result = build(released)
    assert (result.status, result.version) == (BuildStatus.UNCHANGED, "0.1.0")
    assert _stamps(released) == before


def test_the_result_says_what_was_built(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    result = build(tmp_path / "dataset")
    assert (result.status, result.version) == (BuildStatus.CREATED, "0.1.0")
    assert result.previous_version is None
    assert result.counts["claims"] == len(seed_input["claims"])
    given = len(seed_input["annotations"])
    assert result.counts["annotations"] + len(result.left_out) == given
    assert json.loads(result.model_dump_json())["path"] == str(tmp_path / "dataset")


def test_release_json_describes_the_files(released: Path, seed_input: dict[str, Any]) -> None:
    release = read_release(released)
    assert release is not None
    metadata = release.metadata
    assert metadata.machine_annotators == ("machine-a", "machine-b", "machine-c")
    assert metadata.rounds == ("seeds",)
    assert metadata.segmenter_version == seed_input["segmenter_version"]
    assert {file.config for file in metadata.files} == set(CONFIGS)
    for file in metadata.files:
        assert pq.read_metadata(release.path(file)).num_rows == file.rows


def test_a_relabelled_claim_makes_a_minor_release_with_an_entry(
    released: Path,
    build: Callable[..., BuildResult],
    relabel: Callable[[int, str], list[Annotation]],
    seed_input: dict[str, Any],
) -> None:
    claim_id = seed_input["claims"][0].claim_id
    result = build(released, annotations=relabel(0, "refuted"))
    assert (result.version, result.previous_version) == ("0.2.0", "0.1.0")
    changelog = (released / "CHANGELOG.md").read_text("utf-8")
    assert f"1 claim relabelled supported → refuted: `{claim_id}`." in changelog
    assert changelog.index("## 0.2.0") < changelog.index("## 0.1.0")
    release = read_release(released)
    assert release is not None
    assert release.metadata.previous_version == "0.1.0"
    releases = {
        row["claim_id"]: (row["first_release"], row["last_changed_release"])
        for row in release.rows("claims")
    }
    assert releases.pop(claim_id) == ("0.1.0", "0.2.0")
    assert set(releases.values()) == {("0.1.0", "0.1.0")}


def test_a_new_claim_first_appears_in_its_release(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    folder = tmp_path / "dataset"
    build(folder, claims=seed_input["claims"][1:])
    result = build(folder)
    added = seed_input["claims"][0].claim_id
    assert result.changes is not None
    assert result.changes.claims.added == (added,)
    release = read_release(folder)
    assert release is not None
    first = {row["claim_id"]: row["first_release"] for row in release.rows("claims")}
    assert first.pop(added) == "0.2.0"
    assert set(first.values()) == {"0.1.0"}


def test_another_card_alone_is_a_patch_with_the_same_tables(
    released: Path, build: Callable[..., BuildResult]
) -> None:
    before = _bytes(released)
    result = build(released, segmenter_version="1.1.1")
    after = _bytes(released)
    assert (result.status, result.version) == (BuildStatus.CARD_ONLY, "0.1.1")
    assert {name for name in before if before[name] != after[name]} == {
        "CHANGELOG.md",
        "README.md",
        "croissant.json",
        "release.json",
    }
    assert "Only the card changed" in (released / "CHANGELOG.md").read_text("utf-8")
    again = build(released, segmenter_version="1.1.1")
    assert (again.status, again.version) == (BuildStatus.UNCHANGED, "0.1.1")


def test_another_name_changes_the_rows_that_hold_it(
    released: Path, build: Callable[..., BuildResult]
) -> None:
    """LLM-AggreFact's column `dataset`: with the old name in it, no table would be what it says."""
    result = build(released, name="another_name")
    assert (result.status, result.version) == (BuildStatus.CREATED, "0.2.0")
    release = read_release(released)
    assert release is not None
    assert {row["dataset"] for row in release.rows("aggrefact")} == {"another_name"}
    entry = (released / "CHANGELOG.md").read_text("utf-8").split("\n## ")[1]
    assert "The dataset is called `another_name` now" in entry
    assert "card" not in entry
    again = build(released, name="another_name")
    assert (again.status, again.version) == (BuildStatus.UNCHANGED, "0.2.0")


def test_another_schema_is_a_breaking_release(
    released: Path, build: Callable[..., BuildResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the version is 0.x, the minor number rises for it."""
    monkeypatch.setattr(builder, "schema_id", lambda _labels: "f" * 64)
    result = build(released)
    assert (result.status, result.version) == (BuildStatus.CREATED, "0.2.0")
    assert "may break" in (released / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize(
    "step", ["builder.Comparison", "folder.render_card", "folder.extend_changelog"]
)
def test_an_error_in_the_middle_leaves_the_old_release(
    released: Path,
    build: Callable[..., BuildResult],
    relabel: Callable[[int, str], list[Annotation]],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "the disk is full"
        raise OSError(message)

    before = _stamps(released)
    monkeypatch.setattr(f"claimset.release.{step}", fail)
    with pytest.raises(OSError, match="disk is full"):
        build(released, annotations=relabel(0, "refuted"))
    assert _stamps(released) == before
    assert [path.name for path in released.parent.iterdir()] == ["dataset"]


def test_what_a_killed_build_left_is_cleared_away(
    released: Path, build: Callable[..., BuildResult]
) -> None:
    before = _bytes(released)
    (released.parent / ".dataset.new-killed").mkdir()
    released.rename(released.parent / ".dataset.old")
    assert build(released).status is BuildStatus.UNCHANGED
    assert _bytes(released) == before
    assert [path.name for path in released.parent.iterdir()] == ["dataset"]


def test_files_of_somebody_else_are_not_thrown_away(
    released: Path, build: Callable[..., BuildResult]
) -> None:
    (released / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt"):
        build(released)


def test_files_of_git_and_the_hub_stay(
    released: Path,
    build: Callable[..., BuildResult],
    relabel: Callable[[int, str], list[Annotation]],
) -> None:
    (released / ".gitattributes").write_text("*.parquet filter=lfs\n")
    build(released, annotations=relabel(0, "refuted"))
    assert (released / ".gitattributes").read_text() == "*.parquet filter=lfs\n"


def test_nothing_is_built_on_a_damaged_release(
    released: Path, build: Callable[..., BuildResult]
) -> None:
    path = released / "claims" / "train-00000-of-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match="not the one that was released"):
        build(released)
    shutil.rmtree(path.parent)
    with pytest.raises(DataError, match="lacks its file"):
        build(released)


def test_unreadable_metadata_is_refused(released: Path, build: Callable[..., BuildResult]) -> None:
    (released / "release.json").write_text("{}")
    with pytest.raises(ContractError, match="metadata"):
        build(released)


def test_a_dataset_without_any_annotation_is_released_and_loads(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    """`datasets` cannot load a table without rows, so the card does not name it."""
    folder = tmp_path / "dataset"
    result = build(folder, annotations=[])
    count = len(seed_input["claims"])
    assert result.counts["gold_unresolved"] == count
    assert len(datasets.load_dataset(str(folder), split="train")) == count
    assert datasets.get_dataset_config_names(str(folder)) == [
        "claims",
        "articles",
        "corpus",
        "attributions",
    ]
    annotations = load(folder, "annotations")
    assert len(annotations) == 0
    assert annotations.features["verdict"].names == list(Verdict)


def test_a_release_without_claims_is_refused(
    tmp_path: Path, build: Callable[..., BuildResult]
) -> None:
    with pytest.raises(UsageError, match="no claim to release"):
        build(tmp_path / "dataset", claims=[])
    assert not (tmp_path / "dataset").exists()
