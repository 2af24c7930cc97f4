"""What a release may say of an article's text, and what was withdrawn from it.

`full` publishes the text, `excerpt` the claims and the marked evidence, `offsets` positions and
hashes only. A withdrawn claim keeps its row as a tombstone without words or labels: so its id is
never given to anything else, and a new version costs little to upload.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import ClaimStatus, GoldSource, TextPolicy, WithdrawalKind
from claimset.release.arrays import list_of, list_starts, parents_of, struct_of, with_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from claimset.models import Withdrawal

__all__ = ["TextRights", "Withdrawn", "annotator_digest", "bury"]

_WORDS = frozenset({"text", "speaker", "cue", "difference", "edited_claim", "prefix", "suffix"})
"""Columns that hold words of an article, or words about it that give them away."""

_CONTEXT = frozenset({"prefix", "suffix", "found", "antecedent"})
"""Columns whose words lie outside claims and evidence: published with full texts only."""

_QUOTING = "checkworthiness_reasons"
"""The column of sentences that name the words which made a score."""

_LEVELS = {TextPolicy.OFFSETS: 0, TextPolicy.EXCERPT: 1, TextPolicy.FULL: 2}
"""How much each policy lets out."""

_DIGITS = 16


class TextRights:
    """Withholds the words that the policies of the articles do not let out.

    Args:
        policies: Text policy by article id; an article that is not named has `offsets`.
    """

    def __init__(self, policies: Mapping[str, TextPolicy]) -> None:
        self._levels = {name: _LEVELS[policy] for name, policy in policies.items()}
        self._least = min(self._levels.values(), default=_LEVELS[TextPolicy.OFFSETS])

    def apply(self, table: pa.Table, articles: pa.Array) -> pa.Table:
        """A table with the words withheld that may not be published.

        Args:
            table: Claims or annotations.
            articles: The article of each row; a span that names its own is judged by that.
        """
        if self._least == _LEVELS[TextPolicy.FULL]:
            return table
        changed = {}
        levels = self._levels_of(articles)
        for name in table.column_names:
            array = table[name].combine_chunks()
            if name == "text":
                changed["text_sha256"] = _hashes(array, levels)
            if name == _QUOTING:
                made = _emptied(array, levels)
            else:
                made = self._withhold(array, name, levels, context=False)
            if made is not array:
                changed[name] = made
        return with_columns(table, changed)

    def _levels_of(self, articles: pa.Array) -> NDArray[np.int64]:
        codes = articles.dictionary_encode()
        names = codes.dictionary.to_pylist()
        lowest = _LEVELS[TextPolicy.OFFSETS]
        levels = np.array([self._levels.get(name, lowest) for name in names], np.int64)
        found: NDArray[np.int64] = levels[codes.indices.to_numpy()]
        return found

    def _named(self, articles: pa.Array | None, levels: NDArray[np.int64]) -> NDArray[np.int64]:
        """The level of the article that a record names; of one that names none, its row's."""
        if articles is None:
            return levels
        named = articles.is_valid().to_numpy(zero_copy_only=False)
        own = levels.copy()
        own[named] = self._levels_of(articles.filter(pa.array(named)))
        return own

    def _withhold(
        self, array: pa.Array, name: str, levels: NDArray[np.int64], *, context: bool
    ) -> Any:
        context = context or name in _CONTEXT
        needed = _LEVELS[TextPolicy.FULL if context else TextPolicy.EXCERPT]
        if self._least >= needed and not _has_context(array.type):
            return array
        if pa.types.is_string(array.type) and name in _WORDS:
            let_out = levels >= needed
            return array if let_out.all() else pc.if_else(pa.array(let_out), array, None)
        if pa.types.is_list(array.type):
            items = array.flatten()
            made = self._withhold(items, name, levels[parents_of(array)], context=context)
            return array if made is items else list_of(made, np.diff(list_starts(array)))
        if not pa.types.is_struct(array.type):
            return array
        fields = {array.type.field(n).name: part for n, part in enumerate(array.flatten())}
        own = self._named(fields.get("article_id"), levels)
        made = {
            key: self._withhold(part, key, own, context=context) for key, part in fields.items()
        }
        if "found" in fields and "difference" in fields:
            # What differs tells the words of the other article, too.
            other = self._named(pc.struct_field(fields["found"], "article_id"), own)
            made["difference"] = self._withhold(
                fields["difference"], "difference", np.minimum(own, other), context=context
            )
        if all(made[key] is fields[key] for key in fields):
            return array
        return struct_of(made, missing=array.is_null())


def _hashes(texts: pa.Array, levels: NDArray[np.int64]) -> pa.Array:
    """SHA-256 of each text that is withheld."""
    hidden = np.flatnonzero(levels == _LEVELS[TextPolicy.OFFSETS])
    if not len(hidden):
        return pa.nulls(len(texts), pa.string())
    made: list[str | None] = [None] * len(texts)
    for row, text in zip(hidden.tolist(), texts.take(pa.array(hidden)).to_pylist(), strict=True):
        made[row] = hashlib.sha256(text.encode("utf-8")).hexdigest() if text else None
    return pa.array(made, pa.string())


def _emptied(lists: pa.Array, levels: NDArray[np.int64]) -> pa.Array:
    """No items where an article's words may not be said."""
    let_out = levels > _LEVELS[TextPolicy.OFFSETS]
    if let_out.all():
        return lists
    items = lists.flatten().filter(pa.array(let_out[parents_of(lists)]))
    return list_of(items, np.where(let_out, np.diff(list_starts(lists)), 0))


def _has_context(kind: pa.DataType) -> bool:
    """Whether a column of words that lie outside claims and evidence is in a type."""
    if pa.types.is_list(kind):
        return _has_context(kind.value_type)
    if not pa.types.is_struct(kind):
        return False
    fields = [kind.field(number) for number in range(kind.num_fields)]
    return any(field.name in _CONTEXT or _has_context(field.type) for field in fields)


def annotator_digest(name: str) -> str:
    """What stands for a withdrawn annotator's pseudonym in `release.json`."""
    return hashlib.sha256(name.encode("utf-8")).hexdigest()[:_DIGITS]


class Withdrawn:
    """Everything that was withdrawn, applied to the rows of a stretch.

    Args:
        records: The tombstones of the release.
    """

    def __init__(self, records: Iterable[Withdrawal]) -> None:
        self.records = tuple(records)
        """The tombstones."""
        by_kind: dict[WithdrawalKind, set[str]] = {kind: set() for kind in WithdrawalKind}
        self._renamed: dict[str, str | None] = {}
        for record in self.records:
            by_kind[record.kind].add(record.id)
            if record.kind is WithdrawalKind.ANNOTATOR:
                self._renamed[record.id] = record.renamed
        self.articles = by_kind[WithdrawalKind.ARTICLE]
        """Ids of withdrawn articles."""
        self.claims = by_kind[WithdrawalKind.CLAIM]
        """Ids of withdrawn claims."""

    def tombstones(self, claims: pa.Table) -> NDArray[np.bool_]:
        """Which claims are withdrawn, by themselves or with their article."""
        found: NDArray[np.bool_] = np.zeros(claims.num_rows, bool)
        for name, ids in (("claim_id", self.claims), ("article_id", self.articles)):
            if ids:
                values = pa.array(sorted(ids), pa.string())
                found |= pc.is_in(claims[name], values).to_numpy()
        return found

    def of_annotators(self, annotations: pa.Table) -> tuple[pa.Table, NDArray[np.bool_]]:
        """Annotations with erased names replaced, and which of them were withdrawn."""
        gone = np.zeros(annotations.num_rows, bool)
        if not self._renamed:
            return annotations, gone
        codes = annotations["annotator"].combine_chunks().dictionary_encode()
        names = codes.dictionary.to_pylist()
        numbers = codes.indices.to_numpy()
        for number, name in enumerate(names):
            digest = annotator_digest(name)
            if digest not in self._renamed:
                continue
            renamed = self._renamed[digest]
            if renamed is None:
                gone |= numbers == number
            else:
                names[number] = renamed
        new = pa.array(names, pa.string()).take(codes.indices)
        return with_columns(annotations, {"annotator": new}), gone

    def without_sources(self, annotations: pa.Table) -> pa.Table:
        """Annotations without the evidence that lies in withdrawn articles."""
        evidence = annotations["evidence"].combine_chunks()
        items = evidence.flatten()
        if not self.articles or not len(items):
            return annotations
        values = pa.array(sorted(self.articles), pa.string())
        keep = pc.invert(pc.is_in(pc.struct_field(items, "article_id"), values))
        owner = parents_of(evidence)[keep.to_numpy(zero_copy_only=False)]
        kept = list_of(items.filter(keep), np.bincount(owner, minlength=len(evidence)))
        return with_columns(annotations, {"evidence": kept})


def bury(claims: pa.Table, dead: NDArray[np.bool_]) -> pa.Table:
    """Leave of withdrawn claims ids, position and split; everything that says something goes."""
    active, withdrawn = (
        list(ClaimStatus).index(status) for status in (ClaimStatus.ACTIVE, ClaimStatus.WITHDRAWN)
    )
    status = pa.array(np.where(dead, withdrawn, active))
    if not dead.any():
        return with_columns(claims, {"status": status})
    alive = pa.array(~dead)
    changed: dict[str, Any] = {"status": status}
    for name in claims.column_names:
        array = claims[name].combine_chunks()
        if name in _KEPT:
            continue
        if pa.types.is_list(array.type):
            lengths = np.where(dead, 0, np.diff(list_starts(array)))
            items = array.flatten().filter(pa.array(~dead[parents_of(array)]))
            changed[name] = list_of(items, lengths)
        else:
            changed[name] = pc.if_else(alive, array, None)
    unresolved = list(GoldSource).index(GoldSource.UNRESOLVED)
    changed["gold_source"] = pc.if_else(alive, claims["gold_source"].combine_chunks(), unresolved)
    changed["n_annotations"] = pc.if_else(alive, claims["n_annotations"].combine_chunks(), 0)
    return with_columns(claims, changed)


_KEPT = frozenset(
    {
        "claim_id",
        "article_id",
        "event_id",
        "start",
        "end",
        "kind",
        "derived",
        "rule",
        "segmenter_version",
        "gold_source",
        "n_annotations",
        "split",
    }
)
"""Columns of a tombstone that keep a value."""
