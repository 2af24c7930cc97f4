"""Where the rows of a release go: into its files, its content id, its figures, its comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from claimset.models import Split
from claimset.release.arrays import with_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.release.compare import Comparison
    from claimset.release.summary import Summary
    from claimset.release.writer import ReleaseWriter

__all__ = ["Output"]


class Output:
    """Takes the rows stretch by stretch.

    Args:
        writer: Takes the rows of every config, and makes the content id.
        version: Version of the release, for rows that are new or changed.
        comparison: Takes the rows of the core tables, when there is a release before.
    """

    def __init__(
        self,
        writer: ReleaseWriter,
        version: str,
        comparison: Comparison | None,
    ) -> None:
        self._writer = writer
        self._version, self._comparison = version, comparison

    def claims(self, claims: pa.Table, summary: Summary) -> pa.Table:
        """Write claims with their release columns filled in: what did not change keeps them."""
        version = np.full(claims.num_rows, self._version, dtype=object)
        first, last = version, version
        if self._comparison is not None:
            found = self._comparison.add("claims", claims)
            first = np.where(found.known, found.first, version)
            last = np.where(found.same, found.last, version)
        dated = with_columns(
            claims,
            {
                "first_release": pa.array(first, pa.string()),
                "last_changed_release": pa.array(last, pa.string()),
            },
        )
        for split, part in _by_split(dated, dated["split"].to_numpy()):
            self._writer.add("claims", split, part)
            summary.add_claims(part, split)
        return dated

    def core(self, config: str, table: pa.Table) -> None:
        """Write rows of another core table; they name their split."""
        if self._comparison is not None:
            self._comparison.add(config, table)
        for split, part in _by_split(table, table["split"].to_numpy()):
            self._writer.add(config, split, part)

    def view(self, config: str, table: pa.Table, splits: NDArray[np.int64]) -> None:
        """Write rows of a view, each into its split."""
        for split, part in _by_split(table, splits):
            self._writer.add(config, split, part)

    def whole(self, config: str, table: pa.Table) -> None:
        """Write rows of a view that is not divided."""
        self._writer.add(config, config, table)


def _by_split(table: pa.Table, splits: NDArray[np.int64]) -> list[tuple[str, pa.Table]]:
    present = np.unique(splits)
    if len(present) == 1:
        return [(str(list(Split)[int(present[0])]), table)]
    return [
        (str(list(Split)[number]), table.filter(pa.array(splits == number)))
        for number in present.tolist()
    ]
