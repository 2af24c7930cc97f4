"""`claimset export` as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimset.cli import app

REPOSITORY = Path(__file__).parents[1]


def _export(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["export", *arguments, "--workspace", str(REPOSITORY)])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("what", "key", "items"),
    [
        ("croissant", "recordSet", None),
        ("claimreview", "dataFeedElement", 41),
        ("webannotation", "items", None),
    ],
)
def test_the_committed_release_goes_to_standard_output_or_a_file(
    tmp_path: Path, what: str, key: str, items: int | None
) -> None:
    code, out, err = _export(what)
    assert (code, err) == (0, "")
    found = json.loads(out)[key]
    assert len(found) == items if items else found
    assert "<" not in out
    path = tmp_path / "new" / "export.json"
    code, nothing, err = _export(what, "--output", str(path))
    assert (code, nothing) == (0, "")
    assert str(path) in err
    assert path.read_text("utf-8") == out
    code, summary, _ = _export(what, "--output", str(path), "--json")
    assert json.loads(summary) == {
        "format": what,
        "version": "0.1.0",
        "items": len(found),
        "path": str(path),
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bibtex",), "croissant, claimreview, webannotation"),
        (("croissant", "--json"), "--output"),
        (("croissant", "--url", "javascript:x"), "no address of the web"),
    ],
)
def test_what_cannot_be_is_refused(arguments: tuple[str, ...], said: str) -> None:
    code, out, err = _export(*arguments)
    assert code == 2
    assert said in out + err


def test_a_workspace_without_a_release_is_refused(tmp_path: Path) -> None:
    for name in ("seeds", "schemas"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    result = CliRunner().invoke(app, ["export", "croissant", "--workspace", str(tmp_path)])
    assert result.exit_code == 2
    assert "claimset build" in result.stderr
