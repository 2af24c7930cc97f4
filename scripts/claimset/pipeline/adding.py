"""Add: other people's articles become lines of the manifest, checked and without doubles."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from claimset.errors import DataError
from claimset.intake.admission import Defaults, admit, text_key, told_fields
from claimset.intake.locations import find_locations
from claimset.intake.reading import ReadOptions, read_location
from claimset.pipeline.add_result import (
    AddedArticle,
    AddResult,
    Fault,
    SameArticle,
    UpdatedArticle,
)
from claimset.pipeline.reporter import Reporter, silent
from claimset.seeds import corrected_manifest, decode_article, read_manifest, read_originals
from claimset.storage.files import exclusive_lock
from claimset.storage.intake import SeedsDoor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from claimset.intake.incoming import Incoming
    from claimset.models import ManifestRow, Model, Original
    from claimset.storage.workspace import Workspace

__all__ = ["add"]

_COMMAND = "claimset add"
_LISTED = 1_000
_REMEDIES = 4
"""How many different remedies a refusal names: one for each kind of fault."""


def add(
    workspace: Workspace,
    asked: Sequence[str],
    defaults: Defaults,
    options: ReadOptions,
    reporter: Reporter = silent,
    *,
    skip_faulty: bool = False,
    update: bool = False,
    dry_run: bool = False,
) -> AddResult:
    """Add articles to the workspace: all of them, or none.

    Text is stored as UTF-8 in ``seeds/articles/``, what was received beside it in
    ``seeds/originals/`` where it is something else, and where it came from in
    ``seeds/originals.jsonl``. An article whose text is there already is left out.

    Args:
        workspace: Where they go.
        asked: Files, folders, patterns, addresses or ``hf:`` datasets.
        defaults: What holds where an article says nothing itself.
        options: What is known about the files.
        reporter: Told how far it is.
        skip_faulty: Leave faulty files and rows out instead of refusing everything.
        update: Give articles that are there what sources and ``defaults`` say of them now; their
            ids and texts stay.
        dry_run: Read and check, but write nothing.

    Raises:
        DataError: Something is faulty and ``skip_faulty`` is off, or the manifest is damaged.
        UsageError: A path, column or extra is missing, or another command is at work.
    """
    found = [find_locations(text) for text in asked]
    locations = [location for locations, _ in found for location in locations]
    with (
        exclusive_lock(workspace.lock, doing=_COMMAND),
        SeedsDoor(workspace.seeds) as door,
        reporter.track("reading articles") as advance,
    ):
        intake = _Intake(workspace, door, defaults, update=update)
        columns: dict[str, dict[str, str]] = {}
        unused: dict[str, tuple[str, ...]] = {}
        for location in locations:

            def told(used: dict[str, str], every: Sequence[str], name: str = location.name) -> None:
                columns[name] = used
                unused[name] = tuple(column for column in every if column not in used.values())

            for article in read_location(location, options, told):
                intake.take(article)
                advance(1)
        if intake.faults and not skip_faulty:
            raise _refusal(intake.faults)
        if (intake.rows or intake.changes) and not dry_run:
            door.commit(
                {
                    "originals.jsonl": _lines(intake.originals),
                    "manifest.jsonl": _lines(intake.rows),
                },
                {"manifest.jsonl": corrected_manifest(workspace.manifest, intake.changes)}
                if intake.changes
                else None,
            )
    return AddResult(
        added=tuple(intake.added[:_LISTED]),
        n_added=len(intake.rows),
        same=tuple(intake.same[:_LISTED]),
        n_same=len(intake.same),
        updated=tuple(intake.updated[:_LISTED]),
        n_updated=len(intake.updated),
        faults=tuple(intake.faults[:_LISTED]),
        n_faults=len(intake.faults),
        columns=columns,
        unused={name: left for name, left in unused.items() if left},
        alone=sum(count == 1 for count in intake.events.values()),
        ignored=tuple(name for _, names in found for name in names),
        assumed=dict(sorted(intake.assumed.items())),
        dry_run=dry_run,
    )


class _Intake:
    """Takes articles one by one and remembers what came of each."""

    def __init__(
        self, workspace: Workspace, door: SeedsDoor, defaults: Defaults, *, update: bool
    ) -> None:
        self.added: list[AddedArticle] = []
        self.rows: list[ManifestRow] = []
        self.originals: list[Original] = []
        self.same: list[SameArticle] = []
        self.faults: list[Fault] = []
        self.updated: list[UpdatedArticle] = []
        self.changes: dict[str, dict[str, Any]] = {}
        self.assumed: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self._door = door
        self._defaults = defaults
        self._update = update
        self._there: dict[str, ManifestRow] = {}
        self._keys = _keys_of(workspace.seeds, self._there)
        self.events.update(row.event_id for row in self._there.values())
        self._ids = set(self._keys.values())

    def take(self, article: Incoming | DataError) -> None:
        if isinstance(article, DataError):
            self._refuse(article)
            return
        key = text_key(article.text.removeprefix("\ufeff"))
        if key in self._keys:
            if not (self._update and self._correct(article, self._keys[key])):
                self.same.append(SameArticle(source=article.place, article_id=self._keys[key]))
            return
        try:
            admitted = admit(article, self._defaults, self._ids)
        except DataError as error:
            self._refuse(error)
            return
        row = admitted.row
        if admitted.language_assumed:
            self.assumed[row.language] += 1
        self._keys[key] = row.article_id
        self._ids.add(row.article_id)
        self._door.put(row.path, admitted.stored)
        if admitted.received is not None and admitted.original.path is not None:
            self._door.put(admitted.original.path, admitted.received)
        self.rows.append(row)
        self.events[row.event_id] += 1
        self.originals.append(admitted.original)
        if len(self.added) < _LISTED:
            self.added.append(
                AddedArticle(
                    article_id=row.article_id,
                    event_id=row.event_id,
                    title=row.title,
                    title_from=admitted.original.title_from,
                    code_points=len(article.text),
                    source=article.place,
                    encoding=article.encoding,
                )
            )

    def _correct(self, article: Incoming, article_id: str) -> bool:
        """Note what is said anew of an article that is there; whether anything is."""
        row = self._there.get(article_id)
        if row is None:  # it came in a moment ago, from another place
            return False
        told = told_fields(article, self._defaults)
        named = replace(article, fields=article.fields | {"article_id": article_id})
        try:
            new = admit(named, self._defaults, ()).row
        except DataError as error:
            self._refuse(error)
            return True
        changed = {name: getattr(new, name) for name in told}
        changed = {name: value for name, value in changed.items() if value != getattr(row, name)}
        if not changed:
            return False
        self._there[article_id] = row.model_copy(update=changed)
        self.events.subtract([row.event_id])
        self.events.update([self._there[article_id].event_id])
        written = new.model_dump(mode="json", include=set(changed))
        self.changes[article_id] = self.changes.get(article_id, {}) | written
        self.updated.append(
            UpdatedArticle(
                article_id=article_id, source=article.place, fields=tuple(sorted(changed))
            )
        )
        return True

    def _refuse(self, error: DataError) -> None:
        self.faults.append(Fault(where=error.where, problem=error.problem, remedy=error.remedy))


def _keys_of(seeds: Path, rows: dict[str, ManifestRow]) -> dict[str, str]:
    """Article by key of its text; texts are read only where no record holds the key.

    Puts the rows into ``rows`` on its way, by article.
    """
    manifest = seeds / "manifest.jsonl"
    recorded = {record.article_id: record.text_key for record in read_originals(seeds)}
    keys: dict[str, str] = {}
    for _, row in read_manifest(manifest, may_be_empty=True):
        rows[row.article_id] = row
        key = recorded.get(row.article_id)
        if key is None:
            try:
                data = (seeds / row.path).read_bytes()
            except OSError as error:
                raise DataError(
                    f"the article's file cannot be read: {row.path} ({error.strerror})",
                    where=str(manifest),
                    remedy="put the file there, or correct the manifest, before adding more",
                ) from error
            key = text_key(decode_article(data, where=row.path))
        keys[key] = row.article_id
    return keys


def _lines(rows: Sequence[Model]) -> bytes:
    return "".join(row.model_dump_json() + "\n" for row in rows).encode("utf-8")


def _refusal(faults: Sequence[Fault]) -> DataError:
    first = faults[0]
    if len(faults) == 1:
        return DataError(
            f"{first.problem}; nothing was added",
            where=first.where,
            remedy=f"{first.remedy}; or add the others with --skip-faulty",
        )
    shown = "".join(f"\n    {fault.where}: {fault.problem}" for fault in faults[1:10])
    more = f"\n    … and {len(faults) - 10} more" if len(faults) > 10 else ""  # noqa: PLR2004
    remedies: dict[str, str] = {}
    for fault in faults:
        remedies.setdefault(fault.remedy, fault.where)
    others = "".join(
        f"\n    {where}: {remedy}" for remedy, where in list(remedies.items())[1:_REMEDIES]
    )
    return DataError(
        f"{len(faults)} files or rows cannot be added, so nothing was; the first: {first.problem}",
        where=f"{first.where}{shown}{more}",
        remedy=f"{first.remedy}; or add the others with --skip-faulty, which lists these{others}",
    )
