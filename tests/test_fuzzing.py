"""Malformed inputs for every reader; ``FUZZ_COUNT`` and ``FUZZ_SEED`` say how many and which."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from tests.fuzzing import Room, outcome, readers, run, spoilt

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fuzzing import Reader

COUNT = int(os.environ.get("FUZZ_COUNT", "600"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))


@pytest.fixture
def every_reader(tmp_path: Path) -> list[Reader]:
    return list(readers(Room(tmp_path)))


def test_what_is_sound_is_read(every_reader: list[Reader]) -> None:
    """Otherwise every fault would be hidden behind the first one."""
    for reader in every_reader:
        for sample in reader.samples:
            assert (reader.name, outcome(reader, sample)) == (reader.name, "read")


def test_what_is_malformed_is_read_or_refused(every_reader: list[Reader]) -> None:
    """With a reason, and without a traceback, a hang or a half-written manifest."""
    came = set()
    for number, reader, _, found in run(every_reader, COUNT, SEED):
        assert found in {"read", "refused"}, f"{reader.name}, input {number}: {found}"
        came.add(found)
    assert came == {"read", "refused"}


def test_an_input_is_the_same_each_time() -> None:
    first, second = (
        spoilt(b'{"a": [1, 2]}\n', random.Random("7"), is_json=True)  # noqa: S311 - no secret
        for _ in range(2)
    )
    assert first == second
