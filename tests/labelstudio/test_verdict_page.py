"""Page and guidelines of a label set, made from the templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimset.errors import ContractError
from claimset.labelstudio.config import label_schema_of, read_guidelines, read_labeling_config
from claimset.labelstudio.verdict_page import config_for, guidelines_for
from claimset.models import AVERITEC, FEVER, LabelSet

SCHEMAS = Path(__file__).parents[2] / "schemas"
PAGE = (SCHEMAS / "labeling_config.xml").read_text("utf-8")
GUIDELINES = (SCHEMAS / "guidelines.md").read_text("utf-8")

HOSTILE = LabelSet.model_validate(
    {
        "name": "odd",
        "verdicts": [
            {"name": "yes", "title": 'Yes & "so" <b>', "hotkey": "1", "hint": "a | b *c*"},
            {"name": "no", "title": "No", "hotkey": "x", "evidence": ["refutes"]},
        ],
    }
)


def test_the_default_set_gives_the_templates_themselves() -> None:
    """The page in the repository is made for AVeriTeC's four, byte for byte."""
    assert config_for(PAGE, AVERITEC) == PAGE
    assert guidelines_for(GUIDELINES, AVERITEC) == GUIDELINES


@pytest.mark.parametrize("labels", [FEVER, HOSTILE])
def test_a_made_page_fits_its_label_set_and_no_other(tmp_path: Path, labels: LabelSet) -> None:
    path = tmp_path / "labeling_config.xml"
    path.write_text(config_for(PAGE, labels), "utf-8")
    assert read_labeling_config(path, labels).labels == labels
    with pytest.raises(ContractError, match="the choices of verdict are") as caught:
        read_labeling_config(path, AVERITEC)
    assert "setting labels" in caught.value.remedy


def test_the_page_names_the_keys() -> None:
    assert "Esc, then 1 to 3" in config_for(PAGE, FEVER)
    assert "Esc, then 1 or x" in config_for(PAGE, HOSTILE)


def test_words_of_a_label_set_cannot_break_the_page() -> None:
    page = config_for(PAGE, HOSTILE)
    assert '<Choice value="Yes &amp; &quot;so&quot; &lt;b&gt;" alias="yes" hotkey="1"' in page
    assert "| **No** | … |" in guidelines_for(GUIDELINES, HOSTILE)
    assert "a \\| b \\*c\\*." in guidelines_for(GUIDELINES, HOSTILE)


def test_guidelines_speak_of_the_sets_own_verdicts(tmp_path: Path) -> None:
    """What they say of a verdict that the set does not have is left out."""
    made = guidelines_for(GUIDELINES, FEVER)
    for words in ("onflicting evidence", "ot enough evidence"):
        assert words not in made
    assert "*not enough info*, unless a source shows" in made
    assert "- *Refuted* needs at least one span marked **Refutes**." in made
    odd = guidelines_for(GUIDELINES, HOSTILE)
    assert "*refuted*" not in odd
    assert "quotation that no source contains" not in odd
    path = tmp_path / "guidelines.md"
    path.write_text(made, "utf-8")
    assert read_guidelines(path).version == read_guidelines(SCHEMAS / "guidelines.md").version


def test_a_template_without_a_place_for_verdicts_is_refused() -> None:
    with pytest.raises(ValueError, match="no control for the verdicts"):
        config_for("<View/>", FEVER)
    with pytest.raises(ValueError, match="no table of verdicts"):
        guidelines_for("# Guidelines, version 1", FEVER)


def test_a_key_for_two_choices_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labeling_config.xml"
    path.write_text(PAGE.replace('alias="refuted" hotkey="2"', 'alias="refuted" hotkey="s"'))
    with pytest.raises(ContractError, match="opinion and refuted have the same key 's'"):
        read_labeling_config(path, AVERITEC)


def test_the_label_schema_says_which_set_an_answer_was_given_under() -> None:
    assert label_schema_of(AVERITEC) == "1.0"
    assert label_schema_of(FEVER) == f"1.0+fever.{FEVER.digest}"
    renamed = AVERITEC.model_copy(update={"name": "desk", "source": ""})
    assert label_schema_of(renamed) == "1.0"
