"""Duplicates: which claims tell what another claim tells, as links that can be undone.

A link says that two sentences look like tellings of the same and that no difference in numbers,
names or negation speaks against it. It does not say that one label holds for both: "the email was
sent to Tory members" may be added to a sentence, and what was supported is so no longer. So a label
is carried along a link only under the conditions of :func:`carries_label`.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from claimset.segmentation.blocking import comparable_pairs
from claimset.segmentation.contradictions import difference
from claimset.segmentation.parts import find_parts
from claimset.segmentation.wording import Wording, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimset.models import Claim

__all__ = ["DuplicateMethod", "carries_label", "link_duplicates", "link_verbatim"]

_ALIKE: Final = 75.0
"""Least `ratio` of two retellings, of 100; measured on retold news (see the benchmark)."""

_MOST_TELLINGS: Final = 50
"""Different wordings under one claim; each is held against all the others before it joins."""


class DuplicateMethod(StrEnum):
    """How a duplicate was found; what `duplicate_score` measures depends on it."""

    VERBATIM = "verbatim"
    """The same words, apart from quotation marks, dashes, white space and a final full stop."""
    SAME_WORDS = "same words"
    """The same, in a language whose pronouns are not known: whether both speak of the same is not
    told by the words, so no label is carried."""
    RETOLD = "retold"
    """Alike by the indel similarity of their characters, without a difference that counts."""
    PART = "part"
    """Adjacent sentences that together tell what the other tells; the score is the share of its
    content words that this one tells."""


class _Link(NamedTuple):
    root: int
    score: float
    method: DuplicateMethod


def link_duplicates(claims: Sequence[Claim]) -> list[Claim]:
    """Link each claim that repeats another claim of its event to the first that tells it.

    Within an article the later claim points to the earlier one, across articles the one whose
    `article_id` sorts later to the other. A claim that is pointed to points to none, so links make
    stars, never chains or circles. Several claims may point to one, among them the parts of a
    claim that is told again in several sentences. Where a label is carried within an article, that
    link stands before any link to another article. Derived claims are left alone.

    Args:
        claims: Claims of any number of articles and events, in any order. Links they have already
            are forgotten and made anew.

    Returns:
        The same claims in the same order, with `duplicate_of`, `duplicate_score` and
        `duplicate_method` filled in where they repeat another. The links do not depend on the
        order of the input.
    """
    events: dict[str, list[int]] = defaultdict(list)
    for index, claim in enumerate(claims):
        if not claim.derived:
            events[claim.event_id].append(index)
    links: dict[int, _Link] = {}
    for members in events.values():
        members.sort(key=lambda index: _place(claims[index]))
        event = _Event([claims[index] for index in members])
        links |= {
            members[mention]: link._replace(root=members[link.root])
            for mention, link in event.links().items()
        }
    return [_linked(claim, links.get(index), claims) for index, claim in enumerate(claims)]


def link_verbatim(claims: Sequence[Claim]) -> list[Claim]:
    """Link each claim that repeats another one of its event word for word to the first of them.

    For languages in which it is not known what makes two tellings differ.

    Args:
        claims: Claims of any number of articles and events, in any order.

    Returns:
        The same claims in the same order, linked as by :func:`link_duplicates`.
    """
    first: dict[tuple[str, str], int] = {}
    links: dict[int, _Link] = {}
    for index in sorted(range(len(claims)), key=lambda index: _place(claims[index])):
        root = first.setdefault((claims[index].event_id, plain(claims[index].text)), index)
        if root != index:
            links[index] = _Link(root, 1.0, DuplicateMethod.SAME_WORDS)
    return [_linked(claim, links.get(index), claims) for index, claim in enumerate(claims)]


def _place(claim: Claim) -> tuple[str, int, int, str]:
    return claim.article_id, claim.start, claim.end, claim.claim_id


def _linked(claim: Claim, link: _Link | None, claims: Sequence[Claim]) -> Claim:
    if link is None and claim.duplicate_of is None:
        return claim
    return type(claim).trusted(
        {
            **claim.__dict__,
            "duplicate_of": claims[link.root].claim_id if link else None,
            "duplicate_score": link.score if link else None,
            "duplicate_method": str(link.method) if link else None,
        }
    )


def carries_label(mention: Claim, original: Claim) -> bool:
    """Whether the label of the original claim is also that of a mention linked to it.

    Only if both stand in the same article, for a verdict rests on the *other* articles of the
    event; if they are the same words; if they name whom they speak of rather than say "he"; and if
    they are attributed to the same speakers.
    """
    return (
        mention.duplicate_of == original.claim_id
        and mention.duplicate_method == DuplicateMethod.VERBATIM
        and _same_in_context(mention, original, Wording(plain(original.text)))
    )


def _same_in_context(mention: Claim, original: Claim, wording: Wording) -> bool:
    return (
        mention.article_id == original.article_id
        and wording.stands_alone
        and _speakers(mention) == _speakers(original)
    )


def _speakers(claim: Claim) -> frozenset[str]:
    return frozenset(plain(item.speaker).casefold() for item in claim.attributions if item.speaker)


def _outside_speakers(claim: Claim) -> frozenset[str]:
    """Words of the speakers who are named in another sentence: part of what the claim says."""
    return frozenset(
        key
        for item in claim.attributions
        if item.speaker
        and item.speaker_span
        and not claim.start <= item.speaker_span.start < claim.end
        for key in Wording(plain(item.speaker)).content
    )


class _Event:
    """The claims of one event in their order, and how alike their wordings are."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        from rapidfuzz import fuzz  # noqa: PLC0415 - `import claimset` stays light

        self._claims = claims
        nodes: dict[tuple[str, frozenset[str]], int] = {}
        self._node = [
            nodes.setdefault((plain(claim.text), _outside_speakers(claim)), len(nodes))
            for claim in claims
        ]
        self._speakers = [speakers for _, speakers in nodes]
        self._wordings = [Wording(text) for text, _ in nodes]
        self._alike: dict[int, dict[int, float]] = defaultdict(dict)
        for one, other in comparable_pairs(self._wordings):
            score = fuzz.ratio(
                self._wordings[one].text, self._wordings[other].text, score_cutoff=_ALIKE
            )
            if score and not self._differs(one, other):
                self._alike[one][other] = self._alike[other][one] = round(score / 100, 4)
        self._links: dict[int, _Link] = {}
        self._mentions: dict[int, list[int]] = defaultdict(list)
        self._fixed: set[int] = set()

    def _differs(self, one: int, other: int) -> bool:
        speakers = self._speakers[one], self._speakers[other]
        if all(speakers) and not speakers[0] & speakers[1]:
            return True
        return difference(self._wordings[one], self._wordings[other]) is not None

    def links(self) -> dict[int, _Link]:
        """The link of each claim that has one, by its number in the event."""
        articles: dict[str, list[int]] = defaultdict(list)
        for index, claim in enumerate(self._claims):
            articles[claim.article_id].append(index)
        for members in articles.values():
            self._link_article(members)
        if len(articles) > 1:
            self._link_across(index for members in articles.values() for index in members)
        return self._links

    def _link_article(self, members: Sequence[int]) -> None:
        roots: dict[int, int] = {}
        for index in members:
            link = self._best(index, roots)
            if link is None:
                roots[self._node[index]] = index
                continue
            self._add(index, link)
            if link.method is DuplicateMethod.VERBATIM and _same_in_context(
                self._claims[index], self._claims[link.root], self._wordings[self._node[index]]
            ):
                self._fixed.add(link.root)
        self._link_parts(members)

    def _link_parts(self, members: Sequence[int]) -> None:
        wordings = [self._wordings[self._node[index]] for index in members]
        for whole, parts in find_parts(wordings):
            root = members[whole]
            found = [(members[part], score) for part, score in parts]
            if root in self._links or any(
                part in self._links or part in self._mentions for part, _ in found
            ):
                continue
            for part, score in found:
                self._add(part, _Link(root, score, DuplicateMethod.PART))
            self._fixed.add(root)

    def _link_across(self, members: Iterable[int]) -> None:
        """Bring the claims of an article, with all that point to them, under an earlier one's."""
        roots: dict[int, int] = {}
        for index in members:
            if index in self._links:
                continue
            if index not in self._fixed:
                family = [index, *self._mentions.get(index, ())]
                link = self._best(index, roots)
                moved = [self._link(member, link.root) for member in family] if link else [None]
                if link and all(moved) and self._fits(family, link.root):
                    self._mentions.pop(index, None)
                    for member, new in zip(family, moved, strict=True):
                        if new is not None:
                            self._add(member, new)
                    continue
            roots.setdefault(self._node[index], index)

    def _add(self, mention: int, link: _Link) -> None:
        self._links[mention] = link
        self._mentions[link.root].append(mention)

    def _link(self, mention: int, root: int) -> _Link | None:
        one, other = self._node[mention], self._node[root]
        if one == other:
            return _Link(root, 1.0, DuplicateMethod.VERBATIM)
        score = self._alike.get(one, {}).get(other)
        return _Link(root, score, DuplicateMethod.RETOLD) if score is not None else None

    def _best(self, mention: int, roots: dict[int, int]) -> _Link | None:
        """The link to the root that is most alike, to the first of several."""
        node = self._node[mention]
        if node in roots:
            return self._link(mention, roots[node])
        alike = self._alike.get(node, {})
        known = (
            [other for other in alike if other in roots]
            if len(alike) < len(roots)
            else [other for other in roots if other in alike]
        )
        for other in sorted(known, key=lambda other: (-alike[other], roots[other])):
            if self._fits([mention], roots[other]):
                return self._link(mention, roots[other])
        return None

    def _fits(self, family: Iterable[int], root: int) -> bool:
        """Whether claims differ from none of those under a root: they may add different names."""
        new = {self._node[index] for index in family}
        under = {self._node[index] for index in self._tellings(root)}
        if new <= under:
            return True
        return len(new | under) <= _MOST_TELLINGS and not any(
            one != other and other not in self._alike.get(one, ()) and self._differs(one, other)
            for one in new
            for other in under
        )

    def _tellings(self, root: int) -> list[int]:
        part = DuplicateMethod.PART
        return [
            root,
            *(item for item in self._mentions.get(root, ()) if self._links[item].method != part),
        ]
