"""Claims: the units that are verified, named so that they are found again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from typing import TYPE_CHECKING

from claimset.identifiers import claim_id, hash_json
from claimset.models import Article, Attribution, Claim, Span, Unit, UnitKind
from claimset.segmentation.attribution import find_statements
from claimset.segmentation.checkworthiness import score_sentence
from claimset.segmentation.languages import language_of
from claimset.segmentation.methods import AttributionMethod
from claimset.segmentation.neutral_quotations import neutral_statements
from claimset.segmentation.parsing import PARSER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimset.segmentation.statements import Statement
    from claimset.segmentation.stretches import Range

__all__ = ["CONTEXT_WIDTH", "SEGMENTER_VERSION", "claims_of", "version_of"]

SEGMENTER_VERSION = "1.1"
"""Changes whenever the rules may give other units or claims for the same article."""

CONTEXT_WIDTH = 32
"""Code points kept before and after a claim, to find it again when its article changes."""

_LATER = {
    name: Claim.model_fields[name].default
    for name in (
        *("duplicate_of", "duplicate_score", "duplicate_method", "quote_checks", "unseen"),
        *("parent_id", "derived"),
    )
}
"""Fields that a claim does not have yet when it is cut."""

LONGEST_QUOTATION = 4_000
"""Code points of a quotation that every sentence in it carries whole; of a longer one, a sentence
carries its own part."""


def version_of(method: AttributionMethod, segmenter: str | None = None) -> str:
    """The version that claims carry.

    Args:
        method: How their speakers were found.
        segmenter: Name and version of the segmenter that cut the article, if not these rules.
    """
    made_by = segmenter or SEGMENTER_VERSION
    return made_by + (f"+{PARSER}" if method is AttributionMethod.PARSER else "")


def claims_of(
    article: Article,
    units: Iterable[Unit],
    method: AttributionMethod = AttributionMethod.RULES,
    *,
    version: str | None = None,
) -> list[Claim]:
    """The claims among an article's units, in text order, each with its attributions.

    A quotation over several sentences gives each of them the same attribution and ``quote_id``.
    In another language than English quotations have no speaker and claims no check-worthiness:
    both are read from English words.

    Args:
        article: The article.
        units: Its units in text order; the order fixes the occurrence number among equal texts.
        method: How speakers are found.
        version: What cut the article, as claims name it; default: the rules of this package.

    Raises:
        UsageError: The method needs an extra that is not installed.
    """
    version = version or version_of(method)
    language = language_of(article.language)
    unscored = None if language.is_english else (None, (_unscored(article.language),))
    units = list(units)
    text, article_id, event_id = article.text, article.article_id, article.event_id
    occurrences: Counter[str] = Counter()
    claims: list[Claim] = []
    for unit, (statements, quote_id) in zip(
        units, _attributed(article, units, method), strict=True
    ):
        if unit.kind is not UnitKind.CLAIM:
            continue
        start, end, sentence = unit.start, unit.end, unit.text
        score, reasons = unscored or score_sentence(sentence)
        claims.append(
            Claim.trusted(
                {
                    "start": start,
                    "end": end,
                    "text": sentence,
                    "article_id": article_id,
                    "claim_id": claim_id(article_id, sentence, occurrences[sentence]),
                    "event_id": event_id,
                    "prefix": text[max(0, start - CONTEXT_WIDTH) : start],
                    "suffix": text[end : end + CONTEXT_WIDTH],
                    "kind": UnitKind.CLAIM,
                    "attributions": tuple(
                        [_attribution(text, start, end, statement) for statement in statements]
                    ),
                    "quote_id": quote_id,
                    "checkworthiness": score,
                    "checkworthiness_reasons": reasons,
                    **_LATER,
                    "rule": unit.reason,
                    "segmenter_version": version,
                }
            )
        )
        occurrences[sentence] += 1
    return claims


def _unscored(tag: str) -> str:
    """What stands in place of features where nothing is scored."""
    return f"not scored: the features are English words, the article's language is {tag}"


def _attributed(
    article: Article, units: Sequence[Unit], method: AttributionMethod
) -> list[tuple[list[Statement], str | None]]:
    """The statements of each unit, and the name of the quotation that it shares with others."""
    places = [(unit.start, unit.end) for unit in units]
    statements = (
        find_statements(article.text, places, method)
        if language_of(article.language).is_english
        else neutral_statements(article.text, places)
    )
    starts = [unit.start for unit in units]
    ends = [unit.end for unit in units]
    of_unit: list[list[Statement]] = [[] for _ in units]
    of_utterance: dict[int, set[int]] = {}
    first_quote: dict[int, Range] = {}
    for statement in statements:
        inside: set[int] = set()
        for start, end in statement.quotes:
            inside.update(range(bisect_right(ends, start), bisect_left(starts, end)))
        if statement.utterance is not None:
            of_utterance.setdefault(statement.utterance, set()).update(inside)
            first_quote.setdefault(statement.utterance, statement.quotes[0])
        for index in sorted(inside):
            of_unit[index].append(statement)
    names: dict[int, str] = {}
    occurrences: Counter[str] = Counter()
    for utterance, inside in of_utterance.items():
        if len(inside) > 1:
            quoted = article.text[slice(*first_quote[utterance])]
            name = _quote_id(article.article_id, quoted, occurrences[quoted])
            occurrences[quoted] += 1
            names.update(dict.fromkeys(sorted(inside - names.keys()), name))
    return [(of_unit[index], names.get(index)) for index in range(len(units))]


def _quote_id(article_id: str, text: str, occurrence: int) -> str:
    """Name a quotation as a claim is named: it survives edits elsewhere in the article."""
    return "q_" + hash_json([article_id, text, occurrence])[:16]


def _attribution(text: str, start: int, end: int, statement: Statement) -> Attribution:
    """A statement as it is stored with the sentence ``text[start:end]``."""
    quotes = statement.quotes
    if sum([stop - first for first, stop in quotes]) > LONGEST_QUOTATION:
        quotes = [
            (max(first, start), min(stop, end))
            for first, stop in quotes
            if first < end and start < stop
        ]
    speaker, cue, antecedent = statement.speaker, statement.cue, statement.antecedent
    return Attribution.trusted(
        {
            "speaker": None if speaker is None else text[slice(*speaker)],
            "speaker_span": None if speaker is None else _span(text, *speaker),
            "cue": None if cue is None else text[slice(*cue)],
            "cue_span": None if cue is None else _span(text, *cue),
            "quote_spans": tuple([_span(text, *quote) for quote in quotes]),
            "quote_type": statement.quote_type,
            "antecedent": None if antecedent is None else _span(text, *antecedent),
        }
    )


def _span(text: str, start: int, end: int) -> Span:
    return Span.trusted({"start": start, "end": end, "text": text[start:end]})
