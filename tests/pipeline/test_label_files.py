"""Label sets of a new workspace: by name, by file, and back from its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claimset.errors import ContractError, UsageError
from claimset.models import AVERITEC, FEVER, LabelSet
from claimset.pipeline.doctor import doctor
from claimset.pipeline.initializing import init
from claimset.pipeline.label_files import named_label_set
from claimset.settings import load_settings
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

FIVE = """
name = "press"
source = 'Grades of a "press" council'
not_enough_evidence = "unproven"
earlier = { supported = "right", conflicting_evidence = "" }
verdicts = [
  { name = "right", title = "Right", hotkey = "1", evidence = ["supports"], nli = "entailment" },
  { name = "mostly", title = "Mostly right — so so", hotkey = "2", evidence = ["supports"], rating = 4 },
  { name = "misleading", title = "Misleading", hotkey = "m", evidence = ["supports", "refutes"], needs = "any" },
  { name = "wrong", title = "Wrong", hotkey = "f", evidence = ["refutes"], nli = "contradiction", colour = "#aa0000" },
  { name = "unproven", title = "Unproven", hotkey = "n", nli = "neutral" },
]
"""  # noqa: E501 - a line each


def test_names_and_files_are_label_sets(tmp_path: Path) -> None:
    path = tmp_path / "five.toml"
    path.write_text(FIVE, "utf-8")
    assert named_label_set(None) == AVERITEC
    assert named_label_set("fever") == FEVER
    assert named_label_set(str(path)).names[2] == "misleading"
    path.write_text("[labels]\n" + FIVE, "utf-8")
    assert named_label_set(str(path)).names[2] == "misleading"


@pytest.mark.parametrize(
    ("find", "put", "where", "problem"),
    [
        ('hotkey = "m"', 'hotkey = "q"', "verdict 3 (misleading), field hotkey", "the stances"),
        ('hotkey = "m"', 'hotkey = "1"', "the label set as a whole", "same hotkey '1'"),
        ('title = "Wrong", ', "", "verdict 4 (wrong), field title", "is missing"),
        ('needs = "any"', 'need = "any"', "verdict 3 (misleading), field need", "is unknown"),
        ('name = "press"', 'name = "my press"', "field name", "should match pattern"),
        ("verdicts = [", "verdicts = [ 3,", "verdict 1", "valid dictionary"),
        ("verdicts = [", "verdicts = ", "own.toml", "no valid TOML"),
    ],
)
def test_a_file_is_refused_by_its_verdict_and_field(
    tmp_path: Path, find: str, put: str, where: str, problem: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(FIVE.replace(find, put), "utf-8")
    with pytest.raises(ContractError) as caught:
        named_label_set(str(path))
    assert where in (caught.value.where or "")
    assert problem in caught.value.problem


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        named_label_set("fevre")
    assert "averitec, fever" in caught.value.remedy


@pytest.mark.parametrize("labels", [AVERITEC, FEVER, None], ids=["averitec", "fever", "own"])
def test_a_new_workspace_has_its_label_set_in_every_part(
    tmp_path: Path, labels: LabelSet | None
) -> None:
    if labels is None:
        (tmp_path / "five.toml").write_text(FIVE, "utf-8")
        labels = named_label_set(str(tmp_path / "five.toml"))
    made = init(tmp_path / "own", labels=labels)
    assert made.labels == labels.names
    workspace = Workspace(tmp_path / "own")
    assert load_settings(workspace).labels == labels
    checks = {check.name: check for check in doctor(workspace).checks}
    for name in ("labelling config", "guidelines", "schemas"):
        assert checks[name].ok, checks[name].detail
    schema = (workspace.schemas / "annotation.schema.json").read_text("utf-8")
    assert all(f'"{name}"' in schema for name in labels.names)


def test_doctor_sees_a_label_set_that_page_and_guidelines_do_not_have(tmp_path: Path) -> None:
    init(tmp_path / "own")
    workspace = Workspace(tmp_path / "own")
    with (workspace.root / "claimset.toml").open("a", encoding="utf-8") as file:
        file.write('labels = "fever"\n')
    checks = {check.name: check for check in doctor(workspace).checks}
    for name, words in (
        ("labelling config", "the contract has ['supports', 'refutes', 'not_enough_info']"),
        ("guidelines", "do not say when to choose Not enough info"),
        ("schemas", "out of date: annotation.schema.json"),
    ):
        assert not checks[name].ok
        assert words in checks[name].detail


def test_a_setting_that_is_no_label_set_names_its_field(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    (tmp_path / "claimset.toml").write_text('labels = "fevre"\n', "utf-8")
    with pytest.raises(UsageError, match=r"labels is not valid: no label set is called 'fevre'"):
        load_settings(workspace)
    lines = FIVE.replace('hotkey = "m"', 'hotkey = "8"')
    (tmp_path / "claimset.toml").write_text("[labels]\n" + lines, "utf-8")
    with pytest.raises(UsageError, match=r"labels\.verdicts\.2\.hotkey is not valid: the key '8'"):
        load_settings(workspace)
