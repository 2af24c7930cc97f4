"""The version follows from what changed."""

from __future__ import annotations

import pytest

from claimset.release.version import Change, next_version


@pytest.mark.parametrize(
    ("previous", "change", "expected"),
    [
        (None, Change.ROWS, "0.1.0"),
        ("0.1.0", Change.SCHEMA, "0.2.0"),
        ("0.1.3", Change.ROWS, "0.2.0"),
        ("0.1.3", Change.CARD, "0.1.4"),
        ("1.4.2", Change.SCHEMA, "2.0.0"),
        ("1.4.2", Change.ROWS, "1.5.0"),
        ("1.9.9", Change.CARD, "1.9.10"),
        ("1.4.2", Change.NOTHING, "1.4.2"),
    ],
)
def test_next_version(previous: str | None, change: Change, expected: str) -> None:
    assert next_version(previous, change) == expected
