"""Manifest rows: names and paths that are safe wherever they are used."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from claimset.models import Article, Identifier, ManifestRow, Unit

PROPERTY = settings(deadline=None)
SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
ROW = {
    "article_id": "a",
    "event_id": "e",
    "title": "t",
    "license": "CC0-1.0",
    "path": "a.txt",
    "sha256": "0" * 64,
}


@PROPERTY
@given(st.text(max_size=6) | st.text(st.sampled_from(sorted(SAFE)), max_size=130))
@example("a\n")
@example("é")
@example("٣")
@example("a" * 128)
@example("a" * 129)
def test_an_identifier_is_safe_in_file_names_and_urls(value: str) -> None:
    """Only ASCII letters, digits and ``._-``, not beginning with a mark, at most 128."""
    good = 0 < len(value) <= 128 and set(value) <= SAFE and value[0] not in "._-"
    if good:
        assert TypeAdapter(Identifier).validate_python(value) == value
    else:
        with pytest.raises(ValidationError):
            TypeAdapter(Identifier).validate_python(value)


@PROPERTY
@given(st.text(st.sampled_from("a./\\\0"), max_size=8))
def test_an_accepted_path_cannot_leave_its_room(path: str) -> None:
    """Whatever is accepted stays below the folder it is joined to, by its words alone."""
    try:
        row = ManifestRow.model_validate(ROW | {"path": path})
    except ValidationError:
        return
    joined = PurePosixPath("/room") / row.path
    assert ".." not in joined.parts
    assert joined.is_relative_to("/room")
    assert joined != PurePosixPath("/room")
    assert Path("/room", path).resolve().is_relative_to("/room")


@pytest.mark.parametrize("language", ["en", "en-GB", "de-CH-1996", "zh-Hant-TW"])
def test_a_language_is_a_bcp_47_tag(language: str) -> None:
    assert ManifestRow.model_validate(ROW | {"language": language}).language == language


def test_an_article_has_text() -> None:
    with pytest.raises(ValidationError, match="at least 1 character"):
        Article.model_validate(ROW | {"text": "", "text_sha256": "0" * 64})


def test_a_unit_gives_its_reason() -> None:
    with pytest.raises(ValidationError, match="reason"):
        Unit.model_validate(
            {"article_id": "a", "start": 0, "end": 1, "text": "x", "kind": "claim", "reason": ""}
        )
