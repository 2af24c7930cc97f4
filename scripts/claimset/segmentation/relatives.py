"""What a "who" or "which" directly behind a name says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from claimset.models import ClauseRule
from claimset.segmentation.verbs import INSIDE, SUBJECTS, Derived, is_finite, range_of, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["relative_clauses"]

_NAMED_THINGS: Final = frozenset(
    ["ORG", "GPE", "FAC", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW"]
)


def relative_clauses(doc: Any) -> Iterator[Derived]:
    """The clauses that say something of a name and can stand alone."""
    for name in doc:
        if name.pos_ == "PROPN" and _is_whole_name(name):
            for verb in name.children:
                pronoun = subject_of(verb) if verb.dep_ == "relcl" else None
                if pronoun is not None and _says_of(doc, name, pronoun, verb):
                    end = verb.right_edge.i + 1
                    parts = ((name.left_edge.i, name.i + 1), (pronoun.i + 1, end))
                    ranges = tuple(range_of(doc, start, stop) for start, stop in parts)
                    yield Derived(ClauseRule.RELATIVE_CLAUSE, ranges)


def _is_whole_name(name: Any) -> bool:
    """Whether the name is no part of a list, of a longer name, or of reported words."""
    return (
        name.dep_ not in ("conj", "appos", "compound", "poss", "nmod")
        and not any(child.dep_ in ("conj", "appos", "cc") for child in name.children)
        and not (name.dep_ == "pobj" and name.head.head.pos_ in ("NOUN", "PROPN"))
        and name.left_edge.ent_iob_ != "I"
        and not any(
            above.dep_ in ("ccomp", "advcl", "parataxis", "pcomp", "acl", "relcl", "xcomp")
            for above in name.ancestors
        )
    )


def _says_of(doc: Any, name: Any, pronoun: Any, verb: Any) -> bool:
    """Whether the clause follows the name directly, ends visibly and speaks of nothing else."""
    inside = doc[pronoun.i + 1 : verb.right_edge.i + 1]
    end = verb.right_edge.i + 1
    if pronoun.lower_ == "who":
        fits = name.ent_type_ == "PERSON"
    else:
        fits = (
            pronoun.lower_ == "which"
            and name.ent_type_ in _NAMED_THINGS
            and name.dep_ in SUBJECTS
            and name.head.dep_ == "ROOT"
        )
    return (
        fits
        and pronoun.i - 2 == name.i
        and doc[pronoun.i - 1].text == ","
        and bool(pronoun.whitespace_)
        and verb.left_edge == pronoun
        and is_finite(verb)
        and not any(child.dep_ == "conj" for child in verb.children)
        and end < len(doc)
        and doc[end].is_punct
        and not any(
            token.text == ","
            or token.lower_ in ("who", "whom", "whose", "which", "that")
            or (token != verb and token.dep_ in INSIDE | {"parataxis"})
            for token in inside
        )
    )
