"""Pairing: which cue, and so which speaker, a quotation belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from claimset.segmentation.cues import FREE_CUES, CueClass, CueForm
from claimset.segmentation.labels import find_label, is_title
from claimset.segmentation.speakers import Speakers
from claimset.segmentation.usage import cue_at, is_passive

if TYPE_CHECKING:
    from claimset.segmentation.phrases import Phrase
    from claimset.segmentation.words import Words

__all__ = ["Pair", "Pairing"]

_ENDS_SPEECH = frozenset(",.?!—–-…")
_ENDS_CLAUSE = frozenset({".", ",", "T", "P", "a", "o", "-", ""})
_NEARBY = 14
_MENTAL = frozenset({"think", "believe", "hope", "fear", "wonder", "guess", "find", "reckon"})
"""Inside reported speech these tell what the report says, not who quotes."""
_NOUNS_ONLY = re.compile(r"[dmtnNco#,-]*[tnN,)][tnNcod#,P-]*")
_FEWEST_OF_SPEECH = 4
"""Words of a quotation that is a statement of its own."""
_OPENS_CLAUSE = frozenset({"that", "whether", "if", "how", "why", "what"})


class Pair(NamedTuple):
    """A speaker and the cue that names it.

    Attributes:
        speaker: The speaker's tokens.
        cue: Number of the cue's token; ``None`` for a label such as "Marlowe:".
    """

    speaker: Phrase
    cue: int | None


class Pairing:
    """Pairs the quotations of one stretch of text with its cues."""

    def __init__(self, words: Words) -> None:
        """Read the words; nothing is decided before it is asked for."""
        self._words = words
        self._kinds = words.kinds
        self._speakers = Speakers(words)

    def of_quotation(self, at: int, inner: str) -> Pair | None:
        """The speaker of the quotation at a token; ``None`` if nobody can be named safely.

        Args:
            at: The quotation's token.
            inner: The quoted words.
        """
        if is_title(self._words, at, inner):
            return None
        statement = inner[0].isupper() and inner.count(" ") >= _FEWEST_OF_SPEECH - 1
        finished = (
            inner[-1] in _ENDS_SPEECH
            or self._kinds[at + 1 : at + 2] == ","
            or (at == 0 and statement)
        )
        return (
            self._touching(at, finished=finished)
            or self._preceding(at)
            or self._following(at)
            or self._labelled(at, statement=statement)
        )

    def _touching(self, at: int, *, finished: bool) -> Pair | None:  # noqa: C901 - a ladder of rules
        """A cue right after the quotation: "…," said X; "…," X said."""
        kinds = self._kinds
        # After words of the same sentence the cue may already belong to the next clause.
        opens = at == 0 or kinds[at - 1] in ".Q-,"
        after = at + 1
        while kinds[after : after + 1] in (",", "-"):
            after += 1
        if after >= len(kinds):
            return None
        cue = cue_at(self._words, after)
        if kinds[after] in "VB" and cue is not None and cue.kind is CueClass.SPEECH:
            phrase = self._speakers.after(after + 1)
            if phrase is not None and not is_passive(self._words, after):
                return Pair(phrase, after)
        if kinds[after] == "x" and self._words.tokens[after + 1 : after + 2] == ["how"]:
            after += 2
        elif not finished:
            return None
        if kinds[after : after + 1] == "A":
            return self._of_cue(after)
        for index in range(after, min(after + 40, len(kinds))):
            if kinds[index] in "Q.;:":
                return None
            if kinds[index] in "VB" and cue_at(self._words, index):
                phrase = self._speakers.subject(index)
                if opens and (phrase is None or phrase.first != after):
                    phrase = self._run(after, index)
                if phrase is not None and phrase.first == after:
                    ends = kinds[index + 1 : index + 2] in _ENDS_CLAUSE
                    return Pair(phrase, index) if opens or ends else None
        return None

    def _run(self, first: int, cue: int) -> Phrase | None:
        """The subject between a quotation and its cue, however long, if it is nothing else."""
        last = cue
        while last > first and self._kinds[last - 1] in "axT":
            last -= 1
        if last > first and _NOUNS_ONLY.fullmatch(self._kinds, first, last):
            return self._speakers.after(first)
        return None

    def _preceding(self, at: int) -> Pair | None:  # noqa: C901 - a ladder of rules
        """The nearest cue before the quotation in its sentence."""
        kinds = self._kinds
        for index in range(at - 1, -1, -1):
            kind = kinds[index]
            if kind in ".;":
                return None
            if kind == "A":
                return self._of_cue(index)
            if kind not in "VBGI":
                continue
            cue = cue_at(self._words, index)
            if cue is None:
                continue
            if cue.kind is CueClass.JUDGING and index and kinds[index - 1] == "2":
                # "took action to address the “error”" tells of a deed.
                continue
            between = kinds[index + 1 : at]
            if cue.kind is not CueClass.SPEECH:
                # Its object is close by, and in no clause of its own.
                barriers = "xsVw" if cue.kind is CueClass.NAMING else "Vwh"
                reach = _NEARBY if cue.kind is CueClass.NAMING else 2 * _NEARBY
                if len(between) > reach or self._is_barred(index + 1, at, barriers):
                    continue
            if cue.form is CueForm.PARTICIPLE and not self._governed(index):
                continue
            pair = self._of_cue(index)
            if pair is not None:
                return self._outer(pair, index) if cue.lemma in _MENTAL else pair
            if is_passive(self._words, index) or cue.kind is not CueClass.SPEECH:
                return None
        return None

    def _outer(self, pair: Pair, index: int) -> Pair:
        """The report in which somebody is said to think so: "adding that he did not think"."""
        first = pair.speaker.first
        near = 3 if self._kinds[first] == "p" else 2 if self._kinds[index - 1] == "w" else 0
        for at in range(first - 1, max(-1, first - 1 - near), -1):
            if self._kinds[at] in "VBG" and cue_at(self._words, at):
                return self._of_cue(at) or pair
        return pair

    def _is_barred(self, first: int, stop: int, barriers: str) -> bool:
        """Whether a clause of its own lies between a cue and what it may govern."""
        kinds = self._kinds
        first = max(first, kinds.rfind("Q", first, stop) + 1)
        return any(
            kinds[at] in barriers and (kinds[at] != "V" or cue_at(self._words, at) is not None)
            for at in range(first, stop)
        )

    def _governed(self, index: int) -> bool:
        """Whether an auxiliary stands before a participle."""
        before = index - 1
        while before >= 0 and self._kinds[before] == "a":
            before -= 1
        return before >= 0 and self._kinds[before] == "x"

    def _following(self, at: int) -> Pair | None:
        """A cue after the quotation, set off by a comma: "… a “mess” for years, X said."."""
        kinds = self._kinds
        for index in range(at + 1, len(kinds)):
            if kinds[index] in ".;":
                return None
            if kinds[index] == "A":
                return self._of_cue(index)
            if kinds[index] != "V" or not cue_at(self._words, index):
                continue
            phrase = self._speakers.subject(index)
            if phrase is not None and phrase.first == index + 1 and kinds[index - 1] == ",":
                # "“Very happy” about it, said X, …"
                return Pair(phrase, index)
            if (
                phrase is not None
                and kinds[phrase.first - 1] == ","
                and kinds[index + 1 : index + 2] in (".", ",", "T", "P", "a", "")
            ):
                return Pair(phrase, index)
            if phrase is not None and self._words.tokens[phrase.first - 1] == "as":
                # "…, as X put it."
                return Pair(phrase, index) if kinds[phrase.first - 2] == "," else None
        return None

    def _labelled(self, at: int, *, statement: bool) -> Pair | None:
        """Somebody named without a cue."""
        phrase = find_label(self._words, self._speakers, at, statement=statement)
        return None if phrase is None else Pair(phrase, None)

    def _of_cue(self, index: int) -> Pair | None:
        phrase = self._speakers.subject(index)
        return None if phrase is None else Pair(phrase, index)

    def reported(self) -> tuple[Pair, list[tuple[int, int]]] | None:
        """Indirect speech of a stretch without quotations.

        Returns:
            Speaker and cue, and the tokens of the reported clause (two ranges where the cue stands
            inside it); ``None`` if nothing is reported or nobody can be named.
        """
        kinds = self._kinds
        end = len(kinds)
        while end and kinds[end - 1] in ".*,;:":
            end -= 1
        for index in range(end):
            if kinds[index] not in "VBGA":
                continue
            if kinds[index] == "A":
                pair = self._of_cue(index)
                if pair is None:
                    continue
                if index == 0:
                    comma = kinds.find(",", pair.speaker.stop)
                    return (pair, [(comma + 1, end)]) if 0 < comma < end - 1 else None
                return pair, [(0, index - (kinds[index - 1] == ","))]
            cue = cue_at(self._words, index)
            if cue is None or cue.kind is not CueClass.SPEECH or is_passive(self._words, index):
                continue
            pair = self._of_cue(index)
            if pair is None:
                continue
            clause = self._clause(pair, index, end, freely=cue.lemma in FREE_CUES)
            if clause:
                return pair, clause
        return None

    def _clause(self, pair: Pair, index: int, end: int, *, freely: bool) -> list[tuple[int, int]]:
        """The tokens that a cue reports."""
        kinds, tokens = self._kinds, self._words.tokens
        first = pair.speaker.first
        if pair.speaker.stop <= index and first > 1 and kinds[first - 1] == "," and freely:
            if index + 1 >= end or set(kinds[index + 1 : end]) <= set("TPdnNaot#"):
                return [(0, first - 1)]
            if kinds[index + 1] == ",":
                return [(0, first - 1), (index + 2, end)]
        if pair.speaker.first > index:
            return [(0, index - 1)] if index > 1 and kinds[index - 1] == "," else []
        for at in range(index + 1, min(index + 8, end)):
            if tokens[at] in _OPENS_CLAUSE and at + 1 < end:
                return [(at + (tokens[at] == "that"), end)]
            if kinds[at] in "xVs":
                break
        rest = kinds[index + 1 : end]
        if freely and rest[:1] in tuple("dNpntm#aT") and re.search(r"[dNntpm#].*[xVeB]", rest):
            return [(index + 1, end)]
        return []
