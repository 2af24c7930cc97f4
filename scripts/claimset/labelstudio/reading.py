"""Reading: one annotation of Label Studio as a checked answer, or the reason why it is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimset.identifiers import annotation_id
from claimset.labelstudio.client import as_moment
from claimset.labelstudio.decisions import decision_of
from claimset.labelstudio.recorded import recorded_guidelines
from claimset.labelstudio.results import (
    BrokenAnswer,
    UnusableAnswer,
    answer_of,
)
from claimset.models import Annotation, AnnotationRole, AnnotationStatus, AnnotatorKind
from claimset.storage.ledger import Corrected, Rejection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimset.labelstudio.authors import Authors
    from claimset.labelstudio.referee import Referee
    from claimset.models import LabelSet
    from claimset.storage.ledger import Author, Round

__all__ = ["AnnotationReader", "source_ids"]

# What an annotation says; the other fields tell how long ago it was, or repeat its task.
_KEPT = (
    "id",
    "completed_by",
    "created_at",
    "updated_at",
    "lead_time",
    "was_cancelled",
    "ground_truth",
    "parent_prediction",
    "parent_annotation",
    "result",
)


class AnnotationReader:
    """Reads the annotations of a round.

    Args:
        round_: The round.
        texts: Text of every article: spans are checked against it.
        authors: Who answered.
        labels: The label set that the round offers.
        referee: In a round of adjudication: who may decide which claim.
    """

    def __init__(
        self,
        round_: Round,
        texts: Mapping[str, str],
        authors: Authors,
        labels: LabelSet,
        referee: Referee | None = None,
    ) -> None:
        self._round = round_
        self._texts = texts
        self._authors = authors
        self._labels = labels
        self._referee = referee

    def read(
        self, item: dict[str, Any], task: dict[str, Any]
    ) -> Annotation | Corrected | Rejection:
        """One annotation of a task; whatever was posted, reading it never ends a pull."""
        name = annotation_id(self._round.name, int(item["id"]), self._round.generation)
        author = self._authors.of(item)
        if author is None:
            return _rejected(name, item, task, "its account is no longer in Label Studio", None)
        corrections: list[str] = []
        try:
            annotation = self._annotation(name, item, task["data"], author, corrections)
        except (UnusableAnswer, ValueError, TypeError, KeyError, AttributeError) as error:
            broken = isinstance(error, BrokenAnswer)
            reason = _in_words(error)
            return _rejected(name, item, task, reason, author.annotator, returnable=broken)
        if corrections:
            return Corrected(annotation, "; ".join(corrections))
        return annotation

    def _annotation(
        self,
        name: str,
        item: dict[str, Any],
        data: dict[str, Any],
        author: Author,
        corrections: list[str],
    ) -> Annotation:
        result = item.get("result") or []
        fields: dict[str, Any] = {
            "annotation_id": name,
            "claim_id": str(data["claim_id"]).encode("utf-8").decode("utf-8"),
            "round": self._round.name,
            "annotator": author.annotator,
            "annotator_kind": author.kind,
            "lead_time_s": item.get("lead_time"),
            "created_at": as_moment(item["created_at"]),
            "updated_at": as_moment(item["updated_at"]),
            "label_schema_version": self._round.label_schema_version,
            "guidelines_version": self._round.guidelines_version,
        }
        if author.kind is AnnotatorKind.MACHINE:
            recorded = recorded_guidelines(result)
            fields["guidelines_version"] = recorded or self._round.guidelines_version
        if item.get("was_cancelled"):
            if self._referee is not None:
                fields["role"] = AnnotationRole.ADJUDICATION
            return Annotation(**fields, checkability=None, status=AnnotationStatus.SKIPPED)
        shown: dict[str, Any] = {
            "labels": self._labels,
            "claim": str(data.get("claim", "")),
            "sources": source_ids(data),
            "texts": self._texts,
            "corrections": corrections,
        }
        if self._referee is None:
            answer = dict(answer_of(result, **shown))
        else:
            if reason := self._referee.objection(author, data):
                raise UnusableAnswer(reason)
            answer = decision_of(result, **shown)
        written = (answer["justification"], answer["edited_claim"])
        _ = [text.encode("utf-8") for text in written if text]  # half a character has no form there
        return Annotation(**fields, **answer, status=AnnotationStatus.SUBMITTED)


def source_ids(data: dict[str, Any]) -> list[str]:
    """Article id of each source of a task, in the order shown."""
    sources = data.get("sources")
    if not isinstance(sources, list):
        return []
    return [str(item.get("article_id")) if isinstance(item, dict) else "" for item in sources]


def _in_words(error: Exception) -> str:
    if isinstance(error, UnusableAnswer):
        return str(error)
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return f"it is not built as Label Studio builds one ({type(error).__name__}: {error})"


def _rejected(
    name: str,
    item: dict[str, Any],
    task: dict[str, Any],
    reason: str,
    annotator: str | None,
    *,
    returnable: bool = False,
) -> Rejection:
    kept = {key: item[key] for key in _KEPT if key in item}
    payload = json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str)
    said, kept_as = _storable(reason), _storable(payload)
    return Rejection(name, int(task["id"]), said, kept_as, annotator, returnable)


def _storable(text: str) -> str:
    """Half a surrogate pair has no form in UTF-8: it is kept as the escape that JSON has for it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
