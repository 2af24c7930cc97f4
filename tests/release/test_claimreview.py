"""Gold labels as schema.org ClaimReview."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from claimset.models import Verdict
from claimset.release.claimreview import claim_reviews, feed_head
from claimset.release.reader import Release, read_release

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def release(released: Path) -> Release:
    """The first release of the seeds."""
    found = read_release(released)
    assert found is not None
    return found


def _reviews(
    release: Release, base: str | None = None, **changes: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    articles = {row["article_id"]: {**row, **changes} for row in release.rows("articles")}
    claims = release.rows("claims")
    return claims, list(claim_reviews(claims, articles, release.metadata, base))


def test_every_claim_with_a_verdict_has_one_review(release: Release) -> None:
    claims, reviews = _reviews(release)
    judged = {claim["claim_id"]: claim for claim in claims if claim["gold_verdict"]}
    assert [review["identifier"] for review in reviews] == list(judged)
    for review in reviews:
        claim = judged[review["identifier"]]
        assert review["@type"] == "ClaimReview"
        assert review["claimReviewed"] == review["itemReviewed"]["text"] == claim["text"]
        rating = review["reviewRating"]
        assert rating["alternateName"].lower().replace(" ", "_") == claim["gold_verdict"]
        on_scale = claim["gold_verdict"] != Verdict.NOT_ENOUGH_EVIDENCE
        assert ("ratingValue" in rating) is on_scale
        quoted = {item["text"] for item in review.get("isBasedOn", [])}
        assert quoted == {
            span["text"] for found in claim["evidence_sets"] for span in found["spans"]
        }


def test_supported_stands_above_refuted(release: Release) -> None:
    values = {
        review["reviewRating"]["alternateName"]: review["reviewRating"].get("ratingValue")
        for review in _reviews(release)[1]
    }
    assert values["Refuted"] == 1
    assert values["Supported"] == 3


def test_withdrawn_and_withheld_claims_are_left_out(release: Release) -> None:
    claims = [claim for claim in release.rows("claims") if claim["gold_verdict"]][:3]
    articles = {row["article_id"]: row for row in release.rows("articles")}
    claims[0]["status"] = "withdrawn"
    claims[1]["text"] = None
    left = list(claim_reviews(claims, articles, release.metadata, None))
    assert [review["identifier"] for review in left] == [claims[2]["claim_id"]]


def test_a_page_gives_each_review_an_address(release: Release) -> None:
    _, reviews = _reviews(release, "https://example.org/data")
    assert all(
        item["url"] == item["@id"] == f"https://example.org/data#{item['identifier']}"
        for item in reviews
    )
    assert feed_head(release.metadata, "https://example.org/data")["url"]
    assert "machine-a" in feed_head(release.metadata, None)["description"]


def test_a_hostile_address_becomes_no_link(release: Release) -> None:
    _, reviews = _reviews(release, url="javascript:alert(1)", title="<img src=x onerror=y>")
    assert "javascript:" not in json.dumps(reviews)
    assert reviews[0]["itemReviewed"]["appearance"]["headline"].startswith("<img")


def test_a_pronoun_is_no_author(release: Release) -> None:
    articles = {row["article_id"]: row for row in release.rows("articles")}
    said = [row for row in release.rows("claims") if row["gold_verdict"] and row["attributions"]]
    for claim, speaker in zip(said, ("He", "Simon Case"), strict=False):
        claim["attributions"] = [claim["attributions"][0] | {"speaker": speaker}]
    first, second, *_ = claim_reviews(said, articles, release.metadata, None)
    assert "author" not in first["itemReviewed"]
    assert second["itemReviewed"]["author"] == ["Simon Case"]
