"""Attribution: who is said to have said what, read from the words around quotations and cues.

The rules follow the order in which a reader resolves a quotation (compare Asr et al. 2021,
doi:10.1371/journal.pone.0245533, who do so on a parse): the cue that touches the quotation, then
the nearest cue before it in its sentence, then a cue after it, then the speaker of the quotation
that it continues. Where none of them names somebody, the speaker stays empty.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimset.models import QuoteType
from claimset.segmentation.cues import reporting_places
from claimset.segmentation.methods import AttributionMethod
from claimset.segmentation.pairing import Pair, Pairing
from claimset.segmentation.parsing import Parse
from claimset.segmentation.quotations import QuoteMark, find_quotations
from claimset.segmentation.statements import Statement
from claimset.segmentation.stretches import (
    Range,
    Stretch,
    find_paragraphs,
    find_stretches,
    has_words_outside,
)
from claimset.segmentation.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AttributionMethod", "Range", "Statement", "find_statements"]

_LONGEST_STRETCH = 2_500
"""Code points outside quotations that are read as one sentence; a longer one names no speaker."""
_REACH = 2
"""Sentences without a speaker over which a quotation is still taken to go on."""
_FEWEST_GOING_ON = 4
"""Words of a quotation that opens a sentence and goes on with the one before."""
_TRANSCRIPT = re.compile(r"[A-Z][A-Z’'-]+\.?(?: [A-Z][A-Z.’'-]*){0,3}(?= ?:\s)")
_DATELINE = re.compile(r"[A-Z][A-Z .’'-]+(?:, [A-Z][\w. ]{0,20})?(?: \(\w+\))? ?(?:[—–]|-{1,2}) ?")
_PRONOUNS = frozenset({"he", "she"})
_MARK = re.compile("[\"“”„‟«»‹›‘`]|(?<!\\w)'")


def find_statements(
    text: str,
    sentences: Sequence[Range],
    method: AttributionMethod = AttributionMethod.RULES,
) -> list[Statement]:
    """Everything that an article quotes or reports, in text order.

    Args:
        text: The article's text.
        sentences: Ranges of its sentences, in order; only white space lies between them.
        method: How speakers are found.

    Returns:
        One statement for each speaker and cue of a sentence. Quotations without a speaker are
        among them.

    Raises:
        UsageError: The method needs an extra that is not installed.
    """
    reader = _Reader(text, method)
    blocks = find_paragraphs(text, sentences)
    spoken = [_TRANSCRIPT.match(text, block[0][0], block[-1][1]) for block in blocks]
    transcript = sum(match is not None for match in spoken) > 1
    for block, label in zip(blocks, spoken, strict=True):
        if transcript and label is not None:
            reader.read_turn(block, label)
        else:
            reader.read_block(block)
    return reader.statements


class _Reader:
    """Reads blocks in order and remembers who spoke last."""

    def __init__(self, text: str, method: AttributionMethod) -> None:
        self.statements: list[Statement] = []
        self._text = text
        self._parses = method is AttributionMethod.PARSER
        self._last: Statement | None = None
        self._since = 0
        self._was_open = False
        self._open_statements: list[Statement] = []
        self._named: Range | None = None
        self._utterances = 0

    def read_turn(self, block: list[Range], label: re.Match[str]) -> None:
        """A turn of a transcript: "NAME: …"."""
        start = label.end() + 1
        while self._text[start] in ": \t\n":
            start += 1
            if start >= block[-1][1]:
                return
        self._last = Statement([(start, block[-1][1])], QuoteType.DIRECT, label.span())
        self._last.utterance = self._next_utterance()
        self.statements.append(self._last)
        self._was_open = False

    def read_block(self, block: list[Range]) -> None:
        """A paragraph."""
        text = self._text
        start, end = block[0][0], block[-1][1]
        quotations = find_quotations(text, start, end) if _MARK.search(text, start, end) else []
        # Most sentences neither quote nor report: one scan of the paragraph tells which may.
        hits = reporting_places(text, start, end)
        if not quotations and not hits:
            self._since += len(block)
            self._was_open = False
            self._open_statements = []
            return
        continues = self._was_open and bool(quotations) and quotations[0].start == start
        if not continues:
            self._open_statements = []
        first = True
        hit = 0
        for stretch in find_stretches(text, block, quotations):
            if stretch.quotations:
                self._read_quotations(stretch, continues=continues and first, first=first)
            else:
                while hit < len(hits) and hits[hit] < stretch.start - 1:
                    hit += 1
                self._since += 1
                if hit < len(hits) and hits[hit] < stretch.end:
                    self._read_plain(stretch)
            first = False
        self._was_open = bool(quotations) and quotations[-1].mark is QuoteMark.OPEN

    def _read_plain(self, stretch: Stretch) -> None:
        """A sentence without quotations that may report speech."""
        text = self._text
        if stretch.end - stretch.start > _LONGEST_STRETCH:
            return
        words = Words(text, stretch.start, stretch.end, ())
        found = Pairing(words).reported()
        if found is None:
            return
        pair, clause = found
        statement = self._statement(words, pair, QuoteType.INDIRECT)
        statement.quotes = [words.span(first, stop) for first, stop in clause if first < stop]
        if statement.quotes:
            self._add(statement)

    def _read_quotations(  # noqa: C901 - a ladder of rules
        self, stretch: Stretch, *, continues: bool, first: bool
    ) -> None:
        """A sentence, or several, with quotations."""
        text = self._text
        outside = stretch.end - stretch.start - sum(q.end - q.start for q in stretch.quotations)
        bare = not has_words_outside(text, stretch)
        found: dict[tuple[Range | None, Range | None], Statement] = {}
        if bare:
            self._inherit(stretch, continues=continues, first=first)
            return
        words: Words | None = None
        pairing: Pairing | None = None
        if outside <= _LONGEST_STRETCH:
            begin = stretch.start
            dateline = _DATELINE.match(text, begin, stretch.quotations[0].start) if first else None
            if dateline is not None:
                begin = dateline.end()
            words = Words(text, begin, stretch.end, [(q.start, q.end) for q in stretch.quotations])
            pairing = Pairing(words)
        at = -1
        before = self._last if self._since == 0 else None
        unnamed: list[tuple[int, Statement]] = []
        for number, quotation in enumerate(stretch.quotations):
            pair = None
            kind = QuoteType.MIXED
            if words is not None and pairing is not None:
                at = words.kinds.index("Q", at + 1)
                pair = pairing.of_quotation(at, text[quotation.inner_start : quotation.inner_end])
                if at == 0 or words.kinds[at - 1] in ":," or words.kinds[at - 1] == ".":
                    kind = QuoteType.DIRECT
            statement = (
                Statement([], kind)
                if pair is None or words is None
                else self._statement(words, pair, kind)
            )
            key = (statement.speaker, statement.cue)
            known = found.get(key) if statement.speaker is not None else None
            if statement.speaker is None:
                unnamed.append((number, statement))
            if known is None:
                known = found[key] = statement
                known.utterance = self._next_utterance()
                self._add(known)
            elif known.quote_type is not kind:
                known.quote_type = QuoteType.MIXED
            known.quotes.append((quotation.inner_start, quotation.inner_end))
        statements = list(found.values())
        self._go_on(statements[0], stretch, before, first=first)
        self._fill_backwards(statements, stretch, continues=continues)
        if self._parses and unnamed:
            self._parse(stretch, unnamed)

    def _parse(self, stretch: Stretch, unnamed: list[tuple[int, Statement]]) -> None:
        """Name by the syntax whom the rules did not."""
        parse = Parse(self._text, stretch.start, stretch.end, stretch.quotations)
        for number, statement in unnamed:
            named = parse.speaker_of(number) if statement.speaker is None else None
            if named is not None:
                statement.speaker, statement.cue = named
                if self._text[slice(*named.speaker)].lower() in _PRONOUNS:
                    statement.antecedent = self._named
                self._last, self._since = statement, 0

    def _go_on(
        self, opening: Statement, stretch: Stretch, before: Statement | None, *, first: bool
    ) -> None:
        """A sentence that begins with quoted words goes on with the attributed one before it."""
        quotation = stretch.quotations[0]
        if opening.speaker is not None or before is None or first:
            return
        words = self._text.count(" ", quotation.inner_start, quotation.inner_end) + 1
        if quotation.start == stretch.start and words >= _FEWEST_GOING_ON:
            opening.speaker, opening.cue = before.speaker, before.cue
            opening.antecedent, opening.utterance = before.antecedent, before.utterance
            self._last, self._since = opening, 0

    def _fill_backwards(
        self, statements: list[Statement], stretch: Stretch, *, continues: bool
    ) -> None:
        """Give the speaker to the quotation that runs on into this one."""
        opening = statements[0]
        if opening.speaker is not None:
            leads = opening.quotes[0][0] == stretch.quotations[0].inner_start
            for waiting in self._open_statements if leads else ():
                waiting.speaker, waiting.cue = opening.speaker, opening.cue
                waiting.antecedent = opening.antecedent
                opening.utterance = waiting.utterance
        elif continues and self._last is not None:
            opening.speaker, opening.cue = self._last.speaker, self._last.cue
        if continues and self._last is not None and opening.speaker is not None:
            opening.utterance = self._continued
        self._open_statements = []

    def _inherit(self, stretch: Stretch, *, continues: bool, first: bool) -> None:
        """A sentence that is quotation and nothing else goes on with the last speaker."""
        quotes = [(q.inner_start, q.inner_end) for q in stretch.quotations]
        statement = Statement(quotes, QuoteType.DIRECT)
        last = self._last
        if last is not None and self._since <= (_REACH if not first else 0):
            statement.speaker, statement.cue = last.speaker, last.cue
            statement.antecedent = last.antecedent
            if last.utterance is not None and (continues or not first):
                statement.utterance = last.utterance
        if statement.utterance is None:
            statement.utterance = self._next_utterance()
        if statement.speaker is None:
            self._open_statements.append(statement)
            self._since += 1
            self.statements.append(statement)
        else:
            self._add(statement)

    @property
    def _continued(self) -> int | None:
        return None if self._last is None else self._last.utterance

    def _statement(self, words: Words, pair: Pair, kind: QuoteType) -> Statement:
        speaker = words.span(*pair.speaker)
        cue = None
        if pair.cue is not None:
            cue = words.span(pair.cue, pair.cue + (2 if words.kinds[pair.cue] == "A" else 1))
        statement = Statement([], kind, speaker, cue)
        if self._text[speaker[0] : speaker[1]].lower() in _PRONOUNS:
            statement.antecedent = self._named
        elif any(kind == "N" for kind in words.kinds[pair.speaker.first : pair.speaker.stop]):
            self._named = speaker
        return statement

    def _add(self, statement: Statement) -> None:
        self.statements.append(statement)
        if statement.speaker is not None:
            self._last = statement
            self._since = 0
        else:
            self._since += 1

    def _next_utterance(self) -> int:
        self._utterances += 1
        return self._utterances
