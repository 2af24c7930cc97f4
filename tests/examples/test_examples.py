"""The examples for training code run as they stand, on the committed dataset.

Models are tiny and their weights random: that the loss begins where chance would put it shows that
the right loss meets the right labels, and that it falls shows that something is learned.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from claimset.loading import load
from claimset.models import FEVER
from tests.examples.conftest import EXAMPLES, REPOSITORY, TRAINING, need

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
    assert f"python scripts/examples/{path.name}" in lines[0]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("train_*.py")), ids=lambda path: path.stem)
def test_an_example_without_a_model_says_how_to_run_it(path: Path) -> None:
    need(*TRAINING)
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "MODEL [DATASET]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", sorted(LABELS))
def test_a_classifier_begins_at_chance_and_learns(
    run_example: Callable[..., str], tiny_models: Path, name: str
) -> None:
    """Independent yes-or-no labels, the trap of float vectors, would begin at ln 2 = 0.69."""
    losses = _losses(run_example(name, str(tiny_models / "encoder")))
    assert losses[0] == pytest.approx(math.log(LABELS[name]), abs=0.1)
    assert losses[-1] < losses[0]


def test_a_classifier_knows_the_verdicts_of_another_label_set(
    run_example: Callable[..., str], tiny_models: Path, fever_release: Path
) -> None:
    """The names go with the model, in both directions."""
    model = str(tiny_models / "encoder")
    seen = json.loads(run_example("train_soft", model, dataset=fever_release, changes={}))
    assert seen["labels"] == {verdict.name: n for n, verdict in enumerate(FEVER.verdicts)}
    assert seen["losses"][0] == pytest.approx(math.log(3), abs=0.1)


def test_soft_labels_weigh_the_same_however_a_step_is_cut_into_batches(
    run_example: Callable[..., str], tiny_models: Path
) -> None:
    """The trainer does not divide a loss of one's own by the number of batches."""
    model = str(tiny_models / "encoder")
    whole, cut = (
        json.loads(
            run_example(
                "train_soft",
                model,
                changes={
                    "gradient_accumulation_steps": steps,
                    "per_device_train_batch_size": 8 // steps,
                },
            )
        )
        for steps in (1, 4)
    )
    assert cut["losses"] == pytest.approx(whole["losses"], abs=1e-4)


def test_an_embedding_model_tells_a_pair_from_others_at_chance_at_first(
    run_example: Callable[..., str], tiny_models: Path, tmp_path: Path
) -> None:
    """Too few pairs to show that it learns; no claim stands among its own wrong answers."""
    seen = json.loads(run_example("train_pairs", str(tiny_models / "encoder"), changes={}))
    losses, batches = seen["losses"], seen["batches"]
    assert len(losses) == 3
    assert 0 < losses[0] < math.log(8) + 0.1
    assert max(size for size, _ in batches) > 1
    assert all(size == different for size, different in batches)
    assert list((tmp_path / "runs" / "pairs").glob("checkpoint-*/model.safetensors"))


def test_a_chat_model_learns_the_answers(
    run_example: Callable[..., str], tiny_models: Path
) -> None:
    losses = _losses(run_example("train_chat", str(tiny_models / "chat")))
    assert losses[0] == pytest.approx(math.log(PIECES), abs=0.3)
    assert losses[-1] < losses[0]


def test_retrieval_finds_marked_evidence(run_example: Callable[..., str]) -> None:
    need("bm25s")
    recall, claims = _recall(run_example("retrieve_evidence"))
    assert claims == load(REPOSITORY / "dataset", "queries").num_rows
    assert 0.5 < recall <= 1


def test_retrieval_scores_one_split_of_several(
    run_example: Callable[..., str], fever_release: Path
) -> None:
    need("bm25s")
    for split in ("train", "test"):
        wanted = {*load(fever_release, "qrels", split=split)["query-id"]}
        line = run_example("retrieve_evidence", dataset=fever_release, after=split)
        assert _recall(line)[1] == len(wanted)


def _recall(line: str) -> tuple[float, int]:
    found = re.fullmatch(r"recall@10 ([\d.]+) over (\d+) claims", line)
    assert found is not None, line
    return float(found[1]), int(found[2])
