"""The explained article on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from claimset.models import UnitKind
from claimset.reporting.console import closing, printable, stdout
from claimset.reporting.explain import MarkRole
from claimset.segmentation.checkworthiness import THRESHOLD

if TYPE_CHECKING:
    from rich.console import Console

    from claimset.models import Attribution, Claim
    from claimset.reporting.explain import Explanation, UnitView

__all__ = ["KIND_STYLES", "print_explained", "print_explanation"]

KIND_STYLES = {
    UnitKind.CLAIM: "blue",
    UnitKind.OPINION: "magenta",
    UnitKind.QUESTION: "cyan",
    UnitKind.HEADING: "bold",
    UnitKind.DATELINE: "yellow",
    UnitKind.SALUTATION: "green",
    UnitKind.SIGNATURE: "green",
    UnitKind.CAPTION: "bright_red",
    UnitKind.BOILERPLATE: "bright_black",
    UnitKind.METADATA: "yellow",
    UnitKind.FRAGMENT: "red",
}
"""The colour of each kind: of the sixteen that every terminal has."""

_MARK_STYLES = {
    MarkRole.SPEAKER: "bold underline",
    MarkRole.CUE: "underline",
    MarkRole.QUOTE: "italic",
    MarkRole.ANTECEDENT: "underline",
    MarkRole.UNSEEN: "reverse",
}
_INDENT = 5


def print_explained(explanation: Explanation, page: str) -> None:
    """Print the explanation on stdout, and on stderr where its page lies."""
    print_explanation(explanation, stdout())
    closing(f"explained {explanation.article.article_id} -> {page}")


def print_explanation(explanation: Explanation, console: Console) -> None:
    """Print the text coloured by kind, then each unit with its reasons.

    Nothing of the article is read as markup, and control characters are shown, not obeyed.
    """
    console.print(_legend(explanation))
    console.print()
    console.print(_coloured_text(explanation), soft_wrap=False)
    console.print()
    shared = _shared(explanation)
    for reason in sorted(shared):
        console.print(f"every claim: {printable(reason)}", markup=False)
    for view in explanation.units:
        _print_unit(view, console, shared)


def _shared(explanation: Explanation) -> frozenset[str]:
    """Reasons without a share that all claims have: said once, they are read."""
    own = [
        frozenset(reason.text for reason in view.reasons if reason.share is None)
        for view in explanation.units
        if view.claim is not None
    ]
    return frozenset.intersection(*own) if len(own) > 1 else frozenset()


def _legend(explanation: Explanation) -> Text:
    legend = Text()
    for kind, count in explanation.kinds.items():
        legend.append(f" {kind} {count} ", style=f"{KIND_STYLES[kind]} reverse")
        legend.append(" ")
    legend.append("\nspeaker", style="bold underline")
    legend.append(" ")
    legend.append("cue", style="underline")
    legend.append(" ")
    legend.append("quotation", style="italic")
    legend.append(" ")
    legend.append("in no other article", style="reverse")
    return legend


def _coloured_text(explanation: Explanation) -> Text:
    text = Text()
    for view in explanation.units:
        style = KIND_STYLES[view.unit.kind]
        text.append(printable(view.gap))
        text.append(f"[{view.number}]", style=f"{style} dim")
        for piece in view.pieces:
            marks = " ".join(_MARK_STYLES[role] for role in piece.roles)
            text.append(piece.text, style=f"{style} {marks}".strip())
    return text


def _print_unit(view: UnitView, console: Console, shared: frozenset[str]) -> None:
    unit, style = view.unit, KIND_STYLES[view.unit.kind]
    line = Text(f"{view.number:>3}  ", style="dim")
    line.append(str(unit.kind), style=f"{style} bold")
    line.append(f"  {unit.start}–{unit.end}  ", style="dim")
    line.append(printable(unit.reason))
    console.print(line)
    for detail in _details(view, shared):
        console.print(Padding(detail, (0, 0, 0, _INDENT)))


def _details(view: UnitView, shared: frozenset[str]) -> list[Text]:
    claim = view.claim
    if claim is None:
        return []
    lines = []
    if claim.checkworthiness is not None:
        score = Text("check-worthiness ")
        worth = claim.checkworthiness >= THRESHOLD
        score.append(f"{claim.checkworthiness:.2f}", style="bold" if worth else "dim")
        lines.append(score)
    for reason in view.reasons:
        if reason.share is None and reason.text in shared:
            continue
        share = "" if reason.share is None else f"{reason.share:+.1f}"
        style = "green" if (reason.share or 0) > 0 else "red"
        lines.append(Text.assemble((f"{share:>6} ", style), printable(reason.text)))
    lines += [_attribution(item) for item in claim.attributions]
    return lines + _links(view, claim)


def _attribution(item: Attribution) -> Text:
    line = Text("said by ")
    line.append(printable(item.speaker or "nobody named safely"), style="bold underline")
    if item.cue:
        line.append(", cue ").append(printable(item.cue), style="underline")
    for span in item.quote_spans:
        line.append(", ").append(printable(span.text), style="italic")
    return line


def _links(view: UnitView, claim: Claim) -> list[Text]:
    lines = []
    if view.linked:
        numbers = ", ".join(map(str, view.linked))
        lines.append(Text(f"the quotation goes on in unit {numbers}"))
    if claim.duplicate_of:
        where = f"unit {view.duplicate}" if view.duplicate else claim.duplicate_of
        lines.append(Text(f"repeats {where} ({claim.duplicate_score:.2f})"))
    for check in claim.quote_checks:
        outcome = check.outcome.replace("_", " ")
        lines.append(Text(f"quotation “{printable(check.quote.text)}”: {outcome}"))
    if claim.unseen:
        names = ", ".join(printable(span.text) for span in claim.unseen)
        lines.append(Text(f"in no other article of the event: {names}"))
    for clause in view.children:
        line = Text(f"says in part ({printable(clause.rule)}): ")
        line.append(printable(clause.text), style="bold")
        if clause.fault is not None:
            line.append(f" (not anchored: {printable(clause.fault)})", style="red")
        lines.append(line)
    return lines
