"""Tasks of disputes: the claim as annotators saw it, with their answers, and who decides it."""

from __future__ import annotations

import hashlib
import hmac
import html
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.aggregation import label_of
from claimset.identifiers import hash_json
from claimset.labelstudio.adjudication_page import ANSWERS
from claimset.labelstudio.referee import ADJUDICATOR
from claimset.labelstudio.tasks import build_tasks
from claimset.models import EvidenceCandidate, label_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from claimset.models import Annotation, Article, Claim, LabelSet, Unit

__all__ = ["DisputedTask", "answers_html", "build_dispute_tasks", "shuffled"]

_EARLIER = "earlier answers"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NO_WORD = re.compile(r"[^a-z0-9_]+")


class DisputedTask(NamedTuple):
    """What the task of a dispute is made from."""

    claim: Claim
    votes: Sequence[Annotation]
    account: str
    """E-mail address of the account that decides it."""


def shuffled(claim_id: str, votes: Iterable[Annotation], secret: bytes) -> list[Annotation]:
    """The votes on a claim in an order that is random, the same each time, and tells nothing.

    The order is that of keyed hashes of claim and annotator, so the same person is A here and B
    there, and nobody without the workspace's secret can tell who is who.
    """

    def lot(vote: Annotation) -> bytes:
        return hmac.digest(secret, f"{claim_id}/{vote.annotator}".encode(), hashlib.sha256)

    return sorted(votes, key=lot)


def build_dispute_tasks(
    articles: Sequence[Article],
    units: Iterable[Unit],
    claims: Iterable[Claim],
    candidates: Iterable[EvidenceCandidate],
    disputes: Sequence[DisputedTask],
    secret: bytes,
    labels: LabelSet,
) -> Iterator[dict[str, Any]]:
    """Make Label Studio's task for each dispute.

    It is the claim's task with the earlier answers, anonymous and shuffled, beside it. Spans that
    they marked come as candidates before those of the search, so that they too can be taken over
    by a key; as candidates they count for nothing.

    Args:
        articles: The articles of their events, and others that an answer marks something in.
        units: Units of the articles they stand in.
        claims: All claims of these articles, article by article.
        candidates: Evidence candidates of the claims, or none.
        disputes: The disputes, in the order in which they are asked.
        secret: Keys the order of the answers.
        labels: The label set, whose words for the verdicts the answers are shown with.

    Yields:
        A task as :func:`claimset.labelstudio.tasks.build_tasks` makes it.
    """
    asked = {dispute.claim.claim_id: dispute for dispute in disputes}
    texts = {article.article_id: article.text for article in articles}
    titles = {article.article_id: article.publisher or article.title for article in articles}
    of_claim: dict[str, list[EvidenceCandidate]] = {claim_id: [] for claim_id in asked}
    for candidate in candidates:
        if candidate.claim_id in of_claim:
            of_claim[candidate.claim_id].append(candidate)
    shown = [
        candidate
        for claim_id, dispute in asked.items()
        for candidate in _with_marks(dispute, of_claim[claim_id], texts)
    ]
    for task in build_tasks(articles, units, claims, shown, order=list(asked)):
        data = task["data"]
        dispute = asked[data["claim_id"]]
        answers = answers_html(shuffled(data["claim_id"], dispute.votes, secret), titles, labels)
        name = dispute.account.removesuffix("@claimset.invalid")
        data |= {
            ANSWERS: answers,
            ADJUDICATOR: dispute.account,
            "claim_label": f"for {name} to decide · {data['claim_label']}",
            "content_hash": hash_json([data["content_hash"], answers, dispute.account]),
        }
        yield task


def _with_marks(
    dispute: DisputedTask, candidates: Sequence[EvidenceCandidate], texts: Mapping[str, str]
) -> list[EvidenceCandidate]:
    """The annotators' own spans, then what the search found, numbered anew."""
    marks = {
        (span.article_id, span.start, span.end): span.text
        for vote in dispute.votes
        for span in vote.evidence
        # What was marked in an earlier text of the article stands among the answers alone.
        if texts.get(span.article_id, "")[span.start : span.end] == span.text
    }
    spans = [(key, text, _EARLIER) for key, text in sorted(marks.items())]
    spans += [
        (key, item.text, item.retriever)
        for item in candidates
        if (key := (item.article_id, item.start, item.end)) not in marks
    ]
    return [
        EvidenceCandidate(
            claim_id=dispute.claim.claim_id,
            article_id=article_id,
            start=start,
            end=end,
            text=text,
            rank=rank,
            score=0.0,
            retriever=retriever,
        )
        for rank, ((article_id, start, end), text, retriever) in enumerate(spans, start=1)
    ]


def answers_html(votes: Sequence[Annotation], titles: Mapping[str, str], labels: LabelSet) -> str:
    """The answers as A, B, C: label, confidence, reason, wording and marked spans, all escaped.

    Args:
        votes: The votes, in the order in which they are shown; no name of theirs is.
        titles: What each article is called.
        labels: The label set, whose words for the verdicts are shown.
    """
    words = label_words(labels)
    parts = ['<span class="fc-votes-here" tabindex="0" accesskey="v"></span>']
    for number, vote in enumerate(votes):
        label = label_of(vote)
        sure = f'<span class="fc-sure">{vote.confidence} confidence</span>'
        head = (
            f'<span class="fc-who">{_letter(number)}</span> '
            f'<span class="fc-said">{_escaped(words.get(label, label.replace("_", " ")))}</span>'
            f"{sure if vote.confidence else ''}"
        )
        body = [f"<p>{_escaped(vote.justification)}</p>"] if vote.justification else []
        if vote.edited_claim:
            body.append(f"<p>would word it: “{_escaped(vote.edited_claim)}”</p>")
        body += [
            f'<blockquote class="fc-s-{span.stance}">{_escaped(span.text)}'
            f"<cite>{span.stance} · {_escaped(titles.get(span.article_id, span.article_id))}"
            "</cite></blockquote>"
            for span in vote.evidence
        ]
        name = _NO_WORD.sub("-", label)
        parts.append(f'<div class="fc-vote fc-l-{name}">{head}{"".join(body)}</div>')
    return "".join(parts)


def _letter(number: int) -> str:
    first, last = divmod(number, len(_ALPHABET))
    return (_ALPHABET[first - 1] if first else "") + _ALPHABET[last]


def _escaped(text: str) -> str:
    # What people and articles wrote is hostile: it must show as text, never act as markup.
    return html.escape(text).replace("\n", "<br>")
