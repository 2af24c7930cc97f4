"""Names and numbers of a claim that stand in no source: where to look twice.

A fact about text, no verdict: the claim may be right and the sources silent. In doubt a name counts
as seen, since a flag on a name that the sources do have would teach annotators to ignore flags.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from claimset.evidence.names import CONNECTORS, ROLES, Name, find_names
from claimset.evidence.numbers import Figure, find_figures
from claimset.models import Span

if TYPE_CHECKING:
    from claimset.evidence.sources import Sources

__all__ = ["Mentions", "unseen_spans"]

_ACRONYM_MAXIMUM = 6
_SHORT_ACRONYM = 4
_PERSON_WORDS = (2, 3)
_ENDINGS = ("'s", "s", "n", "an", "ian", "ish", "ese")
_LEAST_STEM = 4
_SENTENCE_END = re.compile(r"[.!?:;]")

_Key = str | tuple[str, str]


class _Form(NamedTuple):
    """What a word's form tells, wherever the word stands."""

    written: str
    """The word without a possessive ending."""
    word: str
    is_capital: bool
    connects: bool


@lru_cache(maxsize=2**14)
def _form(word: str) -> _Form:
    written = word.removesuffix("'s").removesuffix("’s")
    folded, is_capital = written.casefold(), written[0].isupper()
    return _Form(written, folded, is_capital, folded in CONNECTORS and not is_capital)


class _Holders:
    """Which articles hold a thing; two of them tell whether one other than a claim's own does."""

    def __init__(self) -> None:
        self._first: dict[_Key, int] = {}
        self._second: dict[_Key, int] = {}

    def add(self, keys: set[_Key], article: int) -> None:
        """Note what an article holds; each article comes once."""
        again = keys & self._first.keys()
        self._second |= dict.fromkeys(again - self._second.keys(), article)
        self._first |= dict.fromkeys(keys - again, article)

    def elsewhere(self, key: _Key, own: int | None) -> bool:
        """Whether an article other than ``own`` has the thing."""
        return self._first.get(key, own) != own or self._second.get(key, own) != own


class Mentions:
    """What the sources of an event name and count, and in which articles.

    Args:
        sources: Their words.
    """

    def __init__(self, sources: Sources) -> None:
        self._words = _Holders()
        self._written = _Holders()
        self._small = _Holders()
        self._alone = _Holders()
        self._pairs = _Holders()
        self._initials = _Holders()
        self._figures = _Holders()
        for number, article in enumerate(sources.articles):
            self._read_words(sources.words_of(number), number)
            texts = [article.text]
            if article.published_at is not None:
                texts.append(article.published_at.isoformat())
            figures = [figure for text in texts for figure in find_figures(text)]
            self._figures.add({key for figure in figures for key in figure.means}, number)

    def _read_words(self, words: list[tuple[str, str]], article: int) -> None:
        """Note words, pairs of words, surnames that stand alone, and initials of names."""
        alone: set[_Key] = set()
        pairs: set[_Key] = set()
        acronyms: set[_Key] = set()
        initials = before = ""
        before_is_capital = False
        forms = [_form(word) for word, _ in words]
        for (written, word, is_capital, connects), (_, gap) in zip(forms, words, strict=True):
            if len(gap) > 1 and gap[1] != " " and _SENTENCE_END.search(gap):
                before, initials, before_is_capital = "", "", False
            if is_capital and (not before_is_capital or before in ROLES):
                alone.add(word)
            if connects:
                continue
            if before:
                pairs.add((before, word))
            if is_capital:
                initials = (initials + written[0])[-_ACRONYM_MAXIMUM:]
                acronyms.update([initials[start:] for start in range(len(initials) - 1)])
            elif word not in ("and", "for"):
                initials = ""
            before, before_is_capital = word, is_capital
        self._words.add({form.word for form in forms}, article)
        self._written.add({form.written for form in forms}, article)
        self._small.add({form.word for form in forms if not form.is_capital}, article)
        self._alone.add(alone, article)
        self._pairs.add(pairs, article)
        self._initials.add(acronyms, article)

    def has_figure(self, figure: Figure, own: int | None) -> bool:
        """Whether an article other than ``own`` has the number or date."""
        return any(self._figures.elsewhere(key, own) for key in figure.seeks)

    def has_name(self, name: Name, own: int | None) -> bool:
        """Whether an article other than ``own`` has the name, or a part that surely means it."""
        words = [word.casefold() for word in name.words]
        if len(words) == 1:
            return self._has_word(name.words[0], own)
        if all(self._pairs.elsewhere(pair, own) for pair in pairwise(words)):
            return True
        if self.has_initials(name, own):
            return True
        if words[-1] in ROLES:  # an office is many words in many papers: Tory MP, home secretary
            return all(self._has_word(word, own) for word in words if word not in ROLES)
        # A person is called by the last name once it is known who is meant.
        return (
            len(words) in _PERSON_WORDS
            and self._alone.elsewhere(words[-1], own)
            and not self._small.elsewhere(words[-1], own)
        )

    def has_initials(self, name: Name, own: int | None) -> bool:
        """Whether an article other than ``own`` has the name's initials as a word."""
        return any(self._written.elsewhere(acronym, own) for acronym in _acronyms(name))

    def _has_word(self, written: str, own: int | None) -> bool:
        if written.isupper() and len(written) <= _ACRONYM_MAXIMUM:
            if self._written.elsewhere(written, own):
                return True
            if self._initials.elsewhere(written, own):
                return True
            if len(written) <= _SHORT_ACRONYM:  # US is not us
                return False
        word = written.casefold()
        if self._words.elsewhere(word, own):
            return True
        forms = {word + ending for ending in _ENDINGS}
        forms |= {
            word.removesuffix(ending)
            for ending in _ENDINGS
            if len(word) - len(ending) >= _LEAST_STEM
        }
        return any(self._words.elsewhere(form, own) for form in forms)


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
        if not figure.vague and not mentions.has_figure(figure, without)
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
