"""What was withdrawn or restored, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.counting import counted
from claimset.reporting.console import stdout

if TYPE_CHECKING:
    from claimset.pipeline.withdrawing import WithdrawResult
    from claimset.release.hydrating import HydrateResult

__all__ = ["print_hydrated", "print_withdrawn"]

_NAMED = 10


def print_withdrawn(result: WithdrawResult) -> None:
    """What was withdrawn, and what still holds it."""
    out = stdout()
    verb = "would be" if result.build is None else "are"
    if result.renamed:
        out.print(
            f"{counted(result.annotations, 'answer')} {verb} kept under the name {result.renamed}",
            markup=False,
        )
    else:
        claims, answers = counted(result.claims, "claim"), counted(result.annotations, "answer")
        out.print(f"{claims} and {answers} {verb} withdrawn")
    if result.quoted:
        out.print(
            "its words stay where others quote them as evidence, in "
            f"{counted(result.quoted, 'answer')} to other claims; to take them out there, too, "
            "withdraw its article",
            markup=False,
            soft_wrap=True,
        )
    if result.still_held:
        out.print(
            f"these releases still hold them: {', '.join(result.still_held)}; to remove them there,"
            " delete their git and Hub tags and history, and ask who has copies",
            markup=False,
            soft_wrap=True,
        )
    if result.build is None:
        out.print("dry run: nothing was written")
    else:
        out.print(f"release {result.build.version} -> dataset/", markup=False)


def print_hydrated(result: HydrateResult) -> None:
    """What was restored."""
    out = stdout()
    out.print(f"{len(result.restored)} texts restored, {result.spans_checked} spans checked")
    if result.missing:
        named = ", ".join(result.missing[:_NAMED])
        more = f" and {len(result.missing) - _NAMED} more" if len(result.missing) > _NAMED else ""
        out.print(f"{len(result.missing)} not found: {named}{more}", markup=False, soft_wrap=True)
    out.print(
        f'release {result.version} -> {result.path} (next: claimset.loading.load("{result.path}"))',
        markup=False,
        soft_wrap=True,
    )
