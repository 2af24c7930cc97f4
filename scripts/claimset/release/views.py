"""The training views, made from the rows of the core tables column by column.

A view holds what a trainer needs and nothing else: no null, no id that a collator would tokenise.
Rows whose text is withheld, claims that were withdrawn, and claims that would leak between splits
are not in any view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.models import ClaimStatus, NliLabel, Stance
from claimset.models.views import Support
from claimset.release.arrays import list_of, list_starts, parents_of, struct_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claimset.models import LabelSet, VerdictLabel
    from claimset.release.gold import Votes

__all__ = [
    "ViewInput",
    "attribution_view",
    "evidence_of",
    "pair_views",
    "query_view",
    "soft_view",
    "usable",
]

_ACTIVE = list(ClaimStatus).index(ClaimStatus.ACTIVE)
_LINE = "\n"
_INSTRUCTION = "Decide what the evidence says about the claim. Answer with one word: {}."


class ViewInput(NamedTuple):
    """A stretch of released claims with the answers behind them."""

    claims: pa.Table
    """Claims as they are released, gold and evidence among their columns."""
    annotations: pa.Table
    """Their annotations as they are released."""
    votes: Votes
    """The votes among the annotations."""
    usable: NDArray[np.bool_]
    """Which claims a view may hold."""
    labels: LabelSet
    """The label set of the verdicts."""


def usable(claims: pa.Table, withheld: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which claims a view may hold: active, with text, and not withheld."""
    active = claims["status"].to_numpy() == _ACTIVE
    with_text = claims["text"].is_valid().to_numpy()
    found: NDArray[np.bool_] = active & with_text & ~withheld
    return found


def pair_views(given: ViewInput, name: str) -> dict[str, tuple[pa.Table, NDArray[np.int64]]]:
    """`nli`, `aggrefact` and `sft`: a row per claim with a verdict and evidence set.

    Each set was enough for its annotator; sets of the same spans are one row.

    Args:
        given: Claims and answers.
        name: Name of the dataset.

    Returns:
        For each view its rows, and the number of each row's claim.
    """
    sets = given.claims["evidence_sets"].combine_chunks()
    claim, texts = parents_of(sets), _texts_of_sets(sets.flatten())
    verdict = pc.fill_null(given.claims["gold_verdict"], -1).to_numpy()[claim]
    keep = texts.is_valid().to_numpy(zero_copy_only=False) & given.usable[claim] & (verdict >= 0)
    rows = np.flatnonzero(keep)
    rows = rows[_first_of_each(claim[rows], texts.take(pa.array(rows)))]
    claim, verdict, texts = claim[rows], verdict[rows], texts.take(pa.array(rows))
    hypotheses = given.claims["text"].combine_chunks().take(pa.array(claim))
    labels = np.array([_inferred(known) for known in given.labels.verdicts])[verdict]
    supported = (labels == list(NliLabel).index(NliLabel.ENTAILMENT)).astype(np.int64)
    # Without a place in NLI, evidence against a claim still tells that it is not supported.
    against = [Stance.REFUTES in known.evidence for known in given.labels.verdicts]
    told = (labels >= 0) | np.array(against)[verdict]
    nli = pa.table({"premise": texts, "hypothesis": hypotheses, "label": labels})
    inferred = pa.array(labels >= 0)
    rows = pa.array(np.flatnonzero(told))
    aggrefact = {
        "dataset": pa.repeat(pa.scalar(name), len(rows)),
        "doc": texts.take(rows),
        "claim": hypotheses.take(rows),
        "label": pa.array(supported[told] * list(Support).index(Support.SUPPORTED)),
    }
    return {
        "nli": (nli.filter(inferred), claim[labels >= 0]),
        "aggrefact": (pa.table(aggrefact), claim[told]),
        "sft": (pa.table({"messages": _messages(hypotheses, texts, verdict, given.labels)}), claim),
    }


def _inferred(verdict: VerdictLabel) -> int:
    return -1 if verdict.nli is None else list(NliLabel).index(verdict.nli)


def _texts_of_sets(sets: pa.Array) -> pa.Array:
    """The spans of each set, a line each; null where one of them is withheld."""
    spans = pc.struct_field(sets, "spans")
    items = pc.struct_field(spans.flatten(), "text")
    return pc.binary_join(list_of(items, np.diff(list_starts(spans))), _LINE)


def _first_of_each(owner: NDArray[np.int64], texts: pa.Array) -> NDArray[np.int64]:
    """The first row of every distinct pair of owner and text, in order."""
    codes = texts.dictionary_encode()
    numbers = codes.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    keys = owner * (len(codes.dictionary) + 1) + numbers
    _, first = np.unique(keys, return_index=True)
    ordered: NDArray[np.int64] = np.sort(first)
    return ordered


def _messages(
    claims: pa.Array, evidence: pa.Array, verdict: NDArray[np.int64], labels: LabelSet
) -> pa.Array:
    count, instruction = len(claims), _INSTRUCTION.format(", ".join(labels.names))
    asked = pc.binary_join_element_wise("Claim: ", claims, "\nEvidence:\n", evidence, "")
    answers = pa.array(labels.names).take(pa.array(verdict))
    contents = pa.concat_arrays([pa.repeat(pa.scalar(instruction), count), asked, answers])
    order = np.arange(3 * count).reshape(3, count).T.reshape(-1)
    roles = pa.array(["system", "user", "assistant"]).take(pa.array(np.tile(np.arange(3), count)))
    turns = struct_of({"role": roles, "content": contents.take(pa.array(order))})
    return list_of(turns, np.full(count, 3))


def soft_view(given: ViewInput) -> tuple[pa.Table, NDArray[np.int64]]:
    """`soft`: claims with at least one verdict among the votes, and the shares of the verdicts."""
    count, width = given.claims.num_rows, len(given.labels.names)
    judged = given.votes.labels < width
    cells = given.votes.claims[judged] * width + given.votes.labels[judged]
    votes = np.bincount(cells, minlength=count * width).reshape(count, width)
    # The verdicts come first among the labels, in their own order; a test holds that.
    total = votes.sum(axis=1)
    texts, complete = _marked_texts(given, given.votes.rows[judged], given.votes.claims[judged])
    rows = np.flatnonzero((total > 0) & given.usable & complete)
    shares = (votes[rows] / total[rows, None]).astype(np.float32)
    table = {
        "text_a": given.claims["text"].combine_chunks().take(pa.array(rows)),
        "text_b": texts.take(pa.array(rows)),
        "label_dist": pa.FixedSizeListArray.from_arrays(pa.array(shares.reshape(-1)), width),
    }
    return pa.table(table), rows


def _marked_texts(
    given: ViewInput, rows: NDArray[np.int64], claims: NDArray[np.int64]
) -> tuple[pa.Array, NDArray[np.bool_]]:
    """For each claim all spans that its voters marked, a line each, and whether all have text."""
    evidence = given.annotations["evidence"].combine_chunks().take(pa.array(rows))
    spans, owner = evidence.flatten(), claims[parents_of(evidence)]
    parts = {spans.type.field(n).name: part for n, part in enumerate(spans.flatten())}
    article = parts["article_id"].dictionary_encode()
    rank = np.argsort(np.argsort(article.dictionary.to_numpy(zero_copy_only=False)))
    keys = np.stack(
        [
            parts["end"].to_numpy(zero_copy_only=False),
            parts["start"].to_numpy(zero_copy_only=False),
            rank[article.indices.to_numpy()] if len(spans) else np.zeros(0, np.int64),
            owner,
        ]
    ).astype(np.int64)
    order = np.lexsort(keys)
    keys = keys[:, order]
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(keys, axis=1) != 0).any(axis=0)
    chosen, owner = order[new], keys[3][new]
    texts = parts["text"].take(pa.array(chosen))
    complete = np.ones(given.claims.num_rows, bool)
    complete[owner[texts.is_null().to_numpy(zero_copy_only=False)]] = False
    lists = list_of(pc.fill_null(texts, ""), np.bincount(owner, minlength=given.claims.num_rows))
    return pc.binary_join(lists, _LINE), complete


def query_view(given: ViewInput) -> tuple[pa.Table, NDArray[np.int64]]:
    """`queries`: claims whose evidence decides them; under any other verdict none is relevant."""
    verdict = pc.fill_null(given.claims["gold_verdict"], -1).to_numpy()
    decided = np.isin(verdict, given.labels.numbers(given.labels.decisive))
    with_sets = pc.list_value_length(given.claims["evidence_sets"]).to_numpy() > 0
    rows = np.flatnonzero(decided & with_sets & given.usable)
    chosen = given.claims.select(["claim_id", "text"]).take(pa.array(rows))
    return chosen.rename_columns(["_id", "text"]), rows


def attribution_view(given: ViewInput) -> tuple[pa.Table, NDArray[np.int64]]:
    """`attributions`: a row per statement whose speaker is named in the sentence's article."""
    lists = given.claims["attributions"].combine_chunks()
    owner, items = parents_of(lists), lists.flatten()
    speaker = pc.struct_field(items, "speaker")
    rows = np.flatnonzero(speaker.is_valid().to_numpy(zero_copy_only=False) & given.usable[owner])
    items, owner = items.take(pa.array(rows)), owner[rows]
    quotes = pc.struct_field(items, "quote_spans")
    words = pc.struct_field(quotes.flatten(), "text")
    table = {
        "text": given.claims["text"].combine_chunks().take(pa.array(owner)),
        "speaker": pc.struct_field(items, "speaker"),
        "cue": pc.fill_null(pc.struct_field(items, "cue"), ""),
        "quotes": list_of(pc.fill_null(words, ""), np.diff(list_starts(quotes))),
        "label": pc.struct_field(items, "quote_type"),
    }
    return pa.table(table), owner


def evidence_of(claims: pa.Table, rows: NDArray[np.int64]) -> tuple[dict[str, pa.Array], Any]:
    """The spans in the evidence sets of some claims, and for each the place in ``rows``."""
    sets = claims["evidence_sets"].combine_chunks().take(pa.array(rows))
    spans = pc.struct_field(sets.flatten(), "spans")
    owner = parents_of(sets)[parents_of(spans)]
    items = spans.flatten()
    parts = {items.type.field(n).name: part for n, part in enumerate(items.flatten())}
    return parts, owner
