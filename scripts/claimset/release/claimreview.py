"""Gold labels as ClaimReview, the vocabulary that search engines and fact-check registers read.

Source: https://schema.org/ClaimReview. One review per claim with a gold verdict, in a DataFeed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.models import ClaimStatus
from claimset.release.jsonld import iri, web_address, without_nulls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from claimset.models import LabelSet, ReleaseMetadata

__all__ = ["claim_reviews", "feed_head"]

_PRONOUNS = frozenset({"he", "she", "they", "it", "we", "i", "you"})
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def feed_head(metadata: ReleaseMetadata, base: str | None) -> dict[str, Any]:
    """The members of the feed before its elements.

    Args:
        metadata: The release.
        base: Address of the dataset's page, if it has one.
    """
    return without_nulls(
        **{"@context": "https://schema.org", "@type": "DataFeed"},
        name=metadata.name,
        url=base,
        version=metadata.version,
        license=_LICENCE,
        description=_description(metadata),
    )


def _description(metadata: ReleaseMetadata) -> str:
    text = (
        f"Claims with their gold verdicts, release {metadata.version}, content id "
        f"{metadata.content_id}. A verdict speaks of the sources in the dataset only. "
        "The texts belong to their publishers."
    )
    if metadata.machine_annotators:
        text += f" Annotators that are machines: {', '.join(metadata.machine_annotators)}."
    return text


def claim_reviews(
    claims: Iterable[Mapping[str, Any]],
    articles: Mapping[str, Mapping[str, Any]],
    metadata: ReleaseMetadata,
    base: str | None,
) -> Iterator[dict[str, Any]]:
    """A ClaimReview for every active claim with a gold verdict and a published text.

    Args:
        claims: Rows of `claims`.
        articles: Rows of `articles` by id.
        metadata: The release.
        base: Address of the dataset's page, if it has one.
    """
    author = {"@type": "Organization", "name": f"Annotators of {metadata.name}"}
    for claim in claims:
        verdict = claim["gold_verdict"]
        withdrawn = claim["status"] == ClaimStatus.WITHDRAWN
        if verdict is None or withdrawn or claim["text"] is None:
            continue
        article = articles[claim["article_id"]]
        yield {
            "@type": "ClaimReview",
            "@id": iri(base, claim["claim_id"]),
            **without_nulls(
                identifier=claim["claim_id"],
                url=iri(base, claim["claim_id"]) if base else None,
                claimReviewed=claim["text"],
                author=author,
                inLanguage=article["language"],
                reviewRating=_rating(metadata.labels, verdict),
                itemReviewed=_claim(claim, article),
                isBasedOn=_evidence(claim, articles),
                license=_LICENCE,
                version=metadata.version,
            ),
        }


def _rating(labels: LabelSet, name: str) -> dict[str, Any]:
    """A verdict without a place on the scale, as for want of evidence, has only a name."""
    verdict = labels.verdict(name)
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": verdict.title}
    if verdict.rating is not None:
        scale = [known.rating for known in labels.verdicts if known.rating is not None]
        rating |= {
            "ratingValue": verdict.rating,
            "worstRating": min(scale),
            "bestRating": max(scale),
        }
    return rating


def _claim(claim: Mapping[str, Any], article: Mapping[str, Any]) -> dict[str, Any]:
    # A pronoun names nobody, and whom it stands for is only a suggestion.
    speakers = [
        item["speaker"]
        for item in claim["attributions"]
        if item["speaker"] and item["speaker"].lower() not in _PRONOUNS
    ]
    return {
        "@type": "Claim",
        **without_nulls(
            text=claim["text"],
            author=list(dict.fromkeys(speakers)),  # person or not is not known: no type is made up
            appearance=_work(article),
        ),
    }


def _work(article: Mapping[str, Any]) -> dict[str, Any]:
    publisher = article["publisher"]
    return {
        "@type": "CreativeWork",
        **without_nulls(
            identifier=article["article_id"],
            headline=article["title"],
            url=web_address(article["url"]),
            publisher={"@type": "Organization", "name": publisher} if publisher else None,
            datePublished=str(article["published_at"]) if article["published_at"] else None,
            inLanguage=article["language"],
        ),
    }


def _evidence(
    claim: Mapping[str, Any], articles: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Every span of the gold evidence sets once, as a quotation of its article."""
    spans = {
        (span["article_id"], span["start"], span["end"]): span["text"]
        for evidence in claim["evidence_sets"]
        for span in evidence["spans"]
        if span["text"] is not None
    }
    return [
        {"@type": "Quotation", "text": text, "isPartOf": _work(articles[article_id])}
        for (article_id, _start, _end), text in spans.items()
    ]
