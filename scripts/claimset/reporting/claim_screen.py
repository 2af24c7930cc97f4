"""One claim in the terminal: where it stands, what it was judged to be, by whom and on what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from claimset.counting import counted
from claimset.reporting.console import stdout

if TYPE_CHECKING:
    from claimset.models import ReleasedAnnotation, ReleasedClaim
    from claimset.pipeline.showing import ShownClaim

__all__ = ["print_claim"]

_INDENT = 2


def print_claim(shown: ShownClaim) -> None:
    """The claim first, then one block for each answer."""
    out, claim = stdout(), shown.claim

    def say(text: str, depth: int = 1) -> None:
        out.print(Padding(Text(text), (0, 0, 0, depth * _INDENT)))

    out.print(Text(claim.claim_id, style="bold"), end="")
    out.print(f"  release {shown.version}, split {claim.split}")
    if shown.withdrawn is not None:
        say(f"withdrawn: {shown.withdrawn}")
    say(_quoted(claim.text, claim.text_sha256))
    for label, text in _facts(shown):
        say(f"{label:<9}{text}")
    for answer in shown.annotations:
        out.print()
        out.print(Text(_answer(answer)))
        for span in answer.evidence:
            say(f"{span.stance}  {_place(span)}")
            say(_quoted(span.text), 2)
        if answer.edited_claim:
            say(f"reworded: “{answer.edited_claim}”")
        if answer.justification:
            say(f"because: {answer.justification}")


def _facts(shown: ShownClaim) -> list[tuple[str, str]]:
    claim, article = shown.claim, shown.article
    found = [("stands", _place(claim))]
    if article is not None:
        told = (article.title, article.publisher, article.published_at, article.license)
        found.append(("article", "; ".join(str(part) for part in told if part)))
        if article.url:
            found.append(("", article.url))
    found += [("speaker", item.speaker) for item in claim.attributions if item.speaker]
    if claim.duplicate_of:
        found.append(("repeats", f"{claim.duplicate_of} ({claim.duplicate_method})"))
    if claim.parent_id:
        found.append(("from", claim.parent_id))
    if shown.withdrawn is None:
        found.append(("gold", _gold(claim)))
    since = f"since {claim.first_release}"
    if claim.last_changed_release != claim.first_release:
        since += f", as it is since {claim.last_changed_release}"
    found.append(("history", since))
    return found


def _gold(claim: ReleasedClaim) -> str:
    label = claim.gold_verdict or claim.gold_checkability or "none"
    votes = ", ".join(f"{item.count} {item.label}" for item in claim.label_distribution)
    decided = f" by {claim.adjudicator}" if claim.adjudicator else ""
    why = f" ({str(claim.error_category).replace('_', ' ')})" if claim.error_category else ""
    count = counted(claim.n_annotations, "vote")
    return f"{label}, {claim.gold_source}{decided}{why}; {count}: {votes or 'none'}"


def _answer(answer: ReleasedAnnotation) -> str:
    label = answer.verdict or answer.checkability or answer.status
    sure = f", {answer.confidence} confidence" if answer.confidence else ""
    given, changed = (
        f"{moment:%Y-%m-%d %H:%M}" for moment in (answer.created_at, answer.updated_at)
    )
    edited = "" if given == changed else f", edited {changed}"
    return (
        f"{answer.annotator}  {answer.role}: {label}{sure}; round {answer.round}, {given}{edited}"
    )


def _place(span: Any) -> str:
    return f"{span.article_id}[{span.start}:{span.end}]"


def _quoted(text: str | None, digest: str | None = None) -> str:
    if text is not None:
        return f"“{text}”"
    return f"(withheld; sha256 {digest})" if digest else "(withheld)"
