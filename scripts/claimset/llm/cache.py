"""Cache: each answer under the hash of all it depends on, so that it is paid for once."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import ValidationError

from claimset.identifiers import canonical_json, sha256_hex
from claimset.llm.answer import Proposal
from claimset.models import Model
from claimset.storage.files import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.llm.options import LlmOptions
    from claimset.llm.prompt import Passage, Prompt

__all__ = ["Outcome", "Reply", "ReplyCache"]


class Outcome(StrEnum):
    """What came of a request."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """The model declined, or the server withheld its answer."""
    MALFORMED = "malformed"
    """The answer is not of the asked form, twice."""


class Reply(Model):
    """`.claimset/llm/KEY.json`: what a model said to a sentence."""

    key: str
    """SHA-256 over model, prompt, options and passage."""
    model: str
    """The model."""
    prompt: str
    """Version of the prompt."""
    outcome: Outcome
    """What came of it."""
    proposals: tuple[Proposal, ...] = ()
    """What it proposes."""
    why: str | None = None
    """Why there is no answer."""
    input_tokens: int | None = None
    """Tokens of the question, as the server counts."""
    output_tokens: int | None = None
    """Tokens of the answer."""


class ReplyCache:
    """Answers as files; each is written as a whole or not at all.

    Args:
        folder: Where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def key(options: LlmOptions, prompt: Prompt, passage: Passage) -> str:
        """The key of an answer."""
        depends = [options.identity, prompt.digest, passage.message]
        return sha256_hex(canonical_json(depends).encode("utf-8"))

    def get(self, key: str) -> Reply | None:
        """An answer; a file that is damaged counts as none."""
        try:
            reply = Reply.model_validate_json(self._path(key).read_bytes())
        except (OSError, ValidationError):
            return None
        return reply if reply.key == key else None

    def put(self, reply: Reply) -> None:
        """Keep an answer."""
        replace_file(self._path(reply.key), reply.model_dump_json().encode("utf-8"), mode=0o600)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"
