"""Segmenters: what cuts an article into units, the rules of this package or somebody else's.

A segmenter says where units lie and what kind each is. Everything that must be the same whoever
cuts (ids, context, attributions, checks of positions) is made here from that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from claimset.errors import ClaimsetError, DataError, SpanError, UsageError
from claimset.models import Article, Unit, UnitKind
from claimset.segmentation.claims import SEGMENTER_VERSION
from claimset.segmentation.methods import RULES
from claimset.segmentation.units import find_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Derived", "Segmentation", "Segmenter", "cut_article", "rules_segmenter"]


class Derived(NamedTuple):
    """A claim that is put together from a sentence, beside it.

    Attributes:
        parent: First code point of the unit it is derived from; that must be a claim.
        text: Its wording.
        spans: The words of the article that it rests on: half-open, in text order, without
            overlap. Empty where none were found; it is then stored as not anchored.
        rule: What derived it, in words.
        fault: Why it is not anchored.
    """

    parent: int
    text: str
    spans: Sequence[tuple[int, int]]
    rule: str
    fault: str | None = None


class Segmentation(NamedTuple):
    """What a segmenter made of an article.

    Attributes:
        units: In text order, without overlap. What lies in none of them becomes fragments.
        derived: Claims beside those units.
    """

    units: Sequence[Unit]
    derived: Sequence[Derived] = ()


@runtime_checkable
class Segmenter(Protocol):
    """Cuts articles; found by its name in the entry points `claimset.segmenters`.

    The entry point names a function that takes the settings of the workspace for this segmenter
    (a mapping, often empty) and returns one. `segment` must be a function of the article alone:
    what it gives is kept until name, version, settings or article change.
    """

    @property
    def name(self) -> str:
        """The name of its entry point."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever it may give something else for the same article."""
        ...

    def segment(self, article: Article) -> Segmentation:
        """Cut one article."""
        ...


class _Rules:
    """The rules of this package."""

    name = RULES
    version = SEGMENTER_VERSION

    def segment(self, article: Article) -> Segmentation:
        return Segmentation(find_units(article))


def rules_segmenter(settings: Mapping[str, Any]) -> Segmenter:
    """The built-in segmenter, as its entry point gives it.

    Raises:
        UsageError: Settings are given; it has none.
    """
    if settings:
        raise UsageError(
            f"the segmenter {RULES} has no settings: {', '.join(sorted(settings))}",
            where=f"segmenter_settings.{RULES}",
            remedy="remove them",
        )
    return _Rules()


def cut_article(segmenter: Segmenter, article: Article) -> Segmentation:
    """Let a segmenter cut an article, and check what it gives as anything from outside.

    Args:
        segmenter: The segmenter.
        article: The article.

    Returns:
        Units that cover every character but white space, and what was derived.

    Raises:
        SpanError: A position is not as it must be.
        DataError: The segmenter failed, or gave something else than it should.
    """
    if isinstance(segmenter, _Rules):
        return segmenter.segment(article)  # checks itself
    where = f"article {article.article_id}, segmenter {segmenter.name} {segmenter.version}"
    try:
        found = segmenter.segment(article)
        units, derived = list(found.units), list(found.derived)
    except ClaimsetError:
        raise
    except Exception as error:
        raise DataError(
            f"the segmenter failed: {type(error).__name__}: {str(error)[:200]}",
            where=where,
            remedy="report it to the segmenter's makers, or leave such articles out with "
            "--quarantine",
        ) from error
    _check_units(units, article, where)
    starts = {unit.start for unit in units if unit.kind is UnitKind.CLAIM}
    for item in derived:
        _check_derived(item, article, starts, where)
    return Segmentation(_without_gaps(units, article, segmenter.name), derived)


_REMEDY = "report it to the segmenter's makers, or leave such articles out with --quarantine"


def _check_units(units: Sequence[Any], article: Article, where: str) -> None:
    position = 0
    for number, unit in enumerate(units):
        if not isinstance(unit, Unit):
            raise DataError(
                f"unit {number} is a {type(unit).__name__}, not a claimset.models.Unit",
                where=where,
                remedy=_REMEDY,
            )
        try:  # what was put together without checks is checked now
            Unit.model_validate(dict(unit.__dict__))
        except ValueError as error:
            fault = str(error).splitlines()[-2].strip()
            raise DataError(f"unit {number}: {fault}", where=where, remedy=_REMEDY) from error
        if unit.article_id != article.article_id:
            raise DataError(
                f"unit {number} belongs to the article {unit.article_id!r}",
                where=where,
                remedy=_REMEDY,
            )
        unit.check(article.text, where=where)
        if not unit.text.strip():
            raise SpanError(f"unit {number} holds white space only", where=where, remedy=_REMEDY)
        if unit.start < position:
            raise SpanError(
                f"unit {number} begins at {unit.start}, before the one before it ends ({position})",
                where=where,
                remedy=_REMEDY,
            )
        position = unit.end


def _check_derived(item: Derived, article: Article, starts: set[int], where: str) -> None:
    if item.parent not in starts:
        raise SpanError(
            f"a derived claim names the unit at {item.parent}, where no claim begins",
            where=where,
            remedy=_REMEDY,
        )
    position = 0
    for start, end in item.spans:
        if not position <= start < end <= len(article.text):
            raise SpanError(
                f"a derived claim has the span [{start}, {end}), which overlaps another one or "
                "lies outside the article",
                where=where,
                remedy=_REMEDY,
            )
        position = end
    if not item.text.strip() or not item.rule:
        raise DataError("a derived claim has no text or no rule", where=where, remedy=_REMEDY)


def _without_gaps(units: Sequence[Unit], article: Article, name: str) -> list[Unit]:
    """The units, with what lies between them as fragments: nothing is dropped."""
    whole: list[Unit] = []
    position = 0
    text = article.text
    for start, end, unit in (
        *((unit.start, unit.end, unit) for unit in units),
        (len(text), len(text), None),
    ):
        gap = text[position:start]
        rest = gap.strip()
        if rest:
            first = position + len(gap) - len(gap.lstrip())
            whole.append(
                Unit(
                    start=first,
                    end=first + len(rest),
                    text=rest,
                    article_id=article.article_id,
                    kind=UnitKind.FRAGMENT,
                    reason=f"left out by the segmenter {name}",
                )
            )
        if unit is not None:
            whole.append(unit)
        position = end
    return whole
