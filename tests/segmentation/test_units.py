"""Units: the three seeds exactly, and what holds for any text at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import SpanError
from claimset.models import Unit, UnitKind
from claimset.segmentation import find_units, uncovered_position
from claimset.segmentation import units as units_module

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.models import Article

PROPERTY = settings(deadline=None)
REPOSITORY = Path(__file__).parents[2]

# Written by reading the three articles: kind and first words of every unit.
SEEDS = {
    "000_d0e5ca8ec8c8df51": [("claim", "")] * 15,
    "001_0e7e4537e1223cad": [
        ("boilerplate", "date 2023-03-14 Sign up for the View"),
        ("boilerplate", "Read our privacy notice Thanks for signing up"),
        ("claim", "Conservative chairman Greg Hands has apologised"),
        ("claim", "The email sent to Tory on behalf"),
        ("claim", "In a letter sent to the PCS union"),
        ("claim", "Mr Case told the union he had spoken"),
        ("claim", "The top 10 official said: “He assured me"),
        ("claim", "The Tory chairman also offered"),
        ("claim", "The CCHQ email sent out to supporters"),
        ("claim", "But an activist blob of left-wing lawyers"),
        ("claim", "But the home secretary insisted"),
        ("claim", "PCS general secretary Mark Serwotka"),
        ("claim", "FDA civil service union leader"),
        ("claim", "In his reply to the PCS, Mr Case said"),
        ("claim", "She has also written to staff"),
        ("claim", "CCHQ said last week"),
        ("claim", "Distancing No 10 from the remarks"),
        ("claim", "Commons leader Penny Mordaunt"),
        ("claim", "Ms Mordaunt said"),
    ],
    "002_fbb46b17569c6217": [
        ("heading", "Letter to the Prime Minister about comments"),
        ("dateline", "8 March 2023"),
        ("claim", "Comments in a communication"),
        ("metadata", "You can read the letter in full below:"),
        ("salutation", "Dear Prime Minister,"),
        ("heading", "Communication from the Home Secretary"),
        ("claim", "We are writing as a union"),
        ("claim", "This email, which has been widely circulated"),
        ("claim", "This is an extremely serious allegation"),
        ("claim", "As you will be aware"),
        ("claim", "We would have expected the minister"),
        ("claim", "None of this appears to have happened."),
        ("claim", "Instead, we believe"),
        ("claim", "The Ministerial Code is clear"),
        ("claim", "Blaming civil servants in this way"),
        ("claim", "We had hoped that under your premiership"),
        ("claim", "This is clearly not the case"),
        ("claim", "Civil servants will be looking to you"),
        ("claim", "Given the public interest in this matter"),
        ("signature", "Yours sincerely,"),
        ("signature", "Mike Clancy"),
        ("signature", "General Secretary, Prospect"),
        ("heading", "Public Services"),
        ("boilerplate", "From protecting our rivers"),
    ],
}


def test_the_seeds_have_the_units_that_a_reader_finds(seed_articles: list[Article]) -> None:
    """Every unit of the three articles has the kind and the first words of the table."""
    for article in seed_articles:
        found = find_units(article)
        table = SEEDS[article.article_id]
        assert [unit.kind.value for unit in found] == [kind for kind, _ in table]
        for unit, (_, words) in zip(found, table, strict=True):
            assert unit.text.startswith(words)


def test_the_seeds_have_the_58_units_that_were_annotated(seed_articles: list[Article]) -> None:
    """Positions and text equal the spans of the recorded annotations, and there are no others."""
    lines = (REPOSITORY / "seeds/reference/seed-annotations.jsonl").read_text("utf-8").splitlines()
    recorded = {
        (row["article_id"], row["start"], row["end"], row["text"]) for row in map(json.loads, lines)
    }
    found = [
        (unit.article_id, unit.start, unit.end, unit.text)
        for article in seed_articles
        for unit in find_units(article)
    ]
    assert len(found) == len(recorded) == 58
    assert set(found) == recorded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who closed it? The mayor did.", ["question", "claim"]),
        ("“Who closed it?” The mayor did.", ["question", "claim"]),
        ("The mayor asked who closed it. Nobody knew.", ["claim", "claim"]),
        ("Who closed the library?", ["question"]),
        (
            "The U.S. library closed at 5 p.m. on Monday. Mr. Smith paid $4.5 million.",
            ["claim"] * 2,
        ),
        ("The library closed. (.) The mayor left.", ["claim", "fragment", "claim"]),
        ("The library closed. Nonsense! The mayor left.", ["claim", "fragment", "claim"]),
        ("The vote is on Monday. Sign up for our newsletter.", ["claim", "boilerplate"]),
        ("The vote is on Monday. (Reporting by Jane Doe.)", ["claim", "metadata"]),
    ],
)
def test_sentences_of_running_text_have_kinds(
    make_article: Callable[[str], Article], text: str, expected: list[str]
) -> None:
    """A question is no claim, marks are a fragment, and an abbreviation ends no sentence."""
    assert [unit.kind.value for unit in find_units(make_article(text))] == expected


def test_a_sentence_may_run_over_a_line_end(make_article: Callable[[str], Article]) -> None:
    """In hard-wrapped text the line end stays inside the claim, exactly as it stands."""
    text = (
        "The council voted on Monday evening to close the library in\n"
        "the old town hall. The mayor said that the old building in\n"
        "the centre of the town would be sold."
    )
    first, second = find_units(make_article(text))
    assert first.text == text[: text.index(" The mayor")]
    assert "\n" in first.text
    assert second.text == text[text.index("The mayor") :]


def test_every_sentence_of_a_furniture_block_has_its_kind(
    make_article: Callable[[str], Article],
) -> None:
    """A footer of two sentences is two units of boilerplate, never a claim."""
    text = "Sign up for our newsletter. Read our privacy notice. Then wait"
    assert {unit.kind for unit in find_units(make_article(text))} == {UnitKind.BOILERPLATE}


PIECES = (
    "The cat sat on the mat. ",
    "He said: “Go. Now.” ",
    "Mr. ",
    "e.g. ",
    "Dear Sir,",
    "Yours sincerely,",
    "8 March 2023",
    "Sign up",
    "\n",
    "\n\n",
    "\u2028",
    "\x85",
    "\x1c",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "...",
    "”",
    "。",
    "؟",
    "\U0001f469\u200d\U0001f692",
    "e\u0301",
    "\u202e",
)
TEXTS = (
    st.lists(
        st.sampled_from(PIECES) | st.characters(codec="utf-8", exclude_characters="\r\0"),
        min_size=1,
        max_size=40,
    )
    .map("".join)
    .filter(str.strip)
)


@PROPERTY
@given(TEXTS)
def test_any_text_becomes_units_and_nothing_is_lost(
    make_article: Callable[[str], Article], text: str
) -> None:
    """No exception; slices exact; every character that is no white space in exactly one unit."""
    article = make_article(text)
    found = find_units(article)
    covered = [0] * len(text)
    for unit in found:
        unit.check(text, where="x")
        assert unit.text == unit.text.strip()
        for position in range(unit.start, unit.end):
            covered[position] += 1
    for character, times in zip(text, covered, strict=True):
        assert times == 1 or (times == 0 and character.isspace())
    assert [unit.start for unit in found] == sorted(unit.start for unit in found)
    assert uncovered_position(text, found) is None
    assert find_units(article) == found


@pytest.mark.parametrize(
    "base", ["The plan would cost 4.5 million pounds. ", "no full stop ", "x", "."]
)
def test_two_megabytes_on_one_line_are_cut(
    make_article: Callable[[str], Article], base: str
) -> None:
    """A line without end is no reason to fail, whether it has sentences or not."""
    text = base * (2 * 2**20 // len(base))
    found = find_units(make_article(text))
    assert found[-1].end == len(text.rstrip())
    assert uncovered_position(text, found) is None


@pytest.mark.parametrize("line", ["no", "Dear Sir,", "NAME: no", "Read more", "A: no", "- a"])
def test_many_short_lines_are_each_a_unit(
    make_article: Callable[[str], Article], line: str
) -> None:
    """Also 24,000 of them: a rule that looks at all lines from each would take hours."""
    assert len(find_units(make_article(f"{line}\n" * 24_000))) == 24_000


def _unit(start: int, text: str) -> Unit:
    return Unit(
        article_id="a",
        start=start,
        end=start + len(text),
        text=text,
        kind=UnitKind.CLAIM,
        reason="test",
    )


@pytest.mark.parametrize(
    ("units", "position"),
    [
        ([(0, "One."), (5, "Two.")], None),
        ([(0, "One. Two.")], None),
        ([], 0),
        ([(5, "Two.")], 0),
        ([(0, "One.")], 5),
        ([(0, "One"), (5, "Two.")], 3),
        ([(0, "One. T"), (5, "Two.")], 5),
        ([(5, "Two."), (0, "One.")], 0),
    ],
)
def test_the_first_uncovered_position_is_found(
    units: list[tuple[int, str]], position: int | None
) -> None:
    """A gap, an overlap or a wrong order is found where it begins; white space is no gap."""
    found = uncovered_position("One. Two.\n", [_unit(start, text) for start, text in units])
    assert found == position


def test_a_splitter_that_loses_a_character_is_found_out(
    make_article: Callable[[str], Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the splitter ever drop something, segmentation fails and says where."""
    monkeypatch.setattr(units_module, "sentence_spans", lambda *_: [(0, 3)])
    with pytest.raises(SpanError, match="lost the character at code point 3") as caught:
        find_units(make_article("One."))
    assert caught.value.where == "article a"
