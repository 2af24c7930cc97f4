"""The explained article as one HTML page that needs nothing from outside."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

from claimset.models import UnitKind
from claimset.reporting.console import printable
from claimset.segmentation.checkworthiness import THRESHOLD

if TYPE_CHECKING:
    import jinja2

    from claimset.reporting.explain import Explanation

__all__ = ["KIND_MEANINGS", "render_page"]

KIND_MEANINGS = {
    UnitKind.CLAIM: "a sentence that can be verified",
    UnitKind.OPINION: "a stance that no source can settle",
    UnitKind.QUESTION: "asks, asserts nothing",
    UnitKind.HEADING: "a title or crosshead",
    UnitKind.DATELINE: "when or where it was written",
    UnitKind.SALUTATION: "greets the reader",
    UnitKind.SIGNATURE: "closes a letter, names its writer",
    UnitKind.CAPTION: "describes a picture",
    UnitKind.BOILERPLATE: "furniture of the site",
    UnitKind.METADATA: "tells about the text itself",
    UnitKind.FRAGMENT: "no sentence",
}
"""What each kind means, in a few words."""

_STEPS = 10
_WIDEST_SHARE = 1.7


def render_page(explanation: Explanation) -> str:
    """The page of one article.

    All text is escaped by the template engine, and the page forbids itself, by a content security
    policy, every script but its own and every connection.

    Returns:
        A whole HTML document.
    """
    environment = _environment()
    style = _source(environment, "explain.css")
    script = _source(environment, "explain.js")
    return environment.get_template("explain.html.jinja").render(
        view=explanation,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        meanings=KIND_MEANINGS,
        threshold=THRESHOLD,
    )


@cache
def _environment() -> jinja2.Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - pages only

    environment = Environment(
        loader=PackageLoader("claimset.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"step": _step, "width": _width}
    return environment


def _printable(value: Any) -> Any:
    # Exactly `str`: markup that is already safe keeps its type.
    return printable(value) if type(value) is str else value


def _step(score: float) -> int:
    """Score in tenths, for the depth of the colour."""
    return round(score * _STEPS)


def _width(share: float, room: int) -> float:
    """Length of a bar, in the units of its drawing."""
    return round(min(abs(share) / _WIDEST_SHARE, 1) * room, 1)


def _source(environment: jinja2.Environment, name: str) -> str:
    assert environment.loader is not None  # noqa: S101 - set above
    return environment.loader.get_source(environment, name)[0]


def _hash(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
