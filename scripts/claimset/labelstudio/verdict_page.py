"""Page and guidelines of a label set: the templates with its verdicts in place of AVeriTeC's.

The templates are written for AVeriTeC's four. What they say of one of those holds for the verdict
of the same meaning; a line about a verdict without a counterpart is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from claimset.models import AVERITEC, EvidenceNeed, NliLabel, Stance, Verdict

if TYPE_CHECKING:
    from claimset.models import LabelSet, VerdictLabel

__all__ = ["config_for", "guidelines_for"]

_CHOICES = re.compile(r'(<Choices name="verdict"[^>]*>\n)(.*?)(\n[ \t]*</Choices>)', re.DOTALL)
_KEYS = "Esc, then 1 to 4"
_INDENT = " " * 8
_QUOTE = {'"': "&quot;"}

_TABLE = re.compile(r"(\| verdict \| when \|\n\|---\|---\|\n)((?:\|.*\n)+)")
_NEEDS = re.compile(r"^- \*Supported\* needs .*\n", re.MULTILINE)
_ROWS, _RULES = "{rows}\n", "{rules}\n"
_RETURNED = "The page lets you submit without them, but such an answer comes back to you."
_NAMED = re.compile(
    r"\*(supported|refuted|not enough evidence|conflicting evidence)\*", re.IGNORECASE
)


def config_for(template: str, labels: LabelSet) -> str:
    """The labelling config of a label set.

    Args:
        template: The config with AVeriTeC's four verdicts.
        labels: The label set.

    Raises:
        ValueError: The template has no place for the verdicts.
    """
    if not _CHOICES.search(template) or _KEYS not in template:
        msg = "the labelling config has no control for the verdicts to put others into"
        raise ValueError(msg)
    choices = "\n".join(_choice(verdict) for verdict in labels.verdicts)
    page = _CHOICES.sub(lambda found: f"{found[1]}{choices}{found[3]}", template)
    return page.replace(_KEYS, f"Esc, then {_keys(labels)}")


def _choice(verdict: VerdictLabel) -> str:
    written = {
        "value": verdict.title,
        "alias": verdict.name,
        "hotkey": verdict.hotkey,
        "hint": verdict.hint,
    }
    attributes = (f'{key}="{escape(value, _QUOTE)}"' for key, value in written.items() if value)
    return f"{_INDENT}<Choice {' '.join(attributes)}/>"


def _keys(labels: LabelSet) -> str:
    keys = [verdict.hotkey for verdict in labels.verdicts]
    if keys == [str(number) for number in range(1, len(keys) + 1)]:
        return f"1 to {len(keys)}"
    return f"{', '.join(keys[:-1])} or {keys[-1]}"


def guidelines_for(template: str, labels: LabelSet) -> str:
    """The guidelines of a label set, to be read and adapted before the first round.

    Args:
        template: The guidelines with AVeriTeC's four verdicts.
        labels: The label set.

    Raises:
        ValueError: The template has no table of verdicts.
    """
    if not _TABLE.search(template) or not _NEEDS.search(template):
        msg = "the guidelines have no table of verdicts to put others into"
        raise ValueError(msg)
    if labels == AVERITEC:
        return template
    words = _counterparts(labels)
    marked = _TABLE.sub(lambda found: found[1] + _ROWS, _NEEDS.sub(_RULES, template))
    text = "".join(
        _NAMED.sub(lambda found: f"*{words[found[1].lower()]}*", line)
        for line in marked.splitlines(keepends=True)
        if all(word.lower() in words for word in _NAMED.findall(line))
    )
    rows = "".join(f"| **{_plain(v.title)}** | {_when(v)} |\n" for v in labels.verdicts)
    rules = "".join(f"- {_need(v)}\n" for v in labels.verdicts if v.evidence)
    rules += f"- {_RETURNED}\n" if rules else ""
    return text.replace(_ROWS, rows).replace(_RULES, rules)


def _counterparts(labels: LabelSet) -> dict[str, str]:
    """The word of the label set for each of AVeriTeC's, where it has one."""
    found: dict[str, str] = {}
    for name, inference in (
        (Verdict.SUPPORTED, NliLabel.ENTAILMENT),
        (Verdict.REFUTED, NliLabel.CONTRADICTION),
    ):
        same = [item.title for item in labels.verdicts if item.nli is inference]
        if same:
            found[name] = same[0]
    both = {Stance.SUPPORTS, Stance.REFUTES}
    for item in labels.verdicts:
        if item.needs is EvidenceNeed.ALL and set(item.evidence) == both:
            found.setdefault(Verdict.CONFLICTING_EVIDENCE, item.title)
    for undecided in labels.undecided:
        found[Verdict.NOT_ENOUGH_EVIDENCE] = labels.titles[undecided]
    known = AVERITEC.titles
    return {known[name].lower(): _plain(title).lower() for name, title in found.items()}


def _when(verdict: VerdictLabel) -> str:
    return f"{_plain(verdict.hint)}." if verdict.hint else "…"


def _need(verdict: VerdictLabel) -> str:
    stances = [str(stance).capitalize() for stance in verdict.evidence]
    if len(stances) == 1:
        return f"*{_plain(verdict.title)}* needs at least one span marked **{stances[0]}**."
    each = "one of each stance" if verdict.needs is EvidenceNeed.ALL else "one span of either"
    return f"*{_plain(verdict.title)}* needs {each}: **{'**, **'.join(stances)}**."


def _plain(text: str) -> str:
    r"""Text that Markdown shows as it stands.

    >>> _plain("1 * 2 | 3")
    '1 \\* 2 \\| 3'
    """
    return re.sub(r"([\\`*_\[\]|<>&#])", r"\\\1", text)
