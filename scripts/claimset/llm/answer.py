"""Answers: the only form in which a model's words are taken, and the schema that asks for it."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

__all__ = ["SCHEMA", "Answer", "Proposal", "read_answer"]

_MOST_CLAIMS: Final = 12
_LONGEST_CLAIM: Final = 800
_MOST_QUOTES: Final = 12


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Proposal(_Strict):
    """One claim that the model proposes."""

    claim: str = Field(min_length=1, max_length=_LONGEST_CLAIM)
    """Its wording."""
    quotes: list[str] = Field(max_length=_MOST_QUOTES)
    """Words of the article that it rests on."""


class Answer(_Strict):
    """What the model answers."""

    claims: list[Proposal] = Field(max_length=_MOST_CLAIMS)
    """No claim is an answer, too: the sentence states nothing to check."""


SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "maxItems": _MOST_CLAIMS,
            "items": {
                "type": "object",
                "properties": {
                    "claim": {"type": "string"},
                    "quotes": {
                        "type": "array",
                        "maxItems": _MOST_QUOTES,
                        "items": {"type": "string"},
                    },
                },
                "required": ["claim", "quotes"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["claims"],
    "additionalProperties": False,
}
"""The same as JSON Schema, in the part of it that servers understand."""


def read_answer(text: str) -> Answer | str:
    """An answer, or in words why it is none.

    >>> read_answer('{"claims": []}')
    Answer(claims=[])
    >>> read_answer("Sure!")
    'is no JSON of the asked form: Invalid JSON'
    """
    try:
        return Answer.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        what = fault["msg"].partition(":")[0]
        return f"is no JSON of the asked form: {f'{place}: ' if place else ''}{what}"
