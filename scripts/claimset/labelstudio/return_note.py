"""The note on a returned answer: why it came back, where only its annotator reads it.

Label Studio Community has no comments, and whatever is put into a task is shown to everybody who
gets it. The reason that an annotator wrote is their own; so the note stands as its first line,
and is taken off again when the answer is read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["with_note", "without_note"]

_NOTE = re.compile(r"^\s*\[returned: [^\n]*\][ \t]*\n?", re.MULTILINE)
_REASON = "justification"


def without_note(text: str) -> str:
    r"""What the annotator wrote, without notes.

    >>> without_note("[returned: a factual claim needs a verdict]\nBecause he said so.")
    'Because he said so.'
    """
    return _NOTE.sub("", text)


def with_note(result: Sequence[Any], reason: str) -> list[Any]:
    """The result list of an answer with a note as the first line of its reason.

    Args:
        result: Label Studio's regions and choices.
        reason: What is to be mended; it becomes one line.
    """
    written = [region for region in result if _is_reason(region)]
    lines = [without_note(line) for region in written for line in _lines(region)]
    note = f"[returned: {' '.join(reason.split())}]"
    return [
        *(region for region in result if not _is_reason(region)),
        {
            "id": _REASON,
            "from_name": _REASON,
            "to_name": "article",
            "type": "textarea",
            "value": {"text": ["\n".join([note, *filter(None, lines)])]},
        },
    ]


def _is_reason(region: Any) -> bool:
    return isinstance(region, dict) and region.get("from_name") == _REASON


def _lines(region: dict[str, Any]) -> list[str]:
    value = region.get("value")
    text = value.get("text") if isinstance(value, dict) else None
    return [str(line) for line in text] if isinstance(text, list) else [str(text or "")]
