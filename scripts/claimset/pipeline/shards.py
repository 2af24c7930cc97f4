"""Shards of segmentation: the pure function that makes one."""

from __future__ import annotations

import gc
import io
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow.parquet as pq

from claimset.errors import CheckFailed, ClaimsetError, RemoteError, UsageError
from claimset.identifiers import sha256_hex
from claimset.models import (
    Article,
    Claim,
    Clause,
    EvidenceCandidate,
    ManifestRow,
    Quarantined,
    ShardArticle,
    ShardRecord,
    Unit,
    UnitKind,
)
from claimset.pipeline.eventwise import Segmented, segment_article, segment_event
from claimset.seeds import article_of, read_article_bytes
from claimset.storage.columns import arrow_schema, table_of
from claimset.storage.shards import ShardStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimset.models import Model
    from claimset.pipeline.shard_plan import ShardTask

__all__ = ["TABLES", "Failure", "make_shard"]

TABLES: dict[str, type[Model]] = {
    "units": Unit,
    "claims": Claim,
    "evidence": EvidenceCandidate,
    "clauses": Clause,
}
"""The tables of a shard."""

_NOT_THE_ARTICLES = CheckFailed, RemoteError, UsageError
"""Errors that leaving an article out does not mend."""

_COLLECTED_AFTER = 200_000, 10, 100
"""Objects that wait until the garbage collector looks for circles; see :mod:`gc`."""


class Failure(NamedTuple):
    """An error of the input, on its way from a worker."""

    kind: str
    problem: str
    where: str
    remedy: str


def make_shard(task: ShardTask) -> Failure | None:
    """Make a shard, unless it is there already.

    Returns:
        What is wrong with the input, when something is and nothing may be left out.
    """
    store = ShardStore(task.store)
    if not task.anew and store.record(task.key) is not None:
        return None
    with _rare_collection():
        return _make(task, store)


def _make(task: ShardTask, store: ShardStore) -> Failure | None:
    found = Segmented([], [], [], [], [])
    left_out: list[Quarantined] = []
    received = iter(task.received) if task.received is not None else None
    for event in task.events:
        given = None if received is None else [next(received) for _ in event]
        try:
            part = _segment_rows(event, given, task)
        except Exception as error:
            if not task.quarantine or isinstance(error, _NOT_THE_ARTICLES):
                if isinstance(error, ClaimsetError):
                    return Failure(type(error).__name__, error.problem, error.where, error.remedy)
                raise
            try:
                part, faults = _segment_what_works(event, given, task)
            except _NOT_THE_ARTICLES as other:
                return Failure(type(other).__name__, other.problem, other.where, other.remedy)
            left_out += faults
        found.articles.extend(part.articles)
        found.units.extend(part.units)
        found.claims.extend(part.claims)
        found.candidates.extend(part.candidates)
        found.clauses.extend(part.clauses)
    tables: dict[str, Sequence[Model]] = {
        "units": found.units,
        "claims": found.claims,
        "evidence": found.candidates,
        "clauses": found.clauses,
    }
    files = {name: _parquet(TABLES[name], rows) for name, rows in tables.items()}
    record = ShardRecord(
        key=task.key,
        files={name: sha256_hex(data) for name, data in files.items()},
        rows={name: len(rows) for name, rows in tables.items()},
        articles=_count(found.articles, found.units),
        duplicates=sum(claim.duplicate_of is not None for claim in found.claims),
        quarantined=tuple(left_out),
    )
    store.write(record, files)
    return None


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Let the garbage collector look less often: it takes a quarter of the time and finds nothing.

    Rows hold no circles, so they go as soon as their event is written.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*_COLLECTED_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _segment_rows(
    rows: Sequence[tuple[int, ManifestRow]], given: Sequence[bytes] | None, task: ShardTask
) -> Segmented:
    articles = [
        _article(number, row, None if given is None else given[at], task)
        for at, (number, row) in enumerate(rows)
    ]
    return segment_event(articles, task.terms)


def _article(number: int, row: ManifestRow, data: bytes | None, task: ShardTask) -> Article:
    seeds = Path(task.seeds)
    where = f"{seeds / 'manifest.jsonl'}:{number}"
    if data is None:
        data = read_article_bytes(seeds, row, where=where)
    return article_of(row, data, path=seeds / row.path, where=where)


def _segment_what_works(
    rows: Sequence[tuple[int, ManifestRow]], given: Sequence[bytes] | None, task: ShardTask
) -> tuple[Segmented, list[Quarantined]]:
    """Segment an event without the articles that cannot be."""
    faults: list[Quarantined] = []
    articles: list[Article] = []
    for at, (number, row) in enumerate(rows):
        try:
            article = _article(number, row, None if given is None else given[at], task)
            segment_article(article, task.terms)
        except _NOT_THE_ARTICLES:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            faults.append(_quarantined([row], error))
        else:
            articles.append(article)
    try:
        found = segment_event(articles, task.terms)
    except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
        faults.append(_quarantined([row for _, row in rows], error))
        return Segmented([], [], [], [], []), faults
    return found, faults


def _quarantined(rows: Sequence[ManifestRow], error: Exception) -> Quarantined:
    if not isinstance(error, ClaimsetError):
        places = ", ".join(row.path for row in rows)
        error = ClaimsetError(str(error), where=places, remedy="report the article as a fault")
    return Quarantined(
        event_id=rows[0].event_id,
        article_ids=tuple(row.article_id for row in rows),
        error=type(error).__name__,
        problem=error.problem,
        where=error.where,
        remedy=error.remedy,
    )


def _count(articles: list[Article], units: list[Unit]) -> tuple[ShardArticle, ...]:
    kinds: dict[str, Counter[UnitKind]] = {article.article_id: Counter() for article in articles}
    for unit in units:
        kinds[unit.article_id][unit.kind] += 1
    return tuple(
        ShardArticle(
            article_id=article.article_id,
            stamp=(article.article_id, article.text_sha256, article.event_id, *article.roles),
            code_points=len(article.text),
            units={kind: found[kind] for kind in UnitKind if found[kind]},
            language=article.language,
            language_declared="language" in article.model_fields_set,
        )
        for article, found in zip(articles, kinds.values(), strict=True)
    )


def _parquet(model: type[Model], rows: Sequence[Model]) -> bytes:
    sink = io.BytesIO()
    table = table_of(rows, arrow_schema(model))
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return sink.getvalue()
