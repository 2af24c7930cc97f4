"""The rows of a release: claims with gold, annotations and articles, checked and in fixed order."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claimset.aggregation import Gold, GoldRules, aggregate_claims, inherit, latest_answers
from claimset.errors import DataError
from claimset.identifiers import content_id
from claimset.models import Annotation, AnnotationStatus, Article, Claim, GoldSource, Model, Unit
from claimset.models.release import ReleasedArticle, ReleasedClaim, UnitPosition
from claimset.release.columns import CONFIGS, RECORDS, SPLIT
from claimset.release.spans import check_spans
from claimset.segmentation.duplicates import carries_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["LeftOut", "ReleaseRows", "build_rows", "canonical_rows", "content_of", "dated"]

Rows = dict[str, list[dict[str, Any]]]
"""Plain rows of every config, labels by name."""

_NOT_YET = "0.0.0"
"""Stands in the release columns until the version is known; never written."""


class LeftOut(Model):
    """An annotation that is not in the release, and why."""

    annotation_id: str
    """The annotation."""
    reason: str
    """Why it is not in the release."""


@dataclass(frozen=True)
class ReleaseRows:
    """All rows of a release, each table in its fixed order."""

    claims: tuple[ReleasedClaim, ...]
    """By article, then position."""
    annotations: tuple[Annotation, ...]
    """By article and position of the claim, then annotator."""
    articles: tuple[ReleasedArticle, ...]
    """By article id."""
    left_out: tuple[LeftOut, ...] = ()
    """Annotations that are not among them, by annotation id."""

    def table(self, config: str) -> tuple[Model, ...]:
        """The rows of a config."""
        rows: tuple[Model, ...] = getattr(self, config)
        return rows


def build_rows(
    *,
    articles: Iterable[Article],
    units: Iterable[Unit],
    claims: Iterable[Claim],
    annotations: Iterable[Annotation],
    rules: GoldRules | None = None,
) -> ReleaseRows:
    """Build and check the rows of a release.

    Args:
        articles: Every article that a span lies in.
        units: Units of these articles.
        claims: The claims to release; one without annotations is released as unresolved.
        annotations: Annotations with all their history, in any order.
        rules: When answers make gold.

    Returns:
        The rows. An annotation whose claim is not among the claims, one that was deleted, and one
        that its annotator answered again are listed as left out, with the reason.

    Raises:
        SpanError: A span in any row differs from its article; the message names the row.
        DataError: Two articles, claims or annotations have the same id.
    """
    articles = sorted(articles, key=lambda article: article.article_id)
    claims = sorted(claims, key=lambda claim: (claim.article_id, claim.start, claim.end))
    annotations = list(annotations)
    _refuse_doubles("article", (article.article_id for article in articles))
    _refuse_doubles("claim", (claim.claim_id for claim in claims))
    _refuse_doubles("annotation", (annotation.annotation_id for annotation in annotations))

    place = {claim.claim_id: number for number, claim in enumerate(claims)}
    published = [answer for answer in latest_answers(annotations) if answer.claim_id in place]
    published.sort(key=lambda answer: (place[answer.claim_id], answer.annotator))
    rows = ReleaseRows(
        claims=_claim_rows(claims, aggregate_claims(published, rules)),
        annotations=tuple(published),
        articles=_article_rows(articles, units),
        left_out=_left_out(annotations, published, place),
    )
    texts = {article.article_id: article.text for article in articles}
    for claim in rows.claims:
        check_spans(claim, texts, where=f"claim {claim.claim_id}")
    for annotation in rows.annotations:
        check_spans(annotation, texts, where=f"annotation {annotation.annotation_id}")
    return rows


def _refuse_doubles(noun: str, ids: Iterable[str]) -> None:
    double = next((name for name, count in Counter(ids).items() if count > 1), None)
    if double is not None:
        raise DataError(
            f"the {noun} {double!r} is given twice",
            where=f"{noun} {double}",
            remedy=f"give each {noun} once; run the step that made it again",
        )


def _claim_rows(claims: Sequence[Claim], golds: Mapping[str, Gold]) -> tuple[ReleasedClaim, ...]:
    nobody = Gold(source=GoldSource.UNRESOLVED)
    own = {claim.claim_id: golds.get(claim.claim_id, nobody) for claim in claims}
    by_id = {claim.claim_id: claim for claim in claims}
    rows = []
    for claim in claims:
        gold = own[claim.claim_id]
        original = by_id.get(claim.duplicate_of or "")
        if original and claim.claim_id not in golds and carries_label(claim, original):
            gold = inherit(own[original.claim_id])
        rows.append(
            ReleasedClaim(
                **dict(claim),
                gold_verdict=gold.verdict,
                gold_checkability=gold.checkability,
                gold_source=gold.source,
                gold_posterior=gold.posterior,
                adjudicator=gold.adjudicator,
                error_category=gold.error_category,
                label_distribution=gold.distribution,
                n_annotations=gold.n_annotations,
                agreement=gold.agreement,
                evidence_sets=gold.evidence_sets,
                split=SPLIT,
                first_release=_NOT_YET,
                last_changed_release=_NOT_YET,
            )
        )
    return tuple(rows)


def _article_rows(
    articles: Iterable[Article], units: Iterable[Unit]
) -> tuple[ReleasedArticle, ...]:
    positions = defaultdict(list)
    texts = {article.article_id: article.text for article in articles}
    for unit in units:
        if unit.article_id in texts:
            check_spans(unit, texts, where=f"unit [{unit.start}, {unit.end})")
            positions[unit.article_id].append(unit)
    return tuple(
        ReleasedArticle(
            **{name: value for name, value in article if name != "text"},
            length=len(article.text),
            text=article.text if article.open_license else None,
            units=tuple(
                UnitPosition(start=unit.start, end=unit.end, kind=unit.kind)
                for unit in sorted(positions[article.article_id], key=lambda unit: unit.start)
            ),
        )
        for article in articles
    )


def _left_out(
    annotations: Iterable[Annotation], published: Iterable[Annotation], claims: Mapping[str, int]
) -> tuple[LeftOut, ...]:
    kept = {annotation.annotation_id for annotation in published}
    reasons = []
    for annotation in sorted(annotations, key=lambda annotation: annotation.annotation_id):
        if annotation.annotation_id in kept:
            continue
        if annotation.status is AnnotationStatus.DELETED:
            reason = "it was deleted"
        elif annotation.claim_id not in claims:
            reason = f"its claim {annotation.claim_id} is not in this release"
        else:
            reason = f"{annotation.annotator} has a later answer to {annotation.claim_id}"
        reasons.append(LeftOut(annotation_id=annotation.annotation_id, reason=reason))
    return tuple(reasons)


def canonical_rows(rows: ReleaseRows) -> Rows:
    """All rows as plain JSON values: the form in which releases are compared."""
    return {
        config: [row.model_dump(mode="json") for row in rows.table(config)] for config in CONFIGS
    }


def content_of(tables: Mapping[str, Iterable[Mapping[str, Any]]]) -> str:
    """The content id of canonical rows, columns that record a run left out.

    Args:
        tables: Rows by config, as :func:`canonical_rows` makes them or as they are read back.
    """
    return content_id({config: _content(config, rows) for config, rows in tables.items()})


def _content(config: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    records = RECORDS.get(config, frozenset())
    for row in rows:
        yield {name: value for name, value in row.items() if name not in records}


def dated(
    rows: ReleaseRows, previous: Iterable[Mapping[str, Any]], canonical: Rows, version: str
) -> ReleaseRows:
    """Fill in the release columns: rows that did not change keep what the last release said.

    Args:
        rows: The rows of the new release.
        previous: Claim rows of the release before.
        canonical: :func:`canonical_rows` of ``rows``.
        version: Version of the new release.
    """
    known = {row["claim_id"]: row for row in previous}
    claims = []
    for claim, content in zip(rows.claims, _content("claims", canonical["claims"]), strict=True):
        before = known.get(claim.claim_id)
        first = last = version
        if before is not None:
            first = before["first_release"]
            if content == next(_content("claims", [before])):
                last = before["last_changed_release"]
        claims.append(
            claim.model_copy(update={"first_release": first, "last_changed_release": last})
        )
    return ReleaseRows(tuple(claims), rows.annotations, rows.articles, rows.left_out)
