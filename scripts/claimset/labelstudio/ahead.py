"""Ahead: the next items are made while the server works on those before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from claimset.labelstudio.early import Early

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ahead", "begun"]

_Item = TypeVar("_Item")


def ahead(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Some items at a time; the next ones are made by another thread meanwhile.

    Two lots are in memory at most. What making an item raises is raised when its lot is asked for.

    Args:
        items: Made one after another. The first lot is made by the caller's thread, so that what a
            generator does before its first item may use what belongs to that thread; the others
            are not.
        size: How many make a lot; the last one may be smaller.

    Yields:
        Lots that are not empty.

    >>> list(ahead("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    source = iter(items)
    lot = list(islice(source, size))
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as maker:
        while lot:
            following = maker.submit(lambda: list(islice(source, size)))
            yield lot
            lot = following.result()


def begun(items: Iterable[_Item], size: int) -> Iterator[_Item]:
    """Items the first of which are made at once, before anybody asks for them.

    Args:
        items: Made one after another. Making them must use nothing that belongs to the caller's
            thread, or that the caller uses before it asks for the first item.
        size: How many are made ahead.

    Returns:
        All items in order. What making one raises is raised when it is asked for.

    >>> "".join(begun("abcde", 2))
    'abcde'
    """
    source = iter(items)
    first = Early(lambda: list(islice(source, size)))

    def given() -> Iterator[_Item]:
        yield from first.result()
        yield from source

    return given()
