"""The index of claims: which there are, and all rows of an event at a time.

A push of few or many claims must not hold all of them, their units and their candidates in
memory: it holds a line for each claim, and reads the event whose tasks it makes.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import groupby
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from claimset.labelstudio.tasks import build_tasks
from claimset.models import ArticleRole, Claim, EvidenceCandidate, Model, Unit, UnitKind
from claimset.pipeline.stamp import SEGMENT_COMMAND, check_segmented, segmented_event_rows
from claimset.seeds import read_listed_article
from claimset.segmentation.duplicates import DuplicateMethod
from claimset.storage.tables import read_shard, read_table, rows_of, shards_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from claimset.models import Article, ManifestRow
    from claimset.storage.workspace import Workspace

__all__ = ["ClaimIndex", "ClaimOutline"]

_EVENTS_KEPT = 4
_OUTLINE = (
    "claim_id", "article_id", "event_id", "kind", "checkworthiness", "start", "end",
    "duplicate_of", "duplicate_method",
)  # fmt: skip
_Row = TypeVar("_Row", bound=Model)


class ClaimOutline(NamedTuple):
    """What a selection needs to know of a claim."""

    claim_id: str
    article_id: str
    event_id: str
    kind: UnitKind
    checkworthiness: float | None
    start: int
    end: int
    repeats: str | None
    """The claim whose words it repeats, if it does so word for word."""


class _Event(NamedTuple):
    articles: list[Article]
    units: list[Unit]
    claims: list[Claim]
    candidates: list[EvidenceCandidate]


class ClaimIndex:
    """The claims of a segmented workspace.

    Args:
        workspace: The workspace.

    Raises:
        UsageError: Nothing was segmented yet, or something changed since.
        DataError: A table is damaged, or an article is not as it must be.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._rows: dict[str, list[tuple[int, ManifestRow]]] = {}
        check_segmented(workspace, self._articles())
        self.claims: list[ClaimOutline] = []
        """A line for each claim, in the order of the table."""
        self._claims = _EventRows(workspace.claims, Claim)
        self._claims.index(_OUTLINE, self._outline)
        event_of = {row.article_id: event for event, rows in self._rows.items() for _, row in rows}
        self._units = _EventRows(workspace.units, Unit)
        self._units.index(("article_id",), lambda row: event_of.get(row["article_id"], ""))
        self._event_of = {claim.claim_id: claim.event_id for claim in self.claims}
        self._candidates = _EventRows(workspace.evidence, EvidenceCandidate)
        self._candidates.index(("claim_id",), lambda row: self._event_of.get(row["claim_id"], ""))
        self._kept: OrderedDict[str, _Event] = OrderedDict()

    def claim(self, claim_id: str) -> Claim:
        """One claim with all its fields.

        Raises:
            SpanError: It is not the slice of its article.
            DataError: Its row is damaged.
        """
        event = self._event(self._event_of[claim_id])
        return next(claim for claim in event.claims if claim.claim_id == claim_id)

    def without_source(self) -> int:
        """How many claims nothing can support or refute: no other article of their event may."""
        sources = {
            event: {row.article_id for _, row in rows if ArticleRole.EVIDENCE in row.roles}
            for event, rows in self._rows.items()
        }
        return sum(not sources[claim.event_id] - {claim.article_id} for claim in self.claims)

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
        for event_id, some in groupby(claim_ids, self._event_of.__getitem__):
            event = self._event(event_id)
            yield from build_tasks(
                event.articles,
                event.units,
                event.claims,
                event.candidates if candidates else (),
                order=some,
            )

    def _articles(self) -> Iterator[Article]:
        for rows in segmented_event_rows(self._workspace):
            event_id = rows[0][1].event_id
            self._rows[event_id] = rows
            yield from self._read(event_id)

    def _read(self, event_id: str) -> list[Article]:
        manifest = self._workspace.manifest
        return [
            read_listed_article(self._workspace.seeds, row, where=f"{manifest}:{number}")
            for number, row in self._rows[event_id]
        ]

    def _outline(self, row: dict[str, Any]) -> str:
        verbatim = row["duplicate_method"] == DuplicateMethod.VERBATIM
        repeats = row["duplicate_of"] if verbatim else None
        shown = {name: row[name] for name in _OUTLINE[:7]} | {"kind": UnitKind(row["kind"])}
        self.claims.append(ClaimOutline(**shown, repeats=repeats))
        return str(row["event_id"])

    def _event(self, event_id: str) -> _Event:
        event = self._kept.get(event_id)
        if event is None:
            event = _Event(
                self._read(event_id),
                list(self._units.read(event_id)),
                list(self._claims.read(event_id)),
                list(self._candidates.read(event_id)),
            )
            self._check(event)
            self._kept[event_id] = event
            if len(self._kept) > _EVENTS_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(event_id)
        return event

    @staticmethod
    def _check(event: _Event) -> None:
        texts = {article.article_id: article.text for article in event.articles}
        rows: tuple[Unit | Claim | EvidenceCandidate, ...]
        rows = (*event.units, *event.claims, *event.candidates)
        for row in rows:
            where = f"article {row.article_id}, run `{SEGMENT_COMMAND}` again"
            row.check(texts[row.article_id], where=where)


class _EventRows(Generic[_Row]):
    """A table whose rows are read event by event."""

    def __init__(self, folder: Path, model: type[_Row]) -> None:
        self._folder = folder
        self._model = model
        self._runs: dict[str, list[tuple[Path, int, int]]] = {}
        self._shard: tuple[Path, pa.Table] | None = None

    def index(self, columns: tuple[str, ...], event_of: Any) -> None:
        """Note where each event's rows stand; ``event_of`` tells the event of a row."""
        for path in shards_of(self._folder, made_by=SEGMENT_COMMAND):
            table = read_shard(path, made_by=SEGMENT_COMMAND, columns=columns)
            first = 0
            rows = (row for batch in table.to_batches(1000) for row in batch.to_pylist())
            for event_id, found in groupby(map(event_of, rows)):
                count = sum(1 for _ in found)
                self._runs.setdefault(event_id, []).append((path, first, count))
                first += count

    def read(self, event_id: str) -> Iterator[_Row]:
        """All rows of an event; the file they stand in is kept for the next one."""
        for path, first, count in self._runs.get(event_id, ()):
            if self._shard is None or self._shard[0] != path:
                self._shard = path, read_shard(path, made_by=SEGMENT_COMMAND)
            rows = self._shard[1].slice(first, count)
            yield from rows_of(rows, self._model, path=path, made_by=SEGMENT_COMMAND, first=first)
