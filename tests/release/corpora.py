"""Small corpora of many events, for releases that are divided into splits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from claimset.identifiers import sha256_hex
from claimset.models import Annotation, Article, Unit
from claimset.segmentation import claims_of, find_units

if TYPE_CHECKING:
    from claimset.models import Claim

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STANCES = {
    "supported": "supports",
    "refuted": "refutes",
    "supports": "supports",
    "refutes": "refutes",
}


class Corpus:
    """Events of two articles, every claim answered by two people; `verdicts` by claim id."""

    def __init__(self, events: range, **article: Any) -> None:
        self.articles: list[Article] = []
        self.units: list[Unit] = []
        self.claims: list[Claim] = []
        self.verdicts: dict[str, str] = {}
        self.people = ["p_ada", "p_bob"]
        for event in events:
            texts = [
                f"Number {event} has {event + 7} bridges. Ms Reed said: “We will build more.”",
                f"A report counts {event + 7} bridges in Number {event}. Nobody plans any other.",
            ]
            for place, text in enumerate(texts):
                self.add(f"a{event:04d}-{place}", f"e{event:04d}", text, article)

    def add(self, name: str, event: str, text: str, article: dict[str, Any]) -> None:
        """Add an article with the units and claims that are found in it."""
        digest = sha256_hex(text.encode())
        made = Article.model_validate(
            {
                "article_id": name,
                "event_id": event,
                "title": f"Bridges of {event}",
                "license": "All rights reserved",
                "path": f"articles/{name}.txt",
                "published_at": date(2024, 1, 1),
                "sha256": digest,
                "text_sha256": digest,
                "text": text,
            }
            | article
        )
        units = find_units(made)
        self.articles.append(made)
        self.units += units
        self.claims += claims_of(made, units)

    def annotations(self) -> list[Annotation]:
        """Two answers to each claim, with the article's first sentence as evidence."""
        texts = {article.article_id: article.text for article in self.articles}
        found = []
        for claim in self.claims:
            other = claim.article_id[:-1] + ("1" if claim.article_id.endswith("0") else "0")
            if other not in texts:
                continue
            end = texts[other].index(".") + 1
            verdict = self.verdicts.get(claim.claim_id, "supported")
            stance = STANCES.get(verdict, "context")
            span = {"article_id": other, "start": 0, "end": end, "text": texts[other][:end]}
            for number, person in enumerate(self.people):
                found.append(
                    Annotation.model_validate(
                        {
                            "annotation_id": f"r:{claim.claim_id}-{number}",
                            "claim_id": claim.claim_id,
                            "round": "r",
                            "annotator": person,
                            "annotator_kind": "human",
                            "checkability": "factual",
                            "verdict": verdict,
                            "evidence": [span | {"stance": stance}],
                            "created_at": NOW,
                            "updated_at": NOW,
                            "status": "submitted",
                            "label_schema_version": "1.0",
                            "guidelines_version": "1.0",
                        }
                    )
                )
        return found

    def input(self, **changes: Any) -> dict[str, Any]:
        """What `build_release` takes."""
        return {
            "name": "bridges",
            "articles": self.articles,
            "units": self.units,
            "claims": self.claims,
            "annotations": self.annotations(),
            "label_schema_version": "1.0",
            "segmenter_version": "1.1",
        } | changes
