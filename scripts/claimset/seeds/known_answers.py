"""Known answers: a file of claims whose right answer the lead knows."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from claimset.errors import DataError
from claimset.models import KnownAnswer
from claimset.seeds.lines import parse_line, read_lines
from claimset.text_files import read_text_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from claimset.models import Claim, LabelSet

__all__ = ["read_known_answers"]

_MISSING = "name a CSV file, or one of JSON lines"


def read_known_answers(
    path: Path, claims: Iterable[Claim], labels: LabelSet
) -> dict[str, KnownAnswer]:
    """Read a file of known answers.

    JSON lines, or CSV with a header where the name ends in ``.csv``; the fields are those of
    :class:`~claimset.models.KnownAnswer`, and an empty field of a CSV file is a missing one.

    Args:
        path: The file, in UTF-8.
        claims: All claims of the workspace.
        labels: The label set, which says what verdicts there are.

    Returns:
        The answers by claim id.

    Raises:
        DataError: The file or a line is not as it must be, names no claim or several, or names a
            claim for a second time; says line and field.
    """
    by_id = set()
    by_words: dict[tuple[str, str], list[str]] = {}
    for claim in claims:
        by_id.add(claim.claim_id)
        by_words.setdefault((claim.article_id, claim.text), []).append(claim.claim_id)
    found: dict[str, KnownAnswer] = {}
    lines: dict[str, int] = {}
    for number, line in _csv_lines(path) if path.suffix == ".csv" else _json_lines(path):
        where = f"{path}:{number}"
        answer = parse_line(line, KnownAnswer, where=where)
        if answer.verdict is not None and answer.verdict not in labels.names:
            raise DataError(
                f"{answer.verdict!r} is no verdict of the label set {labels.name}",
                where=f"{where}, field verdict",
                remedy=f"use one of: {', '.join(labels.names)}",
            )
        if answer.claim_id is not None:
            ids = [answer.claim_id] if answer.claim_id in by_id else []
        else:
            ids = by_words.get((answer.article_id or "", (answer.text or "").strip()), [])
        if len(ids) != 1:
            raise _no_claim(answer, ids, where)
        if ids[0] in found:
            raise DataError(
                f"the claim {ids[0]} stands in line {lines[ids[0]]} already",
                where=where,
                remedy="leave one of the two lines",
            )
        found[ids[0]], lines[ids[0]] = answer, number
    if not found:
        raise DataError(
            "the file holds no known answer", where=str(path), remedy="write one claim a line"
        )
    return found


def _no_claim(answer: KnownAnswer, ids: Sequence[str], where: str) -> DataError:
    if answer.claim_id is not None:
        return DataError(
            f"no claim has the id {answer.claim_id[:40]!r}",
            where=f"{where}, field claim_id",
            remedy="take ids from .claimset/claims or the dataset; run `claimset segment` first "
            "if the articles changed",
        )
    if ids:
        return DataError(
            f"{len(ids)} claims of {answer.article_id} have these words",
            where=f"{where}, field text",
            remedy=f"name one by its claim_id: {', '.join(ids)}",
        )
    return DataError(
        f"no claim of article {answer.article_id!r} has exactly these words",
        where=f"{where}, field text",
        remedy="copy the sentence as it stands in the article; `claimset segment --explain "
        "ARTICLE` shows its claims",
    )


def _json_lines(path: Path) -> Iterator[tuple[int, str]]:
    for line in read_lines(path, remedy=_MISSING):
        yield line.number, line.text


def _csv_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The rows of a CSV file as JSON objects, with the line that each ends in."""
    text = read_text_file(path, remedy=_MISSING)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise DataError(
                    f"{len(row)} fields, the header has {len(header)}",
                    where=f"{path}:{reader.line_num}",
                    remedy="give the line as many fields as the header, in quotes where they "
                    "hold a comma",
                )
            fields = {name: value for name, value in zip(header, row, strict=True) if value}
            yield reader.line_num, json.dumps(fields)
    except csv.Error as error:
        raise DataError(
            f"no valid CSV: {error}",
            where=f"{path}:{reader.line_num}",
            remedy="correct the line, or write JSON lines",
        ) from error
