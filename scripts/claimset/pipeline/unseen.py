"""Released answers that the ledger never saw: a build without them would lose them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.errors import CheckFailed
from claimset.release.order import known_claim_numbers
from claimset.release.reader import read_release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from claimset.storage.ledger import Ledger
    from claimset.storage.workspace import Workspace

__all__ = ["check_unseen"]


def check_unseen(workspace: Workspace, ledger: Ledger) -> None:
    """A clone has the release but not the ledger; building then must not empty the release.

    Of each answer 64 bits are held: the number of its claim, turned by the hash of its annotator.

    Raises:
        CheckFailed: The last release holds answers that this ledger never saw.
    """
    previous = read_release(workspace.dataset)
    if previous is None:
        return
    erased = {record.renamed for record in previous.metadata.withdrawn} - {None}
    # The ledger knows those by their own names.
    skipped = pa.array(sorted(str(name) for name in erased), pa.string())
    parts = [
        _answers(table.filter(pc.invert(pc.is_in(table["annotator"], skipped))))
        for table in previous.batches("annotations", ["claim_id", "annotator"])
    ]
    released = np.unique(np.concatenate([np.zeros(0, np.uint64), *parts]))
    unseen = released
    # Nearly all stand in the ledger as they are; the others may have stood there before.
    for pairs in (ledger.answered_now, ledger.answered):
        if not len(unseen):
            return
        for table in _tables(pairs()):
            unseen = unseen[~np.isin(unseen, _answers(table))]
    if len(unseen):
        rounds = ", ".join(previous.metadata.rounds)
        raise CheckFailed(
            f"release {previous.metadata.version} holds {len(unseen)} answers (of "
            f"{len(released)}) that this workspace's ledger has never seen; a build now would "
            "lose them",
            where=f"{workspace.dataset}, rounds: {rounds}",
            remedy="pull them first (`claimset pull --round NAME`, or `claimset quickstart` for "
            "recorded answers), or leave them out on purpose with `claimset build --drop-unseen`",
        )


def _tables(pairs: Iterator[list[tuple[str, str]]]) -> Iterator[pa.Table]:
    for some in pairs:
        claims, annotators = zip(*some, strict=True)
        yield pa.table(
            {
                "claim_id": pa.array(claims, pa.string()),
                "annotator": pa.array(annotators, pa.string()),
            }
        )


def _answers(table: pa.Table) -> NDArray[np.uint64]:
    """64 bits for each answer; equal ones have the same."""
    numbers, odd = known_claim_numbers(table["claim_id"])
    coded = table["annotator"].combine_chunks().dictionary_encode()
    turns = np.array([_turn(name) for name in coded.dictionary.to_pylist()], np.uint64)
    found: NDArray[np.uint64] = numbers ^ turns[coded.indices.to_numpy()]
    return found[~odd]


def _turn(name: Any) -> int:
    return int.from_bytes(hashlib.sha256(str(name).encode("utf-8")).digest()[:8], "big")
