"""Corrections: fields of manifest lines get new values, and every other byte stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from claimset.seeds.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["corrected_manifest"]

_COMPACT = (",", ":")


def corrected_manifest(path: Path, changes: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The manifest's bytes with some fields changed; nothing is written.

    Lines without a change stay byte for byte; a changed one keeps its spacing and its fields'
    order.

    Args:
        path: The manifest.
        changes: New values as JSON has them, by ``article_id`` and field.

    Raises:
        DataError: A line of the manifest is not as it must be.
    """
    lines = path.read_bytes().decode("utf-8").split("\n")
    for number, row in read_manifest(path, may_be_empty=True):
        new = changes.get(row.article_id)
        if not new:
            continue
        mark = "\ufeff" if lines[number - 1].startswith("\ufeff") else ""
        text = lines[number - 1].removeprefix("\ufeff")
        line = json.loads(text)
        if line == line | dict(new):
            continue
        compact = json.dumps(line, ensure_ascii=False, separators=_COMPACT) == text.strip()
        end = "\r" if text.endswith("\r") else ""
        changed = json.dumps(
            line | dict(new), ensure_ascii=False, separators=_COMPACT if compact else None
        )
        lines[number - 1] = f"{mark}{changed}{end}"
    return "\n".join(lines).encode("utf-8")
