"""Tiny models with random weights, made on the spot: nothing is downloaded."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).parents[2]
EXAMPLES = REPOSITORY / "scripts" / "examples"
TRAINING = ("torch", "transformers", "sentence_transformers", "trl")
INSTALL = "pip install -c constraints.txt --group training"
CHAT = (
    "{% for turn in messages %}{{ turn['role'] }}: {% if turn['role'] == 'assistant' %}"
    "{% generation %}{{ turn['content'] }}{{ eos_token }}{% endgeneration %}"
    "{% else %}{{ turn['content'] }}\n{% endif %}{% endfor %}"
)


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


@pytest.fixture
def run_example(tmp_path: Path) -> Callable[..., str]:
    """Run an example on the committed dataset, in a folder of its own; gives its last line."""

    def run(name: str, *arguments: str) -> str:
        done = subprocess.run(
            [
                sys.executable,
                str(EXAMPLES / f"{name}.py"),
                *arguments,
                str(REPOSITORY / "dataset"),
            ],
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


# `--doctest-modules` imports every module; this one needs the group `training`.
collect_ignore = [] if importlib.util.find_spec("tokenizers") else ["tiny_models.py"]
