"""The difference of two releases as one page: each changed claim side by side.

The page needs no other file and runs no script. Everything from the data is escaped.
"""

from __future__ import annotations

import difflib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from claimset.release.difference import Difference

__all__ = ["CHANGE_WORDS", "render_difference"]

CHANGE_WORDS = {"evidence": "with other evidence", "changed": "with another change"}
"""Kinds of change that are no words for a heading."""


def render_difference(found: Difference) -> str:
    """The page as HTML.

    Args:
        found: The difference.
    """
    environment = Environment(
        loader=PackageLoader("claimset.reporting"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["sides"] = _sides
    counts = [
        (name.replace("_", " "), found.counts_before.get(name, 0), count)
        for name, count in found.counts_after.items()
        if found.counts_before.get(name, 0) or count
    ]
    kinds = Counter(change.change for change in found.claims)
    template = environment.get_template("diff.html.jinja")
    return template.render(found=found, counts=counts, kinds=kinds, words=CHANGE_WORDS)


def _sides(before: Any, after: Any) -> tuple[Markup, Markup]:
    """Both values with what differs marked, word by word."""
    old, new = _words(before), _words(after)
    left, right = [], []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape("".join(old[a:b])), escape("".join(new[c:d]))
        if tag == "equal":
            left.append(gone)
            right.append(come)
            continue
        if gone:
            left.append(Markup("<del>{}</del>").format(gone))
        if come:
            right.append(Markup("<ins>{}</ins>").format(come))
    return Markup("").join(left), Markup("").join(right)


def _words(value: Any) -> list[str]:
    if value is None:
        return []
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    words: list[str] = []
    for line in text.splitlines(keepends=True):
        words += [part for word in line.split(" ") for part in (word, " ")][:-1]
    return words
