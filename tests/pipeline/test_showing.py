"""A claim is shown with all it rests on, from any release."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimset.cli import app
from claimset.errors import UsageError
from claimset.models import ReleasedClaim, Withdrawal, WithdrawalKind
from claimset.pipeline.showing import show
from claimset.release.builder import build_release
from claimset.release.reader import Release, read_release
from tests.release.corpora import Corpus

DATASET = Path(__file__).parents[2] / "dataset"


def _release(folder: Path) -> Release:
    release = read_release(folder)
    assert release is not None
    return release


def test_every_claim_is_shown_as_it_was_released() -> None:
    release = _release(DATASET)
    answers = release.rows("annotations")
    for row in release.rows("claims"):
        found = show(None, row["claim_id"], str(DATASET))
        assert found.claim == ReleasedClaim.model_validate(row)
        assert {item.annotation_id for item in found.annotations} == {
            item["annotation_id"] for item in answers if item["claim_id"] == row["claim_id"]
        }
        assert found.article is not None
        assert found.article.article_id == row["article_id"]


def test_a_person_reads_gold_votes_evidence_and_reasons(tmp_path: Path) -> None:
    """An adjudicated claim, outside a workspace, by the beginning of its id."""
    release = _release(DATASET)
    row = next(row for row in release.rows("claims") if row["gold_source"] == "adjudicated")
    shutil.copytree(DATASET, tmp_path / "data")
    command = ["show", row["claim_id"][:9], str(tmp_path / "data")]
    said = CliRunner().invoke(app, [*command, "-w", str(tmp_path)], env={"COLUMNS": "200"})
    assert said.exit_code == 0, said.output
    words = " ".join(said.output.split())
    assert f"{row['claim_id']} release 0.1.0, split train" in words
    assert f"adjudicated by {row['adjudicator']}" in words
    for answer in release.rows("annotations"):
        if answer["claim_id"] != row["claim_id"]:
            continue
        assert f"{answer['annotator']} {answer['role']}: " in words
        assert " ".join((answer["justification"] or "").split()) in words
        for span in answer["evidence"]:
            place = f"{span['article_id']}[{span['start']}:{span['end']}]"
            assert f"{span['stance']} {place}" in words
    told = CliRunner().invoke(app, [*command, "--json"])
    assert json.loads(told.stdout)["claim"]["claim_id"] == row["claim_id"]


@pytest.mark.parametrize("name", ["c_", "c_nothing", ""])
def test_an_id_that_fits_none_or_several_says_so(name: str) -> None:
    with pytest.raises(UsageError) as raised:
        show(None, name, str(DATASET))
    assert "claim" in raised.value.problem
    assert raised.value.remedy


def test_no_release_is_an_error() -> None:
    with pytest.raises(UsageError, match="no release is named"):
        show(None, "c_1")


def test_a_withdrawn_claim_shows_why_and_no_word(tmp_path: Path) -> None:
    corpus = Corpus(range(3), text_policy="offsets")
    name = corpus.claims[0].claim_id
    build_release(dataset_folder=tmp_path / "d", **corpus.input())
    hidden = show(None, name, str(tmp_path / "d"))
    assert hidden.claim.text is None
    withheld = CliRunner().invoke(app, ["show", name, str(tmp_path / "d")])
    assert "(withheld; sha256 " in " ".join(withheld.output.split())
    record = Withdrawal(
        kind=WithdrawalKind.CLAIM, id=name, reason="asked for", since="0.0.0", renamed=None
    )
    build_release(dataset_folder=tmp_path / "d", withdraw=[record], **corpus.input())
    said = CliRunner().invoke(app, ["show", name, str(tmp_path / "d")])
    assert said.exit_code == 0, said.output
    assert "withdrawn: asked for" in said.output
    assert "gold" not in said.output
