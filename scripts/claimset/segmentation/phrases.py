"""Phrases: noun phrases, recognised by the kinds of their words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from claimset.segmentation.words import Words

__all__ = ["NAME", "Phrase", "Phrases"]

_BOUNDARY = frozenset("Q,;:-(.sVGBbwxh")
_LONGEST = 15
NAME = re.compile(r"N{2,4}")
"""A name of several words, in kinds."""
# A noun phrase read from its first word: determiner, modifiers, nouns, and what "of", "for", "at"
# or "from" hang on it.
_FORWARD = re.compile(
    r"[dm]?[en#t]{0,6}N+(?:oN+|od[nN]*[tN])?(?:cN+)?"
    r"|[dm][en#t]*[nt](?:o[dm]?[entN#]+)*"
    r"|m(?:o[dm]?[entN]+)?"
    r"|[nt]*t(?:o[dm]?[entN#]+)*"
    r"|p"
)
_JOINED_LEFT = re.compile(r"[dt]*N+|d[nN]{0,2}t|t")


class Phrase(NamedTuple):
    """A noun phrase: the numbers of its first token and of the token after its last."""

    first: int
    stop: int


class Phrases:
    """Reads the noun phrases of one stretch of text."""

    def __init__(self, words: Words) -> None:
        """Read no further than the words."""
        self._words = words
        self._kinds = words.kinds

    def ending_at(self, last: int) -> Phrase | None:  # noqa: C901 - a ladder of rules
        """The noun phrase that ends with a token."""
        kinds = self._kinds
        if last < 0 or kinds[last] not in "NntpmT#)":
            return None
        if kinds[last] == ")":
            last = kinds.rfind("(", 0, last) - 1
            if last < 0:
                return None
        if kinds[last] == "p":
            return Phrase(last, last + 1)
        bound = last
        while bound >= 0 and kinds[bound] not in _BOUNDARY and kinds[bound] != "c":
            bound -= 1
        first = bound + 1
        while first < last and kinds[first] in "abT":
            first += 1
        segment = kinds[first : last + 1]
        if segment[0] in "P2ogeI" or len(segment) > _LONGEST or kinds[bound : bound + 1] == "x":
            return self._trailing(first, last)
        phrase = Phrase(first, self.core_stop(first, last))
        if bound > 0 and kinds[bound] == "c":
            left = bound
            while left > 0 and kinds[left - 1] not in _BOUNDARY and kinds[left - 1] != "c":
                left -= 1
            if _JOINED_LEFT.fullmatch(kinds[left:bound]):
                phrase = Phrase(left, phrase.stop)
        return self.checked(phrase)

    def core_stop(self, first: int, last: int) -> int:
        """End of the phrase's core: a reduced relative clause ("sent out to …") is left out."""
        kinds = self._kinds
        for at in range(first + 1, last):
            if kinds[at] in "eg" and kinds[at + 1] in "Pao2T" and kinds[at - 1] in "tnN":
                return at
        return last + 1

    def name_ending_at(self, last: int) -> Phrase | None:
        """The name that ends with a token, with the titles before it."""
        first = last
        while first > 0 and self._kinds[first - 1] not in _BOUNDARY:
            first -= 1
        return self._trailing(first, last)

    def _trailing(self, first: int, last: int) -> Phrase | None:
        """The last noun phrase of a segment that begins with something else."""
        kinds = self._kinds
        at = last
        while at > first and kinds[at - 1] in "N#" and kinds[at] in "N#":
            at -= 1
        if kinds[at] == "N":
            while at > first and kinds[at - 1] == "t":
                at -= 1
            while at > first and kinds[at - 1] in "tN" and kinds[at] == "t":
                at -= 1
        else:
            while at > first and kinds[at - 1] in "ntN#":
                at -= 1
        if at > first and kinds[at - 1] in "dm":
            at -= 1
        elif kinds[at] == "n":
            at = last
        return self.checked(Phrase(at, last + 1))

    def checked(self, phrase: Phrase) -> Phrase | None:
        """The phrase, if it can be somebody who speaks."""
        first, stop = phrase
        while first < stop and self._kinds[first] in "ab,":
            first += 1
        while stop > first and self._kinds[stop - 1] in "Ta,P":
            stop -= 1
        kinds = self._kinds[first:stop]
        if not kinds or not any(kind in "Ntpnm" for kind in kinds):
            return None
        if kinds == "n" and not self._words.tokens[first].endswith("s"):
            return None
        if kinds in ("d", "#"):
            return None
        return Phrase(first, stop)

    def after(self, first: int) -> Phrase | None:
        """The noun phrase that begins with a token."""
        kinds = self._kinds
        match = _FORWARD.match(kinds, first)
        if match is None:
            return None
        stop = match.end()
        if re.match(r"No[dN]", kinds[first:stop]):
            stop = first + 1
        elif re.fullmatch(r"[dm]?[tn]+", kinds[first:stop]) and kinds[stop : stop + 1] == ",":
            name = NAME.match(kinds, stop + 1)
            if name is not None and kinds[name.end() : name.end() + 1] in (",", ".", "Q", ""):
                stop = name.end()
        return self.checked(Phrase(first, stop))
