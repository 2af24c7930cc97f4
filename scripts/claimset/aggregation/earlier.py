"""Answers of an earlier label set, as the present one calls them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from claimset.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from claimset.models import Annotation, KnownAnswer, LabelSet

__all__ = ["answers_under", "known_under", "refuse_unknown"]


def answers_under(labels: LabelSet, annotations: Iterable[Annotation]) -> list[Annotation]:
    """The answers with their verdicts as the label set calls them.

    The ledger keeps every answer as it was given; what is counted and released goes through here.

    Args:
        labels: The label set, which says what earlier verdicts are called now.
        annotations: Answers that may have been given under an earlier one.

    Returns:
        All but those whose verdict the label set leaves out, in their order.

    Raises:
        ContractError: The label set says nothing of a verdict that was given.
    """
    found = []
    unknown: Counter[str] = Counter()
    for annotation in annotations:
        given = annotation.verdict
        if given is None or given in labels.names:
            found.append(annotation)
        elif given not in labels.earlier:
            unknown[given] += 1
        elif labels.earlier[given]:
            found.append(annotation.model_copy(update={"verdict": labels.earlier[given]}))
    refuse_unknown(labels, unknown, "answers")
    return found


def known_under(
    labels: LabelSet, known: Mapping[tuple[str, str], KnownAnswer]
) -> dict[tuple[str, str], str]:
    """The right label of each claim with a known answer, as the label set calls it.

    Args:
        labels: The label set, which says what earlier verdicts are called now.
        known: Known answers, by round and claim id, that may be of an earlier one.

    Returns:
        All but those whose verdict the label set leaves out.

    Raises:
        ContractError: The label set says nothing of a verdict that was given.
    """
    found = {}
    unknown: Counter[str] = Counter()
    for key, answer in known.items():
        given = answer.verdict
        if given is None or given in labels.names:
            found[key] = answer.label
        elif given not in labels.earlier:
            unknown[given] += 1
        elif labels.earlier[given]:
            found[key] = labels.earlier[given]
    refuse_unknown(labels, unknown, "known answers")
    return found


def refuse_unknown(labels: LabelSet, unknown: Counter[str], what: str) -> None:
    """Refuse verdicts that the label set says nothing of.

    Args:
        labels: The label set.
        unknown: How often each such verdict was found.
        what: What holds them, for the error.

    Raises:
        ContractError: There are any.
    """
    if not unknown:
        return
    named = ", ".join(f"{name} ({count})" for name, count in unknown.most_common())
    lines = "\n".join(f'    {name} = "{labels.names[0]}"' for name in unknown)
    raise ContractError(
        f"the ledger holds {what} with verdicts that the label set {labels.name} does not "
        f"have: {named}",
        where="setting labels",
        remedy="say under [labels.earlier] in claimset.toml what each is called now; an empty "
        f"name leaves its answers out, which stay in the ledger:\n{lines}\n  "
        f"The verdicts are now: {', '.join(labels.names)}. The next release is a breaking one. "
        "Or go back to the earlier label set",
    )
