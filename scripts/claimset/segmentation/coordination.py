"""Two verbs on the level of the sentence, and when each can stand alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from claimset.models import ClauseRule
from claimset.segmentation.verbs import (
    INSIDE,
    Derived,
    auxiliaries_of,
    is_finite,
    is_negated,
    range_of,
    subject_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Pair", "coordinated"]

_SAYING: Final = frozenset(
    """
        accuse accused accuses acknowledge acknowledged acknowledges add added adds admit admits
        admitted agree agreed agrees allege alleged alleges announce announced announces appear
        appeared appears argue argued argues ask asked asks assert asserted asserts assume
        assumed assumes attempt attempted attempts began begin begins begun believe believed
        believes call called calls came claim claimed claims come comes conclude concluded
        concludes confirm confirmed confirms consider considered considers contend contended
        contends continue continued continues declare declared declares denied denies deny
        describe described describes estimate estimated estimates expect expected expects
        explain explained explains fear feared fears feel feels felt find finds found go goes
        gone hear heard hears help helped helps hope hoped hopes indicate indicated indicates
        insist insisted insists knew know known knows let lets made maintain maintained
        maintains make makes mean means meant note noted notes plan planned plans predict
        predicted predicts promise promised promises report reported reports reveal revealed
        reveals said saw say says see seek seeks seem seemed seems seen sees show showed shown
        shows sought start started starts state stated states suggest suggested suggests suspect
        suspected suspects tell tells think thinks thought threaten threatened threatens told
        tried tries try want wanted wants warn warned warns watch watched watches went wonder
        wondered wonders write writes written wrote""".split()  # noqa: SIM905 - easier to read and to mend than a list
)
_EMBEDDED: Final = frozenset(
    ["ccomp", "advcl", "parataxis", "csubj", "csubjpass", "expl", "dep", "intj", "mark"]
)
_NO_SUBJECTS: Final = frozenset(["it", "that", "this", "which", "who", "there", "these", "those"])
_POINTING: Final = frozenset(
    """
        this that these those its his her their such another other others latter former""".split()  # noqa: SIM905 - easier to read and to mend than a list
)
_COMPLEMENTS: Final = frozenset(
    ["dobj", "prep", "attr", "acomp", "advmod", "npadvmod", "prt", "agent", "dative", "xcomp"]
)
_PASSIVE_COMPLEMENTS: Final = frozenset(["prep", "agent", "npadvmod", "oprd", "advmod"])
_FARTHEST: Final = 3
"""Words between "and" and the second verb at most, such as an adverb and an auxiliary."""


class Pair(NamedTuple):
    """Two verbs on the level of the sentence, joined by one word."""

    doc: Any
    first: Any
    subject: Any
    link: Any
    second: Any

    @property
    def is_safe(self) -> bool:
        """Whether nothing in the sentence may belong to the other verb as well."""
        first, second = self.first, self.second
        begin = first.left_edge.i
        return (
            self.link.lower_ in ("and", "but")
            and second.pos_ in ("VERB", "AUX")
            and not any(child.dep_ == "conj" for child in second.children)
            and not any(token.dep_ == "preconj" for token in self.doc)
            and not any(c.dep_ in _EMBEDDED for verb in (first, second) for c in verb.children)
            and first.lower_ not in _SAYING
            and second.lower_ not in _SAYING
            and not any(c.i < self.subject.left_edge.i and not c.is_punct for c in first.children)
            and not any(c.i > second.right_edge.i and not c.is_punct for c in first.children)
            and not any(
                token.dep_ in INSIDE or token.tag_ in ("WDT", "WP", "WRB")
                for token in self.doc[begin : self.link.i]
            )
        )

    @property
    def has_verb_between(self) -> bool:
        """Whether "and" may belong to another verb than the first."""
        between = self.doc[self.first.i + 1 : self.link.i]
        return any(token.pos_ in ("VERB", "AUX") for token in between)

    def completes(self, verb: Any, kinds: frozenset[str]) -> bool:
        """Whether the verb has words of its own behind it, before the link for the first one."""
        end = self.link.i if verb == self.first else len(self.doc)
        return any(verb.i < child.i < end and child.dep_ in kinds for child in verb.children)

    def head(self, rule: ClauseRule) -> Derived:
        """Everything up to the link."""
        return Derived(rule, (range_of(self.doc, self.first.left_edge.i, self.link.i),))

    def tail(self, rule: ClauseRule, *lead: tuple[int, int]) -> Derived:
        """What stands behind the link, led in by other words."""
        words = range_of(self.doc, self.link.i + 1, self.second.right_edge.i + 1)
        whole = [range_of(self.doc, start, end, trim=False) for start, end in lead]
        return Derived(rule, (*whole, words))

    @property
    def subject_words(self) -> tuple[int, int]:
        """Where the whole subject begins and ends, with its insertions."""
        return self.subject.left_edge.i, self.subject.right_edge.i + 1


def coordinated(pair: Pair) -> Iterator[Derived]:
    """The clauses of two joined verbs, if each says the same alone as in the sentence."""
    if not pair.is_safe:
        return
    own = subject_of(pair.second)
    if own is not None:
        if own.i > pair.link.i and is_finite(pair.second) and _stands_alone(pair, own):
            yield pair.head(ClauseRule.MAIN_CLAUSE)
            yield pair.tail(ClauseRule.MAIN_CLAUSE)
    elif pair.link.lower_ == "and" and _can_share(pair):
        if _shares_auxiliary(pair):
            own_auxiliaries = auxiliaries_of(pair.first)
            words = (own_auxiliaries[0].i, own_auxiliaries[-1].i + 1)
            yield pair.head(ClauseRule.SHARED_AUXILIARY)
            yield pair.tail(ClauseRule.SHARED_AUXILIARY, pair.subject_words, words)
        elif _shares_subject(pair):
            yield pair.head(ClauseRule.SHARED_SUBJECT)
            yield pair.tail(ClauseRule.SHARED_SUBJECT, pair.subject_words)


def _stands_alone(pair: Pair, subject: Any) -> bool:
    """Whether the second subject names something and points at nothing in the first clause."""
    return (
        subject.pos_ in ("NOUN", "PROPN")
        and not any(token.lower_ in _POINTING for token in subject.subtree)
        and pair.second.left_edge == subject.left_edge
        and pair.subject.pos_ in ("NOUN", "PROPN", "PRON")
        and pair.doc[pair.link.i - 1].text in (",", ";")
    )


def _can_share(pair: Pair) -> bool:
    return (
        pair.subject.lower_ not in _NO_SUBJECTS
        and pair.subject.right_edge.i < pair.first.i
        and not is_negated(pair.first)
        and not pair.has_verb_between
    )


def _shares_auxiliary(pair: Pair) -> bool:
    first, second = pair.first, pair.second
    own = auxiliaries_of(first)
    return (
        first.tag_ == second.tag_ == "VBN"
        and bool(own)
        and own[-1].dep_ == "auxpass"
        and pair.subject.i < own[0].i
        and own[-1].i < first.i
        and not auxiliaries_of(second)
        and not is_negated(second)
        and second.i - pair.link.i < _FARTHEST
        and all(
            token == first or token.dep_ in ("aux", "auxpass", "advmod")
            for token in pair.doc[own[0].i : first.i + 1]
        )
        and pair.completes(first, _PASSIVE_COMPLEMENTS)
        and pair.completes(second, _PASSIVE_COMPLEMENTS)
    )


def _shares_subject(pair: Pair) -> bool:
    first, second = pair.first, pair.second
    return (
        is_finite(second)
        and not _may_be_passive(first, second)
        and second.i - pair.link.i <= _FARTHEST
        and all(second in (token, token.head) for token in pair.doc[pair.link.i + 1 : second.i + 1])
        and pair.completes(first, _COMPLEMENTS)
        and bool(first.tag_ == second.tag_ or auxiliaries_of(first) or auxiliaries_of(second))
    )


def _may_be_passive(first: Any, second: Any) -> bool:
    """Whether the auxiliary of a passive may hold for the second verb as well."""
    return (
        any(child.dep_ == "auxpass" for child in first.children)
        and not auxiliaries_of(second)
        and not any(child.dep_ == "dobj" for child in second.children)
    )
