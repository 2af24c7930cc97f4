"""The common behaviour of all models: frozen, closed, described field by field."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Model"]


class Model(BaseModel):
    """A frozen record that refuses unknown fields.

    The sentence under a field becomes the JSON Schema's description and the card's column table.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )
