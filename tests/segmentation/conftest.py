"""Articles for the tests of segmentation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claimset.identifiers import sha256_hex
from claimset.models import Article
from claimset.seeds import read_articles

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).parents[2]


def _make_article(text: str) -> Article:
    return Article(
        article_id="a",
        event_id="e",
        title="t",
        license="CC0-1.0",
        path="a.txt",
        sha256="0" * 64,
        text_sha256=sha256_hex(text.encode("utf-8")),
        text=text,
    )


@pytest.fixture(scope="session")
def make_article() -> Callable[[str], Article]:
    """Makes an article of a text."""
    return _make_article


@pytest.fixture(scope="session")
def seed_articles() -> list[Article]:
    """The three articles that come with the project."""
    return read_articles(REPOSITORY / "seeds")
