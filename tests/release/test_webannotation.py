"""Claims, answers and evidence as W3C Web Annotations."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from claimset.models import TextPolicy
from claimset.release.claimreview import claim_reviews
from claimset.release.reader import Release, read_release
from claimset.release.webannotation import page_head, web_annotations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MOTIVATIONS = {"identifying", "assessing", "linking"}


@pytest.fixture
def release(released: Path) -> Release:
    """The first release of the seeds."""
    found = read_release(released)
    assert found is not None
    return found


def _articles(release: Release, **changes: Any) -> dict[str, dict[str, Any]]:
    return {row["article_id"]: {**row, **changes} for row in release.rows("articles")}


def _all(release: Release, **changes: Any) -> list[dict[str, Any]]:
    return list(
        web_annotations(
            release.rows("claims"),
            release.rows("annotations"),
            _articles(release, **changes),
            "https://example.org/data",
        )
    )


def _selectors(item: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {selector["type"]: selector for selector in item["target"]["selector"]}


def _texts(seed_input: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for article in seed_input["articles"]:
        digest = hashlib.sha256(article.text.encode()).digest()
        yield f"ni:///sha-256;{base64.urlsafe_b64encode(digest).decode().rstrip('=')}", article.text


def test_every_selector_finds_its_words_in_the_text_named_by_hash(
    release: Release, seed_input: dict[str, Any]
) -> None:
    texts = dict(_texts(seed_input))
    items = _all(release)
    assert len({item["id"] for item in items}) == len(items)
    for item in items:
        assert item["type"] == "Annotation"
        assert item["motivation"] in MOTIVATIONS
        text = texts[item["target"]["source"]]
        found = _selectors(item)
        position, quote = found["TextPositionSelector"], found["TextQuoteSelector"]
        start, end = position["start"], position["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote.get("prefix", ""))
        assert text[end:].startswith(quote.get("suffix", ""))


def test_each_claim_answer_and_span_of_evidence_is_one_annotation(release: Release) -> None:
    items = _all(release)
    claims, answers = release.rows("claims"), release.rows("annotations")
    by = {kind: [item for item in items if item["motivation"] == kind] for kind in MOTIVATIONS}
    assert len(by["identifying"]) == len(claims)
    assert len(by["assessing"]) == len(answers)
    assert len(by["linking"]) == sum(len(answer["evidence"]) for answer in answers)
    names = {item["id"] for item in by["identifying"]}
    for item in by["linking"] + by["assessing"]:
        (about,) = [body["source"] for body in item["body"] if body["type"] == "SpecificResource"]
        assert about in names
        assert item["creator"]["type"] == "Software"


def test_withheld_texts_keep_only_their_position(release: Release) -> None:
    claims = release.rows("claims")
    claims[0] |= {"text": None, "prefix": None, "suffix": None}
    (item, *_) = web_annotations(claims, [], _articles(release), None)
    assert list(_selectors(item)) == ["TextPositionSelector"]


def test_no_export_holds_words_that_the_release_withholds(
    tmp_path: Path, build: Callable[..., Any], seed_input: dict[str, Any]
) -> None:
    hidden = [
        article.model_copy(update={"text_policy": TextPolicy.OFFSETS})
        for article in seed_input["articles"]
    ]
    build(tmp_path / "dataset", articles=hidden)
    release = read_release(tmp_path / "dataset")
    assert release is not None
    items = _all(release)
    assert len(items) > 100
    assert all(list(_selectors(item)) == ["TextPositionSelector"] for item in items)
    claims = release.rows("claims")
    assert list(claim_reviews(claims, _articles(release), release.metadata, None)) == []


def test_withdrawn_claims_are_left_out_with_their_answers(release: Release) -> None:
    claims = [claim | {"status": "withdrawn"} for claim in release.rows("claims")]
    answers = release.rows("annotations")
    assert list(web_annotations(claims, answers, _articles(release), None)) == []


def test_a_hostile_address_is_no_scope(release: Release) -> None:
    assert all("scope" not in item["target"] for item in _all(release, url="javascript:x"))
    assert all(
        item["target"]["scope"] == "https://a.example/x"
        for item in _all(release, url="https://a.example/x")
    )


def test_the_page_names_release_and_collection(release: Release) -> None:
    head = page_head(release.metadata, None)
    assert head["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert head["partOf"]["label"] == "claimset-seeds 0.1.0"
