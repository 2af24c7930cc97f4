"""Names and numbers of a claim that stand in no source: where to look twice.

A fact about text, no verdict: the claim may be right and the sources silent. In doubt a name counts
as seen, since a flag on a name that the sources do have would teach annotators to ignore flags.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from claimset.evidence.lists import ROLES
from claimset.evidence.mentions import INITIALS_MAXIMUM, Mentions
from claimset.evidence.names import Name, find_names
from claimset.evidence.numbers import find_figures
from claimset.evidence.reading import Words
from claimset.models import Span

if TYPE_CHECKING:
    from claimset.evidence.numbers import Figure

__all__ = ["unseen_spans"]

_SHORT_ACRONYM = 4
_PERSON_WORDS = (2, 3)
_ENDINGS = ("'s", "s", "n", "an", "ian", "ish", "ese")
_LEAST_STEM = 4


def unseen_spans(
    claim_text: str | Words, claim_start: int, mentions: Mentions, *, without: int | None = None
) -> tuple[Span, ...]:
    """Names and numbers of a claim that stand in no source.

    Args:
        claim_text: The claim.
        claim_start: Where it begins in its article.
        mentions: What the sources have.
        without: Number of the claim's own article among the sources.

    Returns:
        Spans in the claim's article, in order, without overlap.
    """
    words = Words(claim_text) if isinstance(claim_text, str) else claim_text
    places = [
        (figure.start, figure.end)
        for figure in find_figures(words)
        if not figure.vague and not _has_figure(mentions, figure, without)
    ]
    figures = list(places)
    names = find_names(words)
    for name, after in zip(names, (*names[1:], None), strict=False):
        # The first half of "Public and Commercial Services", which the sources call PCS.
        part = after is not None and after.before == name.words[-1]
        if _has_name(mentions, name, without) or (
            after is not None and part and _has_initials(mentions, after, without)
        ):
            continue
        if not any(name.start < end and start < name.end for start, end in figures):
            places.append((name.start, name.end))
    return tuple(
        [
            Span.trusted(
                {
                    "start": claim_start + start,
                    "end": claim_start + end,
                    "text": words.text[start:end],
                }
            )
            for start, end in sorted(places)
        ]
    )


def _has_figure(mentions: Mentions, figure: Figure, own: int | None) -> bool:
    """Whether an article other than ``own`` has the number or date."""
    return any(mentions.figure(key, own) for key in figure.seeks)


def _has_name(mentions: Mentions, name: Name, own: int | None) -> bool:
    """Whether an article other than ``own`` has the name, or a part that surely means it."""
    if len(name.words) == 1:
        return _has_word(mentions, name.words[0], own)
    words = [word.casefold() for word in name.words]
    if all(mentions.pair(one, other, own) for one, other in pairwise(words)):
        return True
    if _has_initials(mentions, name, own):
        return True
    if words[-1] in ROLES:  # an office is many words in many papers: Tory MP, home secretary
        return all(_has_word(mentions, word, own) for word in words if word not in ROLES)
    # A person is called by the last name once it is known who is meant.
    return (
        len(words) in _PERSON_WORDS
        and mentions.surname(words[-1], own)
        and not mentions.small(words[-1], own)
    )


def _has_initials(mentions: Mentions, name: Name, own: int | None) -> bool:
    """Whether an article other than ``own`` has the name's initials as a word."""
    return any(mentions.written(acronym, own) for acronym in _acronyms(name))


def _has_word(mentions: Mentions, written: str, own: int | None) -> bool:
    if written.isupper() and len(written) <= INITIALS_MAXIMUM:
        if mentions.written(written, own):
            return True
        if mentions.initials(written, own):
            return True
        if len(written) <= _SHORT_ACRONYM:  # US is not us
            return False
    word = written.casefold()
    if mentions.word(word, own):
        return True
    forms = {word + ending for ending in _ENDINGS}
    forms |= {
        word.removesuffix(ending) for ending in _ENDINGS if len(word) - len(ending) >= _LEAST_STEM
    }
    return any(mentions.word(form, own) for form in forms)


def _acronyms(name: Name) -> set[str]:
    """Initials of the name, of its first three words or more, with and without the one before."""
    found = {"".join([word[0] for word in name.words]).upper()}
    if name.before:
        initials = name.before[0] + "".join([word[0] for word in name.words])
        found |= {initials[:size].upper() for size in range(3, len(initials) + 1)}
    return found
