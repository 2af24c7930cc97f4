"""Names and numbers of a claim that stand in no source: where to look twice.

A fact about text, no verdict: the claim may be right and the sources silent. In doubt a name counts
as seen, since a flag on a name that the sources do have would teach annotators to ignore flags.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from claimset.evidence.names import CONNECTORS, ROLES, Name, find_names
from claimset.evidence.numbers import find_figures
from claimset.models import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimset.evidence.sources import Sources

__all__ = ["Mentions", "unseen_spans"]

_ACRONYM_MAXIMUM = 6
_SHORT_ACRONYM = 4
_PERSON_WORDS = (2, 3)
_ENDINGS = ("'s", "s", "n", "an", "ian", "ish", "ese")
_LEAST_STEM = 4
_SENTENCE_END = re.compile(r"[.!?:;]")


class Mentions:
    """What the sources of an event name and count, and in which articles.

    Args:
        sources: Their words.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._articles: dict[str, tuple[int, int]] = {}
        for number, article in enumerate(sources.articles):
            self._read_words(number)
            self._add((key for f in find_figures(article.text) for key in f.means), number)
            if article.published_at is not None:
                published = find_figures(article.published_at.isoformat())
                self._add((key for figure in published for key in figure.means), number)

    def _read_words(self, number: int) -> None:
        """Note words, pairs of words, surnames that stand alone, and initials of names."""
        found: set[str] = set()
        initials = before = ""
        before_is_capital = False
        for place in range(*self._sources.bounds(number)):
            written = _bare(self._sources.written[place])
            word, gap = written.casefold(), self._sources.between(place)
            if len(gap) > 1 and _SENTENCE_END.search(gap) and "." + gap[1:2] != ". ":
                before, initials, before_is_capital = "", "", False
            is_capital = written[0].isupper()
            found |= {f"word {word}", f"written {written}"}
            if not is_capital:
                found.add(f"small {word}")
            elif not before_is_capital or before in ROLES:
                found.add(f"alone {word}")
            if word in CONNECTORS and not is_capital:
                continue
            if before:
                found.add(f"pair {before} {word}")
            if is_capital:
                initials = (initials + written[0])[-_ACRONYM_MAXIMUM:]
                found |= {f"initials {initials[start:]}" for start in range(len(initials) - 1)}
            elif word not in ("and", "for"):
                initials = ""
            before, before_is_capital = word, is_capital
        self._add(found, number)

    def _add(self, keys: Iterable[str], article: int) -> None:
        # Two articles tell whether one other than the claim's own has a thing.
        for key in keys:
            first, second = self._articles.get(key, (article, article))
            self._articles[key] = (first, article if second == first else second)

    def elsewhere(self, key: str, own: int | None) -> bool:
        """Whether an article other than ``own`` has the thing."""
        return any(article != own for article in self._articles.get(key, ()))

    def has_name(self, name: Name, own: int | None) -> bool:
        """Whether an article other than ``own`` has the name, or a part that surely means it."""
        words = [word.casefold() for word in name.words]
        if len(words) == 1:
            return self._has_word(name.words[0], own)
        if all(self.elsewhere(f"pair {one} {other}", own) for one, other in pairwise(words)):
            return True
        if self.has_initials(name, own):
            return True
        if words[-1] in ROLES:  # an office is many words in many papers: Tory MP, home secretary
            return all(self._has_word(word, own) for word in words if word not in ROLES)
        # A person is called by the last name once it is known who is meant.
        return (
            len(words) in _PERSON_WORDS
            and self.elsewhere(f"alone {words[-1]}", own)
            and not self.elsewhere(f"small {words[-1]}", own)
        )

    def has_initials(self, name: Name, own: int | None) -> bool:
        """Whether an article other than ``own`` has the name's initials as a word."""
        return any(self.elsewhere(f"written {acronym}", own) for acronym in _acronyms(name))

    def _has_word(self, written: str, own: int | None) -> bool:
        if written.isupper() and len(written) <= _ACRONYM_MAXIMUM:
            if self.elsewhere(f"written {written}", own):
                return True
            if self.elsewhere(f"initials {written}", own):
                return True
            if len(written) <= _SHORT_ACRONYM:  # US is not us
                return False
        word = written.casefold()
        forms = {word} | {word + ending for ending in _ENDINGS}
        forms |= {
            word.removesuffix(ending)
            for ending in _ENDINGS
            if len(word) - len(ending) >= _LEAST_STEM
        }
        return any(self.elsewhere(f"word {form}", own) for form in forms)


def unseen_spans(
    claim_text: str, claim_start: int, mentions: Mentions, *, without: int | None = None
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
    places = [
        (figure.start, figure.end)
        for figure in find_figures(claim_text)
        if not figure.vague and not any(mentions.elsewhere(key, without) for key in figure.seeks)
    ]
    figures = list(places)
    names = find_names(claim_text)
    for name, after in zip(names, (*names[1:], None), strict=False):
        # The first half of "Public and Commercial Services", which the sources call PCS.
        part = after is not None and after.before == name.words[-1]
        if mentions.has_name(name, without) or (
            after is not None and part and mentions.has_initials(after, without)
        ):
            continue
        if not any(name.start < end and start < name.end for start, end in figures):
            places.append((name.start, name.end))
    return tuple(
        Span(start=claim_start + start, end=claim_start + end, text=claim_text[start:end])
        for start, end in sorted(places)
    )


def _acronyms(name: Name) -> set[str]:
    """Initials of the name, of its first three words or more, with and without the one before."""
    found = {"".join(word[0] for word in name.words).upper()}
    if name.before:
        initials = name.before[0] + "".join(word[0] for word in name.words)
        found |= {initials[:size].upper() for size in range(3, len(initials) + 1)}
    return found


def _bare(word: str) -> str:
    return word.removesuffix("'s").removesuffix("’s")
