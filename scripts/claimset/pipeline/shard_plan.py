"""The plan of a run: which events go together, and all that a shard depends on."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from claimset.identifiers import canonical_json, sha256_hex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimset.models import ManifestRow
    from claimset.pipeline.eventwise import SegmentTerms

__all__ = ["ShardTask", "plan_shards", "rules_digest", "split_task"]

_MADE_BY = ("segmentation", "evidence", "models", "seeds", "storage", "pipeline", "llm")
"""Packages whose code decides what a shard holds."""
_FEWEST, _MOST = 16, 512
"""Articles after which a shard may end, and must."""
_ENDS = 8
"""One event in so many ends a shard: so an event that comes in between moves no later border."""


class ShardTask(NamedTuple):
    """All that a shard depends on, and where it goes.

    Attributes:
        key: SHA-256 over all it depends on.
        events: For each event the manifest's line numbers and rows.
        seeds: The input room.
        store: Address of the shard store.
        terms: What is asked for.
        quarantine: Whether what cannot be segmented is left out instead of ending the run.
        received: The articles' bytes where the worker cannot read the room itself.
        anew: Whether it is made although it is there: a file is no longer the one described.
    """

    key: str
    events: tuple[tuple[tuple[int, ManifestRow], ...], ...]
    seeds: str
    store: str
    terms: SegmentTerms
    quarantine: bool
    received: tuple[bytes, ...] | None = None
    anew: bool = False


def plan_shards(
    events: Iterable[Sequence[tuple[int, ManifestRow]]],
    *,
    seeds: Path,
    store: str,
    terms: SegmentTerms,
    quarantine: bool,
) -> Iterator[ShardTask]:
    """Put events together; an event is never divided.

    Borders depend on the events before them as little as can be, so that a new article changes
    the shard of its event and hardly another.
    """
    settings = (str(seeds), store, terms, quarantine)
    gathered: list[tuple[tuple[int, ManifestRow], ...]] = []
    articles = 0
    for rows in events:
        gathered.append(tuple(rows))
        articles += len(rows)
        ends = hashlib.sha256(rows[0][1].event_id.encode()).digest()[0] % _ENDS == 0
        if (articles >= _FEWEST and ends) or articles >= _MOST:
            yield _task(tuple(gathered), *settings)
            gathered, articles = [], 0
    if gathered:
        yield _task(tuple(gathered), *settings)


def split_task(task: ShardTask) -> Iterator[ShardTask]:
    """One task for each event of a task whose worker died."""
    for event in task.events:
        yield _task((event,), task.seeds, task.store, task.terms, task.quarantine)


def _task(
    events: tuple[tuple[tuple[int, ManifestRow], ...], ...],
    seeds: str,
    store: str,
    terms: SegmentTerms,
    quarantine: bool,
) -> ShardTask:
    depends = {
        "segmenter_version": terms.version,
        "rules": rules_digest(),
        **terms._asdict(),
        "quarantine": quarantine,
        "articles": [row.model_dump(mode="json") for event in events for _, row in event],
    }
    key = sha256_hex(canonical_json(depends).encode("utf-8"))
    return ShardTask(key, events, seeds, store, terms, quarantine)


@functools.cache
def rules_digest() -> str:
    """SHA-256 over the code that a shard is made by.

    A rule may change while its version does not, and a shard made by the rule before must then
    not be believed.
    """
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(path for part in _MADE_BY for path in (package / part).rglob("*.py")):
        digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
