"""Training code gets the rows that were released, or an error that says why not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import ContractError, DataError, SpanError, UsageError
from claimset.identifiers import sha256_hex
from claimset.loading import batches, load, rows, verify
from claimset.models import Annotation, Article, Verdict
from claimset.release.builder import build_release
from claimset.release.columns import CONFIGS
from claimset.segmentation import claims_of, find_units

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = {
    "open": "Water boils at 90 °C on the mountain 🏔. The hut opened in 1921.",
    "closed": "At the hut, water boils at 90 °C. Nobody knows when it was built.",
}


def _article(name: str) -> Article:
    digest = sha256_hex(TEXTS[name].encode())
    return Article(
        article_id=name,
        event_id="hut",
        title=name,
        license="CC0-1.0" if name == "open" else "All rights reserved",
        open_license=name == "open",
        path=f"articles/{name}.txt",
        sha256=digest,
        text_sha256=digest,
        text=TEXTS[name],
    )


def _build(folder: Path, verdict: str = "supported") -> Path:
    articles = [_article(name) for name in TEXTS]
    units = [unit for article in articles for unit in find_units(article)]
    claims = claims_of(articles[0], [unit for unit in units if unit.article_id == "open"])
    stance = "supports" if verdict == "supported" else "refutes"
    quote = "water boils at 90 °C"
    start = TEXTS["closed"].index(quote)
    span = {"article_id": "closed", "start": start, "end": start + len(quote), "text": quote}
    annotations = [
        Annotation.model_validate(
            {
                "annotation_id": f"pilot:{number}",
                "claim_id": claims[0].claim_id,
                "round": "pilot",
                "annotator": f"p{number}",
                "annotator_kind": "human",
                "checkability": "factual",
                "verdict": verdict,
                "evidence": [{**span, "stance": stance}],
                "created_at": START,
                "updated_at": START,
                "status": "submitted",
                "label_schema_version": "1.0",
                "guidelines_version": "1.0",
            }
        )
        for number in range(2)
    ]
    build_release(
        dataset_folder=folder,
        name="hut",
        articles=articles,
        units=units,
        claims=claims,
        annotations=annotations,
        label_schema_version="1.0",
        segmenter_version="1.0",
    )
    return folder


@pytest.fixture(autouse=True)
def hf_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache; `datasets` reads its setting at import, so that is replaced too."""
    home = tmp_path / "hf-home"
    monkeypatch.setenv("HF_HOME", str(home))
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", home / "datasets")
    return home


@pytest.fixture
def released(tmp_path: Path) -> Path:
    return _build(tmp_path / "dataset")


def _rewrite_metadata(folder: Path, **changes: Any) -> None:
    path = folder / "release.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_the_default_view_holds_the_claims_with_label_names(released: Path) -> None:
    claims = load(released)
    assert len(claims) == 2
    label = claims.features["gold_verdict"]
    assert label.names == list(Verdict)
    assert label.int2str(claims[0]["gold_verdict"]) == "supported"
    assert claims[1]["gold_verdict"] is None
    assert str(claims.info.version) == "0.1.0"


@pytest.mark.parametrize(("view", "count"), [("claims", 2), ("annotations", 2), ("articles", 2)])
def test_each_view_loads_by_name(released: Path, view: str, count: int) -> None:
    assert len(load(released, view)) == count
    assert len(load(str(released), view, split="train")) == count


@pytest.mark.parametrize("view", CONFIGS)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_batches_and_rows_hold_what_datasets_reads(released: Path, view: str, size: int) -> None:
    split = load(released, view)
    assert list(batches(split, size)) == list(split.iter(size))
    assert list(rows(split)) == list(split)
    shuffled = [batch for batch in batches(split, size, seed=1) if batch]
    assert sorted(map(str, rows(split, seed=2))) == sorted(map(str, split))
    assert [len(next(iter(batch.values()))) for batch in shuffled] == [
        len(next(iter(batch.values()))) for batch in split.iter(size)
    ]


def test_batches_honour_what_was_filtered_selected_and_put_in_order(released: Path) -> None:
    units = load(released, "corpus")
    chosen = units.filter(lambda row: "90" in row["text"]).select_columns(["text"])
    assert 0 < len(chosen) < len(units)
    assert list(batches(chosen, 2)) == list(chosen.iter(2))
    backwards = units.select(range(len(units) - 1, -1, -1))
    assert list(rows(backwards)) == list(units)[::-1]
    assert list(rows(units.select([]))) == []


def test_a_batch_of_no_rows_is_refused(released: Path) -> None:
    with pytest.raises(UsageError, match="cannot hold 0 rows"):
        batches(load(released), 0)


def test_another_release_under_the_same_path_is_never_mixed_up(tmp_path: Path) -> None:
    """Same path, same counts, same times of change: only the bytes differ."""
    for verdict in ("supported", "refuted", "supported"):
        shutil.rmtree(tmp_path / "dataset", ignore_errors=True)
        folder = _build(tmp_path / "dataset", verdict)
        for path in folder.rglob("*.parquet"):
            os.utime(path, (0, 0))
        claims = load(folder)
        assert claims.features["gold_verdict"].int2str(claims[0]["gold_verdict"]) == verdict


def _read_by_datasets(folder: Path, view: str = "claims") -> Any:
    import datasets

    return datasets.load_dataset(str(folder), view, split="train")


def _read_by_claimset(folder: Path, view: str = "claims") -> Any:
    return load(folder, view, split="train")


@pytest.mark.parametrize("read", [_read_by_datasets, _read_by_claimset])
def test_no_cache_is_ever_stale(tmp_path: Path, read: Callable[..., Any]) -> None:
    """Two workspaces with a `dataset/` each, one label apart, and one put in the other's place.

    The card's sizes, the paths and the times of change are equal; so is the length of every row.
    """
    numbers = {"supported": list(Verdict).index(Verdict.SUPPORTED)}
    numbers["refuted"] = list(Verdict).index(Verdict.REFUTED)
    folders = {
        verdict: _build(tmp_path / verdict / "dataset", verdict)
        for verdict in ("supported", "refuted")
    }
    sizes = []
    for folder in folders.values():
        for path in folder.rglob("*"):
            os.utime(path, (0, 0))
        sizes.append(
            re.findall(r"(num_bytes|num_examples): (\d+)", (folder / "README.md").read_text())
        )
    assert sizes[0][:2] == sizes[1][:2]  # of the claims
    for _ in range(2):
        for verdict, folder in folders.items():
            assert read(folder)[0]["gold_verdict"] == numbers[verdict]
    folders["supported"].rename(tmp_path / "aside")
    folders["refuted"].rename(folders["supported"])  # replaced in place
    assert read(folders["supported"])[0]["gold_verdict"] == numbers["refuted"]
    (tmp_path / "aside").rename(folders["refuted"])
    assert read(folders["refuted"])[0]["gold_verdict"] == numbers["supported"]
    # Contradiction and entailment: the folders changed places.
    labels = {v: read(folders[v], "nli")[0]["label"] for v in folders}
    assert labels == {
        "supported": 2,
        "refuted": 0,
    }


def test_a_damaged_file_is_refused(released: Path) -> None:
    path = released / "claims" / "train-00000-of-00001.parquet"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(DataError, match="not the one that was released"):
        load(released)
    assert len(load(released, "articles")) == 2


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"view": "none"}, "no view 'none'"),
        ({"split": "test"}, "no split 'test'"),
        ({"revision": "v0.1.0"}, "no git repository"),
    ],
)
def test_what_does_not_exist_is_refused_with_what_does(
    released: Path, arguments: dict[str, str], problem: str
) -> None:
    with pytest.raises(UsageError, match=problem) as caught:
        load(released, **arguments)
    assert caught.value.remedy


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no claimset release"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("source", "problem", "remedy"),
    [
        ("nowhere", "no such folder", "owner/name"),
        ("https://huggingface.co/datasets/acme/bridges", "address of a page", "as acme/bridges"),
    ],
)
def test_what_is_no_folder_is_refused_with_the_name_to_give(
    source: str, problem: str, remedy: str
) -> None:
    with pytest.raises(UsageError, match=problem) as caught:
        load(source)
    assert remedy in caught.value.remedy


def test_verify_counts_what_it_could_check(released: Path) -> None:
    """Two claims and their article's text are there; four spans lie in the closed article."""
    found = verify(released)
    assert found.version == "0.1.0"
    assert (found.spans_checked, found.spans_without_text) == (2, 4)
    found = verify(released, {"closed": TEXTS["closed"]})
    assert (found.spans_checked, found.spans_without_text) == (6, 0)


def test_verify_refuses_another_text(released: Path) -> None:
    with pytest.raises(DataError, match="sha256 differs"):
        verify(released, {"closed": TEXTS["closed"] + " "})


def test_verify_refuses_rows_of_another_content_id(released: Path) -> None:
    _rewrite_metadata(released, content_id="0" * 64)
    with pytest.raises(DataError, match="content id"):
        verify(released)


def _forge(folder: Path, **changes: Any) -> None:
    """Change the first claim and make every hash fit, as only a fault in a build could."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "claims" / "train-00000-of-00001.parquet"
    table = pq.read_table(path)
    first, *rest = table.to_pylist()
    forged = pa.Table.from_pylist([first | changes, *rest], schema=table.schema)
    pq.write_table(forged, path)
    from claimset.release.reader import read_release

    release = read_release(folder)
    assert release is not None
    files = json.loads((folder / "release.json").read_text())["files"]
    for file in files:
        if file["config"] == "claims":
            file["sha256"] = sha256_hex(path.read_bytes())
    _rewrite_metadata(folder, files=files)
    release = read_release(folder)
    assert release is not None
    _rewrite_metadata(folder, content_id=release.content_id())


def test_verify_finds_a_span_that_is_not_its_slice(released: Path) -> None:
    _forge(released, text="W" * len(TEXTS["open"].partition(" The")[0]))
    with pytest.raises(SpanError, match="does not hold its stored text"):
        verify(released)


def test_verify_finds_a_span_beyond_its_article(released: Path) -> None:
    _forge(released, article_id="closed", start=1000, end=1001, text="x")
    with pytest.raises(SpanError, match="ends at 1001"):
        verify(released)


def test_verify_finds_a_row_that_breaks_its_model(released: Path) -> None:
    _forge(released, gold_verdict=None)
    with pytest.raises(ContractError, match="gold_verdict"):
        verify(released)


def test_importing_the_module_does_not_import_datasets() -> None:
    script = "import sys, claimset.loading; sys.exit('datasets' in sys.modules)"
    scripts = Path(__file__).parents[1] / "scripts"
    done = subprocess.run([sys.executable, "-c", script], cwd=scripts, check=False)
    assert done.returncode == 0


TRAINERS = {"datasets", "huggingface_hub", "numpy", "pyarrow", "pydantic"}
"""What loading needs beside the standard library, named in README.md."""

_SCRIPT = """
import importlib.abc, sys

class Refused(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {refused}:
            raise ImportError(name + " is not installed")

sys.meta_path.insert(0, Refused())
from claimset.loading import batches, load, rows, verify
data = load({folder!r}, "claims")
print(len(list(rows(data))), sum(len(b["claim_id"]) for b in batches(data)))
print(verify({folder!r}).rows)
"""


def test_loading_needs_no_more_than_a_trainer_has(released: Path) -> None:
    """None of what segmentation, annotation and the command need is imported on the way."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[<>=\[ ]", item)[0].lower() for item in project["dependencies"]}
    refused = {name.replace("-", "_") for name in declared - TRAINERS} - {"fsspec", "httpx"}
    refused |= {"dotenv", "label_studio_sdk", "nupunkt", "bm25s", "markdown_it"}
    assert {"typer", "rich", "jinja2", "rapidfuzz", "pydantic_settings"} <= refused
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(refused=refused, folder=str(released))],
        cwd=Path(__file__).parents[1] / "scripts",
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[:2] == ["2", "2"]
