"""The dataset card: README.md, made wholly from the data, so that it cannot say anything else."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from claimset.models import AVERITEC, GoldSource, Split
from claimset.release.columns import CONFIGS, DEFAULT_CONFIG, column_docs
from claimset.release.front_matter import front_matter
from claimset.release.markdown import Trusted, code, escape, link
from claimset.segmentation.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import jinja2

    from claimset.models import ReleasedFile, ReleaseMetadata
    from claimset.release.summary import Summary

__all__ = ["CARD_FILE", "render_card"]

CARD_FILE = "README.md"

_TABLES = {
    "claims": "One row per claim: where it stands, what it says, its gold label and its pedigree.",
    "annotations": "One row per claim and annotator: every single answer, beside the gold label.",
    "articles": "One row per article: what it is and where its units stand; "
    "its text only where the text policy is `full`.",
    "nli": "Natural language inference: evidence as premise, claim as hypothesis. "
    "One row per claim and evidence set; sets of the same spans are one row.",
    "soft": "Claims with the distribution of their verdicts, for training on soft labels.",
    "aggrefact": "Claim against document, in the columns of LLM-AggreFact.",
    "sft": "Verification as a conversation, for supervised fine-tuning.",
    "corpus": "Retrieval: every published sentence (BEIR and MTEB names).",
    "queries": "Retrieval: the claims that some sentence supports or refutes.",
    "qrels": "Retrieval: which sentences annotators marked for which claim.",
    "attributions": "Who is said to have said what, one row per named speaker of a sentence.",
}
_ROWS = {
    "claims": "a claim with its gold label, every vote counted, and evidence sets",
    "annotations": "one annotator's answer to one claim, with the spans they marked",
    "articles": "an article: metadata, hashes and the positions of its units",
    "nli": "premise, hypothesis, label",
    "soft": "claim, evidence, and the distribution of the verdicts",
    "aggrefact": "document, claim, and whether it is supported",
    "sft": "messages: the verification as a conversation",
    "corpus": "a sentence to search in",
    "queries": "a claim to find evidence for",
    "qrels": "a sentence that was marked for a claim",
    "attributions": "sentence, speaker, cue and quoted words",
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


def render_card(metadata: ReleaseMetadata, summary: Summary) -> str:
    """The card of a release.

    Args:
        metadata: What the release is made of, its version among it.
        summary: Its figures.

    Returns:
        Markdown with YAML front matter, ending with one line end.
    """
    template = _environment().get_template("card.md.jinja")
    body = template.render(_facts(metadata, summary))
    return f"---\n{front_matter(metadata, summary)}\n---\n\n{body.strip()}\n"


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


def _facts(metadata: ReleaseMetadata, summary: Summary) -> dict[str, Any]:
    unresolved = str(GoldSource.UNRESOLVED)
    return {
        "meta": metadata,
        "label_set": metadata.labels,
        "own_labels": not metadata.labels.means_the_same(AVERITEC),
        "counts": metadata.counts,
        "machines": summary.machines,
        "people": summary.people,
        "rounds": metadata.rounds,
        "labels": [
            (label, summary.gold[label], summary.votes[label])
            for label in (*metadata.labels.labels, unresolved)
        ],
        "majority": _majority(metadata.labels.names, summary.gold),
        "sources": [(source, summary.sources[source], _SOURCES[source]) for source in GoldSource],
        "articles": summary.articles,
        "policies": Counter(article.published_text for article in summary.articles),
        "languages": sorted({article.language for article in summary.articles}),
        "other_languages": sorted(
            {a.language for a in summary.articles if not language_of(a.language).is_english}
        ),
        "events": len({article.event_id for article in summary.articles}),
        "publishers": _sources_of(summary),
        "lines": _ARTICLES_NAMED,
        "example": Trusted(_example(summary)),
        "tables": [
            (
                name,
                _files(metadata, name),
                _TABLES[name],
                _ROWS[name],
                column_docs(model, metadata.labels),
            )
            for name, model in CONFIGS.items()
        ],
        "splits": [
            (split, metadata.counts[f"claims_{split}"], metadata.splits.shares[split])
            for split in Split
        ],
        "default_config": DEFAULT_CONFIG,
        "plain_name": Trusted(re.sub(r"[^\w .-]+", " ", metadata.name).strip()),
    }


def _majority(verdicts: Sequence[str], gold: Mapping[str, int]) -> tuple[str, int, int] | None:
    """The most frequent gold verdict, its claims, and all claims with one; ``None`` without any."""
    total = sum(gold[name] for name in verdicts)
    most = max(verdicts, key=lambda name: gold[name])
    return (most, gold[most], total) if total else None


def _files(metadata: ReleaseMetadata, config: str) -> list[ReleasedFile]:
    return [file for file in metadata.files if file.config == config]


def _example(summary: Summary) -> str:
    """One real row as JSON; JSON keeps line ends escaped, so none can close its code block."""
    return json.dumps(summary.example, ensure_ascii=False, indent=2, default=str)


def _sources_of(summary: Summary) -> list[tuple[str, str, int]]:
    """Publishers and terms with their number of articles, most first, when all are too many."""
    if len(summary.articles) <= _ARTICLES_NAMED:
        return []
    counts = Counter(
        (article.publisher or "unknown", article.license) for article in summary.articles
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(publisher, terms, count) for (publisher, terms), count in ranked]
