"""Setting files: what a workspace's ``claimset.toml``, ``pyproject.toml`` and ``.env`` say."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from dotenv import dotenv_values

from claimset.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_dotenv", "read_file"]


def read_file(root: Path) -> tuple[Path | None, dict[str, Any]]:
    """The workspace's own settings and the file they stand in; ``None`` when it has none.

    Raises:
        UsageError: The file is no valid TOML, or its settings are no table.
    """
    own = root / "claimset.toml"
    if own.is_file():
        return own, _parse(own)
    shared = root / "pyproject.toml"
    if shared.is_file():
        values: Any = _parse(shared)
        for table in ("tool", "claimset"):
            values = values.get(table, {})
            if not isinstance(values, dict):
                raise UsageError(
                    f"{table} is no table in the file",
                    where=str(shared),
                    remedy="write the settings under [tool.claimset]",
                )
        return shared, values
    return None, {}


def read_dotenv(root: Path) -> dict[str, str | None]:
    """What ``.env`` sets.

    Raises:
        UsageError: It is not valid UTF-8.
    """
    path = root / ".env"
    try:
        return dict(dotenv_values(path)) if path.exists() else {}
    except UnicodeDecodeError as error:
        raise UsageError(
            f"the file is not valid UTF-8 at byte {error.start}",
            where=str(path),
            remedy="save the file as UTF-8",
        ) from None  # the error holds the file's content, and that may be a secret


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:  # also of numbers and nesting beyond Python's
        raise UsageError(
            f"the file is no valid TOML: {error}", where=str(path), remedy="correct it there"
        ) from error
