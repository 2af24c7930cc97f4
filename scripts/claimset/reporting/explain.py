"""An article taken apart: each unit with its kind, its reason, and all that its claim carries.

This is what both the terminal and the page show; nothing is computed here that the units and
claims do not already say.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from claimset.models import Article, Claim, Clause, Unit, UnitKind
from claimset.reporting.console import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Explanation", "MarkRole", "Piece", "Reason", "UnitView", "explain"]

_REASON = re.compile(r"([+-]\d+(?:\.\d+)?) (\S.*)", re.DOTALL)


class MarkRole(StrEnum):
    """What a part of a unit is to an attribution."""

    SPEAKER = "speaker"
    CUE = "cue"
    QUOTE = "quote"
    ANTECEDENT = "antecedent"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Piece:
    """A part of a unit's text that bears the same marks throughout.

    Attributes:
        text: The characters, printable.
        roles: What it is to the attributions of any claim, in alphabetical order.
        owners: Numbers of the units whose claims mark it.
    """

    text: str
    roles: tuple[MarkRole, ...]
    owners: tuple[int, ...]


@dataclass(frozen=True)
class Reason:
    """One reason of a score.

    Attributes:
        share: Points of log-odds; ``None`` when the reason names none.
        text: The feature in words.
    """

    share: float | None
    text: str


@dataclass(frozen=True)
class UnitView:
    """A unit as it is shown.

    Attributes:
        number: 1 for the first unit of the article.
        gap: The white space before it.
        unit: The unit itself.
        pieces: Its text, cut where marks begin and end.
        claim: The claim it is, if any.
        reasons: What made the claim's score, the heaviest first.
        linked: Numbers of the other units of the same quotation.
        duplicate: Number of the unit that it repeats; ``None`` when it repeats none here.
        children: Clauses derived from it.
    """

    number: int
    gap: str
    unit: Unit
    pieces: tuple[Piece, ...]
    claim: Claim | None
    reasons: tuple[Reason, ...]
    linked: tuple[int, ...]
    duplicate: int | None
    children: tuple[Clause, ...]


@dataclass(frozen=True)
class Explanation:
    """An article with everything segmentation knows of it.

    Attributes:
        article: The article.
        units: Its units in text order.
        rest: The white space after the last unit.
        kinds: Number of units of each kind that occurs, in the order of ``UnitKind``.
    """

    article: Article
    units: tuple[UnitView, ...]
    rest: str
    kinds: dict[UnitKind, int]


def explain(
    article: Article,
    units: Iterable[Unit],
    claims: Iterable[Claim],
    clauses: Iterable[Clause] = (),
) -> Explanation:
    """Put together what is known of each unit of an article.

    Args:
        article: The article.
        units: Its units in text order.
        claims: Its claims; fields that are not filled are left out of the view.
        clauses: What was derived from them.

    Raises:
        SpanError: A unit, a claim or a span is not the slice of the article that it says it is.
    """
    ordered = list(units)
    mine = [claim for claim in claims if claim.article_id == article.article_id]
    derived = [clause for clause in clauses if clause.article_id == article.article_id]
    rows: tuple[Unit | Claim | Clause, ...] = (*ordered, *mine, *derived)
    for row in rows:
        row.check(article.text, where=f"article {article.article_id}")
    number_at = {(unit.start, unit.end): n for n, unit in enumerate(ordered, start=1)}
    whole: dict[int, Claim] = {}
    for claim in mine:
        number = number_at.get((claim.start, claim.end))
        if number is not None:
            whole[number] = claim
    children: dict[str, list[Clause]] = defaultdict(list)
    for clause in derived:
        children[clause.parent_id].append(clause)
    number_of = {claim.claim_id: number for number, claim in whole.items()}
    together: dict[str, list[int]] = defaultdict(list)
    for number, claim in whole.items():
        if claim.quote_id is not None:
            together[claim.quote_id].append(number)
    marks = _marks_by_unit(ordered, whole)
    views, position = [], 0
    for number, unit in enumerate(ordered, start=1):
        found = whole.get(number)
        partners = together[found.quote_id] if found and found.quote_id else []
        views.append(
            UnitView(
                number=number,
                gap=article.text[position : unit.start],
                unit=unit,
                pieces=_pieces(unit, marks.get(number, ())),
                claim=found,
                reasons=_reasons(found),
                linked=tuple(partner for partner in partners if partner != number),
                duplicate=number_of.get(found.duplicate_of or "") if found else None,
                children=tuple(children[found.claim_id]) if found else (),
            )
        )
        position = unit.end
    counts = Counter(unit.kind for unit in ordered)
    return Explanation(
        article=article,
        units=tuple(views),
        rest=article.text[position:],
        kinds={kind: counts[kind] for kind in UnitKind if counts[kind]},
    )


def _reasons(claim: Claim | None) -> tuple[Reason, ...]:
    found = []
    for text in claim.checkworthiness_reasons if claim else ():
        parts = _REASON.fullmatch(text)
        found.append(Reason(float(parts[1]), parts[2]) if parts else Reason(None, text))
    return tuple(sorted(found, key=lambda reason: -abs(reason.share or 0)))


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    role: MarkRole
    owner: int


def _marks_of(claim: Claim, owner: int) -> list[_Mark]:
    spans = [(MarkRole.UNSEEN, span) for span in claim.unseen]
    for item in claim.attributions:
        spans += [(MarkRole.QUOTE, span) for span in item.quote_spans]
        for role, span in (
            (MarkRole.SPEAKER, item.speaker_span),
            (MarkRole.CUE, item.cue_span),
            (MarkRole.ANTECEDENT, item.antecedent),
        ):
            if span is not None:
                spans.append((role, span))
    return [_Mark(span.start, span.end, role, owner) for role, span in spans]


def _marks_by_unit(units: Sequence[Unit], claims: dict[int, Claim]) -> dict[int, list[_Mark]]:
    """Marks by the number of the unit they touch: a speaker may stand in another sentence."""
    starts = [unit.start for unit in units]
    touched: dict[int, list[_Mark]] = defaultdict(list)
    for owner, claim in claims.items():
        for mark in _marks_of(claim, owner):
            index = max(bisect_right(starts, mark.start) - 1, 0)
            while index < len(units) and units[index].start < mark.end:
                if units[index].end > mark.start:
                    touched[index + 1].append(mark)
                index += 1
    return touched


def _pieces(unit: Unit, marks: Sequence[_Mark]) -> tuple[Piece, ...]:
    """The unit's text cut at the borders of marks; one sweep, whatever their number."""
    edges: dict[int, list[tuple[_Mark, int]]] = defaultdict(list)
    for mark in marks:
        edges[max(mark.start, unit.start)].append((mark, 1))
        edges[min(mark.end, unit.end)].append((mark, -1))
    borders = sorted({unit.start, unit.end, *edges})
    roles: Counter[MarkRole] = Counter()
    owners: Counter[int] = Counter()
    pieces = []
    for start, end in itertools.pairwise(borders):
        for mark, step in edges.get(start, ()):
            roles[mark.role] += step
            owners[mark.owner] += step
        pieces.append(
            Piece(
                text=printable(unit.text[start - unit.start : end - unit.start]),
                roles=tuple(sorted(role for role, count in roles.items() if count)),
                owners=tuple(sorted(owner for owner, count in owners.items() if count)),
            )
        )
    return tuple(pieces)
