"""Proposals of a model: what they would cost, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.reporting.console import closing, stdout

if TYPE_CHECKING:
    from claimset.pipeline.proposing import ProposalEstimate
    from claimset.pipeline.segment_result import SegmentResult

__all__ = ["print_estimate", "print_proposals"]


def print_estimate(found: ProposalEstimate) -> None:
    """How many sentences would be asked about, and what that costs at most."""
    for count, what in (
        (found.sentences, f"sentences in {found.articles} articles"),
        (found.answered, "answered in an earlier run"),
        (found.requests, "requests would be sent"),
        (found.about_input_tokens, "tokens of questions, about"),
        (found.most_tokens, "tokens of questions and answers, at most"),
    ):
        stdout().print(f"{count:>12,}  {what}", markup=False)
    closing(
        f"the articles' text would go to {found.model} at {found.base_url} (nothing was sent; "
        "next: claimset segment --segmenter llm --max-tokens N)"
    )


def print_proposals(result: SegmentResult) -> None:
    """What a model was asked and what it proposed, if one was."""
    counts = result.proposals
    if counts is None:
        return
    closing(
        f"llm: {counts.asked} answers for {counts.tokens:,} tokens, {counts.kept} kept from "
        f"before, {counts.refused} refused, {counts.malformed} malformed, {counts.too_long} "
        f"sentences too long; {result.clauses or 0} claims proposed, {result.unanchored} of them "
        "not anchored"
    )
