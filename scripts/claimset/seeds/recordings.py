"""Recordings: annotations that were given before, and where added articles come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from claimset.errors import DataError
from claimset.models import Original, Recording, ReferenceAdjudication, ReferenceAnnotation
from claimset.seeds.lines import parse_line, read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.models import LabelSet

__all__ = ["read_adjudications", "read_originals", "read_recording", "read_reference"]

_Row = TypeVar("_Row", ReferenceAnnotation, ReferenceAdjudication)


def read_originals(seeds: Path) -> list[Original]:
    """Read ``seeds/originals.jsonl``: where added articles come from; empty when there is none.

    Raises:
        DataError: A line is no JSON object, or does not fit the model.
    """
    path = seeds / "originals.jsonl"
    if not path.exists():
        return []
    return [
        parse_line(line.text, Original, where=f"{path}:{line.number}") for line in read_lines(path)
    ]


def read_reference(path: Path, labels: LabelSet) -> list[tuple[int, ReferenceAnnotation]]:
    """Read recorded annotations: line number (from 1) and row, in file order.

    Args:
        path: The file.
        labels: The label set, whose verdicts the answers give.

    Raises:
        DataError: A line is no JSON object, or breaks the model or the rules of an answer.
    """
    return _answers(path, ReferenceAnnotation, labels)


def read_adjudications(path: Path, labels: LabelSet) -> list[tuple[int, ReferenceAdjudication]]:
    """Read recorded decisions: line number (from 1) and row; empty when there is no such file.

    Args:
        path: The file.
        labels: The label set, whose verdicts the decisions give.

    Raises:
        DataError: A line is no JSON object, or breaks the model or the rules of an answer.
    """
    if not path.exists():
        return []
    return _answers(path, ReferenceAdjudication, labels)


def _answers(path: Path, model: type[_Row], labels: LabelSet) -> list[tuple[int, _Row]]:
    found = []
    for line in read_lines(path):
        where = f"{path}:{line.number}"
        answer = parse_line(line.text, model, where=where)
        if broken := answer.broken_rules(labels):
            raise DataError(
                "; ".join(broken),
                where=where,
                remedy=f"correct the answer; its label set is {labels.name}",
            )
        found.append((line.number, answer))
    return found


def read_recording(path: Path) -> Recording:
    """Read how recorded annotations came about.

    Raises:
        DataError: The file is missing or does not fit the model.
    """
    lines = [line.text for line in read_lines(path)]
    return parse_line("\n".join(lines), Recording, where=str(path))
