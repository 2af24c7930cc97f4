"""Label sets: what each refuses, and what a set says of answers."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from claimset.models import AVERITEC, FEVER, LabelSet, Stance, Verdict

GOOD: dict[str, Any] = {
    "name": "own",
    "verdicts": [
        {"name": "right", "title": "Right", "hotkey": "1", "evidence": ["supports"]},
        {"name": "wrong", "title": "Wrong", "hotkey": "2", "evidence": ["refutes"]},
        {"name": "open", "title": "Open", "hotkey": "3"},
    ],
    "not_enough_evidence": "open",
}


def changed(number: int, **fields: Any) -> dict[str, Any]:
    """The good set with other fields in one verdict."""
    verdicts = [dict(verdict) for verdict in GOOD["verdicts"]]
    verdicts[number] |= fields
    return GOOD | {"verdicts": verdicts}


def test_the_default_is_averitec_in_its_order() -> None:
    assert AVERITEC.names == tuple(Verdict)
    assert AVERITEC.labels == (*Verdict, "opinion", "not_a_claim")
    assert FEVER.names == ("supports", "refutes", "not_enough_info")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (changed(1, name="right"), "right and right have the same name"),
        (changed(1, title="right"), "have the same title"),
        (changed(1, hotkey="1"), "right and wrong have the same hotkey '1'"),
        (changed(1, hotkey="q"), "the key 'q' belongs to the stances; free are 1 2 3"),
        (changed(1, hotkey="8"), "the key '8' belongs to the confidence"),
        (changed(1, hotkey="a"), "the key 'a' belongs to the checkability"),
        (changed(1, hotkey="u"), "the key 'u' belongs to Label Studio"),
        (changed(1, hotkey="F1"), "should match pattern"),
        (changed(1, name="opinion"), "'opinion' is a checkability"),
        (changed(1, name="unresolved"), "'unresolved' is what a gold label's source is called"),
        (changed(1, name="Wrong"), "should match pattern"),
        (changed(1, name="w" * 33), "should match pattern"),
        (changed(1, title="two\nlines"), "one line of printable characters"),
        (changed(1, evidence=["context"]), "context is no evidence"),
        (changed(1, evidence=["refutes", "refutes"]), "each once"),
        (changed(1, colour="red"), "should match pattern"),
        (changed(1, weight=3), "Extra inputs are not permitted"),
        (GOOD | {"verdicts": GOOD["verdicts"][:1]}, "at least 2"),
        (GOOD | {"not_enough_evidence": "shut"}, "'shut', which is none of right, wrong, open"),
        (GOOD | {"earlier": {"right": "wrong"}}, "which is a verdict of this label set"),
        (GOOD | {"earlier": {"true": "yes"}}, "which is none of right, wrong, open"),
        (GOOD | {"name": "two words"}, "should match pattern"),
    ],
)
def test_what_cannot_be_a_label_set_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        LabelSet.model_validate(given)
    assert words in str(caught.value)


def test_the_digest_covers_what_answers_mean_and_nothing_else() -> None:
    digest = LabelSet.model_validate(GOOD).digest
    looks = changed(0, hotkey="7", hint="x", colour="#000000", rating=3, title="Yes")
    assert LabelSet.model_validate(looks | {"name": "other"}).digest == digest
    for other in (
        changed(0, name="correct"),
        changed(0, evidence=[]),
        changed(0, evidence=["supports", "refutes"], needs="any"),
        GOOD | {"not_enough_evidence": None},
        GOOD | {"verdicts": GOOD["verdicts"][::-1]},
    ):
        assert LabelSet.model_validate(other).digest != digest


@pytest.mark.parametrize(
    ("needs", "stances", "lack"),
    [
        ("all", {Stance.SUPPORTS}, "right needs a span of each stance"),
        ("all", {Stance.SUPPORTS, Stance.REFUTES}, None),
        ("any", {Stance.REFUTES}, None),
        ("any", {Stance.CONTEXT}, "right needs a span of one stance or the other"),
    ],
)
def test_a_verdict_says_what_an_answer_lacks(
    needs: str, stances: set[Stance], lack: str | None
) -> None:
    given = changed(0, evidence=["supports", "refutes"], needs=needs)
    assert LabelSet.model_validate(given).verdict("right").lacks(stances) == lack


def test_words_of_a_set() -> None:
    labels = LabelSet.model_validate(GOOD)
    assert labels.in_words(("right", "wrong", "open")) == "right, wrong and open"
    assert labels.in_words(("open",)) == "open"
    assert (labels.decisive, labels.undecided) == (("right", "wrong"), ("open",))
    assert str(labels) == "own (right, wrong, open)"
    with pytest.raises(KeyError):
        labels.verdict("true")
