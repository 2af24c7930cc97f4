"""Claims, answers and evidence as W3C Web Annotations, for tools that show marks on texts.

Source: Web Annotation Data Model, W3C Recommendation 2017,
https://www.w3.org/TR/annotation-model/. Its positions count characters as Unicode code points from
0, half-open, as ours do (section 4.2.5). They count on the normalised text, not on the page where
an article was found: so the source of a target names the text by its hash (RFC 6920), and the page
stands beside it as the scope.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from claimset.models import AnnotationStatus, AnnotatorKind, ClaimStatus
from claimset.release.jsonld import iri, web_address, without_nulls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from claimset.models import ReleaseMetadata

__all__ = ["page_head", "web_annotations"]

_CONTEXT = 20
"""Code points of context before and after a quotation of an article whose text is published."""


def page_head(metadata: ReleaseMetadata, base: str | None) -> dict[str, Any]:
    """The members of the page of annotations before its items."""
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": iri(base, f"{metadata.name}-{metadata.version}-page"),
        "type": "AnnotationPage",
        "partOf": {
            "id": iri(base, f"{metadata.name}-{metadata.version}"),
            "type": "AnnotationCollection",
            "label": f"{metadata.name} {metadata.version}",
        },
        "startIndex": 0,
    }


def web_annotations(
    claims: Iterable[Mapping[str, Any]],
    annotations: Iterable[Mapping[str, Any]],
    articles: Mapping[str, Mapping[str, Any]],
    base: str | None,
) -> Iterator[dict[str, Any]]:
    """An annotation per claim with its gold label, per answer, and per span of evidence.

    Args:
        claims: Rows of `claims`.
        annotations: Rows of `annotations`.
        articles: Rows of `articles` by id.
        base: Address of the dataset's page, if it has one.
    """
    targets: dict[str, dict[str, Any]] = {}
    for claim in claims:
        if claim["status"] == ClaimStatus.WITHDRAWN:
            continue
        name = claim["claim_id"]
        target = _target(claim, articles)
        targets[name] = target
        label = claim["gold_verdict"] or claim["gold_checkability"] or claim["gold_source"]
        yield {
            **_annotation(iri(base, name), name, "identifying", target),
            "body": [_words(label, "classifying"), _words(claim["gold_source"], "describing")],
        }
    for answer in annotations:
        label = answer["verdict"] or answer["checkability"]
        submitted = answer["status"] == AnnotationStatus.SUBMITTED
        if answer["claim_id"] not in targets or label is None or not submitted:
            continue
        name = answer["annotation_id"]
        creator = _creator(answer)
        about = {"id": iri(base, answer["claim_id"]), "purpose": "linking"}
        yield {
            **_annotation(iri(base, name), name, "assessing", targets[answer["claim_id"]]),
            **creator,
            "body": [_words(label, "classifying"), {"type": "SpecificResource", **_source(about)}],
        }
        for number, span in enumerate(answer["evidence"]):
            part = f"{name}-evidence-{number}"
            yield {
                **_annotation(iri(base, part), part, "linking", _target(span, articles)),
                **creator,
                "body": [
                    {"type": "SpecificResource", **_source(about)},
                    _words(span["stance"], "classifying"),
                ],
            }


def _source(about: Mapping[str, str]) -> dict[str, str]:
    return {"source": about["id"], "purpose": about["purpose"]}


def _annotation(
    name: str, identifier: str, motivation: str, target: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "id": name,
        "type": "Annotation",
        "dc:identifier": identifier,
        "motivation": motivation,
        "target": target,
    }


def _words(value: str, purpose: str) -> dict[str, str]:
    return {"type": "TextualBody", "value": value, "purpose": purpose}


def _creator(answer: Mapping[str, Any]) -> dict[str, Any]:
    machine = answer["annotator_kind"] == AnnotatorKind.MACHINE
    kind = "Software" if machine else "Person"
    return {"creator": {"type": kind, "nickname": answer["annotator"]}}


def _target(span: Mapping[str, Any], articles: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    article = articles[span["article_id"]]
    digest = base64.urlsafe_b64encode(bytes.fromhex(article["text_sha256"])).decode().rstrip("=")
    return without_nulls(
        source=f"ni:///sha-256;{digest}",
        scope=web_address(article["url"]),
        selector=_selectors(span, article),
    )


def _selectors(span: Mapping[str, Any], article: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"type": "TextPositionSelector", "start": span["start"], "end": span["end"]}
    ]
    if span["text"] is not None:
        text = article["text"]
        if text is not None:
            before = text[max(0, span["start"] - _CONTEXT) : span["start"]]
            after = text[span["end"] : span["end"] + _CONTEXT]
        else:  # what the row itself carries, if anything
            before, after = span.get("prefix") or "", span.get("suffix") or ""
        quote = {"type": "TextQuoteSelector", "exact": span["text"]}
        found.append(quote | without_nulls(prefix=before or None, suffix=after or None))
    return found
