"""The labelling config: the page annotators see, held against the words of the contract."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from claimset.errors import ContractError
from claimset.identifiers import sha256_hex
from claimset.models import AVERITEC, Checkability, Confidence, LabelSet, Stance
from claimset.text_files import read_text_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "CANDIDATE",
    "CANNOT_BE_DECIDED",
    "EVIDENCE_CONTROL",
    "LABEL_SCHEMA_VERSION",
    "TASK_KEYS",
    "Guidelines",
    "LabelingConfig",
    "label_schema_of",
    "read_guidelines",
    "read_labeling_config",
]

_MISSING = "put the file there, or restore it"

LABEL_SCHEMA_VERSION = "1.0"
"""Changes whenever a control, or a choice that no label set names, changes its name or meaning."""

CANDIDATE = "candidate"
"""Label of a retrieved sentence; it is no answer until the annotator gives it a stance."""

CANNOT_BE_DECIDED = "cannot_be_decided"
"""What an adjudicator, and nobody else, can choose beside the checkabilities."""

EVIDENCE_CONTROL = "evidence_{{idx}}"
"""Name of the span control in the config; Label Studio fills in the number of the source."""

TASK_KEYS = (
    "claim_id",
    "article_id",
    "content_hash",
    "claim",
    "claim_label",
    "facts",
    "context_html",
    "sources",
)
"""What a task's data hold, which a page can show."""

_TEXT_AREAS = ("justification", "edited_claim")
_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)")
_HEADING = re.compile(r"^#[ \t].*$", re.MULTILINE)
_VERSION = re.compile(r"\bversion[ \t]+(\S+)\s*$", re.IGNORECASE)


class LabelingConfig(NamedTuple):
    """A config that fits the contract."""

    xml: str
    sha256: str
    labels: LabelSet


class Guidelines(NamedTuple):
    """The guidelines as they are shown, and their version."""

    html: str
    version: str


def label_schema_of(labels: LabelSet) -> str:
    """The version of the label schema under a label set, which answers carry with them.

    >>> label_schema_of(AVERITEC)
    '1.0'
    """
    if labels.digest == AVERITEC.digest:
        return LABEL_SCHEMA_VERSION
    return f"{LABEL_SCHEMA_VERSION}+{labels.name}.{labels.digest}"


def read_labeling_config(path: Path, labels: LabelSet) -> LabelingConfig:
    """Read ``schemas/labeling_config.xml`` and hold its controls against the contract.

    Args:
        path: The file.
        labels: The label set, whose verdicts the page must offer.

    Raises:
        ContractError: It is no XML, a control is missing, its stored values are not exactly those
            of the contract, in the contract's order, or it shows what no task holds.
    """
    xml = read_text_file(path, remedy=_MISSING, error=ContractError)
    try:
        # The file is the workspace's own; still, nothing outside it may be pulled in.
        if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
            raise ContractError(
                "the labelling config declares a document type",
                where=str(path),
                remedy="remove <!DOCTYPE …>: Label Studio's tags need none",
            )
        root = ET.fromstring(xml)  # noqa: S314 - entities are refused above
    except ET.ParseError as error:
        raise ContractError(
            f"the labelling config is not well-formed XML: {error}",
            where=str(path),
            remedy="correct the file at that line and column",
        ) from error
    for name, words in (
        ("checkability", list(Checkability)),
        ("verdict", labels.names),
        ("confidence", list(Confidence)),
    ):
        _check_values(path, root, "Choices", name, "Choice", [str(word) for word in words])
    _check_keys(path, root)
    _check_values(path, root, "Labels", EVIDENCE_CONTROL, "Label", [*Stance, CANDIDATE])
    for name in _TEXT_AREAS:
        _find(path, root, "TextArea", name)
    _check_variables(path, root)
    return LabelingConfig(xml, sha256_hex(xml.encode("utf-8")), labels)


def _find(path: Path, root: ET.Element, tag: str, name: str) -> ET.Element:
    found = [element for element in root.iter(tag) if element.get("name") == name]
    if len(found) != 1:
        raise ContractError(
            f'the labelling config has {len(found)} controls <{tag} name="{name}">, expected one',
            where=str(path),
            remedy="name the control so, once; the pull reads answers by control name",
        )
    return found[0]


def _check_values(
    path: Path, root: ET.Element, tag: str, name: str, item: str, expected: list[str]
) -> None:
    control = _find(path, root, tag, name)
    values = [element.get("alias") or element.get("value") for element in control.iter(item)]
    if values != expected:
        raise ContractError(
            f"the choices of {name} are {values}, the contract has {expected}",
            where=str(path),
            remedy="give every choice the contract's word as its alias (or value), in that order"
            + ("; the verdicts are those of the setting labels" if name == "verdict" else ""),
        )


def _check_keys(path: Path, root: ET.Element) -> None:
    """No key may choose two things: Label Studio would take one of them without a word."""
    seen: dict[str, str] = {}
    for element in root.iter():
        key = element.get("hotkey")
        if element.tag not in ("Choice", "Label") or key is None:
            continue
        name = str(element.get("alias") or element.get("value"))
        if key in seen:
            raise ContractError(
                f"{seen[key]} and {name} have the same key {key!r}",
                where=str(path),
                remedy="give each choice and label a hotkey of its own",
            )
        seen[key] = name


def _check_variables(path: Path, root: ET.Element) -> None:
    """Label Studio shows nothing for a key that a task lacks, without a word."""
    for element in root.iter():
        if element.tag in ("Choice", "Label"):
            continue  # their words stand as they are, with a dollar sign too
        for attribute in ("value", "on"):
            named = _VARIABLE.match(element.get(attribute, ""))
            if named is not None and named[1] not in TASK_KEYS:
                raise ContractError(
                    f"<{element.tag} {attribute}={element.get(attribute)!r}> shows {named[1]!r}, "
                    "which no task holds",
                    where=str(path),
                    remedy=f"a page can show {', '.join('$' + key for key in TASK_KEYS)}",
                )


def read_guidelines(path: Path) -> Guidelines:
    """Read ``schemas/guidelines.md``: HTML for Label Studio's instructions, and the version.

    Raises:
        ContractError: The first heading names no version.
    """
    markdown = read_text_file(path, remedy=_MISSING, error=ContractError)
    heading = _HEADING.search(markdown)
    version = _VERSION.search(heading.group()) if heading else None
    if version is None:
        raise ContractError(
            "the guidelines name no version",
            where=f"{path}:1",
            remedy="begin with a heading such as `# Verification guidelines, version 1.0`",
        )
    return Guidelines(_render(markdown), version.group(1))


# Label Studio's page takes all space and bullets away, and its server every style; so the space
# is put back as breaks, and headings become small enough for its dialogue.
_REPLACEMENTS = (
    ("<h1>", "<h3>"),
    ("</h1>", "</h3>"),
    ("<h2>", "<h4>"),
    ("</h2>", "</h4>"),
    ("<li>", "<li>• "),
    ("</p>", "</p><br>"),
    ("</ul>", "</ul><br>"),
    ("</table>", "</table><br>"),
)


def _render(markdown: str) -> str:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - most commands write no guidelines

    html = str(MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown))
    for plain, spaced in _REPLACEMENTS:
        html = html.replace(plain, spaced)
    return html
