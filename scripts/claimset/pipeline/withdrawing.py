"""Withdraw: a release without an article, a claim or an annotator, and a tombstone for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.models import Model, Withdrawal, WithdrawalKind
from claimset.pipeline.releasing import build
from claimset.pipeline.reporter import Reporter, silent
from claimset.release.builder import BuildResult
from claimset.release.changelog import CHANGELOG_FILE
from claimset.release.rights import annotator_digest
from claimset.release.sources import open_release

if TYPE_CHECKING:
    from claimset.release.reader import Release
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["WithdrawResult", "withdraw"]

_VERSION = re.compile(r"^## (\d+)\.(\d+)\.(\d+)$", re.MULTILINE)


class WithdrawResult(Model):
    """What was withdrawn."""

    kind: WithdrawalKind
    """Article, claim or annotator."""
    claims: int
    """Claims that become tombstones."""
    annotations: int
    """Answers that are left out, or kept under another name."""
    renamed: str | None
    """The name under which the answers of an erased annotator stay; null when they are gone."""
    quoted: int
    """Answers to other claims that go on quoting words of the withdrawn claim as evidence."""
    still_held: tuple[str, ...]
    """Earlier versions that still hold what was withdrawn."""
    build: BuildResult | None
    """The release that was made; null for a dry run."""


def withdraw(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter = silent,
    *,
    kind: WithdrawalKind,
    name: str,
    reason: str,
    keep_answers: bool = False,
    dry_run: bool = False,
) -> WithdrawResult:
    """Make a release without something, and keep a tombstone so that it stays away.

    Args:
        workspace: Must have been segmented and pulled; what else changed is released with it.
        settings: Names the dataset.
        reporter: Told what happens.
        kind: What is withdrawn.
        name: Id of the article or claim, or pseudonym of the annotator.
        reason: Why, in words that may be published.
        keep_answers: Of an annotator, erase only the pseudonym.
        dry_run: Look only.

    Raises:
        UsageError: The last release does not hold it, or the reason is blank.
        CheckFailed: As :func:`claimset.pipeline.build`.
    """
    if not reason.strip():
        raise UsageError("the reason is blank", where="--reason", remedy="say why in a few words")
    if keep_answers and kind is not WithdrawalKind.ANNOTATOR:
        raise UsageError(
            "only of an annotator can the answers be kept",
            where="--keep-answers",
            remedy="leave it out, or withdraw an annotator",
        )
    release = open_release(workspace.dataset)
    claims, annotations, first = _touched(release, kind, name)
    renamed = _next_name(release) if keep_answers else None
    record = Withdrawal(
        kind=kind,
        id=annotator_digest(name) if kind is WithdrawalKind.ANNOTATOR else name,
        reason=reason.strip(),
        since=release.metadata.version,  # the build puts its own in place of it
        renamed=renamed,
    )
    history = (workspace.dataset / CHANGELOG_FILE).read_text("utf-8")
    result = WithdrawResult(
        kind=kind,
        claims=claims,
        annotations=annotations,
        renamed=renamed,
        quoted=_quoting(release, name) if kind is WithdrawalKind.CLAIM else 0,
        still_held=tuple(
            ".".join(map(str, version)) for version in _versions(history) if version >= first
        ),
        build=None,
    )
    if dry_run:
        return result
    built = build(workspace, settings, reporter, withdraw=(record,))
    return result.model_copy(update={"build": built})


def _touched(release: Release, kind: WithdrawalKind, name: str) -> tuple[int, int, tuple[int, ...]]:
    """Claims and answers that are withdrawn, and the first version that held them."""
    claims = [row for row in release.rows("claims") if row["status"] == "active"]
    answers = release.rows("annotations")
    if kind is WithdrawalKind.ANNOTATOR:
        gone: list[dict[str, str]] = []
        named = [row for row in answers if row["annotator"] == name]
        judged = {row["claim_id"] for row in named}
        first = [row["first_release"] for row in claims if row["claim_id"] in judged]
    else:
        key = "claim_id" if kind is WithdrawalKind.CLAIM else "article_id"
        gone = [row for row in claims if row[key] == name]
        ids = {row["claim_id"] for row in gone}
        named = [row for row in answers if row["claim_id"] in ids]
        first = [row["first_release"] for row in gone]
    known = bool(gone or named)
    if kind is WithdrawalKind.ARTICLE:
        known |= any(row["article_id"] == name for row in release.rows("articles"))
    if not known:
        raise UsageError(
            f"release {release.metadata.version} holds no {kind} {name!r}",
            where=str(release.folder),
            remedy="look its id up in the release; what was withdrawn before stands in "
            "release.json",
        )
    return len(gone), len(named), min(map(_numbers, first), default=(0,))


def _quoting(release: Release, claim_id: str) -> int:
    """Answers to other claims with evidence that touches a claim."""
    claim = next(row for row in release.rows("claims") if row["claim_id"] == claim_id)
    return sum(
        any(
            span["article_id"] == claim["article_id"]
            and span["start"] < claim["end"]
            and claim["start"] < span["end"]
            for span in row["evidence"]
        )
        for row in release.rows("annotations")
        if row["claim_id"] != claim_id
    )


def _next_name(release: Release) -> str:
    used = {record.renamed for record in release.metadata.withdrawn}
    number = 1
    while f"erased-{number}" in used:
        number += 1
    return f"erased-{number}"


def _versions(history: str) -> list[tuple[int, ...]]:
    """The versions that a changelog of the data tells of, oldest first."""
    return sorted(tuple(map(int, found)) for found in _VERSION.findall(history))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
