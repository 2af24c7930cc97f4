"""The page of an adjudication: the workspace's own labelling page, and what deciding needs more."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from claimset.errors import ContractError
from claimset.identifiers import sha256_hex
from claimset.labelstudio.config import CANNOT_BE_DECIDED, LabelingConfig
from claimset.models import ErrorCategory, Verdict, label_colours

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimset.models import LabelSet

__all__ = ["ANSWERS", "adjudication_page"]

ANSWERS = "answers_html"
"""Key of a task's data: the earlier answers, as escaped HTML."""

_UNDECIDED_KEYS = "fgjklr"
_CATEGORY_KEYS = "zxcvyuiop"
_WHY_DIFFERENT: dict[ErrorCategory, tuple[str, str]] = {
    ErrorCategory.GUIDELINE_UNCLEAR: (
        "Guideline unclear",
        "The guidelines can be read in two ways, or say nothing about such a case",
    ),
    ErrorCategory.EVIDENCE_MISSED: (
        "Evidence missed",
        "Somebody overlooked a place in the sources that settles it",
    ),
    ErrorCategory.CLAIM_AMBIGUOUS: (
        "Claim ambiguous",
        "The claim itself can be read in two ways",
    ),
    ErrorCategory.SLIP: ("Slip", "A wrong key, or a plain mistake of one of them"),
}
# No child combinator: Label Studio escapes it, and the rule never matches.
_STYLE = """
    /* earlier answers stand between the claim and the sources */
    .fc .fc-grid { grid-template-columns:minmax(0,3fr) minmax(0,4fr) minmax(0,5fr); }
    .fc .fc-votes { min-height:0; display:flex; flex-direction:column; }
    .fc .fc-votelist { flex:1; min-height:0; overflow:auto; }
    .fc .fc-votelist .lsf-richtext__container {
      font-size:13.5px; line-height:19px; padding:0 !important;
    }
    .fc .fc-vote { margin:0 0 10px; padding:2px 0 2px 9px; border-left:4px solid #8b9099; }
    .fc .fc-vote p { margin:3px 0 0; }
    .fc .fc-vote blockquote {
      margin:4px 0 0; padding:0 0 0 8px; border-left:2px solid #8b9099;
      font-size:13px; line-height:18px; font-style:normal;
    }
    .fc .fc-vote cite {
      display:block; font-size:12px; line-height:16px; font-style:normal;
      color:var(--color-neutral-content-subtler,#6b7280);
    }
    .fc .fc-vote .fc-who {
      display:inline-block; min-width:20px; font-size:15px; font-weight:700;
    }
    .fc .fc-vote .fc-said { font-weight:600; }
    .fc .fc-vote .fc-sure {
      margin-left:6px; font-size:12px; color:var(--color-neutral-content-subtler,#6b7280);
    }
    .fc .fc-vote .fc-s-supports { border-left-color:#2e9e5b; }
    .fc .fc-vote .fc-s-refutes { border-left-color:#d64545; }
    .fc .fc-vote .fc-s-context { border-left-color:#4a7fd6; }
    .fc .fc-l-opinion { border-left-color:#8a3fc0; }
    .fc .fc-votes-here { display:inline-block; width:1px; height:1px; outline:none; }
    .fc .fc-votes:has(.fc-votes-here:focus) {
      outline:2px solid var(--color-primary-border,#4c5fa9); outline-offset:-1px;
    }
    .fc .fc-title { padding-right:188px; }
"""

_COLOURS = {
    Verdict.SUPPORTED: "#2e9e5b",
    Verdict.REFUTED: "#d64545",
    Verdict.CONFLICTING_EVIDENCE: "#c98a1b",
    Verdict.NOT_ENOUGH_EVIDENCE: "#8b9099",
}


def adjudication_page(config: LabelingConfig) -> LabelingConfig:
    """Make the adjudicator's page from the annotators' own.

    It shows the claim as before, and beside it the earlier answers. An adjudicator can also say
    that the claim cannot be decided, and says why the answers differed. New choices get hotkeys
    that the page does not use. So a change of the annotators' page is one of this page, too.

    Args:
        config: The checked labelling config of the workspace.

    Raises:
        ContractError: The page has no sources in a ``Repeater`` to put the answers beside.
    """
    root = ET.fromstring(config.xml)  # noqa: S314 - entities were refused on reading
    parents = {child: parent for parent in root.iter() for child in parent}
    controls = {element.get("name"): element for element in root.iter() if element.get("name")}
    used = {element.get("hotkey") for element in root.iter()}

    checkability = controls["checkability"]
    undecided = ET.SubElement(checkability, "Choice", value="Cannot be decided")
    undecided.set("alias", CANNOT_BE_DECIDED)
    undecided.set("hotkey", _free(_UNDECIDED_KEYS, used))
    undecided.set("hint", "No single answer follows from text and sources; it stays unresolved")

    row = ET.Element("View", className="fc-row")
    caption = ET.SubElement(row, "View", className="fc-cap fc-key")
    ET.SubElement(caption, "Header", value="They differ", size="5")
    row.append(_categories(used))
    _insert(row, beside=_row_of(controls["verdict"], parents), parents=parents, after=True)

    pane = ET.Element("View", className="fc-pane fc-votes")
    caption = ET.SubElement(pane, "View", className="fc-cap")
    ET.SubElement(caption, "Header", value="Earlier answers, in random order (Alt+V)", size="5")
    holder = ET.SubElement(pane, "View", className="fc-votelist")
    ET.SubElement(
        holder,
        "HyperText",
        name="answers",
        value=f"${ANSWERS}",
        inline="true",
        selectionEnabled="false",
    )
    repeater = next(root.iter("Repeater"), None)
    if repeater is None:
        raise ContractError(
            "the labelling config shows no sources in a <Repeater>",
            where="schemas/labeling_config.xml",
            remedy="take the sources from the page that `claimset init` writes",
        )
    _insert(pane, beside=_row_of(repeater, parents), parents=parents, after=False)

    style = ET.Element("Style")
    style.text = _STYLE + _colours(config.labels)
    styles = [place for place, child in enumerate(root) if child.tag == "Style"]
    root.insert(styles[-1] + 1 if styles else 0, style)
    xml = ET.tostring(root, encoding="unicode")
    return LabelingConfig(xml, sha256_hex(xml.encode("utf-8")), config.labels)


def _colours(labels: LabelSet) -> str:
    """The colour of each verdict at the edge of the votes for it."""
    return "".join(
        f"    .fc .fc-l-{name} {{ border-left-color:"
        f"{_COLOURS[colour] if isinstance(colour, Verdict) else colour}; }}\n"
        for name, colour in label_colours(labels).items()
    )


def _categories(used: set[str | None]) -> ET.Element:
    choices = ET.Element(
        "Choices",
        name="error_category",
        toName="article",
        choice="single-radio",
        required="true",
        showInline="true",
    )
    keys = []
    for category, (shown, hint) in _WHY_DIFFERENT.items():
        keys.append(_free(_CATEGORY_KEYS, used))
        item = ET.SubElement(choices, "Choice", value=shown, alias=category)
        item.set("hotkey", keys[-1])
        item.set("hint", hint)
    message = f"Say why the earlier answers differ: Esc, then one of {' '.join(keys)}"
    choices.set("requiredMessage", message)
    return choices


def _free(wanted: Iterable[str], used: set[str | None]) -> str:
    letters = [*wanted, *"abcdefghijklmnopqrstuvwxyz"]
    key = next((letter for letter in letters if letter not in used), "")
    used.add(key)
    return key


def _row_of(element: ET.Element, parents: dict[ET.Element, ET.Element]) -> ET.Element:
    """The view around an element, unless that is the page itself."""
    around = parents[element]
    return around if around in parents else element


def _insert(
    new: ET.Element, *, beside: ET.Element, parents: dict[ET.Element, ET.Element], after: bool
) -> None:
    parent = parents[beside]
    parent.insert(list(parent).index(beside) + (1 if after else 0), new)
