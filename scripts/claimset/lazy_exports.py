"""Lazy exports: what a package offers, imported from its module when it is first asked for.

A package that imports all it offers makes every command wait for all of it (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["lazy_exports"]


def lazy_exports(
    namespace: dict[str, Any], homes: Mapping[str, str], *, base: str | None = None
) -> Callable[[str], object]:
    """The ``__getattr__`` of a package.

    Args:
        namespace: The package's ``globals()``; what was found is kept there.
        homes: For each name the module where it lives, below ``base``.
        base: A package; default: the one whose namespace it is.

    Returns:
        A function that finds a name, and raises ``AttributeError`` where there is none.
    """
    package = namespace["__name__"]

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{base or package}.{homes[name]}"), name)
        namespace[name] = found
        return found

    return find
