"""What check-worthiness weighs: each feature with its name in words and its shares.

A share is points of log-odds: the shares of a sentence and the base add up to the logit of its
score, and one point multiplies the odds by 2.7. A second and third word of a feature add less than
the first, further ones nothing: a list of ten taxes is not ten times as worth checking as one.
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["BASE", "FEATURES", "Feature"]

BASE: Final = -1.6
"""Points of a sentence of which nothing else is known: most sentences need no check."""


class Feature(NamedTuple):
    """One thing that speaks for or against checking a sentence.

    Attributes:
        label: Its name in words, as the reasons show it.
        shares: Points for one, two, three different words of it; the last holds for more.
    """

    label: str
    shares: tuple[float, ...]


FEATURES: Final[dict[str, Feature]] = {
    # Raising. Figures lead: who gives a number has a source that can be asked.
    "figure": Feature("number, money or percentage", (1.3, 1.6)),
    "date": Feature("date or year", (0.7, 0.9)),
    "measure": Feature("unit of measure", (1.1, 1.5, 1.7)),
    "number": Feature("number in words", (1.1, 1.4)),
    # A deed in an archive, a change in a series: the stuff of political fact-checks.
    "record": Feature("act that leaves a record", (1.3, 1.7, 1.9)),
    "change": Feature("change or comparison", (0.6, 1.0, 1.2)),
    "past": Feature("past or perfect verb", (0.6, 0.9, 1.1)),
    "ongoing": Feature("what others are doing", (0.8, 1.0)),
    "has": Feature("has or has done", (0.8,)),
    "says": Feature("words of somebody reported", (1.2,)),
    "present": Feature("what others do", (0.5, 0.7)),
    "cause": Feature("cause", (0.3,)),
    # A subject alone asserts nothing, so it counts fully only beside one of the features above.
    "topic": Feature("matter of public record", (1.0, 1.5, 1.8)),
    "bare_topic": Feature("public matter, nothing said of it that happened", (0.3, 0.7)),
    "about_others": Feature("begins with others", (0.5,)),
    "actor": Feature("somebody whose deeds are at issue", (0.3, 0.5)),
    "name": Feature("name inside the sentence", (0.8, 1.3, 1.5)),
    "time": Feature("point or span of time", (0.2, 0.3)),
    "extent": Feature("quantifier", (0.2, 0.4)),
    "long": Feature("room for detail", (0.3,)),
    "very_long": Feature("room for much detail", (0.5,)),
    # Lowering. What is not yet true or false comes first.
    "question": Feature("a question", (-2.5,)),
    "future": Feature("modal or future", (-1.3, -1.6, -1.8)),
    "outlook": Feature("modal or future, said of others", (-0.7, -1.0)),
    "ability": Feature("can or could", (-0.7, -1.0)),
    "duty": Feature("duty, plan or wish", (-1.5, -1.8)),
    "intention": Feature("what the speakers themselves intend", (-0.8,)),
    "conditional": Feature("condition", (-0.4,)),
    # Then what no source can settle.
    "opinion": Feature("opinion word", (-0.8, -1.2, -1.4)),
    "value": Feature("abstract value or choice", (-0.6, -0.9)),
    "intense": Feature("intensifier", (-0.5,)),
    "hedge": Feature("hedge", (-0.6,)),
    "vague": Feature("vague word", (-0.4, -0.6, -0.8)),
    # Then what is true or false but of no public interest, or is no statement at all.
    "first_person": Feature("speaks of the speaker", (-0.9, -1.0)),
    "we": Feature("speaks of us", (-0.4,)),
    "second_person": Feature("addresses somebody", (-0.5, -0.7)),
    "about_hearer": Feature("begins with the hearer", (-0.8,)),
    "about_talk": Feature("begins with this or that", (-0.2,)),
    "private": Feature("private life of the speaker", (-1.2, -1.7)),
    "stage": Feature("talk about the talk, or page furniture", (-0.8, -1.4, -1.6)),
    "directive": Feature("asks or invites", (-0.7, -1.0)),
    "short": Feature("short", (-0.5,)),
    "very_short": Feature("very short", (-1.2,)),
    "no_sentence": Feature("no verb or article: hardly a sentence", (-2.0,)),
}
"""Every feature, raising ones first."""
