"""The wording of a sentence: its words as they are compared with those of another sentence."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from claimset.segmentation.opposites import CERTAIN, NUMBER_WORDS, POLARITY, stem

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FUNCTION_WORDS", "Wording", "plain"]

_SAME_MARKS: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´ʼ", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‐‑", "-"),
        **dict.fromkeys("–—―", "–"),
    }
)
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}")


def plain(text: str) -> str:
    """A text with all that is typography made one: quotation marks, dashes, space, final stop.

    Two claims with equal plain texts are the same words. Used for comparing only: positions are
    those of the article.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_SAME_MARKS)
    text = " ".join(text.replace("''", '"').split())
    end = len(text.rstrip("\"' "))
    return text[: end - 1] + text[end:] if text[end - 1 : end] == "." else text


_HOLDING_WORDS: Final = """
    a an the and or but so yet as at by for from in into of off on onto out over per since than
    through to under until up upon via with within without about above across after against along
    alongside amid among amongst around before behind below beneath beside besides between beyond
    despite down during except inside like near outside past toward towards i me my mine we us our
    ours you your yours he him his she her hers it its they them their theirs himself herself itself
    themselves this that these those who whom whose which what when where why how be will can may
    shall do have must ought here there then thus too also however meanwhile moreover furthermore
    although though whilst while because if whether again once even still just very s let such same
    other another own not never no none nor neither"""
FUNCTION_WORDS: Final = frozenset(_HOLDING_WORDS.split())
"""Words that hold a sentence together and say little by themselves, auxiliaries in one form."""

# Reported speech shifts the tense ("will be" / "would be") and says the same.
_ONE_FORM: Final = {
    **dict.fromkeys(("am", "is", "are", "was", "were", "been", "being"), "be"),
    **dict.fromkeys(("has", "had", "having"), "have"),
    **dict.fromkeys(("does", "did", "doing", "done"), "do"),
    "would": "will",
    "could": "can",
    "might": "may",
    "should": "shall",
}
_CONTRACTED: Final = {"ll": "will", "d": "will", "ve": "have", "re": "be", "m": "be"}
_IRREGULAR_NEGATIONS: Final = {"ca": "can", "wo": "will", "sha": "shall", "ai": "be"}
_UPPER_WORDS: Final = frozenset({"US", "IT", "WHO", "AIDS", "OR", "IN", "ME"})
_HONORIFICS: Final = frozenset(
    ("mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "prof", "professor", "rev")
)
_POINTING_WORDS: Final = """
    he him his she her hers they them their theirs it its this these those we us our i me my
    you your here there"""
_PRONOUNS: Final = frozenset(_POINTING_WORDS.split())
_TOKEN: Final = re.compile(
    r"(?P<address>https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w.-]+|[@#]\w+)"
    r"|(?P<number>(?:(?<![\w.,])[-−])?\d+(?:[.,:/]\d+)*\w*)"
    r"|(?P<word>[^\W_]+(?:'[^\W_]+)*)"
    r"|(?P<border>[,;:()\[\]–…]|\s-\s|--)"
    r"|(?P<harmless>(?:[\s.!\"'{}/\\*•·&#@_|^]|-(?!\d))+|(?<=\w)-)"
    r"|(?P<symbol>.)",
    re.DOTALL,
)


class _Word(NamedTuple):
    """One word as it is compared."""

    form: str
    """As written, without possessive."""
    key: str
    """What must be equal for two words to stand for one another."""
    is_name: bool = False
    is_number: bool = False
    is_uncased: bool = False


@lru_cache(maxsize=1 << 14)
def _words_of(token: str, kind: str) -> tuple[_Word, ...]:
    """What a token comes down to: two words for a contraction, else one."""
    if kind == "number":
        key = token.replace(",", "").replace("−", "-").casefold()
        return (_Word(token, key, is_number=True),)
    if kind != "word":
        return (_Word(token, token, is_number=True),)
    base, _, ending = token.partition("'")
    word, ending = base.casefold(), ending.casefold()
    if ending == "t" and word.endswith("n"):
        verb = _IRREGULAR_NEGATIONS.get(word[:-1], word[:-1])
        return _Word(verb, _ONE_FORM.get(verb, verb)), _NOT
    if word == "cannot":
        return _Word("can", "can"), _NOT
    if ending in _CONTRACTED:
        return _word(base), _Word(_CONTRACTED[ending], _CONTRACTED[ending])
    return (_word(base if ending == "s" else token),)


_NOT: Final = _Word("not", "not")


def _words_in(source: str) -> Iterable[_Word | None]:
    """The words of a plain text and its borders (``None``).

    No token but a dash between spaces reaches over a space, so what stands between spaces is read
    by itself, and read once where it comes again.
    """
    if " - " in source:
        return _read_piece(source)
    first, *others = source.split(" ")
    # A mark behind a space is read otherwise than one at the beginning.
    return chain(_first_piece(first), chain.from_iterable(map(_piece, others)))


def _read_piece(source: str) -> tuple[_Word | None, ...]:
    found: list[_Word | None] = []
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup
        if kind == "border":
            found.append(None)
        elif kind != "harmless":
            found += _words_of(match.group(), kind or "")
    return tuple(found)


@lru_cache(maxsize=1 << 10)
def _first_piece(source: str) -> tuple[_Word | None, ...]:
    return _read_piece(source)


@lru_cache(maxsize=1 << 15)
def _piece(source: str) -> tuple[_Word | None, ...]:
    return _read_piece(f" {source}")


def _word(base: str) -> _Word:
    word = base.casefold()
    key = _ONE_FORM.get(word, word)
    if base in _UPPER_WORDS:
        return _Word(base, base, is_name=True)
    if word in NUMBER_WORDS:
        return _Word(base, NUMBER_WORDS[word], is_number=True)
    if any(char.isnumeric() for char in word):
        return _Word(base, word, is_number=True)
    if key in FUNCTION_WORDS or word in _HONORIFICS:
        return _Word(base, key)
    is_name = base != base.lower()
    return _Word(base, stem(word), is_name=is_name, is_uncased=not is_name and base == base.upper())


class Wording:
    """The words of a claim, what each is, and which of them a retelling must keep.

    Attributes:
        text: The plain text, case-folded, for measuring how alike two texts look.
        keys: One word a place, in the form in which words are compared.
        names: Places of the words written with a capital.
        numbers: Places of numbers, measures, dates, symbols and addresses.
    """

    __slots__ = (
        "__dict__", "_forms", "_segments", "_uncased", "keys", "names", "numbers", "text",
    )  # fmt: skip

    def __init__(self, source: str) -> None:
        self.text = source.casefold()
        self.keys: list[str] = []
        self.names: set[int] = set()
        self.numbers: set[int] = set()
        self._forms: list[str] = []
        self._segments: list[int] = []
        self._uncased = False
        segment = 0
        if "." in source:
            source = _DOTTED.sub(lambda match: match.group().replace(".", ""), source)
        forms, keys, segments = self._forms, self.keys, self._segments
        for word in _words_in(source):
            if word is None:
                segment += 1
                continue
            form, key, is_name, is_number, is_uncased = word
            place = len(keys)
            if form == "May" and place:
                key, is_name = form, True  # the month or the person
            forms.append(form)
            keys.append(key)
            segments.append(segment)
            if is_number:
                self.numbers.add(place)
            elif is_name:
                self.names.add(place)
            if is_uncased:
                self._uncased = True

    def form(self, place: int) -> str:
        """The word as written, case-folded, without possessive."""
        return self._forms[place].casefold()

    def segment(self, place: int) -> int:
        """Number of the stretch between commas, dashes or brackets in which a word stands."""
        return self._segments[place]

    @cached_property
    def content(self) -> frozenset[str]:
        """The words that say something."""
        return frozenset(key for place, key in enumerate(self.keys) if self.says(place))

    def says(self, place: int) -> bool:
        """Whether the word at a place says something: neither a function word nor an honorific."""
        key = self.keys[place]
        return key not in FUNCTION_WORDS and key not in _HONORIFICS

    @cached_property
    def polarity(self) -> dict[int, str]:
        """Places of the words that turn or bound the statement, with what they do."""
        return {place: POLARITY[key] for place, key in enumerate(self.keys) if key in POLARITY}

    @cached_property
    def certain(self) -> set[int]:
        """Places of the words that change who or what is meant."""
        return {place for place in range(len(self.keys)) if self.form(place) in CERTAIN}

    @cached_property
    def named_stretches(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Each name with what is said in its stretch between commas."""
        said: dict[int, set[str]] = {}
        for place, key in enumerate(self.keys):
            if self.says(place):
                said.setdefault(self._segments[place], set()).add(key)
        return tuple(
            (self.keys[place], frozenset(said.get(self._segments[place], ())))
            for place in sorted(self.names)
        )

    @cached_property
    def strict(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Numbers in their order, and polarity sorted."""
        numbers = tuple(self.keys[place] for place in sorted(self.numbers))
        return numbers, tuple(sorted(self.polarity.values()))

    @property
    def is_comparable(self) -> bool:
        """Whether names can be told from other words: the script has capitals."""
        return not self._uncased

    @cached_property
    def stands_alone(self) -> bool:
        """Whether no pronoun comes before the first name: whom "he" means stands elsewhere.

        The capital of the first word is no sign of a name, unless a second one follows.
        """
        sure = {place for place in self.names if place or 1 in self.names}
        first = min(sure, default=len(self.keys))
        return all(self.form(place) not in _PRONOUNS for place in range(first))
