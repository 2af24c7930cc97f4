"""What clause rules ask of a parsed verb, and where its words stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from claimset.models import ClauseRule
    from claimset.segmentation.stretches import Range

__all__ = [
    "INSIDE",
    "SUBJECTS",
    "Derived",
    "auxiliaries_of",
    "is_finite",
    "is_negated",
    "range_of",
    "subject_of",
]

_FINITE: Final = frozenset(["VBD", "VBZ", "VBP"])
SUBJECTS: Final = frozenset(["nsubj", "nsubjpass"])
_AUXILIARIES: Final = frozenset(["aux", "auxpass"])
INSIDE: Final = frozenset(["relcl", "acl", "ccomp", "advcl", "pcomp", "csubj"])
_LOOSE: Final = frozenset([",", ";", "."])


class Derived(NamedTuple):
    """A clause of a sentence.

    Attributes:
        rule: The rule that found it.
        ranges: Its parts, in code points of the sentence.
    """

    rule: ClauseRule
    ranges: tuple[Range, ...]


def subject_of(verb: Any) -> Any:
    """The verb's own subject, if it has one."""
    return next((child for child in verb.children if child.dep_ in SUBJECTS), None)


def auxiliaries_of(verb: Any) -> list[Any]:
    """The verb's own auxiliaries, in text order."""
    return [child for child in verb.children if child.dep_ in _AUXILIARIES]


def is_finite(verb: Any) -> bool:
    """Whether the verb tells of something as a fact: no modal, no infinitive."""
    own = auxiliaries_of(verb)
    if any(auxiliary.tag_ in ("MD", "TO") for auxiliary in own):
        return False
    return bool(own and own[0].tag_ in _FINITE) or (not own and verb.tag_ in _FINITE)


def is_negated(verb: Any) -> bool:
    """Whether the verb has a negation of its own."""
    return any(c.dep_ == "neg" or c.lower_ in ("never", "no", "hardly") for c in verb.children)


def range_of(doc: Any, start: int, end: int, *, trim: bool = True) -> Range:
    """Code points of the words ``[start, end)``, without the punctuation around them by default."""
    while trim and start < end - 1 and (doc[start].is_punct or doc[start].is_space):
        start += 1
    while trim and end - 1 > start and (doc[end - 1].is_space or doc[end - 1].text in _LOOSE):
        end -= 1
    return doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
