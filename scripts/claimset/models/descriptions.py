"""Descriptions: the sentence under each field of a model, read from the source when it is asked."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["descriptions_of"]


def descriptions_of(model: type[BaseModel]) -> dict[str, str]:
    """The sentence under each field, by the field's name; inherited fields have their own.

    Pydantic would read them whenever a model is defined; that takes longer than defining it, and
    only schemas and cards need them.

    Args:
        model: Defined at the top of its module.
    """
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        source = vars(base).get("described_by")
        if source is not None:
            found |= descriptions_of(source)
        found |= _written(base.__module__).get(base.__qualname__, {})
    said = {name: field.description for name, field in model.model_fields.items()}
    return {name: text for name in said if (text := said[name] or found.get(name))}


@cache
def _written(module: str) -> dict[str, dict[str, str]]:
    """Strings that stand under annotated names, by class."""
    if not module.startswith("claimset."):
        return {}
    classes = [
        node
        for node in ast.parse(inspect.getsource(sys.modules[module])).body
        if isinstance(node, ast.ClassDef)
    ]
    return {node.name: dict(_under_fields(node)) for node in classes}


def _under_fields(node: ast.ClassDef) -> list[tuple[str, str]]:
    found = []
    for field, after in pairwise(node.body):
        match field, after:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found.append((name, inspect.cleandoc(text)))
    return found
