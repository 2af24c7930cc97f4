"""Fingerprints of what annotators see: which changes alter the meaning of answers."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

from claimset.identifiers import hash_json, sha256_hex

__all__ = ["PageFingerprint", "fingerprint_of"]

_LENGTH = 16
_SPACE = re.compile(r"\s+")
# What decides which answers can be given and stored.
_ANSWER_ATTRIBUTES = ("name", "toName", "choice", "required", "granularity", "maxSubmissions")
# What a person reads before giving one.
_READ_ATTRIBUTES = ("value", "hint", "placeholder", "requiredMessage")


class PageFingerprint(NamedTuple):
    """Three hashes of page and guidelines, from the whole to what matters most."""

    page: str
    """Of every byte: when it is the same, nothing has to be sent."""
    wording: str
    """Of all that annotators read on the page and in the guidelines."""
    answers: str
    """Of the controls and their stored values."""


def fingerprint_of(config: str, guidelines: str) -> PageFingerprint:
    """Fingerprints of a labelling config and the guidelines beside it.

    Args:
        config: Label Studio's XML.
        guidelines: The guidelines as HTML.
    """
    answers: list[object] = []
    wording: list[object] = [_SPACE.sub(" ", guidelines).strip()]
    for element in ET.fromstring(config).iter():  # noqa: S314 - entities were refused on reading
        if element.tag == "Style":
            continue
        attributes = element.attrib
        if "name" in attributes:
            kept = {key: attributes[key] for key in _ANSWER_ATTRIBUTES if key in attributes}
            answers.append([element.tag, kept])
        elif element.tag in ("Choice", "Label"):
            answers.append([element.tag, attributes.get("alias") or attributes.get("value")])
        read = {key: attributes[key] for key in _READ_ATTRIBUTES if key in attributes}
        if read:
            wording.append([element.tag, read])
    return PageFingerprint(
        page=sha256_hex((config + guidelines).encode("utf-8")),
        wording=hash_json(wording)[:_LENGTH],
        answers=hash_json(answers)[:_LENGTH],
    )
