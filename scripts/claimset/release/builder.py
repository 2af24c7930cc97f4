"""Building a release: rows, version, files, card and changelog, exchanged as one folder."""

from __future__ import annotations

import os
import shutil
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

import claimset
from claimset.errors import UsageError
from claimset.models import Gates, Model, ReleaseMetadata
from claimset.release.card import CARD_FILE, render_card
from claimset.release.changelog import CHANGELOG_FILE, changelog_entry, extend_changelog
from claimset.release.changes import Changes, compare
from claimset.release.columns import CONFIGS, schema_id
from claimset.release.exchange import fresh_folder, recover
from claimset.release.gates import hold_gates, pass_gates
from claimset.release.reader import METADATA_FILE, Release, read_release
from claimset.release.rows import LeftOut, build_rows, canonical_rows, content_of, dated
from claimset.release.summary import agreement_figures, count_rows, machine_annotators
from claimset.release.version import FIRST_VERSION, Change, next_version
from claimset.release.writer import write_config

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimset.aggregation import GoldRules
    from claimset.models import Annotation, Article, Claim, Unit
    from claimset.release.rows import ReleaseRows

__all__ = ["BuildResult", "BuildStatus", "build_release"]

_HOSTS_FILES = (".gitattributes", ".gitkeep")
"""Files that git and the Hub put into a dataset folder; they stay."""


class BuildStatus(StrEnum):
    """What a build did."""

    CREATED = "created"
    """A release with new rows or columns was written."""
    CARD_ONLY = "card_only"
    """A release with the same tables and a new card was written."""
    UNCHANGED = "unchanged"
    """Nothing differs from the last release; no file was touched."""


class BuildResult(Model):
    """What a build did and where."""

    status: BuildStatus
    """Created, card only, or unchanged."""
    version: str
    """The version that lies in the folder now."""
    previous_version: str | None
    """The version that lay there before; null for the first release."""
    content_id: str
    """SHA-256 over the canonical rows."""
    counts: dict[str, int]
    """Articles, claims, annotations, annotators and gold labels."""
    changes: Changes | None
    """What differs from the release before; null for the first release."""
    left_out: tuple[LeftOut, ...]
    """Annotations that are not in the release, and why."""
    path: Path
    """The dataset folder."""


def build_release(
    *,
    dataset_folder: Path,
    name: str,
    articles: Iterable[Article],
    units: Iterable[Unit],
    claims: Iterable[Claim],
    annotations: Iterable[Annotation],
    label_schema_version: str,
    segmenter_version: str,
    rules: GoldRules | None = None,
    gates: Gates | None = None,
    allow: str | None = None,
) -> BuildResult:
    """Build the next release into a dataset folder.

    The version follows from what changed (see :mod:`claimset.release.version`). When nothing did,
    no file is touched. Otherwise the whole release is assembled beside the folder and exchanged
    for it, so that a kill at any instant leaves the old release or the new one. Only one build may
    run at a time; the caller holds the workspace's lock.

    Args:
        dataset_folder: Where the release lies; made when missing.
        name: Name of the dataset.
        articles: Every article that a span lies in.
        units: Units of these articles.
        claims: The claims to release.
        annotations: Annotations with all their history, in any order.
        label_schema_version: Version of the label schema.
        segmenter_version: Version of the segmentation rules.
        rules: When answers make gold.
        gates: Thresholds that the release must reach.
        allow: Why to release although a gate fails.

    Raises:
        SpanError: A span in any row differs from its article.
        DataError: Ids stand twice, or the release in the folder is damaged.
        CheckFailed: A gate fails and no reason is given to release all the same.
        UsageError: There is no claim, the reason is blank, or the folder holds files that no
            release wrote.
    """
    recover(dataset_folder)
    previous = read_release(dataset_folder)
    _refuse_foreign_files(dataset_folder, previous)
    if previous is not None:
        previous.check()
    rows = build_rows(
        articles=articles,
        units=units,
        claims=claims,
        annotations=annotations,
        rules=rules,
    )
    if not rows.claims:
        raise UsageError(
            "there is no claim to release",
            where=str(dataset_folder),
            remedy="run `claimset segment`; if it finds no claim, look at the kinds of its units",
        )
    agreement = agreement_figures(
        rows.annotations, {claim.claim_id: claim.article_id for claim in rows.claims}
    )
    results = hold_gates(gates or Gates(), rows.claims, agreement)
    allowed = pass_gates(results, allow, where=str(dataset_folder))
    canonical = canonical_rows(rows)
    base = ReleaseMetadata(
        name=name,
        version=previous.metadata.version if previous else FIRST_VERSION,
        previous_version=previous.metadata.previous_version if previous else None,
        content_id=content_of(canonical),
        schema_id=schema_id(),
        tables=previous.metadata.tables if previous else {},
        counts=count_rows(rows),
        agreement=agreement,
        gates=results,
        allowed=allowed,
        machine_annotators=machine_annotators(rows.annotations),
        rounds=tuple(sorted({annotation.round for annotation in rows.annotations})),
        label_schema_version=label_schema_version,
        guidelines_versions=tuple(
            sorted({annotation.guidelines_version for annotation in rows.annotations})
        ),
        segmenter_version=segmenter_version,
        tool_version=claimset.__version__,
        pyarrow_version=pa.__version__,
    )
    if previous is None:
        change, changes = Change.ROWS, None
        rows = dated(rows, (), canonical, base.version)
    else:
        # Rows that did not change keep the releases they name, so under an unchanged content id
        # the card can be made before its version is known.
        known = previous.rows("claims")
        change = _change(base, previous.metadata)
        changes = Changes()
        if change is Change.CARD:
            rows = dated(rows, known, canonical, base.version)
            if render_card(base, rows) == _read(dataset_folder / CARD_FILE):
                change = Change.NOTHING
        else:
            changes = compare(previous.tables(), canonical)
            rows = dated(rows, known, canonical, next_version(base.version, change))
    metadata = base
    if previous is not None and change is not Change.NOTHING:
        metadata = base.model_copy(
            update={
                "version": next_version(base.version, change),
                "previous_version": base.version,
            }
        )
    if change is not Change.NOTHING:
        _write(dataset_folder, metadata, rows, change, changes)
    return BuildResult(
        status=_STATUS[change],
        version=metadata.version,
        previous_version=previous.metadata.version if previous else None,
        content_id=metadata.content_id,
        counts=metadata.counts,
        changes=changes,
        left_out=rows.left_out,
        path=dataset_folder,
    )


_STATUS = {
    Change.SCHEMA: BuildStatus.CREATED,
    Change.ROWS: BuildStatus.CREATED,
    Change.CARD: BuildStatus.CARD_ONLY,
    Change.NOTHING: BuildStatus.UNCHANGED,
}


def _change(now: ReleaseMetadata, before: ReleaseMetadata) -> Change:
    """What changed, as far as rows and columns can tell; the card is looked at afterwards."""
    if now.schema_id != before.schema_id:
        return Change.SCHEMA
    return Change.CARD if now.content_id == before.content_id else Change.ROWS


def _write(
    folder: Path,
    metadata: ReleaseMetadata,
    rows: ReleaseRows,
    change: Change,
    changes: Changes | None,
) -> None:
    with fresh_folder(folder) as fresh:
        if change is Change.CARD:
            # The tables are the released bytes themselves: a newer pyarrow would write others.
            for table in metadata.tables.values():
                (fresh / table.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / table.path, fresh / table.path)
        else:
            tables = {config: write_config(fresh, config, rows.table(config)) for config in CONFIGS}
            metadata = metadata.model_copy(update={"tables": tables})
        entry = changelog_entry(
            metadata.version,
            change,
            counts=metadata.counts,
            content_id=metadata.content_id,
            changes=changes,
        )
        texts = {
            CARD_FILE: render_card(metadata, rows),
            CHANGELOG_FILE: extend_changelog(_read(folder / CHANGELOG_FILE), entry),
            METADATA_FILE: metadata.model_dump_json(indent=2) + "\n",
        }
        for file, text in texts.items():
            _write_text(fresh / file, text)
        for file in _HOSTS_FILES:
            if (folder / file).is_file():
                shutil.copyfile(folder / file, fresh / file)


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _read(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8") if path.is_file() else None


def _refuse_foreign_files(folder: Path, previous: Release | None) -> None:
    """The folder is exchanged as a whole: a file of somebody else's would be lost with it."""
    known = {CARD_FILE, CHANGELOG_FILE, METADATA_FILE, *_HOSTS_FILES}
    if previous is not None:
        known |= {table.path for table in previous.metadata.tables.values()}
    foreign = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() and path.relative_to(folder).as_posix() not in known
    )
    if foreign:
        raise UsageError(
            f"the dataset folder holds files that no release wrote: {', '.join(foreign[:5])}"
            + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else ""),  # noqa: PLR2004
            where=str(folder),
            remedy="move them elsewhere: the folder is replaced as a whole by each release",
        )
