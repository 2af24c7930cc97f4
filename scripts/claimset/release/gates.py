"""Gates: hold a release against the thresholds of its project before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.agreement.coefficients import Coefficient
from claimset.errors import CheckFailed, UsageError
from claimset.models import GateResult, Gates, GoldSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from claimset.models import AgreementFigure, LabelSet

__all__ = ["GatedClaims", "hold_gates", "pass_gates"]

_NAMED = 20
_SHOWN = 5
_SOURCES = list(GoldSource)


class GatedClaims(NamedTuple):
    """What the gates look at, of some claims."""

    ids: pa.ChunkedArray
    """Their ids."""
    votes: NDArray[np.int64]
    """Votes on each."""
    labels: NDArray[np.int64]
    """Different labels among the votes on each."""
    source: NDArray[np.int64]
    """Number of the source of each label."""
    verdict: NDArray[np.int64]
    """Number of each verdict; -1 for none."""
    bare: NDArray[np.bool_]
    """Which have no evidence."""

    @classmethod
    def of(cls, claims: pa.Table) -> GatedClaims:
        """What is looked at of released claims."""
        return cls(
            claims["claim_id"],
            claims["n_annotations"].to_numpy(),
            pc.list_value_length(claims["label_distribution"]).to_numpy(),
            claims["gold_source"].to_numpy(),
            pc.fill_null(claims["gold_verdict"], -1).to_numpy(),
            pc.list_value_length(claims["evidence_sets"]).to_numpy() == 0,
        )

    @classmethod
    def joined(cls, parts: Sequence[GatedClaims]) -> GatedClaims:
        """All parts as one."""
        ids = pa.chunked_array([chunk for part in parts for chunk in part.ids.chunks], pa.string())
        columns = [np.concatenate(column) for column in list(zip(*parts, strict=True))[1:]]
        return cls(ids, *columns)


def hold_gates(
    gates: Gates,
    parts: Sequence[GatedClaims],
    agreement: Iterable[AgreementFigure],
    labels: LabelSet,
) -> tuple[GateResult, ...]:
    """What comes out at each gate that is set.

    Args:
        gates: The thresholds.
        parts: The active claims of the release; at least one part.
        agreement: Its figures of agreement; alpha over the combined label is looked at, of people
            where people answered.
        labels: The label set, which says what needs evidence.
    """
    claims = GatedClaims.joined(parts)
    results = []
    if gates.min_alpha is not None:
        results.append(_alpha(gates.min_alpha, claims, agreement))
    if gates.min_votes is not None:
        asked = claims.source != _SOURCES.index(GoldSource.INHERITED)
        results.append(
            _result(
                "min_votes",
                int(claims.votes[asked].min()) if asked.any() else 0,
                gates.min_votes,
                claims.ids.filter(pa.array(asked & (claims.votes < gates.min_votes))),
                "votes are the fewest of a claim",
            )
        )
    if gates.min_resolved is not None:
        open_ = claims.source == _SOURCES.index(GoldSource.UNRESOLVED)
        results.append(
            _result(
                "min_resolved",
                1 - float(open_.mean()) if len(open_) else 0.0,
                gates.min_resolved,
                claims.ids.filter(pa.array(open_)),
                "of the claims have a gold label",
            )
        )
    if gates.require_evidence:
        decided = np.isin(claims.verdict, labels.numbers(labels.decisive))
        results.append(
            _result(
                "require_evidence",
                1 - float(claims.bare[decided].mean()) if decided.any() else 1.0,
                1.0,
                claims.ids.filter(pa.array(decided & claims.bare)),
                f"of the claims that are {labels.in_words(labels.decisive)} have evidence",
            )
        )
    return tuple(results)


def _result(
    gate: str, figure: float, threshold: float, short: pa.ChunkedArray, words: str
) -> GateResult:
    if figure >= threshold:
        return GateResult(gate=gate, passed=True, figure=figure, threshold=threshold)
    return GateResult(
        gate=gate,
        passed=False,
        figure=figure,
        threshold=threshold,
        problem=f"{figure:.4g} {words}",
        n_rows=len(short),
        rows=tuple(short.slice(0, _NAMED).to_pylist()),
    )


def _alpha(
    threshold: float, claims: GatedClaims, agreement: Iterable[AgreementFigure]
) -> GateResult:
    start = f"{Coefficient.ALPHA}, verdict or checkability"
    # Figures of people come before those of machines.
    found = next((figure for figure in agreement if figure.name.startswith(start)), None)
    value = None if found is None else found.value
    if value is not None and value >= threshold:
        return GateResult(gate="min_alpha", passed=True, figure=value, threshold=threshold)
    disputed = claims.ids.filter(pa.array(claims.labels > 1))
    if found is None:
        problem = "nobody has annotated, so there is no alpha"
    elif value is None:
        problem = f"{found.name} is not defined: {found.reason}"
    else:
        problem = f"{found.name} is {value:.4f}"
    return GateResult(
        gate="min_alpha",
        passed=False,
        figure=value,
        threshold=threshold,
        problem=problem,
        n_rows=len(disputed),
        rows=tuple(disputed.slice(0, _NAMED).to_pylist()),
    )


def pass_gates(results: Iterable[GateResult], allow: str | None, *, where: str) -> str | None:
    """Go on if every gate is passed, or a reason is given to go on all the same.

    Args:
        results: What came out at the gates.
        allow: The reason, if one was given.
        where: The dataset folder.

    Returns:
        The reason, if it was needed.

    Raises:
        CheckFailed: A gate fails and no reason is given.
        UsageError: The reason is blank.
    """
    if allow is not None and not allow.strip():
        raise UsageError(
            "the reason to release in spite of a failing gate is blank",
            where="--allow",
            remedy="say in a few words why; readers of release.json will see it",
        )
    failed = [result for result in results if not result.passed]
    if not failed:
        return None
    if allow is not None:
        return allow.strip()
    raise CheckFailed(
        "\n".join(
            [f"{len(failed)} of the release's gates {'fails' if len(failed) == 1 else 'fail'}:"]
            + [f"  {_in_words(result)}" for result in failed]
        ),
        where=where,
        remedy="annotate what is open (`claimset status`, `claimset report`), or "
        'release on purpose with `claimset build --allow "REASON"`; the reason stands in '
        "release.json then",
    )


def _in_words(result: GateResult) -> str:
    shown = ", ".join(result.rows[:_SHOWN])
    more = f" and {result.n_rows - _SHOWN} more" if result.n_rows > _SHOWN else ""
    noun = "claim" if result.n_rows == 1 else "claims"
    rows = f"; {result.n_rows} {noun}: {shown}{more}" if result.n_rows else ""
    return f"{result.gate}: {result.problem}, the threshold is {result.threshold:g}{rows}"
