"""Segmenters of other packages: found by name once installed, and held to the same rules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import UsageError
from claimset.pipeline.segmenters import (
    ChosenSegmenter,
    choose_segmenter,
    found_segmenters,
    open_segmenter,
)

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

REPOSITORY = Path(__file__).parents[2]
PROJECT = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "acme-lines"
version = "2.0"

[project.entry-points."claimset.segmenters"]
lines = "acme_lines:segmenter"
slipping = "acme_lines:slipping"
broken = "acme_lines:nowhere"

[tool.setuptools]
py-modules = ["acme_lines"]
"""


def _example() -> str:
    """The example that the documents show."""
    text = (REPOSITORY / "scripts" / "README.md").read_text("utf-8")
    return text.split("# acme_lines.py\n", 1)[1].split("```", 1)[0]


SLIPPING = """

class Slipping(Lines):
    name = "slipping"

    def segment(self, article):
        found = super().segment(article)
        if article.article_id.startswith("001"):
            unit = found.units[3]
            found.units[3] = Unit.model_construct(
                **unit.model_dump() | {"start": unit.start + 1, "end": unit.end + 1}
            )
        return found


def slipping(settings):
    return Slipping(settings)
"""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small distribution, built and installed by pip as any other."""
    source = tmp_path_factory.mktemp("acme")
    (source / "pyproject.toml").write_text(PROJECT, "utf-8")
    (source / "acme_lines.py").write_text(_example() + SLIPPING, "utf-8")
    target = tmp_path_factory.mktemp("site")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"),
            *("--no-build-isolation", "--disable-pip-version-check", "--target", target, source),
        ],
        check=True,
        capture_output=True,
    )
    return target


def run(installed: Path, workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would who has installed the distribution."""
    command = [sys.executable, "-m", "claimset", *arguments, "--workspace", str(workspace.root)]
    path = os.pathsep.join([str(REPOSITORY / "scripts"), str(installed)])
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": path}
    )


def test_an_installed_segmenter_cuts_the_articles(
    installed: Path, workspace_copy: Workspace
) -> None:
    """Claims name it with version and settings, and its settings make other shards."""
    (workspace_copy.root / "claimset.toml").write_text(
        'segmenter = "lines"\n[segmenter_settings.lines]\nshortest = 200\n', "utf-8"
    )
    first = run(installed, workspace_copy, "segment", "--json")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["shards_made"] == 1
    again = json.loads(run(installed, workspace_copy, "segment", "--json").stdout)
    assert (again["shards_made"], again["shards_kept"]) == (0, 1)
    shown = run(installed, workspace_copy, "segment", "--explain", "002_fbb46b17569c6217", "--json")
    explained = json.loads(shown.stdout)
    assert {unit["reason"] for unit in explained["units"]} == {"a long line", "a short line"}
    versions = {claim["segmenter_version"] for claim in explained["claims"]}
    assert len(versions) == 1
    assert versions.pop().startswith("lines 2.0+")
    # Another setting makes another shard.
    (workspace_copy.root / "claimset.toml").write_text('segmenter = "lines"\n', "utf-8")
    other = json.loads(run(installed, workspace_copy, "segment", "--json").stdout)
    assert other["shards_made"] == 1
    assert other["claims"] != json.loads(first.stdout)["claims"]


def test_slipped_positions_are_refused_or_quarantined(
    installed: Path, workspace_copy: Workspace
) -> None:
    """A foreign segmenter cannot bring in a span that is no slice of its article."""
    refused = run(installed, workspace_copy, "segment", "--segmenter", "slipping")
    assert refused.returncode == 4, refused.stderr
    assert "does not hold its stored text" in refused.stderr
    assert "article 001_0e7e4537e1223cad, segmenter slipping 2.0" in refused.stderr
    assert not workspace_copy.claims.exists()
    kept = run(
        installed, workspace_copy, "segment", "--segmenter", "slipping", "--quarantine", "--json"
    )
    result = json.loads(kept.stdout)
    assert [entry["article_ids"] for entry in result["quarantined"]] == [["001_0e7e4537e1223cad"]]
    assert result["n_articles"] == 2
    assert workspace_copy.quarantine.exists()


def test_an_unknown_name_lists_what_is_installed(
    installed: Path, workspace_copy: Workspace
) -> None:
    done = run(installed, workspace_copy, "segment", "--segmenter", "line")
    assert done.returncode == 2
    assert "no segmenter is called 'line'" in done.stderr
    told = " ".join(done.stderr.split())
    assert "broken (acme-lines)" in told
    assert "lines (acme-lines)" in told
    assert "rules (claimset)" in told


def test_a_segmenter_that_cannot_be_made_says_whose_it_is(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(installed))
    with pytest.raises(UsageError, match="AttributeError") as caught:
        choose_segmenter("broken", {})
    assert caught.value.where == "acme_lines:nowhere (acme-lines)"
    with pytest.raises(UsageError, match="cannot be made: ValueError: shortest"):
        choose_segmenter("lines", {"shortest": "long"})
    assert found_segmenters()["lines"] == "acme-lines"


def test_another_version_on_another_machine_is_refused(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker must not cut with something else than the shard's key says."""
    monkeypatch.syspath_prepend(str(installed))
    chosen = choose_segmenter("lines", {})
    assert open_segmenter(chosen).version == "2.0"
    with pytest.raises(UsageError, match="and was asked for as 1"):
        open_segmenter(ChosenSegmenter("lines", "1.9"))


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), object()])
def test_settings_must_be_json(value: Any) -> None:
    with pytest.raises(UsageError, match="no JSON value"):
        choose_segmenter("rules", {"a": value})
