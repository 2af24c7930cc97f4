"""Quickstart: the whole loop on the workspace's own articles and recorded answers."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from claimset.errors import DataError
from claimset.labelstudio.accounts import machine_email, open_accounts
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.pulling import PullResult
from claimset.labelstudio.pushing import PushResult
from claimset.labelstudio.replay import ReplayResult, replay
from claimset.labelstudio.server import EmbeddedStudio
from claimset.models import (
    Claim,
    Model,
    Recording,
    ReferenceAdjudication,
    ReferenceAnnotation,
    Unit,
)
from claimset.pipeline.adjudicating import adjudicate
from claimset.pipeline.annotating import push
from claimset.pipeline.disputed import AdjudicateResult, DisputeState
from claimset.pipeline.pulling import pull
from claimset.pipeline.releasing import build
from claimset.pipeline.reporter import Reporter, silent
from claimset.pipeline.segmented_rows import SegmentedRows
from claimset.pipeline.segmenting import SegmentResult, segment
from claimset.release.builder import BuildResult
from claimset.seeds import read_adjudications, read_recording, read_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimset.models import LabelSet
    from claimset.settings import Settings
    from claimset.storage.workspace import Workspace

__all__ = ["QuickstartResult", "quickstart"]


class QuickstartResult(Model):
    """What every step of the loop did."""

    segment: SegmentResult
    """Units, claims and candidates."""
    push: PushResult
    """Tasks."""
    replay: ReplayResult | None
    """Recorded answers; null when people are waited for."""
    pull: PullResult | None
    """Annotations."""
    decide: ReplayResult | None
    """Recorded decisions on the disagreements; null when none are recorded."""
    adjudicate: AdjudicateResult | None
    """The disagreements and how each was decided; null likewise."""
    build: BuildResult | None
    """The release."""

    @property
    def changed(self) -> bool:
        """Whether the run did anything that an earlier run had not done."""
        return bool(
            self.push.sent
            or (self.replay and self.replay.submitted)
            or (self.pull and (self.pull.new or self.pull.edited or self.pull.deleted))
            or (self.decide and self.decide.submitted)
            or (self.build and self.build.status != "unchanged")
        )


def quickstart(
    workspace: Workspace,
    settings: Settings,
    reporter: Reporter = silent,
    *,
    port: int | None = None,
    wait: Callable[[EmbeddedStudio, QuickstartResult], None] | None = None,
) -> QuickstartResult:
    """Segment, push, replay the recorded answers, pull, adjudicate and build, all in one.

    Label Studio is the embedded one.

    Args:
        workspace: Holds articles and, in ``seeds/reference/``, recorded answers.
        settings: An address of another Label Studio in them is not used here.
        reporter: Told what happens.
        port: The embedded studio's port; default: the first free one from 8080.
        wait: When given, nothing is replayed: it is called once the tasks are pushed, and the
            studio runs until it returns.

    Raises:
        ClaimsetError: A step failed; the next run goes on where this one stopped.
    """
    settings = settings.model_copy(update={"label_studio_url": None})
    if wait is None:
        _read_recorded(workspace, settings.labels)  # what is missing shall not come to light late
        read_adjudications(workspace.reference_adjudications, settings.labels)
    segmented = segment(workspace, settings, reporter)
    reporter.say(
        f"segmented {segmented.n_articles} articles: {segmented.units} units, "
        f"{segmented.claims} claims, {segmented.candidates} evidence candidates"
    )
    with contextlib.ExitStack() as stack:
        with reporter.watch("starting Label Studio") as show:
            studio = stack.enter_context(EmbeddedStudio(workspace, port, progress=show))
        reporter.say(f"Label Studio {'already runs' if studio.reused else 'runs'} at {studio.url}")
        pushed = push(workspace, settings, reporter)
        reporter.say(
            f"pushed {pushed.sent} tasks to project {pushed.project_id}, "
            f"{pushed.unchanged + pushed.found} were there already"
        )
        if wait is not None:
            result = QuickstartResult(
                segment=segmented,
                push=pushed,
                replay=None,
                pull=None,
                decide=None,
                adjudicate=None,
                build=None,
            )
            wait(studio, result)
            return result
        recorded, recording = _read_recorded(workspace, settings.labels)
        replayed = _replay(workspace, studio, pushed.project_id or 0, recorded, recording, reporter)
        reporter.say(
            f"replayed {replayed.submitted} recorded answers, {replayed.already_there} were there "
            f"already, {len(replayed.left_out)} left out"
        )
        pulled = pull(workspace, settings, reporter)
        reporter.say(
            f"pulled {pulled.new} new annotations, {pulled.edited} edited, {pulled.deleted} "
            f"deleted, {pulled.unchanged} unchanged"
        )
        decided, adjudicated = _decide(workspace, settings, studio, recording, reporter)
    built = build(workspace, settings, reporter)
    return QuickstartResult(
        segment=segmented,
        push=pushed,
        replay=replayed,
        pull=pulled,
        decide=decided,
        adjudicate=adjudicated,
        build=built,
    )


def _decide(
    workspace: Workspace,
    settings: Settings,
    studio: EmbeddedStudio,
    recording: Recording,
    reporter: Reporter,
) -> tuple[ReplayResult | None, AdjudicateResult | None]:
    """Send the disagreements to the recorded adjudicators, and let them answer as recorded."""
    recorded = read_adjudications(workspace.reference_adjudications, settings.labels)
    if not recorded:
        return None, None
    names = sorted({decision.adjudicator for _, decision in recorded})
    open_accounts(studio.url, studio.credentials.token, names, workspace.accounts)
    sent = adjudicate(workspace, settings, reporter, by=[machine_email(name) for name in names])
    reporter.say(
        f"sent {sent.sent} disagreements to {', '.join(names)}, {sent.unchanged} were there already"
    )
    if sent.project_id is None:
        return None, sent
    replayed = _replay(workspace, studio, sent.project_id, recorded, recording, reporter)
    after = adjudicate(workspace, settings, reporter)
    reporter.say(
        f"decided {after.count(DisputeState.DECIDED)} of {len(after.disputes)} disagreements"
    )
    counts = {"sent": sent.sent, "unchanged": sent.unchanged, "dockets": sent.dockets}
    return replayed, after.model_copy(update=counts)


def _replay(
    workspace: Workspace,
    studio: EmbeddedStudio,
    project_id: int,
    recorded: Sequence[tuple[int, ReferenceAnnotation | ReferenceAdjudication]],
    recording: Recording,
    reporter: Reporter,
) -> ReplayResult:
    """Submit the recorded answers, each as the account of its own annotator."""
    segmented = SegmentedRows(workspace)
    articles = {answer.article_id for _, answer in recorded}
    names = sorted({answer.annotator for _, answer in recorded})
    keys = open_accounts(studio.url, studio.credentials.token, names, workspace.accounts)
    with contextlib.ExitStack() as stack:
        clients = {name: LabelStudioClient(studio.url, key) for name, key in keys.items()}
        for client in clients.values():
            stack.callback(client.close)
        with reporter.track("replaying recorded answers", len(recorded)) as advance:
            return replay(
                clients,
                project_id,
                recorded,
                segmented.rows_of(Claim, "article_id", articles),
                segmented.rows_of(Unit, "article_id", articles),
                guidelines_version=recording.guidelines_version,
                advance=advance,
            )


def _read_recorded(
    workspace: Workspace, labels: LabelSet
) -> tuple[list[tuple[int, ReferenceAnnotation]], Recording]:
    try:
        return read_reference(workspace.reference, labels), read_recording(workspace.recording)
    except DataError as error:
        error.remedy += "; `claimset quickstart --no-replay` needs no recorded answers"
        raise
