"""Segment: from the manifest to units, claims and evidence candidates."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from claimset.errors import DataError
from claimset.models import (
    Claim,
    Clause,
    EvidenceCandidate,
    Granularity,
    Quarantined,
    Unit,
)
from claimset.pipeline.difference import LISTED, ClaimDifference
from claimset.pipeline.eventwise import Segmented, segment_event
from claimset.pipeline.proposing import ProposalCounts, connected, counts_of, in_one_process
from claimset.pipeline.reporter import Reporter, silent
from claimset.pipeline.segment_result import ArticleCounts, SegmentResult
from claimset.pipeline.shard_run import ShardRun
from claimset.pipeline.shards import TABLES
from claimset.pipeline.stamp import (
    SEGMENT_COMMAND,
    Stamp,
    check_segmented,
    manifest_sha256,
    segmented_articles,
)
from claimset.segmentation.languages import language_of
from claimset.segmentation.methods import AttributionMethod
from claimset.segmentation.parsing import load_parser
from claimset.storage.earlier import EarlierClaims
from claimset.storage.files import exclusive_lock, replace_file
from claimset.storage.shard_owners import ShardOwner
from claimset.storage.shards import ShardStore
from claimset.storage.tables import TableAssembly, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.models import ShardRecord
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = [
    "ArticleCounts",
    "SegmentResult",
    "Segmented",
    "read_segmented",
    "segment",
    "segment_event",
]


def segment(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter = silent,
    *,
    quarantine: bool = False,
    max_tokens: int | None = None,
) -> SegmentResult:
    """Cut every article of the manifest into units and claims, and find evidence candidates.

    Events are put together into shards. A shard is made by a pure function, kept under the hash of
    all it depends on, and made once: a later run makes only what changed. The tables of
    ``.claimset/`` change when every shard is there.

    Args:
        workspace: Holds ``seeds/``; the tables go to ``.claimset/``.
        settings: What is looked for and how, and ``engine``, ``workers``, ``ray_address`` and
            ``shards``: where the work is done and where shards are kept.
        reporter: Told how far it is.
        quarantine: Leave out articles that cannot be segmented, and list them in
            ``.claimset/quarantine.jsonl``, instead of ending the run.
        max_tokens: What the segmenter `llm` may spend; it must be given for it.

    Raises:
        CheckFailed: That is used up; what was answered is kept.
        RemoteError: The model's server refused, failed or cannot be reached.
        DataError: The manifest or an article is not as it must be.
        UsageError: Another command is at work in the workspace, or an extra is missing.
    """
    if settings.attribution is AttributionMethod.PARSER:
        load_parser()
    settings = in_one_process(settings)
    with (
        exclusive_lock(workspace.lock, doing=SEGMENT_COMMAND),
        connected(workspace, settings, max_tokens) as model,
        contextlib.ExitStack() as stack,
    ):
        store = ShardStore(settings.shards or str(workspace.shards))
        owner = stack.enter_context(_owner(store.folder, workspace)) if store.folder else None
        manifest = manifest_sha256(workspace)
        run = ShardRun(workspace, settings, store, quarantine=quarantine)
        with reporter.track("segmenting articles") as advance:
            run.make(advance)
        result = _assemble(workspace, run, settings, counts_of(model), manifest)
        if owner is not None:  # what lies on a shared address is left alone
            owner.release({key for keys in run.shards for key in keys})
        return result


def _owner(folder: Path, workspace: Workspace) -> ShardOwner:
    alone = folder.resolve() == workspace.shards.resolve()
    return ShardOwner(folder, workspace.state, alone=alone)


def _assemble(
    workspace: Workspace,
    run: ShardRun,
    settings: Settings,
    proposals: ProposalCounts | None,
    manifest: str | None,
) -> SegmentResult:
    """Put the shards' files together as tables, and say what became of the claims before."""
    with (
        EarlierClaims(workspace.claims) as before,
        TableAssembly(workspace.units) as units,
        TableAssembly(workspace.claims) as claims,
        TableAssembly(workspace.evidence) as candidates,
        TableAssembly(workspace.clauses) as clauses,
    ):
        tables = dict(zip(TABLES, (units, claims, candidates, clauses), strict=True))
        stamp = Stamp()
        difference = ClaimDifference(before)
        counts: list[ArticleCounts] = []
        rows = dict.fromkeys(TABLES, 0)
        total = duplicates = 0
        left_out = list(run.left_out)
        neutral: Counter[str] = Counter()
        undeclared = unanchored = 0
        for key in (key for keys in run.shards for key in keys):
            record = _record(run.store, key)
            for name, assembly in tables.items():
                path = assembly.add()
                if not run.store.fetch(record, name, path):
                    run.store.forget(key)
                    raise _damaged(run.store, key)
                rows[name] += record.rows[name]
                if name == "clauses" and record.rows[name]:
                    anchored = pq.read_table(path, columns=["anchored"])["anchored"]
                    unanchored += anchored.to_pylist().count(False)
                if name == "claims":
                    difference.add([a.article_id for a in record.articles], _places(path))
            for article in record.articles:
                stamp.add(article.stamp)
                undeclared += not article.language_declared
                if not language_of(article.language).is_english:
                    neutral[article.language] += 1
                if len(counts) < LISTED:
                    counts.append(
                        ArticleCounts(
                            article_id=article.article_id,
                            code_points=article.code_points,
                            units=article.units,
                        )
                    )
            total += len(record.articles)
            duplicates += record.duplicates
            left_out += record.quarantined
        difference.close()
        # The stamp is written last: without it, or with another, the tables are not believed.
        workspace.segmentation.unlink(missing_ok=True)
        for table in tables.values():
            table.commit()
        _write_quarantine(workspace, left_out)
        names = [name for entry in left_out for name in entry.article_ids]
        stamp.write(workspace, manifest, names)
    return SegmentResult(
        articles=tuple(counts),
        n_articles=total,
        units=rows["units"],
        claims=rows["claims"],
        clauses=(
            rows["clauses"]
            if rows["clauses"] or settings.granularity is Granularity.CLAUSE
            else None
        ),
        candidates=rows["evidence"],
        duplicates=duplicates,
        kept=difference.kept,
        moved=difference.moved.count,
        new=difference.new.count,
        gone=difference.gone.count,
        moved_claims=tuple(difference.moved.first),
        new_claims=tuple(difference.new.first) if before.known else (),
        gone_claims=tuple(difference.gone.first),
        shards_made=run.made,
        shards_kept=sum(map(len, run.shards)) - run.made,
        quarantined=tuple(left_out),
        neutral=dict(sorted(neutral.items())),
        undeclared=undeclared,
        unanchored=unanchored,
        proposals=proposals,
    )


def _record(store: ShardStore, key: str) -> ShardRecord:
    record = store.record(key)
    if record is None:
        raise _damaged(store, key)
    return record


def _damaged(store: ShardStore, key: str) -> DataError:
    return DataError(
        "a shard that was made before is damaged or gone",
        where=f"{store.address}, {key}",
        remedy=f"run `{SEGMENT_COMMAND}` again; it makes the shard anew",
    )


def _places(path: Path) -> list[tuple[str, int]]:
    table = pq.read_table(path, columns=["claim_id", "start"])
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _write_quarantine(workspace: Workspace, left_out: list[Quarantined]) -> None:
    if left_out:
        lines = "".join(entry.model_dump_json() + "\n" for entry in left_out)
        replace_file(workspace.quarantine, lines.encode("utf-8"))
    else:
        workspace.quarantine.unlink(missing_ok=True)


def read_segmented(workspace: Workspace) -> Segmented:
    """Read the articles and what segmentation made of them, and hold one against the other.

    Raises:
        UsageError: Nothing was segmented yet, or something changed since.
        DataError: A table is damaged, or an article is not as it must be.
        SpanError: A table holds a span that is not the slice of its article.
    """
    articles = list(segmented_articles(workspace))
    check_segmented(workspace, articles)
    units = list(read_table(workspace.units, Unit, made_by=SEGMENT_COMMAND))
    claims = list(read_table(workspace.claims, Claim, made_by=SEGMENT_COMMAND))
    candidates = list(read_table(workspace.evidence, EvidenceCandidate, made_by=SEGMENT_COMMAND))
    # A workspace of an earlier version has no such table.
    stored = workspace.clauses.exists()
    clauses = list(read_table(workspace.clauses, Clause, made_by=SEGMENT_COMMAND)) if stored else []
    texts = {article.article_id: article.text for article in articles}
    rows: tuple[Unit | Claim | EvidenceCandidate | Clause, ...]
    rows = (*units, *claims, *candidates, *clauses)
    for row in rows:
        row.check(
            texts[row.article_id], where=f"article {row.article_id}, run `{SEGMENT_COMMAND}` again"
        )
    return Segmented(articles, units, claims, candidates, clauses)
