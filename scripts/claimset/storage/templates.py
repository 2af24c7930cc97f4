"""Templates: the files that a new workspace begins with."""

from __future__ import annotations

from pathlib import Path

__all__ = ["TEMPLATES", "read_readme", "read_template"]

TEMPLATES = ("labeling_config.xml", "guidelines.md")
"""Files of the contract that people adapt; the others are generated."""

_READMES = Path(__file__).parent / "workspace"
_PACKAGED = Path(__file__).parents[1] / "contract"
"""Where the wheel carries them."""
_REPOSITORY = Path(__file__).parents[3] / "schemas"
"""Where they lie in a clone."""


def read_template(name: str) -> bytes:
    """The bytes of one of :data:`TEMPLATES`.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    packaged = _PACKAGED / name
    return (packaged if packaged.is_file() else _REPOSITORY / name).read_bytes()


def read_readme(name: str) -> str:
    """The README of the workspace or of one of its rooms."""
    return (_READMES / f"{name}.md").read_text("utf-8")
