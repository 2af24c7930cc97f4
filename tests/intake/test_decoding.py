"""Decoding: bytes become text when the encoding is known, and only then."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import DataError
from claimset.intake.decoding import decode_bytes
from claimset.models import EncodingSource

TEXT = "“Naïve” – Zürich, 5 €"


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-32", "utf-32")],
)
def test_a_byte_order_mark_tells(encoding: str, expected: str) -> None:
    decoded = decode_bytes(TEXT.encode(encoding), where="a.txt")
    assert decoded == (TEXT, expected, EncodingSource.MARK)


def test_valid_utf8_needs_no_word() -> None:
    decoded = decode_bytes(TEXT.encode(), where="a.txt")
    assert decoded == (TEXT, "utf-8", EncodingSource.VALID)


def test_what_is_declared_comes_first() -> None:
    decoded = decode_bytes(TEXT.encode("cp1252"), where="a.txt", declared="windows-1252")
    assert decoded == (TEXT, "cp1252", EncodingSource.DECLARED)


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="{}">',
        "<META CHARSET={}>",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
        '<?xml version="1.0" encoding="{}"?>',
    ],
)
@pytest.mark.parametrize("label", ["windows-1252", "iso-8859-1"])
def test_a_page_declares_its_own(head: str, label: str) -> None:
    """Pages that say Latin-1 mean windows-1252: browsers have read them so for decades."""
    page = (head.format(label) + TEXT).encode("cp1252")
    decoded = decode_bytes(page, where="a.html", page=True)
    assert decoded.text.endswith(TEXT)
    assert (decoded.encoding, decoded.source) == ("cp1252", EncodingSource.PAGE)


def test_nothing_is_guessed_but_a_guess_is_offered() -> None:
    words = "Die Brücke wurde für über fünf Millionen Kronen geöffnet, sagte Müller. " * 5
    with pytest.raises(DataError) as caught:
        decode_bytes(words.encode("cp1252"), where="a.txt")
    assert "not valid utf-8 at byte 6" in caught.value.problem
    assert "--encoding cp1252`" in caught.value.remedy
    # A detector is often wrong about a few words, so each guess is shown as it would read.
    with pytest.raises(DataError) as caught:
        decode_bytes("Der Fluss trat über die Ufer.\x1b".encode("cp1252"), where="a.txt")
    assert "as cp1252 it reads “Der Fluss trat über die Ufer.”" in caught.value.problem


@pytest.mark.parametrize("name", ["klingon", "zip", "rot13", "", "a" * 300, "x\0y"])
def test_an_unknown_encoding_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="no encoding of text"):
        decode_bytes(b"text", where="a.txt", declared=name)


def test_a_page_that_lies_is_refused() -> None:
    with pytest.raises(DataError, match="not valid utf-8"):
        decode_bytes(b'<meta charset="utf-8">\xff', where="a.html", page=True)


@given(
    data=st.binary(max_size=200),
    page=st.booleans(),
    declared=st.sampled_from([None, "utf-8", "utf-16", "cp1252", "utf-7", "idna", "punycode"]),
)
@settings(deadline=None, max_examples=500)
def test_any_bytes_decode_or_are_refused(data: bytes, page: bool, declared: str | None) -> None:
    try:
        decoded = decode_bytes(data, where="x", page=page, declared=declared)
    except DataError as error:
        assert error.where == "x"
        assert error.remedy
    else:
        assert isinstance(decoded.text, str)
