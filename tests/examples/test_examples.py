"""The examples for training code run as they stand, on the committed dataset.

Models are tiny and their weights random: that the loss begins where chance would put it shows that
the right loss meets the right labels, and that it falls shows that something is learned.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from tests.examples.conftest import EXAMPLES, need

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LABELS = {"train_nli": 3, "train_soft": 4}
PIECES = 800


def _losses(line: str) -> list[float]:
    return [float(value) for value in line.removeprefix("losses:").split()]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_is_read_at_a_glance(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) < 30
    assert f"python scripts/examples/{path.name}" in "\n".join(lines[:5])


@pytest.mark.parametrize("name", sorted(LABELS))
def test_a_classifier_begins_at_chance_and_learns(
    run_example: Callable[..., str], tiny_models: Path, name: str
) -> None:
    """Independent yes-or-no labels, the trap of float vectors, would begin at ln 2 = 0.69."""
    losses = _losses(run_example(name, str(tiny_models / "encoder")))
    assert losses[0] == pytest.approx(math.log(LABELS[name]), abs=0.1)
    assert losses[-1] < losses[0]


def test_an_embedding_model_tells_a_pair_from_others_at_chance_at_first(
    run_example: Callable[..., str], tiny_models: Path, tmp_path: Path
) -> None:
    """Too few pairs to show that it learns: the loss lies between those of batches of 2 and 8."""
    losses = _losses(run_example("train_pairs", str(tiny_models / "encoder")))
    assert len(losses) == 3
    assert math.log(2) < losses[0] < math.log(8) + 0.1
    assert list((tmp_path / "runs" / "pairs").glob("checkpoint-*/model.safetensors"))


def test_a_chat_model_learns_the_answers(
    run_example: Callable[..., str], tiny_models: Path
) -> None:
    losses = _losses(run_example("train_chat", str(tiny_models / "chat")))
    assert losses[0] == pytest.approx(math.log(PIECES), abs=0.3)
    assert losses[-1] < losses[0]


def test_retrieval_finds_marked_evidence(run_example: Callable[..., str]) -> None:
    need("bm25s")
    line = run_example("retrieve_evidence")
    name, recall, *_, claims, word = line.split()
    assert (name, word) == ("recall@10", "claims")
    assert int(claims) >= 10
    assert 0.5 < float(recall) <= 1
