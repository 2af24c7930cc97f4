"""The index of claims: which there are, and all rows of an event at a time.

A push of few or many claims must not hold all of them, their units and their candidates in
memory: it holds a line for each claim, and reads the event whose tasks it makes.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import DataError
from claimset.labelstudio.tasks import build_tasks
from claimset.models import (
    Article,
    ArticleRole,
    Claim,
    EvidenceCandidate,
    ManifestRow,
    Unit,
)
from claimset.pipeline.event_rows import EventRows
from claimset.pipeline.stamp import (
    SEGMENT_COMMAND,
    check_segmented,
    segmented_articles,
    segmented_event_rows,
)
from claimset.seeds import read_listed_article
from claimset.segmentation.duplicates import DuplicateMethod, carries_label
from claimset.selection import ClaimLines
from claimset.storage.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from claimset.storage.workspace import Workspace

__all__ = ["ClaimIndex"]

_EVENTS_KEPT = 4
_LINE = ("claim_id", "article_id", "event_id", "kind", "checkworthiness", "start", "end")


class _Event(NamedTuple):
    articles: list[Article]
    units: list[Unit]
    claims: list[Claim]
    candidates: list[EvidenceCandidate]


class ClaimIndex:
    """The claims of a segmented workspace.

    Args:
        workspace: The workspace.
        checked: Whether it was seen a moment ago that the tables are those of the articles.

    Raises:
        UsageError: Nothing was segmented yet, or something changed since.
        DataError: A table is damaged, or an article is not as it must be.
    """

    def __init__(self, workspace: Workspace, *, checked: bool = False) -> None:
        self._workspace = workspace
        self._lines_of: dict[str, list[tuple[int, bytes]]] = {}
        self._sources: dict[str, tuple[int, str]] = {}
        if not checked:
            check_segmented(workspace, segmented_articles(workspace))
        self._read_manifest()
        self.claims = ClaimLines()
        """A line for each claim, in the order of the table."""
        self._claims = EventRows(workspace.claims, Claim)
        self._claims.index((*_LINE, "duplicate_of", "duplicate_method"), self._add_claims)
        event_of = {
            ManifestRow.model_validate_json(line).article_id: self.claims.events.get(event, -1)
            for event, lines in self._lines_of.items()
            for _, line in lines
        }
        self._units = EventRows(workspace.units, Unit)
        self._units.index(
            ("article_id",),
            lambda _, table: [event_of.get(name, -1) for name in _values(table, "article_id")],
        )
        self._candidates = EventRows(workspace.evidence, EvidenceCandidate)
        self._candidates.index(
            ("claim_id",), lambda _, table: self.claims.events_of(_values(table, "claim_id"))
        )
        self._event_names = list(self.claims.events)
        self._kept: OrderedDict[int, _Event] = OrderedDict()
        self._inheriting: dict[int, bool] = {}
        self._turn = Lock()

    def claim(self, claim_id: str) -> Claim:
        """One claim with all its fields.

        Raises:
            SpanError: It is not the slice of its article.
            DataError: Its row is damaged.
        """
        event = self._event(self.claims.event_of(self._row(claim_id)))
        return next(claim for claim in event.claims if claim.claim_id == claim_id)

    def inherits(self, row: int) -> bool:
        """Whether a claim that repeats another one has the label of that one, too."""
        found = self._inheriting.get(row)
        if found is None:
            line = self.claims[row]
            found = line.repeats is not None and carries_label(
                self.claim(line.claim_id), self.claim(line.repeats)
            )
            self._inheriting[row] = found
        return found

    def without_source(self) -> int:
        """How many claims nothing can support or refute: no other article of their event may."""
        count = 0
        for article_id, number in self.claims.claims_of_articles():
            sources, only = self._sources[self.claims.event_of_article(article_id)]
            if sources == 0 or (sources == 1 and only == article_id):
                count += number
        return count

    def whole_claims(self) -> Iterator[Claim]:
        """All claims with all their fields, one at a time."""
        return read_table(self._workspace.claims, Claim, made_by=SEGMENT_COMMAND)

    def tasks(self, claim_ids: Iterable[str], *, candidates: bool) -> Iterator[dict[str, Any]]:
        """The tasks of some claims in their order, one at a time; see :func:`build_tasks`.

        Args:
            claim_ids: The claims.
            candidates: Whether their evidence candidates are shown.

        Raises:
            SpanError: A span is not the slice of its article.
            DataError: A row is damaged.
        """
        for number, some in groupby(
            claim_ids, lambda claim_id: self.claims.event_of(self._row(claim_id))
        ):
            event = self._event(number)
            yield from build_tasks(
                event.articles,
                event.units,
                event.claims,
                event.candidates if candidates else (),
                order=some,
            )

    def _row(self, claim_id: str) -> int:
        row = self.claims.row_of(claim_id)
        if row is None:
            raise KeyError(claim_id)
        return row

    def _read_manifest(self) -> None:
        """Keep each event's lines: as text they take a quarter of what they take as objects."""
        for rows in segmented_event_rows(self._workspace):
            event_id = rows[0][1].event_id
            self._lines_of[event_id] = [
                (number, row.model_dump_json(exclude_unset=True).encode()) for number, row in rows
            ]
            sources = [row.article_id for _, row in rows if ArticleRole.EVIDENCE in row.roles]
            self._sources[event_id] = len(sources), sources[0] if len(sources) == 1 else ""

    def _read(self, number: int, row: ManifestRow) -> Article:
        where = f"{self._workspace.manifest}:{number}"
        return read_listed_article(self._workspace.seeds, row, where=where)

    def _add_claims(self, path: Path, table: pa.Table) -> NDArray[np.int32]:
        columns = {name: _values(table, name) for name in _LINE}
        originals, methods = (_values(table, f"duplicate_{name}") for name in ("of", "method"))
        columns["repeats"] = [
            original if method == DuplicateMethod.VERBATIM else None
            for original, method in zip(originals, methods, strict=True)
        ]
        before = len(self.claims)
        try:
            self.claims.add(columns)
        except (KeyError, ValueError) as error:
            raise DataError(
                f"the table holds what is no claim: {error}",
                where=str(path),
                remedy=f"run `{SEGMENT_COMMAND}` again; the table was written by another version",
            ) from error
        return self.claims.event[before:]

    def _event(self, number: int) -> _Event:
        # A push makes the first tasks while it still asks which there are.
        with self._turn:
            event = self._kept.get(number)
            if event is None:
                lines = self._lines_of[self._event_names[number]]
                event = _Event(
                    [
                        self._read(line, ManifestRow.model_validate_json(text))
                        for line, text in lines
                    ],
                    list(self._units.read(number)),
                    list(self._claims.read(number)),
                    list(self._candidates.read(number)),
                )
                self._check(event)
                self._kept[number] = event
                if len(self._kept) > _EVENTS_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(number)
            return event

    @staticmethod
    def _check(event: _Event) -> None:
        texts = {article.article_id: article.text for article in event.articles}
        rows: tuple[Unit | Claim | EvidenceCandidate, ...]
        rows = (*event.units, *event.claims, *event.candidates)
        for row in rows:
            where = f"article {row.article_id}, run `{SEGMENT_COMMAND}` again"
            row.check(texts[row.article_id], where=where)


def _values(table: pa.Table, name: str) -> Sequence[Any]:
    values: list[Any] = table.column(name).to_pylist()
    return values
