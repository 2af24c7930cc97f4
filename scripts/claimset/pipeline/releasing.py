"""Build: from claims and annotations to a released dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.labelstudio.config import LABEL_SCHEMA_VERSION
from claimset.pipeline.reporter import Reporter, silent
from claimset.pipeline.segmenting import read_segmented
from claimset.release.builder import BuildResult, build_release
from claimset.segmentation import SEGMENTER_VERSION
from claimset.storage.files import exclusive_lock
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["build"]


def build(workspace: Workspace, settings: Settings, reporter: Reporter = silent) -> BuildResult:
    """Make the next release in ``dataset/``; nothing is made when nothing changed.

    Args:
        workspace: Must have been segmented and pulled.
        settings: Names the dataset.
        reporter: Told what happens.

    Raises:
        UsageError: Not segmented yet, or another command is at work in the workspace.
        DataError: A table, an article or a span is not as it must be; ``dataset/`` stays as it is.
    """
    segmented = read_segmented(workspace)
    with (
        exclusive_lock(workspace.lock, doing="claimset build"),
        Ledger(workspace.ledger) as ledger,
        reporter.watch("building the dataset"),
    ):
        result = build_release(
            dataset_folder=workspace.dataset,
            name=settings.dataset_name,
            articles=segmented.articles,
            units=segmented.units,
            claims=segmented.claims,
            annotations=ledger.annotations(),
            label_schema_version=LABEL_SCHEMA_VERSION,
            segmenter_version=SEGMENTER_VERSION,
            allow_single=settings.allow_single,
        )
        ledger.record_release(result.version, result.content_id)
    return result
