"""Proposing: the segmenter `llm` with its server, its answers and its budget, for one run."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from claimset.engines import EngineName
from claimset.errors import UsageError
from claimset.llm.budget import Budget
from claimset.llm.cache import ReplyCache
from claimset.llm.chat import Chat
from claimset.llm.options import LlmOptions
from claimset.llm.segmenter import LLM, LlmSegmenter
from claimset.models import Model
from claimset.pipeline.segmenters import adopted
from claimset.seeds import read_events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = [
    "ProposalCounts",
    "ProposalEstimate",
    "connected",
    "counts_of",
    "estimate",
    "in_one_process",
]


class ProposalCounts(Model):
    """What a run of the segmenter `llm` asked and got."""

    asked: int
    """Requests that were answered."""
    kept: int
    """Sentences whose answer was there from an earlier run."""
    refused: int
    """Sentences to which the model or its server declined to say anything."""
    malformed: int
    """Sentences to which no answer of the asked form came, twice."""
    too_long: int
    """Sentences that are too long to be asked about."""
    tokens: int
    """Tokens of questions and answers, as the server counts; what it does not count, at most."""


class ProposalEstimate(Model):
    """What a run would ask; nothing was sent."""

    articles: int
    """Articles that are read for claims or evidence."""
    sentences: int
    """Sentences that are claims."""
    answered: int
    """Those answered in an earlier run."""
    requests: int
    """Requests that would be sent."""
    about_input_tokens: int
    """Tokens of the questions, at four bytes each."""
    most_tokens: int
    """Tokens of questions and answers, at most; what `--max-tokens` must allow."""
    model: str
    """The model."""
    base_url: str
    """Where the text of the articles would be sent."""


def in_one_process(settings: Settings) -> Settings:
    """Settings under which one budget holds for the whole run.

    Raises:
        UsageError: A cluster is asked for.
    """
    if settings.segmenter != LLM:
        return settings
    if settings.engine is EngineName.RAY:
        raise UsageError(
            "the segmenter llm works in the process that runs the command",
            where="--engine ray",
            remedy="leave --engine out; `parallel` in its settings says how many requests run at "
            "once",
        )
    return settings.model_copy(update={"engine": EngineName.INLINE})


@contextlib.contextmanager
def connected(
    workspace: Workspace, settings: Settings, max_tokens: int | None
) -> Iterator[LlmSegmenter | None]:
    """Connect the segmenter `llm`, if it is the one that is asked for.

    Args:
        workspace: Answers are kept in its `.claimset/llm/`.
        settings: Which segmenter, its options and the key.
        max_tokens: What may be spent; ``None`` uses kept answers only.

    Raises:
        UsageError: An option or the extra is missing.
    """
    if settings.segmenter != LLM:
        if max_tokens is not None:
            raise UsageError(
                "--max-tokens bounds what a model may cost, and none is asked",
                where=f"segmenter {settings.segmenter}",
                remedy="add --segmenter llm, or leave --max-tokens out",
            )
        yield None
        return
    options = LlmOptions.of(settings.segmenter_settings.get(settings.segmenter, {}))
    cache = ReplyCache(workspace.state / "llm")
    with contextlib.ExitStack() as stack:
        chat = budget = None
        if max_tokens is not None:
            chat = stack.enter_context(Chat(options, settings.llm_api_key))
            budget = Budget(max_tokens)
        segmenter = LlmSegmenter(options, cache, chat, budget)
        stack.enter_context(adopted(segmenter, options.identity))
        yield segmenter


def counts_of(segmenter: LlmSegmenter | None) -> ProposalCounts | None:
    """What a segmenter met, if there is one."""
    if segmenter is None:
        return None
    tally = segmenter.tally
    return ProposalCounts(
        asked=tally["asked"],
        kept=tally["kept"],
        refused=tally["refused"],
        malformed=tally["malformed"],
        too_long=tally["too long"],
        tokens=segmenter.spent,
    )


def estimate(workspace: Workspace, settings: Settings) -> ProposalEstimate:
    """What a run with the segmenter `llm` would ask; no server is needed.

    Raises:
        UsageError: Another segmenter is set, or an option is missing.
        DataError: The manifest or an article is not as it must be.
    """
    if settings.segmenter != LLM:
        raise UsageError(
            "--dry-run estimates what a model would be asked, and none would be",
            where=f"segmenter {settings.segmenter}",
            remedy="add --segmenter llm; segmenting by rules changes nothing but .claimset/",
        )
    options = LlmOptions.of(settings.segmenter_settings.get(settings.segmenter, {}))
    segmenter = LlmSegmenter(options, ReplyCache(workspace.state / "llm"))
    articles = sentences = answered = about = most = 0
    for event in read_events(workspace.seeds):
        for article in event:
            found = segmenter.estimate(article)
            articles += 1
            sentences += found.sentences
            answered += found.answered
            about += found.about_input
            most += found.most
    return ProposalEstimate(
        articles=articles,
        sentences=sentences,
        answered=answered,
        requests=sentences - answered,
        about_input_tokens=about,
        most_tokens=most,
        model=options.model,
        base_url=options.base_url,
    )
