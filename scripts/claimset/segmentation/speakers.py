"""Speakers: the noun phrase that is the subject of a cue, found by clause patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.segmentation.cues import CueClass
from claimset.segmentation.phrases import NAME, Phrase, Phrases
from claimset.segmentation.usage import cue_at, is_passive

if TYPE_CHECKING:
    from claimset.segmentation.words import Words

__all__ = ["Speakers"]

_ISSUES = frozenset(
    """issued issue issues issuing released release releases releasing sent send sends sending
    posted posts posting published publishes circulated distributed wrote writes made gave gives put
    out offered emailed tweeted in with through via""".split()  # noqa: SIM905 - words read better as words
)
"""Before a document: its author speaks by it."""
_CAUSES = frozenset(
    """drives drive drove driven leads lead led prompts prompt prompted prompting forces force
    forced forcing causes caused causing pushes pushed compelled compels spurred inspired
    inspires leading driving""".split()  # noqa: SIM905 - words read better as words
)
"""Verbs whose object says what follows: "drives the candidate to say"."""
_FRONTED = frozenset("Pos2gewxVhGBIAc;")
_STOPS = frozenset("Q;:.(")
_ANTECEDENT_DOCUMENT = frozenset(
    """letter email e-mail memo report statement article editorial headline website document study
    survey complaint lawsuit filing ruling order tweet message post platform text sign ad caption
    note book manifesto petition resolution bill law group union company party committee campaign
    newspaper paper network""".split()  # noqa: SIM905 - words read better as words
)


class Speakers:
    """Finds the subject of each cue of one stretch of text."""

    def __init__(self, words: Words) -> None:
        """Read no further than the words; subjects are found when they are asked for."""
        self._words = words
        self._kinds = words.kinds
        self._phrases = Phrases(words)
        self._subjects: dict[int, Phrase | None] = {}

    def subject(self, index: int) -> Phrase | None:
        """Who speaks by the cue at a token; ``None`` when that cannot be said safely."""
        if index not in self._subjects:
            # Left to right, so that a subject shared over many cues is not sought recursively.
            for at in range(index + 1):
                if self._kinds[at] in "VBGIA" and at not in self._subjects:
                    self._subjects[at] = None
                    self._subjects[at] = self._find(at)
        return self._subjects.get(index)

    def _find(self, index: int) -> Phrase | None:
        if self._kinds[index] == "A":
            return self._phrases.after(index + 2)
        if is_passive(self._words, index):
            return self._agent(index)
        return self._before(index) or self._inverted(index)

    def _agent(self, index: int) -> Phrase | None:
        """The noun phrase after "by" of a passive, before anything else is quoted or reported."""
        for at in range(index + 1, min(index + 8, len(self._kinds))):
            if self._words.tokens[at] == "by":
                return self._phrases.after(at + 1)
            if self._kinds[at] in ".;:V":
                return None
        return None

    def _before(self, index: int) -> Phrase | None:  # noqa: C901 - a ladder of rules
        kinds, tokens = self._kinds, self._words.tokens
        at = index - 1
        while at >= 0 and kinds[at] in "axT":
            if kinds[at] == "T" and at and kinds[at - 1] in "Pdn":
                at -= 1 + (kinds[at - 1] == "d" and at > 1 and kinds[at - 2] == "P")
            at -= 1
        if at < 0:
            return None
        kind = kinds[at]
        if kind == "2":
            return self._of_infinitive(at)
        if kind in "cb":
            return self._shared(at)
        if kinds[index] == "G":
            return self._of_participle(at)
        if kind == ",":
            return self._over_commas(at)
        if kind == "-":
            dash = kinds.rfind("-", 0, at)
            return self._phrases.ending_at(dash - 1) if dash > 0 else None
        if kind == ")":
            bracket = kinds.rfind("(", 0, at)
            return self._phrases.ending_at(bracket - 1) if bracket > 0 else None
        if kind == "w":
            return self._antecedent(at)
        if kind in "hs" and tokens[at].lower() in ("which", "that"):
            return self._antecedent_document(at)
        return self._phrases.ending_at(at)

    def _of_infinitive(self, to: int) -> Phrase | None:
        """Who speaks by "to say": the object of a verb of causing, else the clause's subject."""
        if to > 1 and self._kinds[to - 1] in "Ntnp":
            tokens = self._words.tokens
            if tokens[to - 2].lower() in _CAUSES:
                return Phrase(to - 1, to)
            phrase = self._phrases.name_ending_at(to - 1)
            if phrase is not None and phrase.first and tokens[phrase.first - 1].lower() in _CAUSES:
                return phrase
        return self._with_participle(to) or self._shared(to)

    def _with_participle(self, before: int) -> Phrase | None:
        """The noun of "with X taking to the stage to say"."""
        kinds, tokens = self._kinds, self._words.tokens
        at = before - 1
        participle = 0
        while at >= 0 and kinds[at] not in "Q;:.,VBsx":
            if kinds[at] in "gG":
                participle = at
            elif participle and tokens[at].lower() == "with":
                return self._phrases.checked(Phrase(at + 1, participle))
            at -= 1
        return None

    def _segments(self, low: int, high: int) -> list[tuple[int, int]]:
        """The pieces between commas of a range of tokens."""
        pieces = []
        first = low
        for at in range(low, high + 1):
            if at == high or self._kinds[at] == ",":
                if at > first:
                    pieces.append((first, at))
                first = at + 1
        return pieces

    def _clause_start(self, at: int) -> int:
        while at > 0 and self._kinds[at - 1] not in _STOPS:
            at -= 1
        return at

    def _over_commas(self, comma: int) -> Phrase | None:
        """The subject before an apposition or relative clause that a comma closes."""
        kinds = self._kinds
        pieces = self._segments(self._clause_start(comma), comma)
        for number, (first, stop) in enumerate(pieces):
            begin = first
            while begin < stop and kinds[begin] in "abcT":
                begin += 1
            if begin == stop:
                continue
            said = [at for at in range(begin, stop) if kinds[at] in "Vs"]
            if said:
                # "… said that Pell, who won, called …": the phrase after the last of them.
                begin = said[-1] + 1
                if begin >= stop:
                    continue
            if kinds[begin] in _FRONTED or any(kinds[at] == "x" for at in range(begin, stop)):
                continue
            if kinds[begin] == "p":
                return Phrase(begin, begin + 1)
            phrase = self._phrases.checked(Phrase(begin, self._phrases.core_stop(begin, stop - 1)))
            if phrase is None:
                continue
            following = pieces[number + 1] if number + 1 < len(pieces) else None
            if following and NAME.fullmatch(kinds[following[0] : following[1]]):
                return Phrase(phrase.first, following[1])
            return phrase
        return None

    def _shared(self, at: int) -> Phrase | None:
        """The subject that a cue shares: that of the cue before it, or of the clause."""
        kinds = self._kinds
        low = at
        while low > 0 and kinds[low - 1] not in ".;":
            low -= 1
        for index in range(at, low - 1, -1):
            if (
                kinds[index] in "VB"
                and cue_at(self._words, index)
                and not is_passive(self._words, index)
            ):
                return self.subject(index)
        return self.main_subject(low, at)

    def main_subject(self, low: int, high: int) -> Phrase | None:
        """The first noun phrase of a clause, fronted phrases left out."""
        kinds = self._kinds
        for first, stop in self._segments(low, high):
            begin = first
            while begin < stop and kinds[begin] in "abcTQ*":
                begin += 1
            if begin == stop or kinds[begin] in _FRONTED:
                continue
            phrase = self._phrases.after(begin)
            if phrase is not None:
                return phrase
        return None

    def _of_participle(self, at: int) -> Phrase | None:
        """Who speaks by "…, saying": the noun of "with X, saying", else the clause's subject."""
        kinds, tokens = self._kinds, self._words.tokens
        begin = at
        while begin > 0 and kinds[begin] not in "Q;:.VBsx" and tokens[begin].lower() != "with":
            begin -= 1
        if tokens[begin].lower() == "with" and begin < at:
            stop = at if kinds[at] == "," else at + 1
            inner = kinds[begin + 1 : stop]
            if not set(inner) & set("VBGeg-"):
                return self._phrases.checked(Phrase(begin + 1, stop))
        if kinds[at] in "Ntnm":
            if tokens[at].lower() not in _ANTECEDENT_DOCUMENT:
                return None
            phrase = self._phrases.name_ending_at(at)
            if phrase is not None and phrase.first:
                issue = phrase.first - 1
                if tokens[issue].lower() in _ISSUES:
                    # "… issued a statement saying": whoever issued it speaks.
                    low = self._clause_start(issue)
                    author = self._before(issue) if kinds[issue] not in "Po" else None
                    return author or self.main_subject(low, issue) or phrase
            return phrase
        return self._shared(at)

    def _antecedent(self, who: int) -> Phrase | None:
        """Whom "who" stands for: the noun phrase before it."""
        last = who - 1
        if last > 0 and self._kinds[last] in ",-":
            last -= 1
        if last > 0 and self._kinds[last] == "N":
            return self._phrases.name_ending_at(last)
        return self._phrases.ending_at(last)

    def _antecedent_document(self, relative: int) -> Phrase | None:
        """What "which" or "that" stands for, if the noun before it is a document or a body."""
        last = relative - 1
        if last > 0 and self._kinds[last] in ",-":
            last -= 1
        if last >= 0 and self._words.tokens[last].lower() in _ANTECEDENT_DOCUMENT:
            return self._phrases.ending_at(last)
        return None

    def _inverted(self, index: int) -> Phrase | None:
        """The subject after its verb: "…", said X."""
        kinds = self._kinds
        before = kinds[index - 1] if index else "."
        if kinds[index] not in "VB" or before not in "Q,-":
            return None
        cue = cue_at(self._words, index)
        if cue is None or cue.kind is not CueClass.SPEECH:
            return None
        phrase = self._phrases.after(index + 1)
        if phrase is None or before == "Q" or kinds[index - 2 : index - 1] == "Q":
            return phrase
        return phrase if kinds[phrase.stop : phrase.stop + 1] in (",", ".", "", "w") else None

    def after(self, first: int) -> Phrase | None:
        """The noun phrase that begins with a token."""
        return self._phrases.after(first)
