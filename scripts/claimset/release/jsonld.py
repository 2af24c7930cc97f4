"""JSON-LD documents: written item by item, and safe inside a web page.

What is quoted comes from outside. A document may be put into a `<script>` element of a page, where
`</script>` inside a string would end it; so `<`, `>` and `&`, and the two line ends that JavaScript
knows and JSON does not, are written as escapes. The strings themselves stay exactly as they are.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TextIO

__all__ = ["iri", "safe_json", "web_address", "without_nulls", "write_document"]

_ESCAPES = str.maketrans(
    {char: f"\\u{ord(char):04x}" for char in ("<", ">", "&", "\u2028", "\u2029")}
)
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+", re.IGNORECASE)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "claimset")


def safe_json(value: Any, *, indent: int | None = None) -> str:
    r"""A value as JSON that no page can be broken with.

    >>> safe_json({"a": "</script>"})
    '{"a": "\\u003c/script\\u003e"}'
    """
    return json.dumps(value, ensure_ascii=False, indent=indent).translate(_ESCAPES)


def write_document(
    stream: TextIO, head: Mapping[str, Any], key: str, items: Iterable[Mapping[str, Any]]
) -> int:
    """Write a JSON object whose last member is a list, one item per line.

    Args:
        stream: Where to.
        head: The members before the list.
        key: Name of the list.
        items: Its items; only one is held at a time.

    Returns:
        The number of items.
    """
    opening = safe_json(dict(head)).removesuffix("}")
    stream.write(f"{opening}, {safe_json(key)}: [")
    count = 0
    for item in items:
        stream.write(",\n" if count else "\n")
        stream.write(safe_json(item))
        count += 1
    stream.write("\n]}\n")
    return count


def iri(base: str | None, identifier: str) -> str:
    """The name of a thing: a place on the dataset's page, or a UUID made from its id.

    >>> iri("https://example.org/data", "c_1"), iri(None, "c_1")
    ('https://example.org/data#c_1', 'urn:uuid:cc23ccdf-857a-57f3-b85b-9aea8570825a')
    """
    if base is not None:
        return f"{base}#{identifier}"
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, identifier)}"


def web_address(value: str | None) -> str | None:
    """An address of the web, or nothing: readers turn it into a link.

    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    return value if value is not None and _WEB.fullmatch(value) else None


def without_nulls(**members: Any) -> dict[str, Any]:
    """The members that hold something; JSON-LD leaves out what is not known.

    >>> without_nulls(a=1, b=None, c=[])
    {'a': 1}
    """
    return {name: value for name, value in members.items() if value not in (None, [], {})}
