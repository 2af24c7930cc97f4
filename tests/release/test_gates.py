"""Gates stop a release, say why, and open only with a reason that readers will see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import CheckFailed, UsageError
from claimset.models import Gates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claimset.release.builder import BuildResult


def test_without_gates_nothing_is_held(tmp_path: Path, build: Callable[..., BuildResult]) -> None:
    build(tmp_path / "dataset")
    metadata = json.loads((tmp_path / "dataset" / "release.json").read_text("utf-8"))
    assert (metadata["gates"], metadata["allowed"]) == ([], None)


@pytest.mark.parametrize(
    ("gates", "words"),
    [
        ({"min_alpha": 0.99}, ("min_alpha", "Krippendorff's alpha", "threshold is 0.99", "c_")),
        ({"min_votes": 4}, ("min_votes: 3 votes", "threshold is 4", "c_", "more")),
    ],
)
def test_a_failing_gate_names_figure_threshold_and_rows(
    tmp_path: Path, build: Callable[..., BuildResult], gates: dict[str, Any], words: tuple[str, ...]
) -> None:
    with pytest.raises(CheckFailed) as caught:
        build(tmp_path / "dataset", gates=Gates(**gates))
    assert caught.value.exit_code == 1
    for word in words:
        assert word in str(caught.value)
    assert not (tmp_path / "dataset" / "release.json").exists()


def test_every_failing_gate_is_named_at_once(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    """One claim without votes: too few votes, and not every claim resolved."""
    gone = seed_input["claims"][0].claim_id
    answers = [item for item in seed_input["annotations"] if item.claim_id != gone]
    with pytest.raises(CheckFailed) as caught:
        build(
            tmp_path / "dataset",
            annotations=answers,
            gates=Gates(min_votes=3, min_resolved=1.0, min_alpha=0.1),
        )
    text = str(caught.value)
    assert "2 of the release's gates fail" in text
    assert f"1 claim: {gone}" in text
    assert "min_alpha" not in text


def test_evidence_is_asked_for_where_a_verdict_rests_on_it(
    tmp_path: Path, build: Callable[..., BuildResult], seed_input: dict[str, Any]
) -> None:
    build(tmp_path / "with", gates=Gates(require_evidence=True))
    bare = [item.model_copy(update={"evidence": ()}) for item in seed_input["annotations"]]
    with pytest.raises(
        CheckFailed, match="require_evidence: 0 of the claims that are supported, refuted and"
    ):
        build(tmp_path / "without", annotations=bare, gates=Gates(require_evidence=True))


def test_nobody_annotated_is_no_agreement(
    tmp_path: Path, build: Callable[..., BuildResult]
) -> None:
    with pytest.raises(CheckFailed, match="no alpha"):
        build(tmp_path / "dataset", annotations=[], gates=Gates(min_alpha=0.0))


def test_a_reason_opens_the_gate_and_stands_in_the_release(
    tmp_path: Path, build: Callable[..., BuildResult]
) -> None:
    build(tmp_path / "dataset", gates=Gates(min_votes=4), allow=" a pilot ")
    metadata = json.loads((tmp_path / "dataset" / "release.json").read_text("utf-8"))
    assert metadata["allowed"] == "a pilot"
    (result,) = metadata["gates"]
    assert (result["gate"], result["passed"], result["figure"]) == ("min_votes", False, 3)
    assert result["n_rows"] >= len(result["rows"]) > 0


def test_a_reason_that_was_not_needed_is_not_recorded(
    tmp_path: Path, build: Callable[..., BuildResult]
) -> None:
    build(tmp_path / "dataset", gates=Gates(min_votes=3), allow="just in case")
    metadata = json.loads((tmp_path / "dataset" / "release.json").read_text("utf-8"))
    assert metadata["allowed"] is None
    assert metadata["gates"][0]["passed"]


def test_a_blank_reason_is_none(tmp_path: Path, build: Callable[..., BuildResult]) -> None:
    with pytest.raises(UsageError, match="blank"):
        build(tmp_path / "dataset", gates=Gates(min_votes=4), allow=" ")
