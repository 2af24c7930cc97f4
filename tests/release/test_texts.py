"""Texts on disk read back as they were put there."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.release.texts import Texts, utf8_parts

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(st.text(max_size=5), TEXT))
def test_texts_read_back_in_any_order(given_texts: dict[str, str]) -> None:
    with TemporaryDirectory() as folder, Texts(Path(folder) / "texts") as texts:
        for name, text in given_texts.items():
            texts.add(name, text)
        assert dict(reversed(list(texts.items()))) == given_texts
        assert list(texts) == list(given_texts)
        assert len(texts) == len(given_texts)
        assert all(name in texts for name in given_texts)
        names = [*given_texts, "of another name", *reversed(given_texts)]
        for source in (texts, given_texts):
            parts, sizes = utf8_parts(source, names)
            assert b"".join(parts) == "".join(given_texts.get(n, "") for n in names).encode()
            assert sizes.tolist() == [len(given_texts.get(n, "").encode()) for n in names]


def test_a_text_that_is_not_there_is_no_empty_text(tmp_path: Path) -> None:
    with Texts(tmp_path / "texts") as texts:
        texts.add("one", "")
        assert texts["one"] == ""
        with pytest.raises(KeyError):
            texts["two"]
