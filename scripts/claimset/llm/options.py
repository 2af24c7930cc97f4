"""Options of the extractor: which model, where, and how it is asked."""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from claimset.errors import UsageError

__all__ = ["LlmOptions", "is_loopback"]

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class LlmOptions(BaseModel):
    """`segmenter_settings.llm`."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    model: str = Field(min_length=1)
    """Name of the model, as its server calls it."""
    base_url: str
    """Address of the server, of the kind `https://llm.example.org/v1`."""
    prompt: str = "claims-1"
    """Version of the prompt."""
    context: int = Field(default=3, ge=0, le=20)
    """Units that are shown before a sentence."""
    max_output: int = Field(default=500, ge=16, le=8_000)
    """Tokens that an answer may have."""
    temperature: float = Field(default=0, ge=0, le=2)
    """How freely the model chooses; at 0 the likeliest words."""
    seed: int = 0
    """What choice at other temperatures depends on, where the server heeds it."""
    parallel: int = Field(default=4, ge=1, le=64)
    """Requests at once."""
    timeout: float = Field(default=120, gt=0, le=3_600)
    """Seconds until an answer must have begun and ended."""
    retries: int = Field(default=4, ge=0, le=20)
    """How often a request is sent again after a time-out, a lost connection, HTTP 429 or 5xx."""

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.username or parts.password or parts.query:
            msg = "it must hold no name, password or key; the key goes into CLAIMSET_LLM_API_KEY"
            raise ValueError(msg)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            msg = "it must be an address such as https://llm.example.org/v1"
            raise ValueError(msg)
        return value.rstrip("/")

    @classmethod
    def of(cls, settings: dict[str, Any]) -> Self:
        """Options from settings.

        Raises:
            UsageError: One is missing, unknown or out of range.
        """
        try:
            return cls.model_validate(settings)
        except ValidationError as error:
            fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
            name = ".".join(str(part) for part in fault["loc"])
            others = ", ".join(sorted(set(cls.model_fields) - {"model", "base_url"}))
            raise UsageError(
                f"the setting {name} of the segmenter llm is not valid: {fault['msg']}",
                where="[tool.claimset.segmenter_settings.llm], or [segmenter_settings.llm] in "
                "claimset.toml",
                remedy='say at least model = "NAME" and base_url = "https://…/v1"; '
                f"the others are: {others}",
            ) from None

    @property
    def identity(self) -> dict[str, Any]:
        """What an answer depends on; where its server is and how it is reached is no part of it."""
        names = ("model", "prompt", "context", "max_output", "temperature", "seed")
        return {name: getattr(self, name) for name in names}


def is_loopback(url: str) -> bool:
    """Whether an address is of this machine.

    >>> is_loopback("http://127.0.0.1:8080/v1"), is_loopback("https://llm.example.org/v1")
    (True, False)
    """
    return urlsplit(url).hostname in _LOOPBACK
