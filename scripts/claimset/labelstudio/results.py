"""Answers: from Label Studio's result list to the model.

Label Studio checks almost nothing of what is posted to it, so everything is checked here: control
names, choices, positions, and the rules of an answer. What cannot be used is rejected by name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimset.errors import SpanError
from claimset.labelstudio.config import CANDIDATE
from claimset.labelstudio.return_note import without_note
from claimset.labelstudio.slips import find_slip, where_it_stands
from claimset.models import (
    Checkability,
    Confidence,
    Evidence,
    Model,
    Stance,
    VerdictName,
    broken_answer_rules,
    check_slice,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claimset.models import LabelSet

__all__ = [
    "Answer",
    "BrokenAnswer",
    "UnusableAnswer",
    "answer_from",
    "answer_of",
    "read_regions",
    "remarks_of",
    "without_lost_spans",
]

_CHOICES = ("checkability", "verdict", "confidence")
# How Label Studio's page writes a line break in the text of a selection: a backslash and an n.
_LINE_BREAK = "\\n"
_EVIDENCE = re.compile(r"evidence_([0-9]{1,6})")


class UnusableAnswer(Exception):  # noqa: N818 - caught at the doorway, becomes a Rejection
    """The answer cannot be used; the message is the reason, in words."""


class BrokenAnswer(UnusableAnswer):
    """The answer breaks a rule, or a mark is not where it says; its annotator can mend it."""


class Answer(Model):
    """What an annotator said, before it is known who and when."""

    checkability: Checkability
    """Whether the claim can be checked."""
    verdict: VerdictName | None
    """The verdict, if and only if factual."""
    evidence: tuple[Evidence, ...]
    """Marked spans, in the order of sources and text."""
    confidence: Confidence | None
    """How sure the annotator was."""
    justification: str | None
    """Why."""
    edited_claim: str | None
    """The corrected wording, or null."""


def answer_of(
    result: Sequence[Any],
    *,
    labels: LabelSet,
    claim: str,
    sources: Sequence[str],
    texts: Mapping[str, str],
    corrections: list[str] | None = None,
) -> Answer:
    """Read the result list of one annotation.

    Args:
        result: Label Studio's regions and choices.
        labels: The label set that the round offers.
        claim: The claim as it was shown; an unchanged edit field is no edit.
        sources: Article id of each source, in the order shown.
        texts: Text of each article.
        corrections: Takes a line for each span whose positions had a provable slip and were
            corrected; without it such spans are unusable.

    Raises:
        UnusableAnswer: A control or choice is unknown, or a span is of no source of the task.
        BrokenAnswer: The answer breaks a rule of the guidelines, or a span is not the slice of
            its source.
    """
    values, evidence = read_regions(result, sources, texts, corrections)
    return answer_from(values, evidence, claim, labels)


def read_regions(
    result: Sequence[Any],
    sources: Sequence[str],
    texts: Mapping[str, str],
    corrections: list[str] | None,
    *,
    choices: Sequence[str] = _CHOICES,
) -> tuple[dict[str, str], tuple[Evidence, ...]]:
    """What a result list holds: values by control, and marked spans in their order.

    Raises:
        UnusableAnswer: A control is unknown, or a span is not the slice of its source.
    """
    values: dict[str, str] = {}
    evidence: list[Evidence] = []
    for region in result:
        if not isinstance(region, dict) or not isinstance(region.get("value"), dict):
            raise UnusableAnswer("the result holds something that is no region")
        name = str(region.get("from_name"))
        if name in choices:
            chosen = _only(region["value"].get("choices"), name)
            if values.setdefault(name, chosen) != chosen:
                raise UnusableAnswer(f"{name} was answered twice: {values[name]!r} and {chosen!r}")
        elif name in ("justification", "edited_claim"):
            text = region["value"].get("text")
            values[name] = "\n".join(map(str, text)) if isinstance(text, list) else str(text or "")
        elif match := _EVIDENCE.fullmatch(name):
            span = _evidence(region["value"], int(match.group(1)), sources, texts, corrections)
            evidence += [span] if span is not None else []
        else:
            raise UnusableAnswer(f"the control {name!r} is unknown")
    return values, tuple(sorted(set(evidence), key=_span_order))


def remarks_of(values: Mapping[str, str], claim: str) -> dict[str, Any]:
    """Confidence, reason and corrected wording; an unchanged edit field is no edit.

    Raises:
        ValueError: The confidence is unknown.
    """
    edited = values.get("edited_claim", "").strip()
    return {
        "confidence": Confidence(values["confidence"]) if "confidence" in values else None,
        "justification": without_note(values.get("justification", "")).strip() or None,
        "edited_claim": edited if edited not in ("", claim.strip()) else None,
    }


def answer_from(
    values: Mapping[str, str], evidence: tuple[Evidence, ...], claim: str, labels: LabelSet
) -> Answer:
    """The answer that values and spans make.

    Raises:
        UnusableAnswer: A choice is unknown.
        BrokenAnswer: The answer breaks a rule of the guidelines.
    """
    try:
        answer = Answer(
            checkability=Checkability(values.get("checkability", "")),
            verdict=_verdict(values["verdict"], labels) if "verdict" in values else None,
            evidence=evidence,
            **remarks_of(values, claim),
        )
    except ValueError as error:
        if "checkability" not in values:
            raise BrokenAnswer("no checkability was chosen") from error
        raise UnusableAnswer(f"a choice is unknown: {error}") from error
    broken = broken_answer_rules(labels, answer.checkability, answer.verdict, answer.evidence)
    if broken:
        raise BrokenAnswer("; ".join(broken))
    return answer


def without_lost_spans(
    result: Sequence[Any], *, sources: Sequence[str], texts: Mapping[str, str]
) -> list[Any]:
    """The result list without marked spans that are not the slice of their source.

    Args:
        result: Label Studio's regions and choices.
        sources: Article id of each source, in the order shown.
        texts: Text of each article.
    """
    kept = []
    for region in result:
        match = isinstance(region, dict) and _EVIDENCE.fullmatch(str(region.get("from_name")))
        if match:
            try:
                _evidence(region["value"], int(match.group(1)), sources, texts, None)
            except (UnusableAnswer, KeyError, TypeError, AttributeError):
                continue
        kept.append(region)
    return kept


def _verdict(name: str, labels: LabelSet) -> str:
    if name not in labels.names:
        raise UnusableAnswer(
            f"the verdict {name!r} is unknown: the label set {labels.name} has "
            f"{', '.join(labels.names)}"
        )
    return name


def _span_order(item: Evidence) -> tuple[str, int, int, str]:
    return item.article_id, item.start, item.end, item.stance


def _only(choices: Any, name: str) -> str:
    if not isinstance(choices, list) or len(choices) != 1:
        raise UnusableAnswer(f"{name} holds {choices!r}, expected one choice")
    return str(choices[0])


def _evidence(
    value: Mapping[str, Any],
    number: int,
    sources: Sequence[str],
    texts: Mapping[str, str],
    corrections: list[str] | None,
) -> Evidence | None:
    """One marked span; ``None`` for a candidate that the annotator left as it was."""
    labels = value.get("labels")
    if isinstance(labels, list) and CANDIDATE in labels:
        labels = [label for label in labels if label != CANDIDATE]
        if not labels:
            return None
    stance = _only(labels, f"evidence_{number}")
    if number >= len(sources) or sources[number] not in texts:
        raise UnusableAnswer(
            f"evidence was marked in source {number}, which the task does not have"
        )
    article_id = sources[number]
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int:
        raise UnusableAnswer(f"a span of {article_id} has the positions {start!r} to {end!r}")
    source = texts[article_id]
    marked = str(value.get("text", source[start:end]))
    if 0 <= start < end and marked == source[start:end].replace("\n", _LINE_BREAK):
        marked = source[start:end]
    slip = find_slip(source, start, end, marked) if corrections is not None else None
    if slip is not None and corrections is not None:
        corrections.append(f"{article_id}[{start}:{end}] is [{slip.start}:{slip.end}]: {slip.kind}")
        start, end = slip.start, slip.end
        marked = source[start:end]
    try:
        check_slice(source, start, end, marked, where=article_id)
        return Evidence(
            article_id=article_id, start=start, end=end, text=marked, stance=Stance(stance)
        )
    except SpanError as error:
        raise BrokenAnswer(
            f"in source {article_id} {error.problem}; {where_it_stands(source, marked)}"
        ) from error
    except ValidationError as error:
        raise UnusableAnswer(f"a span of {article_id} is not valid: {error}") from error
    except ValueError as error:
        raise UnusableAnswer(f"the stance {stance!r} is unknown") from error
