"""Rows are whole, in fixed order, and every span in them is exact."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import DataError, SpanError
from claimset.models import (
    Annotation,
    AnnotationStatus,
    Article,
    Attribution,
    GoldSource,
    QuoteType,
    Span,
)
from claimset.release.reader import read_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claimset.release.builder import BuildResult

ROW_INPUT = ("units", "claims", "annotations")

Row = dict[str, Any]


class Rows:
    """A release, built and read back."""

    def __init__(self, folder: Path, result: BuildResult) -> None:
        release = read_release(folder)
        assert release is not None
        self.claims = release.rows("claims")
        self.annotations = release.rows("annotations")
        self.articles = release.rows("articles")
        self.content_id = result.content_id
        self.counts = result.counts
        self.left_out = result.left_out

    def claim(self, claim_id: str) -> Row:
        return next(row for row in self.claims if row["claim_id"] == claim_id)


@pytest.fixture
def rows(tmp_path: Path, build: Callable[..., BuildResult]) -> Callable[..., Rows]:
    """Build a release of the seeds with some input replaced, and read its rows."""
    made = 0

    def _rows(**changes: Any) -> Rows:
        nonlocal made
        made += 1
        folder = tmp_path / f"release-{made}"
        return Rows(folder, build(folder, **changes))

    return _rows


@pytest.mark.parametrize("part", ["claim", "attribution", "evidence"])
def test_a_span_that_is_not_its_slice_is_refused_by_name(
    rows: Callable[..., Rows], seed_input: dict[str, Any], part: str
) -> None:
    claims, annotations = list(seed_input["claims"]), list(seed_input["annotations"])
    moved = {"start": 1, "end": 4, "text": "???"}
    name = f"claim {claims[0].claim_id}"
    if part == "claim":
        claims[0] = claims[0].model_copy(update=moved)
    elif part == "attribution":
        attribution = Attribution(
            speaker="?", speaker_span=Span.model_validate(moved), quote_type=QuoteType.DIRECT
        )
        claims[0] = claims[0].model_copy(update={"attributions": (attribution,)})
        name += ", attributions[], speaker_span"
    else:
        evidence = annotations[0].evidence[0].model_copy(update=moved)
        annotations[0] = annotations[0].model_copy(update={"evidence": (evidence,)})
        name = "evidence"
    with pytest.raises(SpanError) as caught:
        rows(claims=claims, annotations=annotations)
    assert name in caught.value.where


def test_a_span_in_an_unknown_article_is_refused(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    with pytest.raises(SpanError, match="not among the articles"):
        rows(articles=seed_input["articles"][:2])


def test_order_of_the_input_changes_nothing(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    chance = random.Random(7)  # noqa: S311 - a fixed shuffle
    shuffled = {name: chance.sample(seed_input[name], len(seed_input[name])) for name in ROW_INPUT}
    assert rows(**shuffled).content_id == rows().content_id


def test_rows_stand_by_article_position_and_annotator(rows: Callable[..., Rows]) -> None:
    found = rows()
    places = {claim["claim_id"]: (claim["article_id"], claim["start"]) for claim in found.claims}
    assert list(places.values()) == sorted(places.values())
    keys = [(places[item["claim_id"]], item["annotator"]) for item in found.annotations]
    assert keys == sorted(keys)


def test_an_annotation_is_released_or_left_out_with_a_reason(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    found = rows()
    released = {item["annotation_id"] for item in found.annotations}
    left_out = {item.annotation_id for item in found.left_out}
    assert not released & left_out
    assert released | left_out == {item.annotation_id for item in seed_input["annotations"]}
    assert all("is not in this release" in item.reason for item in found.left_out)


def test_deleted_and_superseded_annotations_are_left_out(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    first, second, *rest = seed_input["annotations"]
    deleted = first.model_copy(update={"status": AnnotationStatus.DELETED})
    again = second.model_copy(update={"annotation_id": "seeds:9999"})
    found = rows(annotations=[deleted, second, again, *rest])
    reasons = {item.annotation_id: item.reason for item in found.left_out}
    assert reasons[deleted.annotation_id] == "it was deleted"
    assert "has a later answer" in reasons[second.annotation_id]
    assert again.model_dump(mode="json") in found.annotations


def test_a_skipped_annotation_is_published_and_does_not_vote(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    first, *rest = seed_input["annotations"]
    fields = {"status": "skipped", "checkability": None, "verdict": None, "evidence": ()}
    skipped = Annotation.model_validate(first.model_dump() | fields)
    found = rows(annotations=[skipped, *rest])
    assert skipped.model_dump(mode="json") in found.annotations
    claim = next(row for row in found.claims if row["claim_id"] == first.claim_id)
    assert claim["n_annotations"] == 2


def test_a_claim_nobody_answered_is_released_as_unresolved(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    found = rows(annotations=[])
    assert len(found.claims) == len(seed_input["claims"])
    assert {(row["gold_source"], row["n_annotations"]) for row in found.claims} == {
        ("unresolved", 0)
    }


@pytest.mark.parametrize("name", ["articles", "claims", "annotations"])
def test_an_id_that_stands_twice_is_refused(
    rows: Callable[..., Rows], seed_input: dict[str, Any], name: str
) -> None:
    double = [*seed_input[name], seed_input[name][0]]
    with pytest.raises(DataError, match="given twice"):
        rows(**{name: double})


def test_article_text_is_published_only_under_an_open_licence(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    first, *rest = seed_input["articles"]
    opened = Article.model_validate(first.model_dump() | {"open_license": True})
    found = rows(articles=[opened, *rest])
    assert [row["text"] is None for row in found.articles] == [False, True, True]
    assert [row["length"] for row in found.articles] == [
        len(a.text) for a in seed_input["articles"]
    ]
    assert sum(len(row["units"]) for row in found.articles) == len(seed_input["units"])


def test_the_same_answers_sent_again_are_the_same_content(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    """Another server gives other ids and times."""
    again = [
        item.model_copy(
            update={
                "annotation_id": f"seeds:{1000 + number}",
                "created_at": item.created_at.replace(year=2027),
                "updated_at": item.updated_at.replace(year=2027),
                "lead_time_s": 12.5,
            }
        )
        for number, item in enumerate(seed_input["annotations"])
    ]
    assert rows(annotations=again).content_id == rows().content_id


def test_another_answer_is_other_content(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    first, *rest = seed_input["annotations"]
    other = first.model_copy(update={"justification": "because"})
    assert rows(annotations=[other, *rest]).content_id != rows().content_id


def _repeat(seed_input: dict[str, Any], **link: Any) -> dict[str, Any]:
    """The input with the first claim's sentence once more at the end of its article."""
    first = seed_input["claims"][0]
    article = seed_input["articles"][0]
    text = f"{article.text}\n{first.text}"
    article = Article.model_validate(
        article.model_dump()
        | {"text": text, "text_sha256": hashlib.sha256(text.encode()).hexdigest()}
    )
    start = len(text) - len(first.text)
    mention = first.model_copy(
        update={
            "claim_id": "c_" + "0" * 16,
            "start": start,
            "end": len(text),
            "duplicate_of": first.claim_id,
            "duplicate_score": 1.0,
            "duplicate_method": "verbatim",
            **link,
        }
    )
    return {
        "articles": [article, *seed_input["articles"][1:]],
        "claims": [*seed_input["claims"], mention],
    }


def test_a_claim_that_repeats_another_one_inherits_its_label(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    """Label and evidence, marked as inherited; votes are those of the claim itself: none."""
    repeated = _repeat(seed_input)
    mention = repeated["claims"][-1]
    found = rows(**repeated)
    original, inherited = (found.claim(name) for name in (mention.duplicate_of, mention.claim_id))
    assert original["gold_source"] != GoldSource.INHERITED
    assert inherited["gold_source"] == GoldSource.INHERITED
    assert original["gold_verdict"] is not None
    assert inherited["gold_verdict"] == original["gold_verdict"]
    assert inherited["gold_checkability"] == original["gold_checkability"]
    assert inherited["evidence_sets"] == original["evidence_sets"]
    assert (inherited["n_annotations"], inherited["label_distribution"]) == (0, [])
    assert inherited["agreement"] is None
    assert found.counts["gold_inherited"] == 1


@pytest.mark.parametrize(
    "link",
    [
        {"duplicate_method": "retold", "duplicate_score": 0.9},
        {"duplicate_method": "part", "duplicate_score": 0.5},
        {"duplicate_of": None, "duplicate_method": None, "duplicate_score": None},
        {"duplicate_of": "c_" + "f" * 16},
    ],
)
def test_other_links_carry_no_label(
    rows: Callable[..., Rows], seed_input: dict[str, Any], link: dict[str, Any]
) -> None:
    """A retelling or a part may say something else; so may a claim that is not in the release."""
    repeated = _repeat(seed_input, **link)
    found = rows(**repeated)
    assert found.claim(repeated["claims"][-1].claim_id)["gold_source"] == GoldSource.UNRESOLVED


def test_a_repetition_in_another_article_carries_no_label(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    """Its verdict rests on other sources."""
    first, other = seed_input["claims"][0], seed_input["claims"][-1]
    linked = other.model_copy(
        update={
            "duplicate_of": first.claim_id,
            "duplicate_score": 1.0,
            "duplicate_method": "verbatim",
            "attributions": (),
        }
    )
    first = first.model_copy(update={"attributions": ()})
    answers = [item for item in seed_input["annotations"] if item.claim_id != other.claim_id]
    assert first.article_id != other.article_id
    claims = [first, *seed_input["claims"][1:-1], linked]
    found = rows(claims=claims, annotations=answers)
    assert found.claim(other.claim_id)["gold_source"] == GoldSource.UNRESOLVED


def test_a_repetition_that_was_annotated_keeps_its_own_votes(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    """Also where they settle nothing: one vote alone is unresolved, not overruled."""
    repeated = _repeat(seed_input)
    mention = repeated["claims"][-1]
    first = seed_input["annotations"][0]
    own = first.model_copy(update={"annotation_id": "seeds:9999", "claim_id": mention.claim_id})
    found = rows(**repeated, annotations=[*seed_input["annotations"], own])
    assert found.claim(mention.claim_id)["gold_source"] == GoldSource.UNRESOLVED
    assert found.claim(mention.claim_id)["n_annotations"] == 1


def test_an_unresolved_label_is_not_inherited(
    rows: Callable[..., Rows], seed_input: dict[str, Any]
) -> None:
    repeated = _repeat(seed_input)
    found = rows(**repeated, annotations=[])
    assert {row["gold_source"] for row in found.claims} == {GoldSource.UNRESOLVED}
