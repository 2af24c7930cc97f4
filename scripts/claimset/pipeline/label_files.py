"""Label files: a label set as TOML, read for a new workspace and written into its settings."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimset.errors import ContractError, UsageError
from claimset.models import AVERITEC, LABEL_SETS, LabelSet, VerdictLabel
from claimset.seeds.lines import describe_validation_error

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["label_settings", "named_label_set"]

_EXAMPLE = """\
    name = "desk"
    not_enough_evidence = "open"
    [[verdicts]]
    name = "right"
    title = "Right"
    hotkey = "1"
    evidence = ["supports"]
    nli = "entailment"
    [[verdicts]]
    name = "open"
    title = "Open"
    hotkey = "2"
    nli = "neutral\""""


def named_label_set(given: str | None) -> LabelSet:
    """The label set of that name, or of that file.

    Args:
        given: `averitec`, `fever`, or the path of a TOML file whose top level, or whose table
            `labels`, is a label set; AVeriTeC's without it.

    Raises:
        UsageError: There is no such label set and no such file.
        ContractError: The file is no valid TOML or no valid label set.
    """
    if given is None:
        return AVERITEC
    if given in LABEL_SETS:
        return LABEL_SETS[given]
    path = Path(given)
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(
            f"{given!r} is no label set, and no file of that name can be read ({error.strerror})",
            where="option --labels",
            remedy=f"use {', '.join(LABEL_SETS)}, or name a TOML file such as\n{_EXAMPLE}",
        ) from error
    except (ValueError, RecursionError) as error:  # also of numbers and nesting beyond Python's
        raise ContractError(
            f"the file is no valid TOML: {error}", where=given, remedy="correct it there"
        ) from error
    try:
        return LabelSet.model_validate(values.get("labels", values))
    except ValidationError as error:
        field, problem = describe_validation_error(error)
        raise ContractError(
            problem,
            where=f"{given}, {_in_words(field, values.get('labels', values))}",
            remedy="correct it there; a label set has the fields "
            f"{', '.join(LabelSet.model_fields)}, and each of its verdicts "
            f"{', '.join(VerdictLabel.model_fields)}",
        ) from error


def _in_words(field: str, values: Mapping[str, Any]) -> str:
    """Which verdict a fault is in: its number and name, since TOML has no line for it."""
    if not field:
        return "the label set as a whole"
    first, _, rest = field.partition(".")
    number, _, name = rest.partition(".")
    if first != "verdicts" or not number.isdigit():
        return f"field {field}"
    verdict = values["verdicts"][int(number)]
    called = f" ({verdict['name']})" if isinstance(verdict, dict) and "name" in verdict else ""
    return f"verdict {int(number) + 1}{called}" + (f", field {name}" if name else "")


def label_settings(labels: LabelSet) -> str:
    """The lines of ``claimset.toml`` that name a label set; they end the file, being a table."""
    if labels == AVERITEC:
        return ""
    if LABEL_SETS.get(labels.name) == labels:
        return f"labels = {_value(labels.name)}\n"
    lines = ["", "[labels]"]
    given = labels.model_dump(mode="json", exclude_defaults=True)
    verdicts, _ = given.pop("verdicts"), given.pop("earlier", None)
    lines += [f"{key} = {_value(value)}" for key, value in given.items()]
    for verdict in verdicts:
        lines += ["", "[[labels.verdicts]]"]
        lines += [f"{key} = {_value(value)}" for key, value in verdict.items()]
    if labels.earlier:
        lines += ["", "[labels.earlier]"]
        lines += [f"{_value(old)} = {_value(new)}" for old, new in labels.earlier.items()]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    """A string, number or list of strings in TOML, whose basic strings are those of JSON here.

    The models hold printable characters only, so nothing needs an escape that TOML lacks.
    """
    return json.dumps(value, ensure_ascii=False)
