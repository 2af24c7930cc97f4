"""The mark: one line in a project's description that says which round it is, and under what terms.

It is all that is needed to find a round again when the ledger is lost.
"""

from __future__ import annotations

import re
from typing import Self
from urllib.parse import quote, unquote

from pydantic import Field, ValidationError

from claimset.errors import ContractError
from claimset.models import Model, RoundKind, Selection

__all__ = ["RoundMark"]

_MARK = re.compile(r"\[claimset ([^\]\n]*)\]")


class RoundMark(Model):
    """What the description of a round's project says about it."""

    round: str
    """Name of the round."""
    generation: int
    """How often the round's project was made."""
    kind: RoundKind = RoundKind.ANNOTATION
    """Annotation or adjudication."""
    overlap: int
    """How many people answer each task."""
    label_schema: str
    """Version of the label schema."""
    guidelines: str
    """Version of the guidelines."""
    answers: str = Field(default="", pattern=r"^[0-9a-f]*$")
    """Hash of the controls and their stored values; empty in marks of version 0.1."""
    wording: str = Field(default="", pattern=r"^[0-9a-f]*$")
    """Hash of what annotators read; empty in marks of version 0.1."""
    selection: Selection = Selection()
    """Which claims the round asks for."""

    @staticmethod
    def prefix(name: str) -> str:
        """How the mark of a round begins.

        >>> RoundMark.prefix("pilot")
        '[claimset round=pilot '
        """
        return f"[claimset round={name} "

    def __str__(self) -> str:
        """The mark as it stands in a description.

        >>> str(RoundMark(round="a", generation=1, overlap=2, label_schema="1", guidelines="2"))
        '[claimset round=a generation=1 kind=annotation overlap=2 label_schema=1 guidelines=2]'
        """
        parts = {
            "round": self.round,
            "generation": self.generation,
            "kind": self.kind,
            "overlap": self.overlap,
            "label_schema": self.label_schema,
            "guidelines": self.guidelines,
            "answers": self.answers,
            "wording": self.wording,
            "selection": "" if self.selection == Selection() else quote(self.selection.compact()),
        }
        return f"[claimset {' '.join(f'{key}={value}' for key, value in parts.items() if value)}]"

    @classmethod
    def read(cls, description: str, *, where: str) -> Self:
        """Read the mark in a project's description.

        Args:
            description: The description.
            where: The project, for the error.

        Raises:
            ContractError: There is no mark, or it is damaged.
        """
        found = _MARK.search(description)
        parts: dict[str, object] = {}
        for part in found.group(1).split() if found else ():
            key, _, value = part.partition("=")
            parts[key] = value
        try:
            if "selection" in parts:
                parts["selection"] = Selection.model_validate_json(unquote(str(parts["selection"])))
            return cls.model_validate(parts)
        except ValidationError as error:
            field = ".".join(str(name) for name in error.errors()[0]["loc"])
            raise ContractError(
                f"the mark in the project's description is damaged at {field or 'its selection'}",
                where=where,
                remedy="write it anew: [claimset round=NAME generation=1 overlap=N "
                "label_schema=VERSION guidelines=VERSION]",
            ) from error

    def replaced_in(self, description: str) -> str:
        """The description with this mark in the place of the one it has."""
        return _MARK.sub(lambda _found: str(self), description, count=1)
