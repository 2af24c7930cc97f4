"""What pages call verdicts, and their colours: AVeriTeC's, the same, others."""

from __future__ import annotations

from claimset.models import AVERITEC, FEVER, LabelSet, Verdict, label_colours, label_words

DESK = LabelSet.model_validate(
    {
        "name": "desk",
        "not_enough_evidence": "open",
        "verdicts": [
            {"name": "right", "title": "Right", "hotkey": "1", "nli": "entailment"},
            {"name": "mostly", "title": "Right in the main", "hotkey": "2", "nli": "entailment"},
            {"name": "own", "title": "Own", "hotkey": "3", "colour": "#6aa84f"},
            {"name": "wrong", "title": "Wrong", "hotkey": "f", "nli": "contradiction"},
            {"name": "open", "title": "Open", "hotkey": "n", "nli": "neutral"},
            {"name": "unlike", "title": "Unlike", "hotkey": "x"},
        ],
    }
)


def test_averitecs_verdicts_have_their_own_colours_and_names() -> None:
    assert label_colours(AVERITEC) == {name: Verdict(name) for name in AVERITEC.names}
    assert label_words(AVERITEC)["not_enough_evidence"] == "not enough evidence"


def test_what_means_the_same_has_the_same_colour() -> None:
    colours = label_colours(FEVER)
    assert set(colours.values()) == {
        Verdict.SUPPORTED,
        Verdict.REFUTED,
        Verdict.NOT_ENOUGH_EVIDENCE,
    }


def test_no_two_verdicts_share_a_colour_and_the_sets_own_holds() -> None:
    colours = label_colours(DESK)
    assert colours["right"] is Verdict.SUPPORTED
    assert colours["wrong"] is Verdict.REFUTED
    assert colours["open"] is Verdict.NOT_ENOUGH_EVIDENCE
    assert colours["own"] == "#6aa84f"
    assert len(set(colours.values())) == len(DESK.verdicts)
    assert label_words(DESK)["mostly"] == "Right in the main"


def test_a_colour_given_to_one_of_averitecs_holds() -> None:
    own = AVERITEC.model_dump(mode="json")
    own["verdicts"][0]["colour"] = "#123456"
    colours = label_colours(LabelSet.model_validate(own))
    assert colours["supported"] == "#123456"
    assert colours["refuted"] is Verdict.REFUTED
