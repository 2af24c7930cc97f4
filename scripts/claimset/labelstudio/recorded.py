"""Recorded answers as Label Studio's result lists: the inverse of reading an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.labelstudio.config import CANNOT_BE_DECIDED
from claimset.models import ReferenceAdjudication, ReferenceAnnotation

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["recorded_guidelines", "result_of"]

_GUIDELINES = "guidelines_version"


def result_of(
    answer: ReferenceAnnotation | ReferenceAdjudication,
    sources: Sequence[str],
    *,
    guidelines_version: str,
) -> list[dict[str, Any]]:
    """Write a recorded answer as Label Studio's result list: the inverse of reading it.

    Args:
        answer: The recorded answer, or a recorded decision.
        sources: Article id of each source, in the order the task shows them.
        guidelines_version: The guidelines it was given under, which need not be the round's.

    Raises:
        ValueError: Evidence lies in an article that is no source of the task.
    """
    first = _choice("checkability", answer.checkability or CANNOT_BE_DECIDED)
    result = [{**first, "meta": {_GUIDELINES: guidelines_version}}]
    if answer.verdict is not None:
        result.append(_choice("verdict", answer.verdict))
    result.append(_choice("confidence", answer.confidence))
    if isinstance(answer, ReferenceAdjudication):
        result.append(_choice("error_category", answer.error_category))
    result.append(
        {
            "id": "justification",
            "from_name": "justification",
            "to_name": "article",
            "type": "textarea",
            "value": {"text": [answer.justification]},
        }
    )
    for position, item in enumerate(answer.evidence):
        number = list(sources).index(item.article_id)
        result.append(
            {
                "id": f"evidence-{position}",
                "from_name": f"evidence_{number}",
                "to_name": f"source_{number}",
                "type": "labels",
                "value": {
                    "start": item.start,
                    "end": item.end,
                    "text": item.text,
                    "labels": [item.stance],
                },
            }
        )
    return result


def recorded_guidelines(result: Sequence[Any]) -> str | None:
    """The guidelines that a recorded answer says it was given under; see :func:`result_of`."""
    for region in result:
        meta = region.get("meta") if isinstance(region, dict) else None
        if isinstance(meta, dict) and isinstance(meta.get(_GUIDELINES), str):
            return str(meta[_GUIDELINES])
    return None


def _choice(name: str, value: str) -> dict[str, Any]:
    """A choice of the article as a region of Label Studio's result list."""
    return {
        "id": name,
        "from_name": name,
        "to_name": "article",
        "type": "choices",
        "value": {"choices": [value]},
    }
