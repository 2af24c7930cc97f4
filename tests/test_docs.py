"""The documents cannot rot: commands, blocks, links and the CI script are held against the code."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from claimset.cli import app
from claimset.errors import ClaimsetError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.storage.workspace import Workspace

REPOSITORY = Path(__file__).parents[1]
README = (REPOSITORY / "README.md").read_text("utf-8")
DOCUMENTS = sorted(
    path
    for path in REPOSITORY.glob("**/*.md")
    if not any(
        part.startswith(".") or part == "snapshots" for part in path.relative_to(REPOSITORY).parts
    )
)
COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    """README names each command, and its help says what it does within 80 columns."""
    assert f"claimset {command}" in README
    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "80", "TERM": "dumb"})
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 80
    assert len(result.output.split("╭")[0].split()) > 8


def test_help_shows_the_exit_codes() -> None:
    """The exit codes in the help and in README are those of the error classes."""
    text = " ".join(CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"}).output.split())

    def classes(root: type[ClaimsetError]) -> Iterator[type[ClaimsetError]]:
        yield root
        for child in root.__subclasses__():
            yield from classes(child)

    for code in {error.exit_code for error in classes(ClaimsetError)} | {0}:
        assert re.search(rf"\b{code} [a-z]", text), code
        assert re.search(rf"^\| {code} \|", README, re.MULTILINE), code


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_inside_the_repository_resolve(document: Path) -> None:
    """Every relative link and picture leads to a file, and to a heading that stands in it."""
    for link in re.findall(r"\]\(([^)\s]+)", document.read_text("utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        name, _, anchor = link.partition("#")
        target = document.parent / name if name else document
        assert target.exists(), f"{document.name}: {link}"
        if anchor:
            assert anchor in _anchors(target), f"{document.name}: {link}"


def _anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(_blocks("python"))))
def test_python_blocks_of_the_readme_run(number: int, tmp_path: Path) -> None:
    """Each Python block of README runs as it stands, on the committed dataset."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            _blocks("python")[number],
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "HF_HOME": str(tmp_path),
            "HF_HUB_OFFLINE": "1",
            "PYTHONPATH": str(REPOSITORY / "scripts"),
        },
    )
    assert done.returncode == 0, done.stderr


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """CI takes its first command from README, so the two cannot drift apart."""
    script = (REPOSITORY / ".ci" / "run").read_text("utf-8")
    pattern = re.search(r"grep -m1 -E '([^']+)' README\.md", script)
    assert pattern is not None
    found = re.findall(pattern.group(1), README, re.MULTILINE)
    assert len(found) == 1


def test_room_readmes_say_who_writes_there() -> None:
    """Each room's README says what lies there and who writes it."""
    for room in ("seeds", "schemas", "scripts", "tests"):
        text = (REPOSITORY / room / "README.md").read_text("utf-8")
        assert "Who writes here" in text, room


def test_console_blocks_of_the_readme_show_what_is_printed(workspace_copy: Workspace) -> None:
    """The steps that need no server, word for word, in a terminal of 80 columns."""
    shutil.copytree(REPOSITORY / "dataset", workspace_copy.dataset)
    (workspace_copy.root / "pyproject.toml").write_bytes(
        (REPOSITORY / "pyproject.toml").read_bytes()
    )
    seen = []
    for command, shown in readme_commands():
        if command.split()[1] not in ("segment", "export") or not shown:
            continue
        done = subprocess.run(
            [sys.executable, "-m", *command.split()],
            capture_output=True,
            text=True,
            check=False,
            cwd=workspace_copy.root,
            env={
                "PATH": "/usr/bin:/bin",
                "COLUMNS": "80",
                "PYTHONPATH": str(REPOSITORY / "scripts"),
            },
        )
        assert done.returncode == 0, done.stderr
        printed = [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]
        assert printed == shown, command
        seen.append(command)
    assert len(seen) == 4


def test_the_readme_shows_the_figures_of_the_committed_release() -> None:
    """What `claimset build` is shown to print is what lies in dataset/."""
    release = json.loads((REPOSITORY / "dataset" / "release.json").read_text("utf-8"))
    (shown,) = (shown for command, shown in readme_commands() if command == "claimset build")
    counts = {"_".join(name): int(number) for number, *name in map(str.split, shown[:-1])}
    assert counts == release["counts"]
    assert f"release {release['version']} -> dataset/" in shown[-1]
    assert f"content {release['content_id'][:12]};" in shown[-1]


def readme_commands() -> list[tuple[str, list[str]]]:
    """Each command of README's console blocks with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in _blocks("console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line.rstrip())
    return found
