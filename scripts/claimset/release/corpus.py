"""Retrieval: the published sentences, and which of them annotators marked for which claim.

A sentence that is a claim has the claim's id, so that the usual "ignore identical ids" keeps a
claim from finding itself. A marked span that touches no published sentence is one of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import UnitKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["Corpus", "are_sentences", "sentence_ids"]

_CLAIM = list(UnitKind).index(UnitKind.CLAIM)
_OTHERS = [
    list(UnitKind).index(kind) for kind in (UnitKind.OPINION, UnitKind.QUESTION, UnitKind.CAPTION)
]

_SHIFT = 1 << 40
"""More than any article's length: article number and position in one integer."""


class Corpus:
    """The sentences of a release, by article and position; compact, for it is held as a whole.

    Args:
        articles: Number of each article in release order.
    """

    def __init__(self, articles: Mapping[str, int]) -> None:
        self._articles = articles
        self._starts: list[NDArray[np.int64]] = []
        self._ends: list[NDArray[np.int64]] = []
        self._ids: list[pa.Array] = []
        self._extra: set[tuple[int, int]] = set()
        self._sorted: tuple[NDArray[np.int64], NDArray[np.int64], pa.Array] | None = None

    def add(self, article: NDArray[np.int64], start: Any, end: Any, ids: pa.Array) -> None:
        """Add published sentences; those of one article do not overlap."""
        self._starts.append(article * _SHIFT + np.asarray(start))
        self._ends.append(article * _SHIFT + np.asarray(end))
        self._ids.append(ids)

    def close(self, without: Sequence[str] = ()) -> None:
        """Make the sentences ready to be looked up; no more are added.

        Args:
            without: Ids of sentences that turned out not to be published.
        """
        starts = np.concatenate(self._starts) if self._starts else np.zeros(0, np.int64)
        ends = np.concatenate(self._ends) if self._ends else np.zeros(0, np.int64)
        ids = pa.chunked_array(self._ids, pa.string()).combine_chunks()
        order = np.argsort(starts, kind="stable")
        if without:
            kept = pc.invert(pc.is_in(ids, pa.array(without, pa.string())))
            order = order[kept.to_numpy(zero_copy_only=False)[order]]
        self._sorted = starts[order], ends[order], ids.take(pa.array(order))
        self._starts, self._ends, self._ids = [], [], []

    def relevant(
        self, owner: NDArray[np.int64], spans: Mapping[str, pa.Array]
    ) -> tuple[NDArray[np.int64], pa.Array, pa.Table]:
        """The sentences that spans of evidence touch.

        Args:
            owner: For each span, the number of its query.
            spans: Columns of the spans: article_id, start, end, text; every text is there.

        Returns:
            Number of the query and id of the sentence of each pair, each pair once, by query; and
            new sentences, with article_id, start, end, text and id, for spans that touch none.
        """
        if self._sorted is None:
            raise RuntimeError("close the corpus before it is searched")
        starts, ends, ids = self._sorted
        articles = spans["article_id"].dictionary_encode()
        numbers = np.array([self._articles[name] for name in articles.dictionary.to_pylist()])
        article = numbers[articles.indices.to_numpy()] if len(articles) else np.zeros(0, np.int64)
        begin = article * _SHIFT + spans["start"].to_numpy(zero_copy_only=False)
        stop = article * _SHIFT + spans["end"].to_numpy(zero_copy_only=False)
        lower = np.searchsorted(ends, begin, side="right")
        last = np.searchsorted(starts, stop, side="left")
        touched = np.maximum(last - lower, 0)
        pair = np.repeat(np.arange(len(begin)), touched)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(touched) - touched, touched)
        found = ids.take(pa.array(lower[pair] + within))
        alone = np.flatnonzero(touched == 0)
        own, extra = self._own(alone, spans, begin)
        who = np.concatenate([owner[pair], owner[alone]])
        order = np.argsort(who, kind="stable")
        sentences = pa.concat_arrays([found, own]).take(pa.array(order))
        first = _first_pairs(who[order], sentences)
        return who[order][first], sentences.filter(pa.array(first)), extra

    def _own(
        self, alone: NDArray[np.int64], spans: Mapping[str, pa.Array], begin: NDArray[np.int64]
    ) -> tuple[pa.Array, pa.Table]:
        chosen = {name: spans[name].take(pa.array(alone)) for name in _SPAN}
        rows = pa.table(chosen)
        ids = pc.binary_join_element_wise(
            chosen["article_id"],
            ":",
            chosen["start"].cast(pa.string()),
            "-",
            chosen["end"].cast(pa.string()),
            "",
        )
        new = []
        for number, place in enumerate(alone.tolist()):
            key = (int(begin[place]), int(rows["end"][number].as_py()))
            if key not in self._extra:
                self._extra.add(key)
                new.append(number)
        return ids, rows.append_column("id", ids).take(pa.array(new, pa.int64()))


_SPAN = ("article_id", "start", "end", "text")


def _first_pairs(owner: NDArray[np.int64], ids: pa.Array) -> NDArray[np.bool_]:
    codes = ids.dictionary_encode()
    keys = owner * (len(codes.dictionary) + 1) + codes.indices.to_numpy()
    _, first = np.unique(keys, return_index=True)
    mask = np.zeros(len(keys), bool)
    mask[first] = True
    return mask


def sentence_ids(units: pa.Table) -> pa.Array:
    """Ids of sentences that are no claims."""
    place = (units[name].combine_chunks().cast(pa.string()) for name in ("start", "end"))
    return pc.binary_join_element_wise(
        pc.binary_join_element_wise(units["article_id"].combine_chunks(), next(place), ":"),
        next(place),
        "-",
    )


def are_sentences(
    kinds: NDArray[np.int64], full: NDArray[np.bool_], claimed: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which units are sentences of a full text that are no claims of the release.

    Args:
        kinds: Kind of each unit.
        full: Whether its article's text is there as a whole.
        claimed: Whether its article's claims are claims of the release.
    """
    found: NDArray[np.bool_] = full & (np.isin(kinds, _OTHERS) | ((kinds == _CLAIM) & ~claimed))
    return found
