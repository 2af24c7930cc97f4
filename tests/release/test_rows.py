"""Rows are whole, in fixed order, and every span in them is exact."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import DataError, SpanError
from claimset.evidence import find_candidates
from claimset.models import Annotation, AnnotationStatus, Article, Attribution, QuoteType, Span
from claimset.release.rows import build_rows, canonical_rows, content_of
from claimset.release.spans import check_spans, spans_of

if TYPE_CHECKING:
    from claimset.release.rows import ReleaseRows

ROW_INPUT = ("articles", "units", "claims", "annotations")


def _rows(seed_input: dict[str, Any], **changes: Any) -> ReleaseRows:
    return build_rows(**({name: seed_input[name] for name in ROW_INPUT} | changes))


def _content(rows: ReleaseRows) -> str:
    return content_of(canonical_rows(rows))


def test_every_span_of_every_row_is_its_slice(seed_input: dict[str, Any]) -> None:
    rows = _rows(seed_input)
    texts = {article.article_id: article.text for article in seed_input["articles"]}
    checked = 0
    for row in (*rows.claims, *rows.annotations):
        for found in spans_of(row, where=""):
            span = found.span
            assert texts[found.article_id][span.start : span.end] == span.text
            checked += 1
    assert checked > len(rows.claims)


def test_evidence_candidates_are_checked_by_the_same_rule(seed_input: dict[str, Any]) -> None:
    articles = seed_input["articles"]
    texts = {article.article_id: article.text for article in articles}
    candidates = find_candidates(articles, seed_input["units"], seed_input["claims"])
    assert sum(check_spans(row, texts, where="candidate") for row in candidates) == len(candidates)


@pytest.mark.parametrize("part", ["claim", "attribution", "evidence"])
def test_a_span_that_is_not_its_slice_is_refused_by_name(
    seed_input: dict[str, Any], part: str
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
        name += ", attributions[0], speaker_span"
    else:
        evidence = annotations[0].evidence[0].model_copy(update=moved)
        annotations[0] = annotations[0].model_copy(update={"evidence": (evidence,)})
        # Evidence stands in the annotation and, when gold, in the claim: either may be named.
        name = "evidence"
    with pytest.raises(SpanError) as caught:
        _rows(seed_input, claims=claims, annotations=annotations)
    assert name in caught.value.where


def test_a_span_in_an_unknown_article_is_refused(seed_input: dict[str, Any]) -> None:
    with pytest.raises(SpanError, match="not among the articles"):
        _rows(seed_input, articles=seed_input["articles"][:2])


def test_order_of_the_input_changes_nothing(seed_input: dict[str, Any]) -> None:
    chance = random.Random(7)  # noqa: S311 - a fixed shuffle
    shuffled = {name: chance.sample(seed_input[name], len(seed_input[name])) for name in ROW_INPUT}
    assert _rows(seed_input, **shuffled) == _rows(seed_input)


def test_rows_stand_by_article_position_and_annotator(seed_input: dict[str, Any]) -> None:
    rows = _rows(seed_input)
    places = {claim.claim_id: (claim.article_id, claim.start) for claim in rows.claims}
    assert list(places.values()) == sorted(places.values())
    keys = [(places[item.claim_id], item.annotator) for item in rows.annotations]
    assert keys == sorted(keys)


def test_an_annotation_is_released_or_left_out_with_a_reason(seed_input: dict[str, Any]) -> None:
    rows = _rows(seed_input)
    released = {item.annotation_id for item in rows.annotations}
    left_out = {item.annotation_id for item in rows.left_out}
    assert not released & left_out
    assert released | left_out == {item.annotation_id for item in seed_input["annotations"]}
    assert all("is not in this release" in item.reason for item in rows.left_out)


def test_deleted_and_superseded_annotations_are_left_out(seed_input: dict[str, Any]) -> None:
    first, second, *rest = seed_input["annotations"]
    deleted = first.model_copy(update={"status": AnnotationStatus.DELETED})
    again = second.model_copy(update={"annotation_id": "seeds:9999"})
    rows = _rows(seed_input, annotations=[deleted, second, again, *rest])
    reasons = {item.annotation_id: item.reason for item in rows.left_out}
    assert reasons[deleted.annotation_id] == "it was deleted"
    assert "has a later answer" in reasons[second.annotation_id]
    assert again in rows.annotations


def test_a_skipped_annotation_is_published_and_does_not_vote(seed_input: dict[str, Any]) -> None:
    first, *rest = seed_input["annotations"]
    fields = {"status": "skipped", "checkability": None, "verdict": None, "evidence": ()}
    skipped = Annotation.model_validate(first.model_dump() | fields)
    rows = _rows(seed_input, annotations=[skipped, *rest])
    assert skipped in rows.annotations
    claim = next(row for row in rows.claims if row.claim_id == first.claim_id)
    assert claim.n_annotations == 2


def test_a_claim_nobody_answered_is_released_as_unresolved(seed_input: dict[str, Any]) -> None:
    rows = _rows(seed_input, annotations=[])
    assert len(rows.claims) == len(seed_input["claims"])
    assert {(row.gold_source, row.n_annotations) for row in rows.claims} == {("unresolved", 0)}


@pytest.mark.parametrize("name", ["articles", "claims", "annotations"])
def test_an_id_that_stands_twice_is_refused(seed_input: dict[str, Any], name: str) -> None:
    double = [*seed_input[name], seed_input[name][0]]
    with pytest.raises(DataError, match="given twice"):
        _rows(seed_input, **{name: double})


def test_article_text_is_published_only_under_an_open_licence(seed_input: dict[str, Any]) -> None:
    first, *rest = seed_input["articles"]
    opened = Article.model_validate(first.model_dump() | {"open_license": True})
    rows = _rows(seed_input, articles=[opened, *rest])
    assert [row.text is None for row in rows.articles] == [False, True, True]
    assert [row.length for row in rows.articles] == [len(a.text) for a in seed_input["articles"]]
    assert sum(len(row.units) for row in rows.articles) == len(seed_input["units"])


def test_the_same_answers_sent_again_are_the_same_content(seed_input: dict[str, Any]) -> None:
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
    assert _content(_rows(seed_input, annotations=again)) == _content(_rows(seed_input))


def test_another_answer_is_other_content(seed_input: dict[str, Any]) -> None:
    first, *rest = seed_input["annotations"]
    other = first.model_copy(update={"justification": "because"})
    assert _content(_rows(seed_input, annotations=[other, *rest])) != _content(_rows(seed_input))
