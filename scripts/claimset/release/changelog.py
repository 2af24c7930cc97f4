"""The data's changelog: one entry per release, in words and ids, oldest entries kept as written.

An entry carries no date: the same rows must give the same bytes on every day. The tag of the
release has one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from claimset.counting import counted
from claimset.models import WithdrawalKind
from claimset.release.markdown import code, escape
from claimset.release.version import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from claimset.models import Withdrawal
    from claimset.release.changes import Changes

__all__ = ["CHANGELOG_FILE", "changelog_entry", "extend_changelog"]

CHANGELOG_FILE = "CHANGELOG.md"

_HEADER = """# Changelog of the data

Written by `claimset build` from the rows of each release.
Claims and articles are named by their ids; the tags of two releases show every row.
"""
_NAMED = 200
"""Ids named in a line at most; more would bury the rest of a large release."""


def changelog_entry(
    version: str,
    change: Change,
    *,
    counts: Mapping[str, int],
    content_id: str,
    changes: Changes | None,
    withdrawn: Sequence[Withdrawal] = (),
    renamed: str | None = None,
) -> str:
    """The entry of one release.

    Args:
        version: The release's version.
        change: What kind of change it is.
        counts: The counts of its metadata.
        content_id: Its content id.
        changes: The difference to the release before; ``None`` for the first release.
        withdrawn: What was withdrawn with this release.
        renamed: The dataset's new name; ``None`` when it keeps its name.
    """
    if changes is None:
        claims, articles, annotations = (
            counted(counts[f"{noun}s"], noun) for noun in ("claim", "article", "annotation")
        )
        lines = [f"First release: {claims} of {articles} with {annotations}."]
    elif change is Change.CARD:
        lines = ["Only the card changed; every row is the one of the release before."]
    else:
        lines = list(_lines(changes, change))
    if renamed is not None:
        lines.append(
            f"The dataset is called {code(renamed)} now, also in the column `dataset` of "
            "`aggrefact`."
        )
    lines += [_withdrawal(record) for record in withdrawn]
    lines.append(f"Content id `{content_id}`.")
    return f"## {version}\n\n" + "".join(f"- {line}\n" for line in lines)


def extend_changelog(previous: str | None, entry: str) -> str:
    """The changelog with a new entry on top; what stood there stays as it is."""
    if previous is None:
        return f"{_HEADER}\n{entry}"
    head, mark, older = previous.partition("\n## ")
    return f"{head.rstrip()}\n\n{entry}{mark}{older}"


def _lines(changes: Changes, change: Change) -> Iterator[str]:
    if change is Change.SCHEMA:
        what = ", ".join(changes.columns) or "types or label sets changed"
        yield f"Columns or label sets differ, so code that reads the data may break: {what}."
    yield from _claim_lines(changes, others=change is not Change.SCHEMA)
    for table, noun in ((changes.annotations, "annotation"), (changes.articles, "article")):
        for done, ids in table:
            if ids:
                # Annotations are named by their claims; who gave them is nobody's first question.
                words = ids if noun == "article" else list(dict.fromkeys(i.split()[0] for i in ids))
                of = ": " if noun == "article" else " on "
                yield f"{counted(len(ids), noun)} {done}{of}{_ids(words)}."


def _claim_lines(changes: Changes, *, others: bool) -> Iterator[str]:
    """What happened to claims, the most telling change of each first.

    Args:
        changes: The difference.
        others: Name changes beside labels and evidence; with new columns every row has one.
    """
    moves = defaultdict(list)
    for item in changes.relabelled:
        moves[item.before, item.after].append(item.claim_id)
    told = {item.claim_id for item in changes.relabelled}
    evidence = [name for name in changes.evidence if name not in told]
    told |= {*changes.evidence, *changes.withdrawn}
    rest = [name for name in changes.claims.changed if name not in told] if others else []
    for ids, done in (
        (changes.claims.added, "added"),
        (changes.claims.removed, "removed"),
        (changes.withdrawn, "withdrawn"),
        *((ids, f"relabelled {old} → {new}") for (old, new), ids in sorted(moves.items())),
        (evidence, "with other evidence"),
        (rest, "with another change"),
    ):
        if ids:
            yield f"{counted(len(ids), 'claim')} {done}: {_ids(ids)}."


def _withdrawal(record: Withdrawal) -> str:
    if record.kind is WithdrawalKind.ANNOTATOR:
        what = (
            "The name of an annotator was erased"
            if record.renamed
            else ("The answers of an annotator were withdrawn")
        )
    else:
        what = f"The {record.kind} {code(record.id)} was withdrawn"
    return f"{what}: {escape(record.reason)}. Earlier releases still hold it."


def _ids(ids: Sequence[str]) -> str:
    named = ", ".join(f"`{name}`" for name in ids[:_NAMED])
    rest = len(ids) - _NAMED
    return named if rest <= 0 else f"{named} and {rest:,} more"
