"""Decoding: bytes become text when the encoding is known, and only then."""

from __future__ import annotations

import codecs
import contextlib
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

from claimset.errors import DataError
from claimset.models import EncodingSource

__all__ = ["Decoded", "decode_bytes"]

# Longest first: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PAGE_HEAD = 4096
_PAGE_CHARSET = re.compile(
    rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]{2,40})", re.IGNORECASE
)
_XML_CHARSET = re.compile(
    rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.\-]{2,40})", re.IGNORECASE
)
# Pages that say Latin-1 or ASCII mean windows-1252 (WHATWG Encoding Standard, section 4.2).
_PAGE_LABELS = dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "us-ascii", "ascii"), "cp1252")
_GUESSED_BYTES = 65_536
_USUAL = "cp1252"
_SHOWN = 24


class Decoded(NamedTuple):
    """Text and how it was decoded."""

    text: str
    encoding: str
    source: EncodingSource


def decode_bytes(
    data: bytes, *, where: str, declared: str | None = None, page: bool = False
) -> Decoded:
    r"""Decode bytes without guessing.

    What the caller declares comes first, then a byte-order mark, then the page's own declaration,
    then UTF-8 if the bytes are valid in it.

    Args:
        data: The bytes.
        where: What to name in an error.
        declared: Name of the encoding, from the person who added the file.
        page: Whether the bytes are an HTML page, which may declare its encoding.

    Raises:
        DataError: The encoding is unknown, or the bytes are not valid in it. Where another
            encoding is likely, the message names it for the reader to confirm.

    >>> decode_bytes("né".encode("utf-16"), where="x").text
    'né'
    >>> decode_bytes(b"n\xe9", where="x", declared="latin-1").encoding
    'iso8859-1'
    """
    if declared is not None:
        return _decode(data, declared, EncodingSource.DECLARED, where)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode(data, name, EncodingSource.MARK, where)
    if page:
        head = data[:_PAGE_HEAD]
        found = _XML_CHARSET.search(head) or _PAGE_CHARSET.search(head)
        if found is not None:
            label = found.group(1).decode("ascii").lower()
            return _decode(data, _PAGE_LABELS.get(label, label), EncodingSource.PAGE, where)
    return _decode(data, "utf-8", EncodingSource.VALID, where)


def _decode(data: bytes, name: str, source: EncodingSource, where: str) -> Decoded:
    try:
        codec = codecs.lookup(name)
        # Codecs such as "zip" or "rot13" turn bytes into bytes, or text into text.
        if not getattr(codec, "_is_text_encoding", True):
            raise LookupError(name)  # noqa: TRY301 - the same message as for an unknown name
    except (LookupError, ValueError) as error:
        raise DataError(
            f"{name!r} is no encoding of text that is known here",
            where=where,
            remedy="name one with --encoding, for example utf-8 or windows-1252",
        ) from error
    try:
        return Decoded(data.decode(name), codec.name.removesuffix("-sig"), source)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        found = _readings(data, codec.name, start)
        read = ", ".join(f"as {name} it reads “{words}”" for name, words in found.items())
        flags = " or ".join(f"`--encoding {name}`" for name in found)
        raise DataError(
            f"the file is not valid {codec.name} at byte {start}{f' ({read})' if read else ''}",
            where=where,
            remedy=f"it may be {' or '.join(found)}: if that is right, add {flags}; "
            "nothing is guessed silently"
            if found
            else "name its encoding with --encoding",
        ) from error


def _readings(data: bytes, tried: str, at: int) -> dict[str, str]:
    """Encodings that it may be in, each with what would stand at that place: the reader decides.

    A detector is often wrong about short texts, and most that are no UTF-8 are windows-1252.
    """
    best = from_bytes(data[:_GUESSED_BYTES]).best()
    texts: list[str] = []
    shown: dict[str, str] = {}
    for name in (_USUAL, *([best.encoding] if best else [])):
        if codecs.lookup(name).name == tried:
            continue
        with contextlib.suppress(UnicodeError):
            text = data.decode(name)
            if text in texts:  # many code pages read the same bytes alike: the usual one is named
                continue
            texts.append(text)
            around = data[max(0, at - _SHOWN) : at + _SHOWN].decode(name, "ignore")
            words = "".join(c if c.isprintable() else " " for c in around).split()
            shown[name] = " ".join(words)
    return shown
