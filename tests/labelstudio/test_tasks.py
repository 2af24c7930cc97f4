"""Tasks: what the annotator sees, safe to show, and hashed exactly."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import SpanError
from claimset.evidence import find_candidates
from claimset.identifiers import sha256_hex
from claimset.labelstudio.config import CANDIDATE
from claimset.labelstudio.facts import facts_of
from claimset.labelstudio.tasks import _KEYS, build_tasks
from claimset.models import (
    Article,
    ArticleRole,
    ArticleSpan,
    Claim,
    EvidenceCandidate,
    QuoteCheck,
    QuoteOutcome,
    Span,
    Stance,
    UnitKind,
    Verdict,
)
from claimset.seeds import read_articles
from claimset.segmentation import claims_of, find_units

PROPERTY = settings(deadline=None)
SEEDS = Path(__file__).parents[2] / "seeds"
TAGS = re.compile(r"</?(?:mark|details|summary)>|<br>")
SUMMARY = re.compile(r'<summary accesskey="[bn]">[^<]*</summary>')
CLAIM = "The mayor closed the library."


def article(name: str, text: str, /, **changes: Any) -> Article:
    return Article.model_validate(
        {
            "article_id": name,
            "event_id": "e",
            "title": f"Title of {name}",
            "publisher": "The Paper",
            "published_at": date(2023, 3, 14),
            "license": "CC0-1.0",
            "path": f"{name}.txt",
            "sha256": "0" * 64,
            "text_sha256": sha256_hex(text.encode("utf-8")),
            "text": text,
        }
        | changes
    )


def tasks(*articles: Article, top: int = 5) -> list[dict[str, Any]]:
    """The tasks of all claims, as segmentation and ranking would make them."""
    units = [unit for value in articles for unit in find_units(value)]
    claims = [
        claim
        for value in articles
        if ArticleRole.CLAIMS in value.roles
        for claim in claims_of(value, find_units(value))
    ]
    candidates = find_candidates(articles, units, claims, top=top)
    return list(build_tasks(articles, units, claims, candidates))


def first(*articles: Article, top: int = 5) -> dict[str, Any]:
    """What the first claim's annotator gets."""
    data: dict[str, Any] = tasks(*articles, top=top)[0]["data"]
    return data


def plain(shown: str) -> str:
    """The text a browser shows for the context, without white space; no other tag may be in it."""
    assert shown.endswith(_KEYS)
    bare = TAGS.sub("", SUMMARY.sub("", shown.removesuffix(_KEYS)))
    assert "<" not in bare
    assert ">" not in bare
    return "".join(html.unescape(bare).split())


# The seeds


def test_the_seeds_give_46_tasks() -> None:
    """One per claim, in order, each with two sources, its own hash, and JSON that can be sent."""
    articles = read_articles(SEEDS)
    found = tasks(*articles)
    assert len(found) == 46
    assert len({task["data"]["claim_id"] for task in found}) == 46
    assert len({task["data"]["content_hash"] for task in found}) == 46
    names = [value.article_id for value in articles]
    for task in found:
        data = task["data"]
        shown = [source["article_id"] for source in data["sources"]]
        assert shown == [name for name in names if name != data["article_id"]]
        assert json.loads(json.dumps(task)) == task
    assert found[0]["data"]["claim_label"].startswith(
        "claim 1 of 15 · publisher not known · undated"
    )
    assert found[15]["data"]["claim_label"].startswith(
        "claim 1 of 17 · The Independent · 2023-03-14"
    )
    assert tasks(*articles) == found


def test_the_seeds_contexts_show_their_articles() -> None:
    """Un-escaped and without tags, a context is the whole article, the claim marked in it."""
    texts = {value.article_id: value.text for value in read_articles(SEEDS)}
    for task in tasks(*read_articles(SEEDS)):
        data = task["data"]
        assert plain(data["context_html"]) == "".join(texts[data["article_id"]].split())
        (marked,) = re.findall(r"<mark>(.*?)</mark>", data["context_html"])
        assert html.unescape(marked) == data["claim"]


# The context

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "</mark></details><iframe>",
    "&lt;b&gt; &amp;amp; &#60;",
    "' onmouseover='x",
    "<!-- ",
    "]]>",
    "{{claim}} $claim",
)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("place", ["before", "inside", "after", "far"])
def test_hostile_text_shows_as_text(hostile: str, place: str) -> None:
    """Wherever it stands: it is escaped, and shown it reads exactly as the article has it."""
    claim = f"The mayor said {hostile} to all." if place == "inside" else CLAIM
    parts = {
        "before": f"He wrote {hostile} here.\n\n{claim}",
        "inside": claim,
        "after": f"{claim}\n\nHe wrote {hostile} here.",
        "far": "\n\n".join([claim, *["It rained all day."] * 5, f"He wrote {hostile} here."]),
    }
    text = parts[place]
    for task in tasks(article("a", text), article("s", hostile + " is what he wrote.")):
        shown = task["data"]["context_html"]
        assert plain(shown) in (
            "".join(text.split()),
            "".join(f"{hostile} is what he wrote.".split()),
        )
        for tag in ("<script", "<img", "<a ", "<iframe", "<!--", "<b>"):
            assert tag not in shown
        own = shown.removesuffix(_KEYS)
        assert set(re.findall(r"<[^>]*>", own)) <= {
            "<mark>",
            "</mark>",
            "<br>",
            "<details>",
            "</details>",
            '<summary accesskey="b">',
            '<summary accesskey="n">',
            "</summary>",
        }


TEXTS = st.lists(
    st.sampled_from([*HOSTILE, CLAIM, "It rained.", "👩‍🚒 e\u0301.", "Dear Sir,", "\n", "Who?"])
    | st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=20),
    min_size=1,
    max_size=8,
).map("\n\n".join)


@PROPERTY
@given(TEXTS)
def test_any_context_is_its_article(text: str) -> None:
    """For any text: only our own tags, the claim marked once, nothing of the article lost."""
    if not text.strip():
        return
    for task in tasks(article("a", text)):
        shown = task["data"]["context_html"]
        assert plain(shown) == "".join(text.split())
        (marked,) = re.findall(r"<mark>(.*?)</mark>", shown, re.DOTALL)
        assert html.unescape(marked.replace("<br>", "\n")) == task["data"]["claim"]


def test_what_is_far_is_folded_away() -> None:
    """Two units on each side stay open; what lies farther is one click away."""
    sentences = [f"This is sentence number {n}." for n in range(9)]
    shown = tasks(article("a", "\n\n".join(sentences)))[4]["data"]["context_html"]
    earlier, near, later = re.split(r"<details>.*?</summary>|</details>", shown)[1::1][:3]
    assert [n for n in range(9) if sentences[n] in earlier] == [0, 1]
    assert [n for n in range(9) if sentences[n] in near] == [2, 3, 4, 5, 6]
    assert [n for n in range(9) if sentences[n] in later] == [7, 8]


def test_a_short_article_is_not_folded() -> None:
    shown = first(article("a", f"{CLAIM}\n\nIt rained."))["context_html"]
    assert "<details>" not in shown.removesuffix(_KEYS)


# Sources and candidates


def test_sources_are_the_events_evidence_in_manifest_order() -> None:
    """Not the article itself, not another event's, not one that is no evidence."""
    data = first(
        article("a", CLAIM),
        article("z", "One."),
        article("other", "Two.", event_id="f"),
        article("b", "Three."),
        article("c", "Four.", roles=["claims"]),
    )
    assert [source["article_id"] for source in data["sources"]] == ["z", "b"]
    assert [source["text"] for source in data["sources"]] == ["One.", "Three."]


def test_predictions_only_hold_candidates() -> None:
    """No verdict and no stance is ever suggested; each region is a slice of the source it names."""
    regions = 0
    for task in tasks(*read_articles(SEEDS)):
        result = [region for part in task.get("predictions", []) for region in part["result"]]
        for region in result:
            value = region["value"]
            number = int(region["from_name"].removeprefix("evidence_"))
            source = task["data"]["sources"][number]["text"]
            assert region["to_name"] == f"source_{number}"
            assert region["type"] == "labels"
            assert value["labels"] == [CANDIDATE]
            assert source[value["start"] : value["end"]] == value["text"]
        assert len({region["id"] for region in result}) == len(result) <= 5
        regions += len(result)
    assert regions > 4 * 46


def test_without_candidates_nothing_is_predicted() -> None:
    assert "predictions" not in tasks(article("a", CLAIM), article("s", "It rained."))[0]


def test_a_span_that_moved_is_refused() -> None:
    """A claim or candidate that is not the slice of its article never reaches a screen."""
    a, s = article("a", CLAIM), article("s", f"He said: {CLAIM}")
    claim = claims_of(a, find_units(a))[0]
    candidate = EvidenceCandidate(
        article_id="s", start=1, end=8, text="He said", claim_id=claim.claim_id, rank=1,
        score=1.0, retriever="x",
    )  # fmt: skip
    moved = claim.model_copy(update={"text": "The mayor closed the LIBRARY."})
    for claims, candidates in (([moved], []), ([claim], [candidate])):
        with pytest.raises(SpanError) as caught:
            list(build_tasks([a, s], find_units(a), claims, candidates))
        assert claim.claim_id in caught.value.where


# Facts about the text


def with_facts(claim: Claim, *, outcome: QuoteOutcome, **check: Any) -> Claim:
    quote = Span(start=claim.start + 4, end=claim.start + 9, text=claim.text[4:9])
    return claim.model_copy(
        update={"quote_checks": (QuoteCheck(quote=quote, outcome=outcome, **check),)}
    )


FOUND = ArticleSpan(article_id="s", start=0, end=6, text="mayors")


@pytest.mark.parametrize(
    ("outcome", "check", "shown"),
    [
        (QuoteOutcome.EXACT, {"found": FOUND}, "“mayor” stands word for word in The Paper"),
        (QuoteOutcome.NOT_FOUND, {}, "“mayor” stands in no source"),
        (
            QuoteOutcome.ALTERED,
            {"found": FOUND, "difference": '"mayor" instead of "mayors"'},
            '“mayor”: nearest words in The Paper: “mayors” ("mayor" instead of "mayors")',
        ),
    ],
)
def test_quote_checks_are_shown_as_facts(
    outcome: QuoteOutcome, check: dict[str, Any], shown: str
) -> None:
    """Where the words stand and what differs; no word of the labels is used."""
    a, s = article("a", CLAIM), article("s", "mayors")
    claim = with_facts(claims_of(a, find_units(a))[0], outcome=outcome, **check)
    assert facts_of(claim, [s]) == shown
    assert not {*Verdict, *Stance} & set(re.findall(r"\w+", shown.casefold()))


def test_names_in_no_source_are_listed_once_and_not_endlessly() -> None:
    text = " ".join(f"Name{n}" for n in (0, 0, *range(20)))
    a, s = article("a", f"They met {text} in the town."), article("s", "It rained.")
    (claim,) = claims_of(a, find_units(a))
    spans = tuple(
        Span(start=match.start(), end=match.end(), text=match.group())
        for match in re.finditer(r"Name\d+", a.text)
    )
    shown = facts_of(claim.model_copy(update={"unseen": spans}), [s])
    assert shown == f"In no source: {', '.join(f'Name{n}' for n in range(8))} and 12 more"


def test_without_facts_the_line_says_so() -> None:
    """An empty line would look like a search that was not made."""
    a = article("a", CLAIM)
    (claim,) = claims_of(a, find_units(a))
    assert facts_of(claim, []) == "No other article to compare with."
    assert "Nothing quoted" in facts_of(claim, [article("s", "It rained.")])


def test_the_page_shows_the_facts_as_text() -> None:
    """A header escapes what it shows; the claim stands in the same kind of tag."""
    config = (SEEDS.parent / "schemas" / "labeling_config.xml").read_text("utf-8")
    assert '<Header value="$facts"' in config
    assert '<Header value="$claim"' in config
    (task,) = tasks(article("a", CLAIM))
    assert task["data"]["facts"]


def test_the_hash_covers_the_facts() -> None:
    a, s = article("a", CLAIM), article("s", "mayors")
    units = find_units(a) + find_units(s)
    (claim,) = claims_of(a, find_units(a))
    found = with_facts(claim, outcome=QuoteOutcome.EXACT, found=FOUND)
    missing = with_facts(claim, outcome=QuoteOutcome.NOT_FOUND)
    hashes = {
        task["data"]["content_hash"]
        for one in (claim, found, missing)
        for task in build_tasks([a, s], units, [one], [])
    }
    assert len(hashes) == 3


# The content hash

TEXT = f"It rained.\n\n{CLAIM}"
SOURCE = "The library was closed by the mayor."


@pytest.mark.parametrize(
    ("own", "source"),
    [
        ({"title": "Another"}, {}),
        ({"publisher": None}, {}),
        ({"published_at": None}, {}),
        ({"text": f"It snowed.\n\n{CLAIM}"}, {}),
        ({"text": f"{TEXT}\n\nIt snowed."}, {}),
        ({}, {"title": "Another"}),
        ({}, {"publisher": "Another"}),
        ({}, {"published_at": "2023-03-15"}),
        ({}, {"text": f"{SOURCE} Now."}),
        ({}, {"article_id": "t"}),
        ({}, {"roles": ["claims"]}),
    ],
)
def test_the_hash_changes_with_what_is_shown(own: dict[str, Any], source: dict[str, Any]) -> None:
    """Title, publisher, date, text and place of the article and of every source."""
    before = by_claim(article("a", TEXT), article("s", SOURCE))
    after = by_claim(article("a", TEXT, **own), article("s", SOURCE, **source))
    assert before[CLAIM] != after[CLAIM]


def by_claim(*articles: Article, top: int = 5) -> dict[str, str]:
    return {
        task["data"]["claim"]: task["data"]["content_hash"] for task in tasks(*articles, top=top)
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://example.org"},
        {"license": "another"},
        {"open_license": True},
        {"language": "de"},
        {"path": "b.txt"},
        {"sha256": "1" * 64},
        {"event_id": "f"},
    ],
)
def test_the_hash_changes_with_nothing_else(changes: dict[str, Any]) -> None:
    """What no annotator sees makes no task stale."""
    before = by_claim(article("a", TEXT), article("s", SOURCE))
    assert by_claim(article("a", TEXT, **changes), article("s", SOURCE, **changes)) == before


def test_the_hash_covers_the_candidates() -> None:
    """Other highlights are another page; another score of the same highlights is not."""
    a, s = article("a", TEXT), article("s", SOURCE)
    assert by_claim(a, s)[CLAIM] != by_claim(a, s, top=0)[CLAIM]
    units = find_units(a) + find_units(s)
    claims = claims_of(a, find_units(a))
    candidates = find_candidates([a, s], units, claims)
    rescored = [item.model_copy(update={"score": item.score + 1}) for item in candidates]
    assert candidates
    assert list(build_tasks([a, s], units, claims, candidates)) == list(
        build_tasks([a, s], units, claims, rescored)
    )


def test_the_hash_does_not_depend_on_how_the_claim_was_found() -> None:
    """A new rule or version that finds the same claim leaves the task as it is."""
    a = article("a", TEXT)
    claims = claims_of(a, find_units(a))
    renamed = [
        Claim.model_validate(claim.model_dump() | {"rule": "x", "segmenter_version": "9"})
        for claim in claims
    ]
    units = [
        unit.model_copy(update={"reason": "x", "kind": UnitKind.OPINION}) for unit in find_units(a)
    ]
    assert list(build_tasks([a], units, renamed, [])) == list(
        build_tasks([a], find_units(a), claims, [])
    )
