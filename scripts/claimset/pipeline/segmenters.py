"""Segmenters as they are found: by name, among the entry points of what is installed."""

from __future__ import annotations

import contextlib
import json
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from claimset.errors import ClaimsetError, UsageError
from claimset.identifiers import canonical_json, sha256_hex
from claimset.llm.segmenter import LLM, llm_segmenter
from claimset.segmentation.methods import RULES
from claimset.segmentation.segmenter import Segmenter, rules_segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = [
    "GROUP",
    "ChosenSegmenter",
    "adopted",
    "choose_segmenter",
    "found_segmenters",
    "open_segmenter",
]

GROUP: Final = "claimset.segmenters"
"""Entry points by which segmenters are found."""

_DIGITS: Final = 8
_OWN: Final[dict[str, Callable[[Mapping[str, Any]], Segmenter]]] = {
    RULES: rules_segmenter,
    LLM: llm_segmenter,
}
"""Found also where the package was not installed anew since it named them."""
_OPEN: dict[tuple[str, str], Segmenter] = {}
"""Segmenters of this process by name and settings."""


class ChosenSegmenter(NamedTuple):
    """A segmenter as what is made with it depends on it.

    Attributes:
        name: Its entry point.
        version: Its version.
        settings: Its settings as canonical JSON.
    """

    name: str
    version: str
    settings: str = "{}"

    @property
    def label(self) -> str | None:
        """How claims name it in ``segmenter_version``; none for the built-in rules."""
        if self.name == RULES:
            return None
        settings = sha256_hex(self.settings.encode())[:_DIGITS] if self.settings != "{}" else ""
        return f"{self.name} {self.version}" + (f"+{settings}" if settings else "")


def found_segmenters() -> dict[str, str]:
    """The segmenters that are installed, each with the distribution that brings it."""
    found = dict.fromkeys(_OWN, "claimset")
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        found.setdefault(point.name, _distribution(point))
    return found


def choose_segmenter(name: str, settings: Mapping[str, Any]) -> ChosenSegmenter:
    """Find a segmenter, and see whether it can be made with these settings.

    Args:
        name: Its entry point.
        settings: What the workspace sets for it.

    Raises:
        UsageError: There is none of that name, two distributions bring one, it cannot be made, or
            a setting cannot be written as JSON.
    """
    try:
        written = canonical_json(dict(settings))
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"a setting of the segmenter is no JSON value: {error}",
            where="segmenter_settings",
            remedy="write numbers, texts, lists and tables only",
        ) from error
    segmenter = _OPEN.get((name, written)) or _make(name, written)
    return ChosenSegmenter(name, segmenter.version, written)


@contextlib.contextmanager
def adopted(segmenter: Segmenter, settings: Mapping[str, Any]) -> Iterator[None]:
    """Let a segmenter that is made already be the one of its name, in this process.

    Args:
        segmenter: The segmenter.
        settings: The settings under which it will be asked for.
    """
    key = segmenter.name, canonical_json(dict(settings))
    _OPEN[key] = segmenter
    try:
        yield
    finally:
        del _OPEN[key]


def open_segmenter(chosen: ChosenSegmenter) -> Segmenter:
    """The segmenter that was chosen, made once a process.

    Raises:
        UsageError: It is not there, or of another version than where it was chosen.
    """
    key = chosen.name, chosen.settings
    if key not in _OPEN:
        _OPEN[key] = _make(*key)
    found = _OPEN[key]
    if found.version != chosen.version:
        raise UsageError(
            f"the segmenter {chosen.name} is here of version {found.version}, and was asked for "
            f"as {chosen.version}",
            where=GROUP,
            remedy="install the same version on every machine",
        )
    return found


def _make(name: str, settings: str) -> Segmenter:
    if name in _OWN:
        return _OWN[name](json.loads(settings))
    point = _entry_point(name)
    where = f"{point.value} ({_distribution(point)})"
    try:
        segmenter = point.load()(json.loads(settings))
    except ClaimsetError:
        raise
    except Exception as error:
        raise UsageError(
            f"the segmenter {name} cannot be made: {type(error).__name__}: {str(error)[:200]}",
            where=where,
            remedy="see its documentation for what it needs and which settings it has",
        ) from error
    if not isinstance(segmenter, Segmenter) or not isinstance(segmenter.version, str):
        raise UsageError(
            f"the segmenter {name} has no name, version or function segment",
            where=where,
            remedy="report it to its makers; the protocol is claimset.segmentation.segmenter",
        )
    return segmenter


def _entry_point(name: str) -> EntryPoint:
    points = list(entry_points(group=GROUP, name=name))
    brought = sorted({_distribution(point) for point in points})
    if len(brought) > 1:
        raise UsageError(
            f"{len(brought)} distributions bring a segmenter called {name}",
            where=", ".join(brought),
            remedy="uninstall all but one",
        )
    if not points:
        known = ", ".join(f"{one} ({source})" for one, source in found_segmenters().items())
        raise UsageError(
            f"no segmenter is called {name!r}",
            where="segmenter",
            remedy=f"name one of those installed: {known}",
        )
    return points[0]


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.value
