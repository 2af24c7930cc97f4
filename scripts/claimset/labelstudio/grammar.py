"""Grammar: a labelling page as Label Studio's own parser reads it, before anything is sent.

The parser is that of Label Studio's SDK, which the server runs on every page and every candidate
too. Asked here, it answers without a server, and before a project is made. Loading it takes .3 s
and 38 MB, .5 s and 66 MB where Label Studio's own packages are installed, too (SDK 2.1.2), so it is
asked only about pages the server does not have.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from claimset.errors import ContractError
from claimset.labelstudio.config import CANDIDATE
from claimset.models import Checkability, Confidence, Stance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from label_studio_sdk.label_interface.interface import LabelInterface

    from claimset.labelstudio.config import LabelingConfig
    from claimset.models import LabelSet

__all__ = ["check_page", "faults_of", "interface_of"]

_SOURCES = 2  # as many as show that the second is wired like the first
_PLACE = re.compile(r"^Region [0-9]+: ")  # a place in our own list says nothing to a reader


def check_page(config: LabelingConfig, *, where: str) -> None:
    """Hold a page against Label Studio's own rules, and every answer of the contract against it.

    Args:
        config: The page, whose words are those of the contract.
        where: The file it comes from, for the error.

    Raises:
        ContractError: Label Studio would refuse the page, or could not store a candidate or an
            answer as it is written and read here.
    """
    remedy = "correct the file; `claimset init` writes a page that works, to compare with"
    try:
        _parsed(config.xml).validate()
        page = interface_of(config.xml, sources=_SOURCES)
    except Exception as error:  # the SDK has no public error class, and lets those of its parts out
        raise ContractError(
            f"Label Studio does not take the labelling config: {error}", where=where, remedy=remedy
        ) from error
    faults = faults_of(page, [*_every_answer(config.labels)])
    if faults:
        raise ContractError(
            f"the labelling config cannot hold every answer: {_PLACE.sub('', faults[0])}"
            + (f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""),
            where=where,
            remedy=remedy,
        )


def interface_of(xml: str, *, sources: int) -> LabelInterface:
    """A page as the SDK's parser sees it, for tasks with a number of sources.

    The parser knows no ``Repeater``: what stands in one is written out, once for each source, as
    Label Studio's page does it.

    Args:
        xml: The labelling config.
        sources: How many sources the task has.
    """
    root = ET.fromstring(xml)  # noqa: S314 - entities were refused on reading
    for parent in list(root.iter()):
        for place, child in reversed(list(enumerate(parent))):
            if child.tag == "Repeater":
                parent[place : place + 1] = [
                    _numbered(item, child.get("indexFlag", ""), number)
                    for number in range(sources)
                    for item in child
                ]
    return _parsed(ET.tostring(root, encoding="unicode"))


def faults_of(page: LabelInterface, result: Sequence[Any]) -> list[str]:
    """What Label Studio's own rules find wrong with a result list; nothing when it is in order.

    They know controls, choices and shapes. Whether a span is the slice of its source, and whether
    the answer keeps the rules of the guidelines, is for :mod:`claimset.labelstudio.results`.
    """
    return [
        str(fault) for fault in page.validate_prediction({"result": result}, return_errors=True)
    ]


def _parsed(xml: str) -> LabelInterface:
    from label_studio_sdk.label_interface.interface import LabelInterface  # noqa: PLC0415 - half a second

    return LabelInterface(xml)


def _numbered(element: ET.Element, flag: str, number: int) -> ET.Element:
    made = copy.deepcopy(element)
    for part in made.iter():
        for key, value in part.attrib.items():
            part.set(key, value.replace(flag, str(number)) if flag else value)
    return made


def _every_answer(labels: LabelSet) -> Iterator[dict[str, Any]]:
    """Each value that can be chosen, written or marked, as it is written and read here."""
    for name, words in (
        ("checkability", list(Checkability)),
        ("verdict", labels.names),
        ("confidence", list(Confidence)),
    ):
        for word in words:
            yield _region(name, "article", "choices", {"choices": [str(word)]})
    for name in ("justification", "edited_claim"):
        yield _region(name, "article", "textarea", {"text": ["words"]})
    for number in range(_SOURCES):
        for label in (*Stance, CANDIDATE):
            span = {"start": 0, "end": 5, "text": "words", "labels": [str(label)]}
            yield _region(f"evidence_{number}", f"source_{number}", "labels", span)


def _region(control: str, shown: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": control, "to_name": shown, "type": kind, "value": value}
