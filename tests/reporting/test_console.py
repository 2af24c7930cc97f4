"""The console: whatever titles and articles hold, a terminal shows it and obeys nothing."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from claimset.reporting.console import TextConsole, printable
from claimset.reporting.progress import ConsoleReporter

if TYPE_CHECKING:
    from pathlib import Path

# It sets the window's title, clears the screen, turns the direction, and links elsewhere.
HOSTILE = "a\x1b]0;owned\x07b\x1b[2Jc\u202ed\x9b31me\x1b]8;;http://x.invalid\x1b\\f\rg\x08h"


def shown(*, terminal: bool, width: int = 60) -> tuple[TextConsole, io.StringIO]:
    stream = io.StringIO()
    return TextConsole(file=stream, width=width, force_terminal=terminal, highlight=False), stream


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
@example(HOSTILE)
def test_content_commands_nothing(text: str) -> None:
    """As a line, in a table and as a progress message, on a screen of no colours."""
    console, stream = shown(terminal=False)
    table = Table(box=None)
    table.add_column("title")
    table.add_row(Text(text))
    console.print(text, markup=False)
    console.print(text, markup=False, soft_wrap=True)
    console.print(table)
    ConsoleReporter(console).say(text)
    printed = stream.getvalue()
    assert printed == printable(printed)


def test_styles_are_still_drawn() -> None:
    """The only escape sequences on a terminal are those of our own styles."""
    console, stream = shown(terminal=True)
    console.print(Text(HOSTILE, style="bold red"))
    drawn = stream.getvalue().removeprefix("\x1b[1;31m").removesuffix("\x1b[0m\n")
    assert drawn == printable(drawn)
    assert "]0;owned" in drawn  # shown, not obeyed
    assert len(stream.getvalue()) == len(drawn) + len("\x1b[1;31m\x1b[0m\n")


def test_what_is_no_command_stays_as_it_is() -> None:
    console, stream = shown(terminal=False)
    console.print("👩‍🚒 naïve\tcafé\nﬁ ß אב", markup=False)
    assert "👩‍🚒 naïve" in stream.getvalue()
    assert "ﬁ ß אב" in stream.getvalue()


@pytest.mark.parametrize("field", ["title", "publisher"])
def test_an_article_commands_no_terminal(tmp_path: Path, field: str) -> None:
    """Also through the command itself, in results and in messages."""
    row = {"id": "a", "title": "t", "text": "It rained on Monday in Leeds.", field: HOSTILE}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    for command in (["init", "desk"], ["add", "--workspace", "desk", "rows.jsonl"]):
        done = subprocess.run(
            [sys.executable, "-m", "claimset", *command],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )
        printed = done.stdout + done.stderr
        assert printed == printable(printed)
