"""Build: from claims and annotations to a released dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.labelstudio.config import label_schema_of
from claimset.pipeline.answer_tables import answer_tables_under
from claimset.pipeline.reporter import Reporter, silent
from claimset.pipeline.segmented_tables import SegmentedTables
from claimset.pipeline.unseen import check_unseen
from claimset.release.builder import BuildResult, build_release
from claimset.segmentation import SEGMENTER_VERSION
from claimset.storage.files import exclusive_lock
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from claimset.models import Withdrawal
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["build"]


def build(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter = silent,
    *,
    drop_unseen: bool = False,
    allow: str | None = None,
    withdraw: tuple[Withdrawal, ...] = (),
) -> BuildResult:
    """Make the next release in ``dataset/``; nothing is made when nothing changed.

    Args:
        workspace: Must have been segmented and pulled.
        settings: Names the dataset.
        reporter: Told what happens.
        drop_unseen: Release without answers of the last release that this ledger never saw.
        allow: Why to release although a gate of the settings fails; stands in ``release.json``.
        withdraw: What the release is to be without, beside what was withdrawn before.

    Raises:
        CheckFailed: The last release holds answers that this ledger never saw, so that the new
            one would silently be without them; or a gate fails.
        UsageError: Not segmented yet, or another command is at work in the workspace.
        DataError: A table, an article or a span is not as it must be; ``dataset/`` stays as it is.
    """
    with (
        exclusive_lock(workspace.lock, doing="claimset build"),
        reporter.watch("building the dataset"),
    ):
        segmented = SegmentedTables(workspace)
        with Ledger(workspace.ledger) as ledger:
            if not drop_unseen:
                check_unseen(workspace, ledger)
            result = build_release(
                dataset_folder=workspace.dataset,
                name=settings.dataset_name,
                articles=segmented.articles(),
                units=segmented.units(),
                claims=segmented.claims(),
                annotations=answer_tables_under(settings.labels, ledger.annotation_tables()),
                label_schema_version=label_schema_of(settings.labels),
                segmenter_version=", ".join(sorted(segmented.versions)) or SEGMENTER_VERSION,
                rules=settings.gold_rules,
                gates=settings.gates,
                allow=allow,
                shares=settings.split_shares,
                cut=settings.split_cut,
                withdraw=withdraw,
            )
            ledger.record_release(result.version, result.content_id)
    return result
