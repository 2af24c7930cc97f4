"""The dataset card: README.md, made wholly from the data, so that it cannot say anything else."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from claimset.aggregation import LABELS, label_of
from claimset.models import AnnotatorKind, GoldSource, Verdict
from claimset.release.columns import (
    CONFIGS,
    DEFAULT_CONFIG,
    SPLIT,
    column_docs,
    columns_of,
    in_column_order,
)
from claimset.release.front_matter import front_matter
from claimset.release.markdown import Trusted, code, escape, link
from claimset.release.summary import votes as votes_in

if TYPE_CHECKING:
    import jinja2

    from claimset.models import ReleaseMetadata
    from claimset.models.release import ReleasedClaim
    from claimset.release.rows import ReleaseRows

__all__ = ["CARD_FILE", "render_card"]

CARD_FILE = "README.md"

_TABLES = {
    "claims": "One row per claim: where it stands, what it says, its gold label and its pedigree.",
    "annotations": "One row per claim and annotator: every single answer, beside the gold label.",
    "articles": "One row per article: what it is and where its units stand; "
    "its text only where the licence is open.",
}
_SOURCES = {
    GoldSource.UNANIMOUS: "all of at least two annotators agree",
    GoldSource.MAJORITY: "more than half of the annotators, at least two, agree",
    GoldSource.MODEL: "a statistical model of the annotators decided (Dawid and Skene 1979); "
    "its probability is in `gold_posterior`",
    GoldSource.ADJUDICATED: "an adjudicator, who is none of the annotators, decided the dispute",
    GoldSource.SINGLE: "one annotator only",
    GoldSource.UNRESOLVED: "a tie, too few answers, or a dispute that an adjudicator could not "
    "decide; never broken by a rule",
    GoldSource.INHERITED: "the label of the claim that this one repeats word for word",
}


_ARTICLES_NAMED = 50
"""A card with more lines than this in a table is not read; the data has them all."""


def render_card(metadata: ReleaseMetadata, rows: ReleaseRows) -> str:
    """The card of a release.

    Args:
        metadata: What the release is made of, its version among it.
        rows: Its rows, with their release columns filled in.

    Returns:
        Markdown with YAML front matter, ending with one line end.
    """
    template = _environment().get_template("card.md.jinja")
    body = template.render(_facts(metadata, rows))
    return f"---\n{front_matter(metadata, rows)}\n---\n\n{body.strip()}\n"


@cache
def _environment() -> jinja2.Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - builds only

    # HTML escaping alone would leave Markdown alive: `escape` is applied to every value printed.
    environment = Environment(
        loader=PackageLoader("claimset.release"),
        autoescape=False,  # noqa: S701
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"code": code, "link": link, "trusted": Trusted}
    return environment


def _facts(metadata: ReleaseMetadata, rows: ReleaseRows) -> dict[str, Any]:
    answers = votes_in(rows.annotations)
    machines = {item.annotator for item in rows.annotations if _is_machine(item.annotator_kind)}
    people = {item.annotator for item in rows.annotations if not _is_machine(item.annotator_kind)}
    gold = Counter(_gold(claim) for claim in rows.claims)
    votes = Counter(label_of(answer) for answer in answers)
    sources = Counter(claim.gold_source for claim in rows.claims)
    unresolved = str(GoldSource.UNRESOLVED)
    return {
        "meta": metadata,
        "counts": metadata.counts,
        "machines": sorted(machines),
        "people": len(people),
        "rounds": metadata.rounds,
        "labels": [(label, gold[label], votes[label]) for label in (*LABELS, unresolved)],
        "sources": [(source, sources[source], _SOURCES[source]) for source in GoldSource],
        "articles": rows.articles,
        "events": len({article.event_id for article in rows.articles}),
        "publishers": _sources_of(rows),
        "lines": _ARTICLES_NAMED,
        "open_texts": sum(article.text is not None for article in rows.articles),
        "example": Trusted(_example(rows)),
        "tables": [
            (name, metadata.tables[name], _TABLES[name], column_docs(model))
            for name, model in CONFIGS.items()
        ],
        "default_config": DEFAULT_CONFIG,
        "plain_name": Trusted(re.sub(r"[^\w .-]+", " ", metadata.name).strip()),
        "split": SPLIT,
    }


def _is_machine(kind: AnnotatorKind) -> bool:
    return kind is AnnotatorKind.MACHINE


def _gold(claim: ReleasedClaim) -> str:
    return str(claim.gold_verdict or claim.gold_checkability or GoldSource.UNRESOLVED)


def _example(rows: ReleaseRows) -> str:
    """One real row as JSON: the shortest that evidence decided, for it shows the nesting.

    JSON keeps line ends escaped, so no line of it can close the code block it stands in.
    """
    decided = {Verdict.SUPPORTED, Verdict.REFUTED}
    shortest = min(
        rows.claims,
        key=lambda claim: (
            claim.gold_verdict not in decided,
            not claim.evidence_sets,
            _width(claim),
            claim.claim_id,
        ),
    )
    plain = in_column_order(shortest.model_dump(mode="json"), columns_of(CONFIGS["claims"]))
    return json.dumps(plain, ensure_ascii=False, indent=2)


def _width(claim: ReleasedClaim) -> int:
    return len(claim.text) + sum(
        len(span.text) for evidence in claim.evidence_sets for span in evidence.spans
    )


def _sources_of(rows: ReleaseRows) -> list[tuple[str, str, int]]:
    """Publishers and terms with their number of articles, most first, when all are too many."""
    if len(rows.articles) <= _ARTICLES_NAMED:
        return []
    counts = Counter((article.publisher or "unknown", article.license) for article in rows.articles)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(publisher, terms, count) for (publisher, terms), count in ranked]
