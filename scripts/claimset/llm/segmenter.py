"""The segmenter `llm`: sentences by the rules, and beside them what a model makes of each."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from claimset.errors import UsageError
from claimset.llm.anchoring import anchor
from claimset.llm.answer import read_answer
from claimset.llm.budget import about_tokens, most_tokens
from claimset.llm.cache import Outcome, Reply, ReplyCache
from claimset.llm.options import LlmOptions
from claimset.llm.prompt import load_prompt, passage_of
from claimset.models import Article, ArticleRole, UnitKind
from claimset.segmentation import SEGMENTER_VERSION, find_units
from claimset.segmentation.segmenter import Derived, Segmentation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimset.llm.budget import Budget
    from claimset.llm.chat import Chat, Completion
    from claimset.llm.prompt import Passage
    from claimset.models import Unit

__all__ = ["LLM", "Estimate", "LlmSegmenter", "llm_segmenter"]

LLM: Final = "llm"
"""Its name."""

_VERSION: Final = "1"
_LONGEST: Final = 4_000
"""Code points of a sentence that a model is asked about."""
_ATTEMPTS: Final = 2
_SECOND_TEMPERATURE: Final = 0.6


class Estimate(NamedTuple):
    """What a run would ask.

    Attributes:
        sentences: Sentences that are claims.
        answered: Those of them that were answered before.
        about_input: Tokens of the questions, about.
        most: Tokens of questions and answers, at most; a repeated question not counted.
    """

    sentences: int
    answered: int
    about_input: int
    most: int


class LlmSegmenter:
    """Cuts by the rules and asks a model about each sentence that may be a claim.

    Args:
        options: Which model, and how it is asked.
        cache: Where answers are kept.
        chat: The server; without one only kept answers are used.
        budget: What may be spent.
    """

    name = LLM

    def __init__(
        self,
        options: LlmOptions,
        cache: ReplyCache | None = None,
        chat: Chat | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.options = options
        self.prompt = load_prompt(options.prompt)
        self.tally: Counter[str] = Counter()
        """What this run met: outcomes, `asked`, `kept`, `too long`."""
        self._cache = cache
        self._chat = chat
        self._budget = budget
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        """Of this module, its prompt and the rules that cut."""
        return f"{_VERSION}.{SEGMENTER_VERSION}+{self.prompt.version}.{self.prompt.digest}"

    @property
    def spent(self) -> int:
        """Tokens that this run has spent."""
        return 0 if self._budget is None else self._budget.spent

    def segment(self, article: Article) -> Segmentation:
        """Cut one article, and ask about each of its sentences.

        Raises:
            CheckFailed: The budget is used up.
            RemoteError: The server refused, failed or cannot be reached.
            UsageError: No server is connected, and a sentence was not answered before.
        """
        units = find_units(article)
        numbers = self._worth_asking(article, units)
        context = self.options.context
        passages = [passage_of(article, units, number, context) for number in numbers]
        replies = self._replies(passages, article.article_id)
        rule = f"proposed by {self.options.model}, prompt {self.prompt.version}"
        derived = []
        for passage, reply in zip(passages, replies, strict=True):
            for proposal in reply.proposals:
                found = anchor(proposal, passage)
                if found.text:
                    derived.append(
                        Derived(passage.start, found.text, found.spans, rule, found.fault)
                    )
        return Segmentation(units, derived)

    def estimate(self, article: Article) -> Estimate:
        """What one article would ask; nothing is sent."""
        units = find_units(article)
        numbers = self._worth_asking(article, units)
        answered = about = most = 0
        for number in numbers:
            passage = passage_of(article, units, number, self.options.context)
            if self._kept(ReplyCache.key(self.options, self.prompt, passage)) is not None:
                answered += 1
                continue
            about += about_tokens(self.prompt.text, passage.message)
            most += self._most(passage)
        return Estimate(len(numbers), answered, about, most)

    def _worth_asking(self, article: Article, units: list[Unit]) -> list[int]:
        if ArticleRole.CLAIMS not in article.roles:
            return []
        numbers = [n for n, unit in enumerate(units) if unit.kind is UnitKind.CLAIM]
        short = [n for n in numbers if units[n].end - units[n].start <= _LONGEST]
        self._count("too long", len(numbers) - len(short))
        return short

    def _most(self, passage: Passage) -> int:
        return most_tokens(self.prompt.text, passage.message) + self.options.max_output

    def _kept(self, key: str) -> Reply | None:
        return None if self._cache is None else self._cache.get(key)

    def _replies(self, passages: list[Passage], article_id: str) -> list[Reply]:
        """The answer to each passage; equal passages are asked once."""
        keys = [ReplyCache.key(self.options, self.prompt, passage) for passage in passages]
        known = {key: reply for key in dict.fromkeys(keys) if (reply := self._kept(key))}
        self._count("kept", len(known))
        waiting = {
            key: passage for key, passage in zip(keys, passages, strict=True) if key not in known
        }
        if waiting:
            with ThreadPoolExecutor(self.options.parallel) as pool:
                futures = [
                    pool.submit(self._ask, key, passage, article_id)
                    for key, passage in waiting.items()
                ]
                try:
                    known |= {key: f.result() for key, f in zip(waiting, futures, strict=True)}
                except BaseException:
                    # What is under way is paid for and is kept; nothing else is begun.
                    pool.shutdown(cancel_futures=True)
                    raise
        return [known[key] for key in keys]

    def _ask(self, key: str, passage: Passage, article_id: str) -> Reply:
        where = f"article {article_id}, sentence at {passage.start}"
        if self._chat is None or self._budget is None:
            raise UsageError(
                "a sentence was not answered yet, and no model's server is connected",
                where=where,
                remedy="run `claimset segment --segmenter llm --max-tokens N` first",
            )
        found: Completion | None = None
        why = ""
        spent = [0, 0]
        for attempt in range(_ATTEMPTS):
            temperature = self.options.temperature
            if attempt:
                temperature = max(temperature, _SECOND_TEMPERATURE)
            most = self._most(passage)
            self._budget.set_aside(most)
            found = None
            try:
                found = self._chat.ask(
                    self.prompt.text, passage.message, temperature=temperature, where=where
                )
            finally:
                # What an unanswered request did cost is not known: it counts in full.
                self._budget.settle(most, found and found.spent)
            self._count("asked", 1)
            spent[0] += found.input_tokens or 0
            spent[1] += found.output_tokens or 0
            if found.refusal is not None:
                return self._keep(key, Outcome.REFUSED, spent, why=found.refusal)
            answer = read_answer(found.text)
            if not isinstance(answer, str):
                return self._keep(key, Outcome.ANSWERED, spent, proposals=tuple(answer.claims))
            why = "is cut off: max_output is reached" if found.is_cut else answer
        return self._keep(key, Outcome.MALFORMED, spent, why=why)

    def _keep(self, key: str, outcome: Outcome, spent: list[int], **more: Any) -> Reply:
        reply = Reply(
            key=key,
            model=self.options.model,
            prompt=self.prompt.version,
            outcome=outcome,
            input_tokens=spent[0],
            output_tokens=spent[1],
            **more,
        )
        if self._cache is not None:
            self._cache.put(reply)
        self._count(str(outcome), 1)
        return reply

    def _count(self, what: str, number: int) -> None:
        with self._lock:
            self.tally[what] += number


def llm_segmenter(settings: Mapping[str, Any]) -> LlmSegmenter:
    """The segmenter as its entry point gives it: without a server.

    `claimset segment` connects it in its own process, so that one budget holds for the run and
    the key is handed to nobody.

    Raises:
        UsageError: A setting is missing or not valid.
    """
    return LlmSegmenter(LlmOptions.of(dict(settings)))
