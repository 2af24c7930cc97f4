"""The label sets that come with claimset: AVeriTeC's four verdicts and FEVER's three."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from claimset.models.labels import LabelSet, VerdictLabel
from claimset.models.vocabulary import NliLabel, Stance, Verdict

__all__ = ["AVERITEC", "FEVER", "LABEL_SETS", "NamedLabelSet"]

_SUPPORTED = "The sources state or directly entail every material part"
_REFUTED = "The sources contradict at least one material part"
_UNCLEAR = "A material part is neither stated nor contradicted, and nothing is contradicted"

AVERITEC = LabelSet(
    name="averitec",
    source="AVeriTeC (Schlichtkrull et al. 2023, arXiv:2305.13117)",
    verdicts=(
        VerdictLabel(
            name=Verdict.SUPPORTED,
            title="Supported",
            hotkey="1",
            hint=_SUPPORTED,
            evidence=(Stance.SUPPORTS,),
            nli=NliLabel.ENTAILMENT,
            rating=3,
        ),
        VerdictLabel(
            name=Verdict.REFUTED,
            title="Refuted",
            hotkey="2",
            hint=_REFUTED,
            evidence=(Stance.REFUTES,),
            nli=NliLabel.CONTRADICTION,
            rating=1,
        ),
        VerdictLabel(
            name=Verdict.NOT_ENOUGH_EVIDENCE,
            title="Not enough evidence",
            hotkey="3",
            hint=_UNCLEAR,
            nli=NliLabel.NEUTRAL,
        ),
        VerdictLabel(
            name=Verdict.CONFLICTING_EVIDENCE,
            title="Conflicting evidence",
            hotkey="4",
            hint="Sources disagree, or it is true only by leaving out what the source says "
            "alongside",
            evidence=(Stance.SUPPORTS, Stance.REFUTES),
            rating=2,
        ),
    ),
    not_enough_evidence=Verdict.NOT_ENOUGH_EVIDENCE,
)
"""The default: verdicts of real-world claims checked against articles."""

FEVER = LabelSet(
    name="fever",
    source="FEVER (Thorne et al. 2018, DOI 10.18653/v1/N18-1074)",
    verdicts=(
        VerdictLabel(
            name="supports",
            title="Supported",
            hotkey="1",
            hint=_SUPPORTED,
            evidence=(Stance.SUPPORTS,),
            nli=NliLabel.ENTAILMENT,
            rating=2,
        ),
        VerdictLabel(
            name="refutes",
            title="Refuted",
            hotkey="2",
            hint=_REFUTED,
            evidence=(Stance.REFUTES,),
            nli=NliLabel.CONTRADICTION,
            rating=1,
        ),
        VerdictLabel(
            name="not_enough_info",
            title="Not enough info",
            hotkey="3",
            hint=_UNCLEAR,
            nli=NliLabel.NEUTRAL,
        ),
    ),
    not_enough_evidence="not_enough_info",
)
"""FEVER's three verdicts; a part that is only half true has no verdict of its own there."""

LABEL_SETS: dict[str, LabelSet] = {found.name: found for found in (AVERITEC, FEVER)}
"""Label sets by the name that `claimset init --labels` knows them by."""


def _named(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in LABEL_SETS:
        msg = (
            f"no label set is called {value!r}; use {' or '.join(LABEL_SETS)}, or write your own "
            "as a table [labels]"
        )
        raise ValueError(msg)
    return LABEL_SETS[value]


NamedLabelSet = Annotated[LabelSet, BeforeValidator(_named)]
"""A label set, or the name of one that comes with claimset."""
