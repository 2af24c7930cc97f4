"""The labelling config and the guidelines: the page annotators see keeps the contract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from claimset.errors import ContractError
from claimset.identifiers import sha256_hex
from claimset.labelstudio.config import CANDIDATE, read_guidelines, read_labeling_config
from claimset.models import AVERITEC, Checkability, Confidence, Stance, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMAS = Path(__file__).parents[2] / "schemas"
XML = (SCHEMAS / "labeling_config.xml").read_text("utf-8")
ROOT = ET.fromstring(XML)  # noqa: S314 - a file of this repository


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "labeling_config.xml"
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def replaced(old: str, new: str) -> str:
    """The real config with one thing changed; fails if that thing is not there exactly once."""
    assert XML.count(old) == 1, old
    return XML.replace(old, new)


def test_the_real_config_keeps_the_contract() -> None:
    """Its hash is that of the bytes Label Studio gets."""
    config = read_labeling_config(SCHEMAS / "labeling_config.xml", AVERITEC)
    assert config.xml == XML
    assert config.sha256 == sha256_hex(XML.encode("utf-8"))


def test_the_real_config_stores_the_contracts_words() -> None:
    """Every choice has an alias of the enums, read here without the code under test."""
    aliases = [item.get("alias") for item in ROOT.iter() if item.get("alias")]
    assert aliases == [*Checkability, *Confidence, *Verdict, *Stance, CANDIDATE]


def test_every_choice_has_a_key_of_its_own() -> None:
    """One key press answers, and no key means two things."""
    choices = [item for item in ROOT.iter() if item.tag in ("Choice", "Label")]
    keys = [item.get("hotkey") for item in choices]
    assert len(choices) == 14
    assert None not in keys
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (replaced('alias="refuted"', 'alias="false"'), "the choices of verdict are"),
        (replaced('alias="opinion" ', ""), "the choices of checkability are"),
        (replaced('alias="candidate"', 'alias="maybe"'), "the choices of evidence_{{idx}} are"),
        (
            replaced('alias="low"', 'alias="x"')
            .replace('alias="high"', 'alias="low"')
            .replace('alias="x"', 'alias="high"'),
            "the choices of confidence are ['high', 'medium', 'low']",
        ),
        (
            replaced('<Choice value="Low" alias="low" hotkey="8"/>', ""),
            "['medium', 'high'], the contract has",
        ),
        (
            replaced('name="justification"', 'name="reason"'),
            '0 controls <TextArea name="justification">',
        ),
        (
            replaced('name="edited_claim"', 'name="justification"'),
            '2 controls <TextArea name="justification">',
        ),
        (replaced('name="verdict"', 'name="label"'), '0 controls <Choices name="verdict">'),
        (replaced("evidence_{{idx}}", "evidence"), '0 controls <Labels name="evidence_{{idx}}">'),
        ("<!DOCTYPE View>" + XML, "declares a document type"),
        ('<!DOCTYPE v [<!ENTITY e "x">]><View>&e;</View>', "declares a document type"),
        (XML[:-20], "not well-formed"),
        ("", "not well-formed"),
        ("{}", "not well-formed"),
        (XML.replace("&", "").replace("Why?", "&nothing;"), "not well-formed"),
        (XML.encode("utf-16"), "not valid UTF-8"),
    ],
)
def test_a_config_that_breaks_the_contract_is_refused(
    tmp_path: Path, content: str | bytes, problem: str
) -> None:
    """The message says what is wrong in which file: a pull could not read the answers."""
    path = write(tmp_path, content)
    with pytest.raises(ContractError) as caught:
        read_labeling_config(path, AVERITEC)
    assert problem in caught.value.problem
    assert caught.value.where == str(path)
    assert caught.value.remedy


def test_a_value_serves_where_there_is_no_alias(tmp_path: Path) -> None:
    """Label Studio stores the value of a choice without alias, so it may be the word itself."""
    path = write(tmp_path, replaced('value="Low" alias="low"', 'value="low"'))
    assert read_labeling_config(path, AVERITEC).xml != XML


@pytest.mark.parametrize(
    "read", [lambda path: read_labeling_config(path, AVERITEC), read_guidelines]
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    with pytest.raises(ContractError) as caught:
        read(tmp_path)
    assert caught.value.where == str(tmp_path)


# Guidelines


def test_the_real_guidelines_name_their_version() -> None:
    """They are HTML with the headings and tables of the Markdown."""
    guidelines = read_guidelines(SCHEMAS / "guidelines.md")
    assert guidelines.version == "0.3"
    assert "<table>" in guidelines.html
    assert "Verification guidelines, version 0.3</h" in guidelines.html


@pytest.mark.parametrize(
    "content",
    [
        "",
        "# Guidelines\n\nThis is version 1.0\n",
        "Guidelines, version 1.0\n",
        "# Guidelines, version\n",
        "## Guidelines, version 1.0\n",
        "# Guidelines\n\n# What changed since version 1.0\n",
        "#\nversion 1.0\n",
    ],
)
def test_guidelines_without_version_are_refused(tmp_path: Path, content: str) -> None:
    """Only the first heading can name it: answers are kept beside the version they follow."""
    path = tmp_path / "guidelines.md"
    path.write_text(content, "utf-8")
    with pytest.raises(ContractError, match="name no version") as caught:
        read_guidelines(path)
    assert caught.value.where == f"{path}:1"


def test_html_in_the_guidelines_is_shown_not_run(tmp_path: Path) -> None:
    path = tmp_path / "guidelines.md"
    path.write_text("# G, version 1\n\n<script>alert(1)</script> <img src=x onerror=y>\n", "utf-8")
    html = read_guidelines(path).html
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
