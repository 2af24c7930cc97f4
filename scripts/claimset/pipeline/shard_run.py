"""A run over shards: has every shard made, and remembers in which order they come."""

from __future__ import annotations

import contextlib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from claimset import errors
from claimset.engines import EngineName, open_engine
from claimset.errors import ClaimsetError, DataError, UsageError
from claimset.identifiers import sha256_hex
from claimset.models import Quarantined
from claimset.pipeline.shard_plan import ShardTask, plan_shards, split_task
from claimset.pipeline.shards import Failure, make_shard
from claimset.pipeline.terms import terms_of
from claimset.seeds import read_article_bytes, read_event_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimset.settings import Settings
    from claimset.storage.shards import ShardStore
    from claimset.storage.workspace import Workspace

__all__ = ["ShardRun"]


class ShardRun:
    """Has every shard made, on the engine of the settings.

    Attributes:
        store: Where shards are kept.
        shards: Keys of the shards, by place; a place has several where its worker died.
        made: Shards that this run made.
        left_out: Events whose worker died each time.
    """

    def __init__(
        self, workspace: Workspace, settings: Settings, store: ShardStore, *, quarantine: bool
    ) -> None:
        self.store = store
        self.shards: list[list[str]] = []
        self.made = 0
        self.left_out: list[Quarantined] = []
        self._workspace = workspace
        self._settings = settings
        self._quarantine = quarantine
        self._running: dict[int, tuple[int, ShardTask]] = {}

    def make(self, advance: Callable[[int], None]) -> None:
        """Make what is not there yet."""
        dead: list[tuple[int, ShardTask]] = []
        self._run(self._pending(advance), dead, advance)
        if not dead:
            return
        if not self._quarantine:
            first = [row.article_id for event in dead[0][1].events for _, row in event]
            raise DataError(
                f"the process that segments {len(first)} articles died twice: "
                f"{first[0]} to {first[-1]}",
                where=str(self._workspace.manifest),
                remedy="it may have run out of memory: use fewer --workers; or leave out what "
                "cannot be segmented with --quarantine",
            )
        # Event by event, the one that kills its process can be told from the others.
        for number, _ in dead:
            self.shards[number] = []
        lost: list[tuple[int, ShardTask]] = []
        parts = [(number, part) for number, task in dead for part in split_task(task)]
        for number, part in parts:
            self.shards[number].append(part.key)
        self._run(iter(parts), lost, advance)
        for number, part in lost:
            self.shards[number].remove(part.key)
            self.left_out.append(_killed(part))

    def _pending(self, advance: Callable[[int], None]) -> Iterator[tuple[int, ShardTask]]:
        plan = plan_shards(
            read_event_rows(self._workspace.manifest),
            seeds=self._workspace.seeds,
            store=self.store.address,
            terms=terms_of(self._settings),
            quarantine=self._quarantine,
        )
        for number, task in enumerate(plan):
            self.shards.append([task.key])
            record = self.store.record(task.key)
            if record is None:
                yield number, task
            elif record.quarantined or not _files_are_those_described(task):
                # What was left out may be mended.
                yield number, task._replace(anew=True)
            else:
                advance(_size(task))

    def _run(
        self,
        tasks: Iterator[tuple[int, ShardTask]],
        dead: list[tuple[int, ShardTask]],
        advance: Callable[[int], None],
    ) -> None:
        first = [task for _, task in zip(range(2), tasks, strict=False)]
        engine_name = self._settings.engine
        # A single shard is made here: to start another process takes longer. Who asks for a cluster
        # gets it, or is told that it is not there.
        if len(first) == 0 or (len(first) == 1 and engine_name is EngineName.PROCESSES):
            engine_name = EngineName.INLINE
        with open_engine(
            engine_name, workers=self._settings.workers, address=self._settings.ray_address
        ) as engine:
            outcomes = engine.run(make_shard, self._numbered(chain(first, tasks), engine_name))
            with contextlib.closing(outcomes):
                for outcome in outcomes:
                    number, task = self._running.pop(outcome.number)
                    if outcome.fault is not None:
                        dead.append((number, task))
                        continue
                    if outcome.result is not None:
                        raise _error(outcome.result)
                    if not self.store.has(task.key):
                        raise _out_of_sight(self.store)
                    self.made += 1
                    advance(_size(task))

    def _numbered(
        self, tasks: Iterable[tuple[int, ShardTask]], engine: EngineName
    ) -> Iterator[ShardTask]:
        for at, (number, task) in enumerate(tasks):
            self._running[at] = number, task
            # Nodes of a cluster do not see this machine's disk.
            yield _with_bytes(task) if engine is EngineName.RAY else task


def _with_bytes(task: ShardTask) -> ShardTask:
    seeds = Path(task.seeds)
    received = tuple(
        read_article_bytes(seeds, row, where=f"{seeds / 'manifest.jsonl'}:{number}")
        for event in task.events
        for number, row in event
    )
    return task._replace(received=received)


def _files_are_those_described(task: ShardTask) -> bool:
    """Whether a shard that is there still stands for the files in the room."""
    seeds = Path(task.seeds)
    try:
        return all(
            sha256_hex(read_article_bytes(seeds, row, where="")) == row.sha256
            for event in task.events
            for _, row in event
        )
    except DataError:
        return False


def _size(task: ShardTask) -> int:
    return sum(len(event) for event in task.events)


def _error(failure: Failure) -> ClaimsetError:
    kind: type[ClaimsetError] = getattr(errors, failure.kind, DataError)
    return kind(failure.problem, where=failure.where, remedy=failure.remedy)


def _out_of_sight(store: ShardStore) -> UsageError:
    return UsageError(
        "a shard was made, but cannot be seen from here",
        where=f"shards in {store.address}",
        remedy="keep shards where all processes and nodes and this machine see the same files: "
        "set CLAIMSET_SHARDS to a shared folder, or to an address such as s3://bucket/shards",
    )


def _killed(task: ShardTask) -> Quarantined:
    rows = [row for event in task.events for _, row in event]
    return Quarantined(
        event_id=rows[0].event_id,
        article_ids=tuple(row.article_id for row in rows),
        error="WorkerDied",
        problem="the process that segments the event died each time it was tried",
        where=", ".join(row.path for row in rows[:3]),
        remedy="it may need more memory than there is; look at its articles' size",
    )
