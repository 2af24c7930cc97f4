"""Tiny models with random weights, made on the spot: nothing is downloaded."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimset.aggregation import GoldRules
from claimset.models import FEVER
from claimset.release.builder import build_release
from tests.release.corpora import Corpus

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).parents[2]
EXAMPLES = REPOSITORY / "scripts" / "examples"
TRAINING = ("torch", "transformers", "sentence_transformers", "trl")
INSTALL = "pip install -c constraints.txt --group training"
CHAT = (
    "{% for turn in messages %}{{ turn['role'] }}: {{ turn['content'] }}"
    "{{ eos_token if turn['role'] == 'assistant' else '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)
"""As most models have it: nothing in it tells what the model says from what it is told."""


def need(*modules: str) -> None:
    """Skip the test, with the reason, where the group `training` is not installed."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} ({INSTALL})")


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `encoder` and `chat`: one layer of 32 units each, 800 word pieces."""
    need(*TRAINING)
    folder = tmp_path_factory.mktemp("models")
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("tiny_models.py")), str(folder), CHAT],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(folder),
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def fever_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with other verdicts and all three splits."""
    corpus = Corpus(range(60))
    for number, claim in enumerate(corpus.claims):
        corpus.verdicts[claim.claim_id] = FEVER.verdicts[number % 3].name
    folder = tmp_path_factory.mktemp("fever") / "dataset"
    build_release(dataset_folder=folder, **corpus.input(rules=GoldRules(labels=FEVER)))
    return folder


@pytest.fixture
def run_example(tmp_path: Path) -> Callable[..., str]:
    """Run an example, on the committed dataset unless told otherwise; gives its last line.

    With `changes`, its trainer gets these arguments, and the line is that of `watched.py`.
    """

    def run(
        name: str,
        *before: str,
        dataset: Path = REPOSITORY / "dataset",
        after: str | None = None,
        changes: dict[str, Any] | None = None,
    ) -> str:
        example = str(EXAMPLES / f"{name}.py")
        watched = str(Path(__file__).with_name("watched.py"))
        program = [example] if changes is None else [watched, example, json.dumps(changes)]
        arguments = [*before, str(dataset), *([after] if after else [])]
        done = subprocess.run(
            [sys.executable, *program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=_environment(tmp_path),
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip().splitlines()[-1]

    return run


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(REPOSITORY / "scripts"),
    }


# `--doctest-modules` imports every module; these need the group `training`.
_WITH_TRAINING = ["tiny_models.py", "watched.py"]
collect_ignore = [] if importlib.util.find_spec("tokenizers") else _WITH_TRAINING
