"""Decisions: an adjudicator's answer, read from Label Studio's result list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.labelstudio.config import CANNOT_BE_DECIDED
from claimset.labelstudio.results import (
    BrokenAnswer,
    UnusableAnswer,
    answer_from,
    read_regions,
    remarks_of,
)
from claimset.models import AnnotationRole, ErrorCategory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claimset.models import LabelSet

__all__ = ["decision_of"]

_CHOICES = ("checkability", "verdict", "confidence", "error_category")


def decision_of(
    result: Sequence[Any],
    *,
    labels: LabelSet,
    claim: str,
    sources: Sequence[str],
    texts: Mapping[str, str],
    corrections: list[str] | None = None,
) -> dict[str, Any]:
    """Read the result list of one adjudication; see :func:`claimset.labelstudio.results.answer_of`.

    Returns:
        The fields of an :class:`claimset.models.Annotation` that the adjudicator filled in;
        ``checkability`` is ``None`` when the claim cannot be decided.

    Raises:
        UnusableAnswer: A control or choice is unknown, or a span is not the slice of its source.
        BrokenAnswer: The decision breaks a rule of the guidelines, or names no error category.
    """
    values, evidence = read_regions(result, sources, texts, corrections, choices=_CHOICES)
    fields: dict[str, Any]
    if values.get("checkability") == CANNOT_BE_DECIDED:
        if "verdict" in values:
            raise BrokenAnswer("a verdict is given although the claim cannot be decided")
        try:
            remarks = remarks_of(values, claim)
        except ValueError as error:
            raise UnusableAnswer(f"a choice is unknown: {error}") from error
        fields = {"checkability": None, "verdict": None, "evidence": evidence, **remarks}
    else:
        fields = dict(answer_from(values, evidence, claim, labels))
    if "error_category" not in values:
        raise BrokenAnswer("no error category was chosen: why did the answers differ?")
    try:
        category = ErrorCategory(values["error_category"])
    except ValueError as error:
        raise UnusableAnswer(f"a choice is unknown: {error}") from error
    return {**fields, "error_category": category, "role": AnnotationRole.ADJUDICATION}
