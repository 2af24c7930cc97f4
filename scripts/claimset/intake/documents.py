"""Documents: one file, one article. Plain text, Markdown and HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from claimset.errors import ClaimsetError, DataError, UsageError
from claimset.intake.decoding import Decoded, decode_bytes
from claimset.intake.incoming import Incoming

if TYPE_CHECKING:
    from configparser import ConfigParser

    from markdown_it.token import Token

__all__ = ["read_html", "read_markdown", "read_text"]

_AS_RECEIVED = "as received"
_HTML_LANG = re.compile(
    r"<html[^>]{0,400}?\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)", re.IGNORECASE
)
_HEAD = 4096
_DEEPEST = 200
"""Levels of lists and quotes that are read; the parser leaves out what lies deeper."""
_BLOCK_ENDS = frozenset(
    {"paragraph_close", "heading_close", "fence", "code_block", "html_block", "tr_close"}
)
_SHORTEST = 60
"""Characters from which a text is an article, and a paragraph is not there twice by intent."""
_EMPTY_LINES = re.compile(r"\n\s*\n")


def read_text(data: bytes, *, place: str, stem: str, declared: str | None = None) -> Incoming:
    """A plain text file; valid UTF-8 is kept byte for byte.

    Raises:
        DataError: The encoding is not known.
    """
    decoded = decode_bytes(data, where=place, declared=declared)
    # The article's own file is what was received, unless it had to be re-encoded.
    kept = decoded.encoding == "utf-8"
    return _incoming(
        decoded.text, decoded, place, stem, _AS_RECEIVED, None if kept else data, ".txt"
    )


def read_markdown(data: bytes, *, place: str, stem: str, declared: str | None = None) -> Incoming:
    """A Markdown file as plain text: markup goes, words, lines and order stay.

    A first heading is the title. A front matter block between ``---`` lines is left out.

    Raises:
        DataError: The encoding is not known, or nothing but markup is there.
    """
    decoded = decode_bytes(data, where=place, declared=declared)
    source = decoded.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if source.startswith("---\n") and (end := source.find("\n---\n", 3)) > 0:
        source = source[end + 5 :]
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable("table")
    try:
        blocks, title = _plain_blocks(parser.parse(source))
    except RecursionError as error:
        raise DataError(
            "the Markdown is nested too deeply",
            where=place,
            remedy="flatten its lists or quotes, or add it as plain text (.txt)",
        ) from error
    extractor = f"markdown-it-py {metadata.version('markdown-it-py')}"
    found = _incoming("\n\n".join(blocks), decoded, place, stem, extractor, data, ".md")
    if title:
        found.fields["title"] = title
    return found


def _plain_blocks(tokens: list[Token]) -> tuple[list[str], str | None]:
    blocks: list[str] = []
    title = None
    words: list[str] = []
    kind = ""
    for token in tokens:
        if token.type.endswith("_open"):
            kind = token.type
        if token.type == "inline":
            text = _plain(token)
            if title is None and kind == "heading_open":
                title = text.strip() or None
            words.append(text)
        elif token.type in ("fence", "code_block", "html_block"):
            words.append(token.content)
        if token.type in _BLOCK_ENDS:
            block = "\t".join(words).strip() if token.type == "tr_close" else "".join(words).strip()
            words = []
            if block:
                blocks.append(_EMPTY_LINES.sub("\n", block))
    return blocks, title


def _plain(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(_plain(child))
        else:
            parts.append(child.content)
    return "".join(parts)


def read_html(data: bytes, *, place: str, stem: str, declared: str | None = None) -> Incoming:
    """The article in a web page, with title, author, date and publisher where the page says so.

    Raises:
        DataError: The encoding is not known, or no article was found in the page.
        UsageError: The extra ``html`` is not installed.
    """
    try:
        from trafilatura import bare_extraction  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise UsageError(
            "HTML needs the extra `html`",
            where=place,
            remedy="pip install 'claimset[html]', then run the command again",
        ) from error
    decoded = decode_bytes(data, where=place, declared=declared, page=True)
    try:
        document = bare_extraction(
            _page(decoded.text),
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            # A date is taken from where pages state theirs, never guessed from a year in the text.
            date_extraction_params={"extensive_search": False, "original_date": True},
            config=_settings(),
        )
    except ClaimsetError:
        raise
    except Exception as error:
        # A page is whatever somebody put on the web; no page may end the run.
        raise DataError(
            f"the page cannot be read ({type(error).__name__})",
            where=place,
            remedy="save the page anew, or add its text as .txt",
        ) from error
    if isinstance(document, dict) or document is None or not (document.text or "").strip():
        raise DataError(
            "no article was found in the page",
            where=place,
            remedy="save the page with its text visible, or add its text as .txt",
        )
    extractor = f"trafilatura {metadata.version('trafilatura')}"
    # Paragraphs come one a line; an empty line between them says so to every reader.
    # The rule below a table's head is no text.
    lines = [line for line in (document.text or "").split("\n") if line.strip("|- ")]
    paragraphs = _once(lines)
    found = _incoming("\n\n".join(paragraphs), decoded, place, stem, extractor, data, ".html")
    for field, value in (
        ("title", document.title),
        ("published_at", document.date),
        ("publisher", document.sitename or document.hostname),
        ("url", document.url),
    ):
        if value and str(value).strip():
            found.fields[field] = str(value).strip()
    language = _HTML_LANG.search(decoded.text[:_HEAD])
    if language is not None:
        found.fields["language"] = language.group(1)
    return replace(found, author=str(document.author)) if document.author else found


@cache
def _settings() -> ConfigParser:
    """Trafilatura's, but a short page is an article: its fallbacks run paragraphs together."""
    from trafilatura.settings import use_config  # noqa: PLC0415

    settings: ConfigParser = use_config()
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(_SHORTEST))
    return settings


def _page(text: str) -> Any:
    """The page with tables that only lay it out taken apart, as pages of the nineties have them."""
    from trafilatura import load_html  # noqa: PLC0415

    tree = load_html(text)
    if tree is None:
        return text
    for table in tree.xpath("//table[.//p or .//h1 or .//h2 or .//h3 or .//table]"):
        for part in [table, *table.xpath(".//tbody | .//tr | .//td | .//th")]:
            part.tag = "div"
    return tree


def _once(lines: list[str]) -> list[str]:
    """The lines without long ones that stood before: the extractor gives some twice."""
    seen: set[str] = set()
    kept = []
    for line in lines:
        if len(line) < _SHORTEST or line not in seen:
            kept.append(line)
        seen.add(line)
    return kept


def _incoming(
    text: str,
    decoded: Decoded,
    place: str,
    stem: str,
    extractor: str,
    original: bytes | None,
    suffix: str,
) -> Incoming:
    return Incoming(
        text=text,
        place=place,
        extractor=extractor,
        encoding=decoded.encoding,
        encoding_from=decoded.source,
        stem=stem,
        original=original,
        suffix=suffix,
    )
