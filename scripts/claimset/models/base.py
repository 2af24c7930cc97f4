"""The common behaviour of all models: frozen, closed, described field by field."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from claimset.models.descriptions import descriptions_of

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = ["Model"]


class Model(BaseModel):
    """A frozen record that refuses unknown fields.

    The sentence under a field becomes the JSON Schema's description and the card's column table.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        # A command needs few of the models: each is put together when it is first used.
        defer_build=True,
    )

    described_by: ClassVar[type[BaseModel] | None] = None
    """The model whose source holds the sentences, of one that is made at run time."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The JSON Schema, with the sentence under each field."""
        made = handler(schema)
        properties = handler.resolve_ref_schema(made).get("properties", {})
        for name, text in descriptions_of(cls).items():
            field = cls.model_fields[name]
            for known in {name, field.alias, field.serialization_alias} & set(properties):
                properties[known].setdefault("description", text)
        return made

    @classmethod
    def checked(cls, values: dict[str, Any]) -> Self:
        """A record of values that are checked here, made for being held by the million.

        The names of its fields, which each record keeps as a set, are shared with the others where
        none is missing: they take more room than a short text.

        Args:
            values: A value for each field.

        Raises:
            ValidationError: The values do not fit.
        """
        record = cls.model_validate(values)
        names = _names_of(cls)
        if record.__pydantic_fields_set__ == names:
            object.__setattr__(record, "__pydantic_fields_set__", names)
        return record

    @classmethod
    def trusted(cls, values: dict[str, Any]) -> Self:
        """A record of values that the caller has just made by the model's rules.

        Checking costs more than making a claim. What is written so is checked when it is read:
        nothing that comes from outside may be trusted.

        Args:
            values: A value for each field, defaults too, in the order of the fields and in its
                final type; the record keeps the dictionary.
        """
        record = cls.__new__(cls)
        put = object.__setattr__
        put(record, "__dict__", values)
        put(record, "__pydantic_fields_set__", _names_of(cls))
        put(record, "__pydantic_extra__", None)
        put(record, "__pydantic_private__", None)
        return record


@cache
def _names_of(model: type[Model]) -> set[str]:
    return set(model.model_fields)
