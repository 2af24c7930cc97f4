"""Building a release: rows, version, files, card and changelog, exchanged as one folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

import claimset
from claimset.aggregation import GoldRules
from claimset.errors import UsageError
from claimset.models import Gates, LabelSet, ReleaseMetadata, Withdrawal
from claimset.release.assembly import Assembly
from claimset.release.build_result import BuildResult, BuildStatus
from claimset.release.canonical import ContentHash
from claimset.release.columns import core_columns, schema_id
from claimset.release.compare import Comparison
from claimset.release.exchange import Discard, fresh_folder, recover
from claimset.release.folder import refuse_foreign_files, same_texts, write_texts
from claimset.release.gates import hold_gates, pass_gates
from claimset.release.intake import Intake, Rules
from claimset.release.reader import Release, read_release
from claimset.release.rights import Withdrawn
from claimset.release.splits import DEFAULT_SHARES
from claimset.release.texts import Texts
from claimset.release.version import FIRST_VERSION, Change, next_version
from claimset.release.writer import ReleaseWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from claimset.models import Annotation, Article, Claim, ReleasedFile, Split, Unit
    from claimset.release.summary import Summary

__all__ = ["BuildResult", "BuildStatus", "build_release"]


def build_release(
    *,
    dataset_folder: Path,
    name: str,
    articles: Iterable[Article],
    units: Iterable[Unit] | Iterable[pa.Table],
    claims: Iterable[Claim] | Iterable[pa.Table],
    annotations: Iterable[Annotation] | Iterable[pa.Table],
    label_schema_version: str,
    segmenter_version: str,
    rules: GoldRules | None = None,
    gates: Gates | None = None,
    allow: str | None = None,
    shares: Mapping[Split, float] = DEFAULT_SHARES,
    cut: date | None = None,
    withdraw: Iterable[Withdrawal] = (),
) -> BuildResult:
    """Build the next release into a dataset folder.

    The version follows from what changed (see :mod:`claimset.release.version`). When nothing did,
    no file is touched. Otherwise the whole release is assembled beside the folder and exchanged
    for it, so that a kill at any instant leaves the old release or the new one. Only one build may
    run at a time; the caller holds the workspace's lock.

    Rows may come as models or as Arrow tables with the models' columns; tables are many times
    faster. Memory holds one stretch of rows, and of each article what the manifest says.

    Args:
        dataset_folder: Where the release lies; made when missing.
        name: Name of the dataset.
        articles: Every article that a span lies in; may be made one by one.
        units: Units of these articles.
        claims: The claims to release.
        annotations: Annotations with all their history, in any order.
        label_schema_version: Version of the label schema.
        segmenter_version: Version of the segmentation rules.
        rules: When answers make gold.
        gates: Thresholds that the release must reach.
        allow: Why to release although a gate fails.
        shares: Wanted share of the events in each split.
        cut: Events that begin on or after this day are test events.
        withdraw: What is withdrawn with this release, beside what was withdrawn before; the
            release they name is replaced by this one.

    Raises:
        SpanError: A span in any row differs from its article.
        DataError: Ids stand twice, or the release in the folder is damaged.
        CheckFailed: A gate fails and no reason is given to release all the same.
        UsageError: There is no claim, the reason is blank, or the folder holds files that no
            release wrote.
    """
    recover(dataset_folder)
    previous = read_release(dataset_folder)
    refuse_foreign_files(dataset_folder, previous)
    if previous is not None:
        previous.check()
    rules = rules or GoldRules()
    change, version = _expected(previous, rules.labels)
    tombstones = _tombstones(previous, withdraw, version)
    dataset_folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the dataset, for /tmp may be memory; `recover` clears away what a kill leaves.
    with (
        tempfile.TemporaryDirectory(
            prefix=f".{dataset_folder.name}.new-", dir=dataset_folder.parent
        ) as waiting,
        Texts(Path(waiting) / "texts") as texts,
    ):
        intake = Intake(
            articles,
            Rules(name, rules, shares, cut),
            Withdrawn(tombstones),
            Path(waiting),
            texts,
            released=previous.article_order() if previous else (),
            earlier=previous.splits() if previous else {},
        )
        if not intake.take_claims(claims):
            raise UsageError(
                "there is no claim to release",
                where=str(dataset_folder),
                remedy="run `claimset segment`; if it finds no claim, look at the kinds of its "
                "units",
            )
        intake.take_units(units)
        intake.take_annotations(annotations)
        plan = _Plan(
            dataset_folder,
            previous,
            change,
            version,
            tombstones,
            label_schema_version,
            segmenter_version,
            gates or Gates(),
            allow,
        )
        return _exchange_release(plan, intake)


class _Plan(NamedTuple):
    """What is known of a release before its rows are written."""

    folder: Path
    previous: Release | None
    change: Change
    version: str
    tombstones: tuple[Withdrawal, ...]
    label_schema_version: str
    segmenter_version: str
    gates: Gates
    allow: str | None


def _expected(previous: Release | None, labels: LabelSet) -> tuple[Change, str]:
    """What the release will be if any row differs; that is known once the rows are written."""
    if previous is None:
        return Change.ROWS, FIRST_VERSION
    change = Change.ROWS if previous.metadata.schema_id == schema_id(labels) else Change.SCHEMA
    return change, next_version(previous.metadata.version, change)


def _tombstones(
    previous: Release | None, new: Iterable[Withdrawal], version: str
) -> tuple[Withdrawal, ...]:
    old = previous.metadata.withdrawn if previous else ()
    known = {(record.kind, record.id) for record in old}
    fresh = [record for record in new if (record.kind, record.id) not in known]
    return (*old, *(record.model_copy(update={"since": version}) for record in fresh))


def _exchange_release(plan: _Plan, intake: Intake) -> BuildResult:
    """Write the release beside the folder, see what changed, and put it in the folder's place."""
    previous, labels = plan.previous, intake.rules.gold.labels
    content = ContentHash(core_columns(labels))
    assembly = Assembly(intake)
    comparison = Comparison(previous, core_columns(labels)) if previous is not None else None
    change, changes = plan.change, None
    with fresh_folder(plan.folder) as fresh:
        with ReleaseWriter(fresh, labels, content) as writer:
            assembly.write(writer, version=plan.version, comparison=comparison)
            files = writer.finish()
        pa.default_memory_pool().release_unused()  # the figures are made of other memory
        metadata = _metadata(plan, intake, assembly.summary, content.content_id(), files)
        if comparison is not None and previous is not None:
            changes = comparison.changes()
            # The name stands in a column, too: `dataset` of `aggrefact`.
            same_rows = (metadata.content_id, metadata.name) == (
                previous.metadata.content_id,
                previous.metadata.name,
            )
            if same_rows and change is not Change.SCHEMA:
                change, metadata = _of_card(plan, previous, metadata, assembly, fresh)
        if change is Change.NOTHING:
            raise Discard
        before = previous.metadata if previous else None
        write_texts(plan.folder, fresh, metadata, assembly.summary, change, changes, before)
    return BuildResult(
        status=_STATUS[change],
        version=metadata.version,
        previous_version=previous.metadata.version if previous else None,
        content_id=metadata.content_id,
        counts=metadata.counts,
        changes=changes,
        left_out=tuple(sorted(intake.left_out, key=lambda item: item.annotation_id)),
        path=plan.folder,
    )


_STATUS = {
    Change.SCHEMA: BuildStatus.CREATED,
    Change.ROWS: BuildStatus.CREATED,
    Change.CARD: BuildStatus.CARD_ONLY,
    Change.NOTHING: BuildStatus.UNCHANGED,
}


def _metadata(
    plan: _Plan,
    intake: Intake,
    summary: Summary,
    content_id: str,
    files: tuple[ReleasedFile, ...],
) -> ReleaseMetadata:
    agreement, labels = summary.agreement(), intake.rules.gold.labels
    gates = hold_gates(plan.gates, summary.gated, agreement, labels)
    return ReleaseMetadata(
        name=intake.rules.name,
        version=plan.version,
        previous_version=plan.previous.metadata.version if plan.previous else None,
        content_id=content_id,
        schema_id=schema_id(labels),
        files=files,
        splits=intake.division.rule,
        split_conflicts=intake.conflicts,
        withdrawn=plan.tombstones,
        counts=summary.counts(),
        agreement=agreement,
        gates=gates,
        allowed=pass_gates(gates, plan.allow, where=str(plan.folder)),
        machine_annotators=summary.machines,
        rounds=tuple(sorted(summary.rounds)),
        label_schema_version=plan.label_schema_version,
        labels=labels,
        guidelines_versions=tuple(sorted(summary.guidelines)),
        segmenter_version=plan.segmenter_version,
        tool_version=claimset.__version__,
        pyarrow_version=pa.__version__,
    )


def _of_card(
    plan: _Plan, previous: Release, metadata: ReleaseMetadata, assembly: Assembly, fresh: Path
) -> tuple[Change, ReleaseMetadata]:
    """No row changed: see whether the card does, and keep the released tables as they are."""
    files = previous.metadata.files
    as_before = metadata.model_copy(
        update={
            "version": previous.metadata.version,
            "previous_version": previous.metadata.previous_version,
            "files": files,
        }
    )
    if same_texts(plan.folder, as_before, assembly.summary):
        return Change.NOTHING, as_before
    for file in files:
        # The tables are the released bytes themselves: a newer pyarrow would write others.
        (fresh / file.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(plan.folder / file.path, fresh / file.path)
    version = next_version(previous.metadata.version, Change.CARD)
    return Change.CARD, metadata.model_copy(update={"version": version, "files": files})
