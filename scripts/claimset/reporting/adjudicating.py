"""How the disagreements stand, and where each adjudicator decides, for the lead's terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from claimset.reporting.console import stderr, stdout
from claimset.reporting.tables import print_list

if TYPE_CHECKING:
    from claimset.pipeline.disputed import AdjudicateResult

__all__ = ["print_adjudicated"]

_WIDTH = 70
_LISTED = 40
_STATES = {
    "unsent": "not sent",
    "open": "open",
    "decided": "decided",
    "cannot_be_decided": "cannot be decided",
}


def print_adjudicated(result: AdjudicateResult) -> None:
    """Each disagreement with its votes and how far its decision is."""
    out = stdout()
    if result.disputes:
        table = Table(box=None, header_style="bold")
        table.add_column("claim", ratio=3)
        table.add_column("votes", ratio=2)
        table.add_column("state")
        for dispute in result.disputes[:_LISTED]:
            votes = ", ".join(f"{count} {label}" for label, count in dispute.votes.items())
            state = _STATES[dispute.state]
            if dispute.state == "decided":
                state = f"{dispute.label} by {dispute.adjudicator}"
            elif dispute.adjudicator and len(result.dockets) > 1:
                state = f"{state}, {dispute.adjudicator}"
            shown = textwrap.shorten(dispute.text, _WIDTH, placeholder=" …")
            table.add_row(Text(shown), Text(votes), Text(state))
        out.print(table)
        if len(result.disputes) > _LISTED:
            out.print(f"… and {len(result.disputes) - _LISTED} more (--json lists all)")
    counts = ", ".join(
        f"{number} {words}"
        for state, words in _STATES.items()
        if (number := sum(dispute.state == state for dispute in result.disputes))
    )
    out.print(f"{len(result.disputes)} disagreements{': ' if counts else ''}{counts}")
    if result.waiting:
        out.print(f"{result.waiting} more claims have differing votes, but too few yet")
    if result.pulled is not None and result.pulled.adjudication is not None:
        found = result.pulled.adjudication
        if found.changed:
            out.print(
                f"read {found.new} new decisions, {found.edited} edited, {found.deleted} deleted"
            )
        print_list("decisions cannot be used as they stand:", found.rejected)
    print_list("claims with an open task do not differ any more:", result.agreed)
    print_list(
        "may be decided by none of the adjudicators named:",
        tuple(f"{item.claim_id}: {'; '.join(item.refused)}" for item in result.unassigned),
    )
    _print_next(result)


def _print_next(result: AdjudicateResult) -> None:
    err = stderr()
    if result.dry_run:
        err.print(
            f"{result.sent} would be sent, {result.unchanged} unchanged; nothing was sent "
            "(next: the same without --dry-run)",
            soft_wrap=True,
        )
        return
    if not result.dockets:
        waiting = sum(dispute.state == "unsent" for dispute in result.disputes)
        if waiting:
            err.print(
                f"{waiting} have no adjudicator yet: name somebody who did not vote on them "
                "(next: claimset adjudicate --by NAME)",
                soft_wrap=True,
            )
        return
    for docket in result.dockets:
        where = f": {docket.url}" if docket.url else ""
        err.print(f"{docket.account} decides {docket.claims}{where}", markup=False, soft_wrap=True)
    err.print(
        f"{result.sent} sent, {result.unchanged} unchanged -> project {result.project_id}, round "
        f"{result.adjudication} (next: decide there, then claimset adjudicate)",
        markup=False,
        soft_wrap=True,
    )
