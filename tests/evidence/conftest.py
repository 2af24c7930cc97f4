"""Articles and sources for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claimset.identifiers import sha256_hex
from claimset.models import Article

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def make_article() -> Callable[..., Article]:
    """Make an article of the event ``e`` from its name and text."""

    def make(name: str, text: str, /, **changes: Any) -> Article:
        return Article.model_validate(
            {
                "article_id": name,
                "event_id": "e",
                "title": name,
                "license": "CC0-1.0",
                "path": f"{name}.txt",
                "sha256": "0" * 64,
                "text_sha256": sha256_hex(text.encode("utf-8")),
                "text": text,
            }
            | changes
        )

    return make
