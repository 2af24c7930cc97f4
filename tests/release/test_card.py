"""The card says what the data says, and nothing a title would like it to say."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huggingface_hub import DatasetCard

from claimset.models import AnnotatorKind, Article
from claimset.release import card as card_module
from claimset.release.columns import CONFIGS
from claimset.release.reader import read_release

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from claimset.release.builder import BuildResult

SNAPSHOT = Path(__file__).parent / "snapshots" / "card.md"

UPDATE = "UPDATE_SNAPSHOTS" in os.environ
"""`UPDATE_SNAPSHOTS=1 pytest tests/release/test_card.py` writes the snapshot; read its diff."""


def _card(folder: Path) -> str:
    return (folder / "README.md").read_text("utf-8")


def _facts(folder: Path) -> dict[str, Any]:
    """The front matter, as the Hub's own client reads it."""
    return dict(vars(DatasetCard(_card(folder)).data))


def test_the_card_of_the_seeds_is_the_one_that_was_read(released: Path) -> None:
    """`content_id`, hashes and all: every change of the card is seen in a diff."""
    card = _card(released)
    if UPDATE:
        SNAPSHOT.write_text(card, "utf-8")
    assert card == SNAPSHOT.read_text("utf-8"), "set UPDATE_SNAPSHOTS=1 and read the diff"


def test_front_matter_names_each_config_with_version_and_content(released: Path) -> None:
    """Without version and description a local load may return rows of another release."""
    release = read_release(released)
    assert release is not None
    metadata = release.metadata
    configs = _facts(released)["configs"]
    assert [item["config_name"] for item in configs] == list(CONFIGS)
    assert [item.get("default", False) for item in configs] == [True] + [False] * (len(CONFIGS) - 1)
    for item in configs:
        assert item["version"] == "0.1.0"
        assert item["description"] == f"sha256:{metadata.content_id}"
        (files,) = item["data_files"]
        assert (released / files["path"]).is_file()
    sizes = {
        info["config_name"]: info["splits"][0]["num_examples"]
        for info in _facts(released)["dataset_info"]
    }
    assert sizes == {file.config: file.rows for file in metadata.files}


def test_front_matter_is_true(released: Path) -> None:
    facts = _facts(released)
    assert facts["annotations_creators"] == ["machine-generated"]
    assert facts["license"] == "other"
    assert facts["language"] == ["en"]
    assert facts["language_bcp47"] == ["en", "en-GB"]
    assert facts["size_categories"] == ["n<1K"]
    assert "human-annotated" not in facts["tags"]


def test_the_card_says_what_other_languages_and_segmenters_mean(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    """Who reads an empty score must know that none could be given."""
    first, *rest = seed_input["articles"]
    articles = [first.model_copy(update={"language": "de-CH"}), *rest]
    build(tmp_path / "data", articles=articles, segmenter_version="lines 2.0+1a2b3c4d")
    card = _card(tmp_path / "data")
    assert "1. **Segmentation** (lines 2.0+1a2b3c4d) cuts" in card
    assert "in other languages than English (`de-CH`) are cut by layout" in card


def test_the_card_says_that_reasons_may_quote_what_is_withheld(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    first, *rest = seed_input["articles"]
    for policy in ("offsets", "excerpt"):
        article = Article.model_validate(first.model_dump() | {"text_policy": policy})
        build(tmp_path / policy, articles=[article, *rest])
    said = "they may quote an article whose text is withheld.\n\n## Data statement"
    assert said in _card(tmp_path / "offsets")
    assert "may quote an article" not in _card(tmp_path / "excerpt")


def test_figures_in_the_card_are_those_of_the_data(released: Path) -> None:
    release = read_release(released)
    assert release is not None
    card = _card(released)
    for figure in release.metadata.agreement:
        interval = figure.interval
        assert interval is not None
        ends = f"{interval.low:.3f} to {interval.high:.3f} (jackknife over 3 articles)"
        assert f"| {figure.value:.4f} | {ends} | {figure.units} | {figure.ratings} |" in card
    rows = release.rows("claims")
    for label in ("supported", "refuted", "not_enough_evidence", "conflicting_evidence"):
        count = sum(row["gold_verdict"] == label for row in rows)
        assert f"| `{label}` | {count} |" in card


def test_the_row_shown_is_a_row_of_the_data(released: Path) -> None:
    (shown,) = re.findall(r"```json\n(.*?)\n```", _card(released), re.DOTALL)
    release = read_release(released)
    assert release is not None
    assert json.loads(shown) in release.rows("claims")


def test_every_column_is_explained(released: Path) -> None:
    release = read_release(released)
    assert release is not None
    card = _card(released)
    for config in CONFIGS:
        for column in release.columns(config):
            assert f"| `{column}`" in card or f"| `{column}[]`" in card


def test_every_config_stands_in_the_overview_with_its_rows(released: Path) -> None:
    release = read_release(released)
    assert release is not None
    card = _card(released)
    for config in CONFIGS:
        rows = sum(file.rows for file in release.files(config))
        assert f"\n| [`{config}`](#{config}) | {rows} | " in card


def test_the_card_says_what_always_the_same_answer_would_get_right(released: Path) -> None:
    release = read_release(released)
    assert release is not None
    verdicts = Counter(row["gold_verdict"] for row in release.rows("claims"))
    del verdicts[None]
    ((most, count),) = verdicts.most_common(1)
    said = f"always answers `{most}` is right for {count} of the {verdicts.total()} claims"
    assert said in _card(released)


def test_a_release_without_gold_verdicts_names_no_most_frequent_one(
    tmp_path: Path, build: Callable[..., BuildResult]
) -> None:
    build(tmp_path / "dataset", annotations=[])
    assert "always answers" not in _card(tmp_path / "dataset")


def test_machine_labels_carry_a_warning(released: Path) -> None:
    assert "made by a language model, not by people" in _card(released)


def test_labels_by_people_carry_none(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    people = [
        item.model_copy(update={"annotator_kind": AnnotatorKind.HUMAN})
        for item in seed_input["annotations"]
    ]
    build(tmp_path / "dataset", annotations=people)
    card, facts = _card(tmp_path / "dataset"), _facts(tmp_path / "dataset")
    assert "language model" not in card
    assert "3 people, under pseudonyms" in card
    assert facts["annotations_creators"] == ["other"]
    assert "human-annotated" in facts["tags"]


def test_a_mixture_of_people_and_machines_is_said_to_be_one(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    mixed = [
        item.model_copy(update={"annotator_kind": AnnotatorKind.HUMAN})
        if item.annotator == "machine-a"
        else item
        for item in seed_input["annotations"]
    ]
    build(tmp_path / "dataset", annotations=mixed)
    card, facts = _card(tmp_path / "dataset"), _facts(tmp_path / "dataset")
    assert "Some answers were made by a language model" in card
    assert facts["annotations_creators"] == ["machine-generated", "other"]


def test_a_card_without_annotations_claims_no_figure(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    build(tmp_path / "dataset", annotations=[])
    card = _card(tmp_path / "dataset")
    assert "Nobody has annotated yet" in card
    assert f"{len(seed_input['claims'])} claims are `unresolved`" in card
    assert _facts(tmp_path / "dataset")["annotations_creators"] == ["no-annotation"]


def test_a_long_list_of_articles_is_given_by_publisher(
    tmp_path: Path,
    build: Callable[..., BuildResult],
    seed_input: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(card_module, "_ARTICLES_NAMED", 2)
    build(tmp_path / "dataset")
    card = _card(tmp_path / "dataset")
    assert "| Prospect | All rights reserved by the publisher" in card
    assert "| 1 more | | |" in card
    assert seed_input["articles"][0].title not in card.split("## Articles")[1]


HOSTILE = "<script>alert(1)</script> | [x](javascript:1) \n---\nlicense: mit"


def test_a_hostile_article_changes_neither_yaml_nor_tables(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    first, *rest = seed_input["articles"]
    fields = {"title": HOSTILE, "publisher": HOSTILE, "license": HOSTILE}
    hostile = Article.model_validate(first.model_dump() | fields | {"url": "javascript:alert(1)"})
    build(tmp_path / "dataset", articles=[hostile, *rest])
    card = _card(tmp_path / "dataset")
    assert _facts(tmp_path / "dataset")["license"] == "other"
    assert card.count("\n---\n") == 1
    body = card.split("\n---\n", 1)[1]
    assert "<script" not in body
    assert not re.search(r"(?<!\\)\]\(javascript", body)
    (row,) = [line for line in body.splitlines() if "alert(1)&lt;/script" in line]
    assert len(re.findall(r"(?<!\\)\|", row)) == 8


def test_hostile_names_stay_words(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    """Names of dataset, annotators and rounds come from settings and servers."""
    hostile = [
        item.model_copy(update={"annotator": f"{item.annotator}`|<b>\n# evil", "round": "`<i>"})
        for item in seed_input["annotations"]
    ]
    build(tmp_path / "dataset", annotations=hostile, name="x}\n---\nlicense: mit <b>")
    card = _card(tmp_path / "dataset")
    assert _facts(tmp_path / "dataset")["license"] == "other"
    assert "\n# evil" not in card
    body = card.split("\n---\n", 1)[1]
    outside_code = re.sub(r"```.*?```|`[^`\n]*`", "", body, flags=re.DOTALL)
    assert "<b>" not in outside_code
    assert "<i>" not in outside_code


def test_the_card_explains_inherited_labels_where_there_are_any(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    """Two claims of one article with the same words: the second has no votes of its own."""
    build(tmp_path / "without")
    assert "was not annotated itself" not in _card(tmp_path / "without")
    first, second, *rest = seed_input["claims"]
    link = {
        "duplicate_of": first.claim_id,
        "duplicate_score": 1,
        "duplicate_method": "verbatim",
        "attributions": first.attributions,
    }
    answers = [item for item in seed_input["annotations"] if item.claim_id != second.claim_id]
    build(
        tmp_path / "with",
        claims=[first, second.model_copy(update=link), *rest],
        annotations=answers,
    )
    card = _card(tmp_path / "with")
    assert (
        "| `inherited` | 1 | the label of the claim that this one repeats word for word |" in card
    )
    assert "was not annotated itself" in card
