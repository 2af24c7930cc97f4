"""Explain: the page and the screen show what segmentation knows, and obey nothing of the text."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from claimset.cli import app
from claimset.errors import SpanError
from claimset.identifiers import sha256_hex
from claimset.models import Article, Attribution, Claim, QuoteType, Span, Unit, UnitKind
from claimset.reporting.console import printable
from claimset.reporting.explain import MarkRole, explain
from claimset.reporting.explain_page import KIND_MEANINGS, render_page
from claimset.reporting.explain_screen import KIND_STYLES, print_explanation
from claimset.segmentation import claims_of, find_units

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

runner = CliRunner()
SEED = "002_fbb46b17569c6217"
HOSTILE = (
    "<script>alert(1)</script> said </style> & \"quotes\" 'single' {{ 7*7 }} <!-- -->\n\n"
    "[bold]Markup[/bold] said <img src=x onerror=alert(2)> that it fell by 5 percent.\n"
)


def _article(text: str, **changes: object) -> Article:
    fields: dict[str, object] = {
        "article_id": "a",
        "event_id": "e",
        "title": "t",
        "license": "CC0-1.0",
        "path": "a.txt",
        "sha256": "0" * 64,
        "text_sha256": sha256_hex(text.encode("utf-8")),
        "text": text,
    }
    return Article.model_validate(fields | changes)


class _Reader(HTMLParser):
    """The tags, attributes and visible text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def _page(article: Article) -> str:
    units = find_units(article)
    return render_page(explain(article, units, claims_of(article, units)))


def _screen(article: Article, width: int = 80) -> str:
    units = find_units(article)
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=True, highlight=False)
    print_explanation(explain(article, units, claims_of(article, units)), console)
    return stream.getvalue()


def _attributed() -> tuple[Article, list[Unit], list[Claim]]:
    """Two sentences of one quotation; the first names the speaker and is worth checking."""
    text = "Ada Byron said: “It rose by 5 %. It fell in May.”"
    article = _article(text)
    second = text.index("It fell")
    spans = [(0, second - 1), (second, len(text))]
    units = [
        Unit(article_id="a", start=a, end=b, text=text[a:b], kind=UnitKind.CLAIM, reason="a rule")
        for a, b in spans
    ]
    quote = Span(start=17, end=second - 1, text=text[17 : second - 1])
    attribution = Attribution(
        speaker="Ada Byron",
        speaker_span=Span(start=0, end=9, text="Ada Byron"),
        cue="said",
        cue_span=Span(start=10, end=14, text="said"),
        quote_spans=(quote,),
        quote_type=QuoteType.DIRECT,
    )
    claims = [
        claim.model_copy(update={"quote_id": "q1", "attributions": (attribution,)})
        for claim in claims_of(article, units)
    ]
    claims[0] = claims[0].model_copy(
        update={
            "checkworthiness": 0.75,
            "checkworthiness_reasons": ("+1.3 number: 5 %", "-0.2 vague word: it", "by hand"),
        }
    )
    claims[1] = claims[1].model_copy(
        update={
            "duplicate_of": claims[0].claim_id,
            "duplicate_score": 0.8,
            "duplicate_method": "ratio",
        }
    )
    return article, units, claims


def test_every_kind_has_a_colour_and_a_meaning() -> None:
    """No kind of unit is left without its colour on screen and its words on the page."""
    assert KIND_STYLES.keys() == KIND_MEANINGS.keys() == set(UnitKind)


def test_view_gives_the_article_back() -> None:
    """Gaps and pieces, put together, are the article's text."""
    article, units, claims = _attributed()
    view = explain(article, units, claims)
    parts = [item.gap + "".join(piece.text for piece in item.pieces) for item in view.units]
    assert "".join(parts) + view.rest == article.text


def test_attribution_is_marked_in_the_text() -> None:
    """Speaker, cue and quotation are cut out exactly and know the claims that mark them."""
    view = explain(*_attributed())
    marked = {
        role: "".join(p.text for p in view.units[0].pieces if role in p.roles) for role in MarkRole
    }
    assert marked[MarkRole.SPEAKER] == "Ada Byron"
    assert marked[MarkRole.CUE] == "said"
    assert marked[MarkRole.QUOTE] == "It rose by 5 %."
    assert all(p.owners == (1, 2) for p in view.units[0].pieces if p.roles)


def test_page_shows_all_that_a_claim_carries() -> None:
    """Kind, rule, positions, score, reasons, attribution, quotation and duplicate links."""
    page = render_page(explain(*_attributed()))
    text = " ".join("".join(_read(page).text).split())
    for words in (
        "A rule.",
        "[0, 32)",
        "0.75",
        "+1.3number: 5 %",
        "−0.2vague word: it",
        "by hand",
        "speakerAda Byron",
        "cuesaid",
        "quoteIt rose by 5 %.",
        "The quotation goes on in unit 2.",
        "Repeats unit 1 (ratio 0.80).",
    ):
        assert words in text, words


def test_page_without_scores_and_attributions_is_whole() -> None:
    """Claims whose fields are not filled are shown with kind and rule alone."""
    article, units, claims = _attributed()
    bare = [
        claim.model_copy(update={"attributions": (), "quote_id": None, "checkworthiness": None})
        for claim in claims[:1]
    ]
    page = render_page(explain(article, units, bare))
    assert "A rule." in page
    assert "<h4>" not in page


def test_hostile_text_stays_text() -> None:
    """Tags, style ends and quotes of article, title and reasons never become markup."""
    article = _article(
        HOSTILE, title="</title></style><script>x</script>\" onclick='y'", publisher="<b>P"
    )
    units = find_units(article)
    claims = [
        claim.model_copy(
            update={"checkworthiness": 0.5, "checkworthiness_reasons": ("+1.0 </script><svg>",)}
        )
        for claim in claims_of(article, units)
    ]
    page = render_page(explain(article, units, claims))
    reader = _read(page)
    harmless = _read(_page(_article("It fell.")))
    assert reader.tags.count("script") == harmless.tags.count("script") == 1
    assert reader.tags.count("style") == 1
    assert "img" not in reader.tags
    assert "b" not in set(reader.tags) - set(harmless.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert "49" not in "".join(reader.text).replace("[", " ").split()
    visible = "".join(reader.text)
    assert "<script>alert(1)</script> said </style>" in visible
    assert "<img src=x onerror=alert(2)>" in visible


def test_page_needs_nothing_from_outside() -> None:
    """No address of another place; the policy allows only the page's own script and style."""
    page = _page(_article(HOSTILE))
    reader = _read(page)
    links = [value for name, value in reader.attributes if name in {"src", "href", "action"}]
    assert links
    assert all(value.startswith("#") for value in links)
    policy = next(value for name, value in reader.attributes if "default-src" in value)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not [name for name, _ in reader.attributes if name == "style"]


def test_links_of_the_page_resolve_and_ids_are_unique() -> None:
    """Every jump has its target, so the page works without its script too."""
    reader = _read(render_page(explain(*_attributed())))
    assert len(reader.ids) == len(set(reader.ids))
    targets = {value[1:] for name, value in reader.attributes if name == "href"}
    assert targets <= set(reader.ids)


def test_page_is_told_to_a_screen_reader() -> None:
    """Language, one main heading, landmarks, and each unit's kind in words, not colour alone."""
    page = render_page(explain(*_attributed()))
    reader = _read(page)
    assert '<html lang="en">' in page
    assert reader.tags.count("h1") == reader.tags.count("main") == 1
    assert 'aria-live="polite"' in page
    assert page.count('<span class="vh">claim ') == 2


def test_screen_shows_control_characters_instead_of_obeying_them() -> None:
    """An escape sequence of the article never reaches the terminal."""
    article = _article("It rose\x1b]0;owned\x07 by \u202e5 percent\u202c in May.\n")
    printed = _screen(article)
    assert "\x1b]0" not in printed
    assert "\x07" not in printed
    assert "\u202e" not in printed
    assert "�]0;owned�" in printed


def test_screen_reads_no_markup() -> None:
    """Square brackets of an article are printed as they stand."""
    assert "[bold]Markup[/bold]" in _screen(_article(HOSTILE), width=200)


def test_screen_lists_reasons_and_attribution() -> None:
    """Score, reasons, speaker, cue, quotation and links are printed under their unit."""
    stream = io.StringIO()
    print_explanation(explain(*_attributed()), Console(file=stream, width=100))
    printed = stream.getvalue()
    for words in ("check-worthiness 0.75", "+1.3 number: 5 %", "said by Ada Byron, cue said",
                  "the quotation goes on in unit 2", "repeats unit 1 (0.80)"):  # fmt: skip
        assert words in printed, words


def test_screen_says_once_what_holds_for_every_claim() -> None:
    """A German article has no scores: that stands above its claims, not under each of them."""
    text = "Die Brücke ist seit gestern wieder offen. Sie kostete 12,5 Mio. Euro."
    article = _article(text, language="de")
    units = find_units(article)
    stream = io.StringIO()
    explanation = explain(article, units, claims_of(article, units))
    print_explanation(explanation, Console(file=stream, width=200))
    assert len(explanation.units) == 2
    assert stream.getvalue().count("not scored: ") == 1
    assert "every claim: not scored: the features are English words" in stream.getvalue()


def test_wrong_position_is_refused() -> None:
    """A unit that is not the slice it says it is raises instead of colouring other words."""
    article, units, claims = _attributed()
    moved = _article("x" + article.text)
    with pytest.raises(SpanError):
        explain(moved, units, claims)


@given(st.text(min_size=1, max_size=200))
def test_any_text_can_be_shown(text: str) -> None:
    """Any Unicode text gives a page that can be written as UTF-8, same length as it was."""
    assert len(printable(text)) == len(text)
    if "\r" in text or "\0" in text or not text.strip():
        return
    article = _article(text)
    unit = Unit(
        article_id="a",
        start=0,
        end=len(text),
        text=text,
        kind=UnitKind.FRAGMENT,
        reason=text,
    )
    page = render_page(explain(article, [unit], []))
    assert page.encode("utf-8")
    assert not re.search("[\x1b\u202e]", page)


def test_many_marks_take_linear_time() -> None:
    """A claim with 20,000 marks in one line is cut in one sweep."""
    text = "ab " * 20_000
    article = _article(text)
    unit = Unit(article_id="a", start=0, end=len(text), text=text, kind=UnitKind.CLAIM, reason="r")
    unseen = tuple(Span(start=s, end=s + 2, text="ab") for s in range(0, len(text), 3))
    claim = claims_of(article, [unit])[0].model_copy(update={"unseen": unseen})
    assert len(explain(article, [unit], [claim]).units[0].pieces) == 40_000


def _state(workspace: Workspace) -> dict[str, bytes]:
    return {
        str(path.relative_to(workspace.state)): path.read_bytes()
        for path in workspace.state.rglob("*")
        if path.is_file() and "explain" not in path.parts
    }


def test_command_writes_the_page_and_changes_no_table(workspace_copy: Workspace) -> None:
    """The page lies in .claimset/explain/, is named on stderr, and the tables stay as they were."""
    root = str(workspace_copy.root)
    assert runner.invoke(app, ["segment", "-w", root]).exit_code == 0
    before = _state(workspace_copy)
    result = runner.invoke(app, ["segment", "-w", root, "--explain", SEED])
    assert result.exit_code == 0, result.output
    page = workspace_copy.state / "explain" / f"{SEED}.html"
    assert "Yours sincerely" in page.read_text("utf-8")
    assert f"{SEED}.html" in result.stderr
    assert "salutation" in result.stdout
    assert _state(workspace_copy) == before


def test_command_needs_no_earlier_run(workspace_copy: Workspace) -> None:
    """An article that was never segmented is explained, and no table appears."""
    root = str(workspace_copy.root)
    page = workspace_copy.root / "out" / "page.html"
    arguments = ["segment", "-w", root, "--explain", SEED, "--html", str(page), "--json"]
    result = runner.invoke(app, arguments)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["article_id"] == SEED
    assert found["html"] == str(page)
    assert page.exists()
    assert not workspace_copy.units.exists()


def test_command_names_articles_when_one_is_unknown(workspace_copy: Workspace) -> None:
    """Exit code 2 and the nearest names."""
    result = runner.invoke(app, ["segment", "-w", str(workspace_copy.root), "--explain", "002"])
    assert result.exit_code == 2
    assert SEED in result.stderr


def test_html_alone_is_a_usage_error(workspace_copy: Workspace) -> None:
    """--html without --explain is refused, not ignored."""
    result = runner.invoke(app, ["segment", "-w", str(workspace_copy.root), "--html", "x.html"])
    assert result.exit_code == 2
    assert "--explain" in result.stderr


def test_help_fits_eighty_columns() -> None:
    """No line of the command's help is wider than 80 columns."""
    result = runner.invoke(app, ["segment", "--help"], env={"COLUMNS": "80"})
    assert max(map(len, result.output.splitlines())) <= 80
    assert "--explain" in result.output
