"""Gates: hold a release against the thresholds of its project before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.agreement.coefficients import Coefficient
from claimset.errors import CheckFailed, UsageError
from claimset.models import GateResult, Gates, GoldSource, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from claimset.models import AgreementFigure, ReleasedClaim

__all__ = ["hold_gates", "pass_gates"]

_NAMED = 20
_SHOWN = 5
_DECIDED = frozenset({Verdict.SUPPORTED, Verdict.REFUTED, Verdict.CONFLICTING_EVIDENCE})


def hold_gates(
    gates: Gates, claims: Sequence[ReleasedClaim], agreement: Iterable[AgreementFigure]
) -> tuple[GateResult, ...]:
    """What comes out at each gate that is set.

    Args:
        gates: The thresholds.
        claims: The rows of the release.
        agreement: Its figures of agreement; alpha over the combined label is looked at, of people
            where people answered.
    """
    results = []
    if gates.min_alpha is not None:
        results.append(_alpha(gates.min_alpha, claims, agreement))
    if gates.min_votes is not None:
        asked = [claim for claim in claims if claim.gold_source is not GoldSource.INHERITED]
        least = min((claim.n_annotations for claim in asked), default=0)
        threshold = gates.min_votes
        results.append(
            _result(
                "min_votes",
                least,
                threshold,
                asked,
                lambda claim: claim.n_annotations < threshold,
                "votes are the fewest of a claim",
            )
        )
    if gates.min_resolved is not None:
        open_ = sum(claim.gold_source is GoldSource.UNRESOLVED for claim in claims)
        share = 1 - open_ / len(claims) if claims else 0.0
        results.append(
            _result(
                "min_resolved",
                share,
                gates.min_resolved,
                claims,
                lambda claim: claim.gold_source is GoldSource.UNRESOLVED,
                "of the claims have a gold label",
            )
        )
    if gates.require_evidence:
        decided = [claim for claim in claims if claim.gold_verdict in _DECIDED]
        bare = sum(not claim.evidence_sets for claim in decided)
        results.append(
            _result(
                "require_evidence",
                1 - bare / len(decided) if decided else 1.0,
                1.0,
                decided,
                lambda claim: not claim.evidence_sets,
                "of the supported, refuted and conflicting claims have evidence",
            )
        )
    return tuple(results)


def _result(
    gate: str,
    figure: float,
    threshold: float,
    claims: Iterable[ReleasedClaim],
    short: Callable[[ReleasedClaim], bool],
    words: str,
) -> GateResult:
    if figure >= threshold:
        return GateResult(gate=gate, passed=True, figure=figure, threshold=threshold)
    ids = [claim.claim_id for claim in claims if short(claim)]
    return GateResult(
        gate=gate,
        passed=False,
        figure=figure,
        threshold=threshold,
        problem=f"{figure:.4g} {words}",
        n_rows=len(ids),
        rows=tuple(ids[:_NAMED]),
    )


def _alpha(
    threshold: float, claims: Iterable[ReleasedClaim], agreement: Iterable[AgreementFigure]
) -> GateResult:
    start = f"{Coefficient.ALPHA}, verdict or checkability"
    # Figures of people come before those of machines.
    found = next((figure for figure in agreement if figure.name.startswith(start)), None)
    value = None if found is None else found.value
    if value is not None and value >= threshold:
        return GateResult(gate="min_alpha", passed=True, figure=value, threshold=threshold)
    disputed = [claim.claim_id for claim in claims if len(claim.label_distribution) > 1]
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
        rows=tuple(disputed[:_NAMED]),
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
