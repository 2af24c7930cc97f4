"""Clauses that can be split off a sentence without changing what it says.

Few rules, each with many reasons to leave a sentence alone: a clause that says something else than
its sentence costs a desk more than ten that were not offered. Rules for every kind of clause went
wrong in about a quarter of all cases; what makes them go wrong is not attempted here, and what is
left was read clause by clause (``tests/fixtures/clause_audit.json``):

- nothing inside or around a quotation, and nothing that somebody is said to have said;
- no condition, cause, contrast, time clause or alternative;
- no negation or modal verb in front of two verbs, for it may hold for both or for one;
- nothing in front of the subject, for it may belong to both parts;
- no subject or name whose end the parser may have missed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from claimset.identifiers import hash_json
from claimset.models import Clause, Span
from claimset.segmentation.coordination import Pair, coordinated
from claimset.segmentation.relatives import relative_clauses
from claimset.segmentation.syntax import parse
from claimset.segmentation.verbs import Derived, is_finite, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from claimset.models import Article, Claim
    from claimset.segmentation.segmenter import Derived as Proposed

__all__ = ["clause_text", "clauses_of", "derived_clauses", "find_clauses"]


_SHORTEST: Final = 30
_SPLITTABLE: Final = re.compile(r"\b(?:and|but|who|which)\b")
_UNSAFE: Final = re.compile(
    r"[\"“”„«»?!()\[\]:…—\n]|\.\.\.|''|(?<!\w)['‘]| -{1,2} | – |"
    r"\b(?:if|unless|because|al?though|while|whilst|whereas|until|when|whenever|where|whether|lest|"
    r"provided|respectively|together|n?either|n?or|each|jointly|supposedly|allegedly|reportedly|"
    r"according|instead|rumou?red)\b",
    re.IGNORECASE,
)
_UNSAFE_MARKS: Final = frozenset(["as", "since", "so", "once", "before", "after", "that", "than"])


def find_clauses(sentences: Sequence[str]) -> list[list[Derived]]:
    """Find the clauses of each sentence, most of the time none.

    Args:
        sentences: Sentences without speaker or quotation.

    Raises:
        UsageError: The extra ``clauses`` is not installed.
    """
    found: list[list[Derived]] = [[] for _ in sentences]
    worth = [number for number, text in enumerate(sentences) if _is_promising(text)]
    docs = parse(sentences[number] for number in worth) if worth else ()
    for number, doc in zip(worth, docs, strict=True):
        found[number] = list(_clauses(doc))
    return found


def clauses_of(claims: Iterable[Claim]) -> list[Clause]:
    """The clauses of all claims, in the order of the claims.

    A sentence with a speaker or a part of a quotation is left whole: a clause of it would say as a
    fact what somebody said.

    Args:
        claims: Sentences as :func:`claimset.segmentation.claims.claims_of` gives them.

    Raises:
        UsageError: The extra ``clauses`` is not installed.
    """
    plain = [claim for claim in claims if not claim.attributions and claim.quote_id is None]
    found = find_clauses([claim.text for claim in plain])
    return [
        _clause(claim, item) for claim, items in zip(plain, found, strict=True) for item in items
    ]


def derived_clauses(
    article: Article, claims: Iterable[Claim], derived: Iterable[Proposed]
) -> list[Clause]:
    """What a segmenter derived, as rows: each under its sentence, each wording once.

    Args:
        article: The article.
        claims: Its claims.
        derived: Checked by :func:`claimset.segmentation.segmenter.cut_article`.
    """
    parents = {claim.start: claim for claim in claims}
    found: dict[str, Clause] = {}
    for item in derived:
        parent = parents[item.parent]
        name = hash_json([parent.claim_id, item.rule, item.text])[:16]
        found[name] = Clause(
            claim_id=f"c_{name}",
            parent_id=parent.claim_id,
            article_id=article.article_id,
            event_id=article.event_id,
            rule=item.rule,
            spans=tuple(
                Span(start=start, end=end, text=article.text[start:end])
                for start, end in item.spans
            ),
            text=item.text,
            segmenter_version=parent.segmenter_version,
            anchored=bool(item.spans) and item.fault is None,
            fault=item.fault if item.spans or item.fault else "names no words of the article",
        )
    return list(found.values())


def _clause(claim: Claim, item: Derived) -> Clause:
    parts = [claim.text[start:end] for start, end in item.ranges]
    text = clause_text(parts)
    name = hash_json([claim.claim_id, item.rule, text])[:16]
    return Clause(
        claim_id=f"c_{name}",
        parent_id=claim.claim_id,
        article_id=claim.article_id,
        event_id=claim.event_id,
        rule=item.rule,
        spans=tuple(
            Span(start=claim.start + start, end=claim.start + end, text=part)
            for (start, end), part in zip(item.ranges, parts, strict=True)
        ),
        text=text,
        segmenter_version=claim.segmenter_version,
    )


def clause_text(parts: Sequence[str]) -> str:
    """The parts as one sentence.

    >>> clause_text(["he", "resigned in  May,"])
    'He resigned in May.'
    """
    text = " ".join(" ".join(parts).split()).strip(" ,;")
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _is_promising(text: str) -> bool:
    return (
        len(text) >= _SHORTEST
        and text.endswith(".")
        and _SPLITTABLE.search(text) is not None
        and _UNSAFE.search(text) is None
    )


def _clauses(doc: Any) -> Iterator[Derived]:
    roots = [token for token in doc if token.dep_ == "ROOT"]
    if len(roots) != 1 or any(t.dep_ == "mark" and t.lower_ in _UNSAFE_MARKS for t in doc):
        return
    root, subject = roots[0], subject_of(roots[0])
    if root.pos_ not in ("VERB", "AUX") or subject is None or not is_finite(root):
        return
    if _is_cut_short(subject) or any(_is_bare_list(token) for token in doc if token.head != root):
        return
    yield from relative_clauses(doc)
    second = [child for child in root.children if child.dep_ == "conj"]
    links = [child for child in root.children if child.dep_ == "cc"]
    if len(second) == len(links) == 1 and links[0].i < second[0].i:
        yield from coordinated(Pair(doc, root, subject, links[0], second[0]))


def _is_cut_short(subject: Any) -> bool:
    """Whether an insertion of the subject has one comma only."""
    return [token.text for token in subject.subtree].count(",") % 2 == 1


def _is_bare_list(token: Any) -> bool:
    """Whether a list has no "and": the parser may have given its last item to another one."""
    return token.dep_ == "conj" and not any(
        child.dep_ in ("cc", "conj")
        for child in (*token.head.children, *token.children)
        if child != token
    )
