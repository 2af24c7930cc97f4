"""`claimset agree`: over a file of anybody's, and over the workspace's own answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from claimset.cli import app
from claimset.pipeline import segment
from claimset.pipeline.agreeing import agree
from claimset.settings import load_settings

if TYPE_CHECKING:
    from typer.testing import Result

    from claimset.storage.workspace import Workspace

FIXTURES = Path(__file__).parents[1] / "fixtures"
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def example_c(tmp_path: Path) -> Path:
    """Example C of Krippendorff (2011) as a file with the columns that are asked for."""
    lines = (FIXTURES / "krippendorff2011.csv").read_text("utf-8").splitlines()[1:]
    rows = [line.removeprefix("C,") for line in lines if line.startswith("C,")]
    path = tmp_path / "c.csv"
    path.write_text("\n".join(["unit,annotator,label", *rows]), encoding="utf-8")
    return path


def _run(*arguments: Any) -> Result:
    return CliRunner().invoke(app, ["agree", *map(str, arguments)], env={"COLUMNS": "100"})


def test_a_file_gives_the_published_figures(example_c: Path) -> None:
    result = _run(example_c, *["--metric", "ordinal", "--metric", "interval", "--metric", "ratio"])
    assert result.exit_code == 0, result.output
    for digits in ("0.7434", "0.8154", "0.8491", "0.7974"):
        assert digits in result.output
    assert "11 units; holds its rate only where units are independent" in " ".join(
        result.output.split()
    )


def test_json_is_one_object_with_every_figure(example_c: Path) -> None:
    result = _run(example_c, "--json", "--labels", "1,2,3,4,5,6")
    (section,) = json.loads(result.output)["sections"]
    assert section["report"]["labels"] == ["1", "2", "3", "4", "5", "6"]
    figure = next(f for f in section["report"]["figures"] if f["name"].endswith("(nominal)"))
    assert figure["value"] == pytest.approx(0.74342, abs=5e-6)


def test_the_bootstrap_repeats_with_its_seed(example_c: Path) -> None:
    same = ["--bootstrap", "--over", "units", "--resamples", 500, "--seed"]
    one, other, third = (_run(example_c, *same, seed).output for seed in (4, 4, 5))
    assert one == other != third
    assert "500 samples, seed 4" in one


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--over", "articles"], 2, "which units stand in one article"),
        (["--labels", "1,2"], 4, "not in the label set"),
        (["--labels", "1,1"], 2, "empty or a double label"),
        (["--round", "pilot"], 2, "not for a file"),
    ],
)
def test_what_cannot_be_done_is_said(
    example_c: Path, arguments: list[str], code: int, words: str
) -> None:
    result = _run(example_c, *arguments)
    assert result.exit_code == code
    assert words in " ".join(result.output.split())


def test_words_have_no_order_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "w.csv"
    path.write_text("unit,annotator,label\nu,a,low\nu,b,high\nv,a,mid\nv,b,mid\n", encoding="utf-8")
    assert "order is not known" in _run(path, "--metric", "ordinal").output
    ordered = _run(path, "--metric", "ordinal", "--labels", "low,mid,high")
    assert ordered.exit_code == 0
    assert "(ordinal)" in ordered.output


def test_a_workspace_without_answers_says_what_to_do(workspace_copy: Workspace) -> None:
    segment(workspace_copy, load_settings(workspace_copy))
    result = _run("-w", workspace_copy.root)
    assert result.exit_code == 2
    assert "claimset pull" in result.output


def test_the_workspaces_own_answers(answered: Workspace) -> None:
    """46 claims, three machines; alpha over verdicts alone is the recorded .9215."""
    combined, verdicts = agree(answered).sections
    assert combined.name == "verdict or checkability, machines"
    assert (combined.report.units, combined.report.ratings) == (46, 138)
    alpha = verdicts.report.figures[1]
    assert alpha.value == pytest.approx(0.9215, abs=5e-5)
    assert alpha.interval is not None
    assert (alpha.interval.groups, alpha.interval.over) == (3, "articles")
    assert len(combined.report.pairs) == 3
    assert [figure.name.split(",")[0] for figure in combined.evidence[:2]] == [
        "character F1",
        "sentence F1",
    ]
    assert (combined.evidence[1].value or 0) > 0.5


def test_a_round_that_is_not_known(answered: Workspace) -> None:
    result = _run("-w", answered.root, "--round", "nobody")
    assert result.exit_code == 2
    assert "use one of: seeds" in result.output


def test_labels_of_the_workspace_are_those_of_its_scheme(answered: Workspace) -> None:
    assert _run("-w", answered.root, "--labels", "a,b").exit_code == 2
    shown = _run("-w", answered.root)
    assert shown.exit_code == 0, shown.output
    assert "6 labels" in shown.output
