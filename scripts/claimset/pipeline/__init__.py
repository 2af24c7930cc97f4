"""The steps, as functions: what the commands and the scripts both call.

Each is imported when it is first asked for: a command waits only for what it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from claimset.labelstudio.pulling import PullResult
    from claimset.labelstudio.pushing import PushResult
    from claimset.pipeline.add_result import AddResult
    from claimset.pipeline.adding import add
    from claimset.pipeline.adjudicating import adjudicate
    from claimset.pipeline.agreeing import AgreeResult, agree, agree_on_file
    from claimset.pipeline.annotating import push
    from claimset.pipeline.disputed import AdjudicateResult
    from claimset.pipeline.exporting import export
    from claimset.pipeline.grouping import EventsResult, events
    from claimset.pipeline.initializing import InitResult, init
    from claimset.pipeline.opening import connect
    from claimset.pipeline.publishing import publish
    from claimset.pipeline.pulling import pull
    from claimset.pipeline.releasing import build
    from claimset.pipeline.reporting import ReportResult, report
    from claimset.pipeline.segmenting import Segmented, SegmentResult, read_segmented, segment
    from claimset.pipeline.starting import QuickstartResult, quickstart
    from claimset.pipeline.watching import StatusResult, status

__all__ = [
    "AddResult",
    "AdjudicateResult",
    "AgreeResult",
    "EventsResult",
    "InitResult",
    "PullResult",
    "PushResult",
    "QuickstartResult",
    "ReportResult",
    "SegmentResult",
    "Segmented",
    "StatusResult",
    "add",
    "adjudicate",
    "agree",
    "agree_on_file",
    "build",
    "connect",
    "events",
    "export",
    "init",
    "publish",
    "pull",
    "push",
    "quickstart",
    "read_segmented",
    "report",
    "segment",
    "status",
]

_HOMES = {
    "AddResult": "pipeline.add_result",
    "AdjudicateResult": "pipeline.disputed",
    "AgreeResult": "pipeline.agreeing",
    "EventsResult": "pipeline.grouping",
    "InitResult": "pipeline.initializing",
    "PullResult": "labelstudio.pulling",
    "PushResult": "labelstudio.pushing",
    "QuickstartResult": "pipeline.starting",
    "ReportResult": "pipeline.reporting",
    "SegmentResult": "pipeline.segmenting",
    "Segmented": "pipeline.segmenting",
    "StatusResult": "pipeline.watching",
    "add": "pipeline.adding",
    "adjudicate": "pipeline.adjudicating",
    "agree": "pipeline.agreeing",
    "agree_on_file": "pipeline.agreeing",
    "build": "pipeline.releasing",
    "connect": "pipeline.opening",
    "events": "pipeline.grouping",
    "export": "pipeline.exporting",
    "init": "pipeline.initializing",
    "publish": "pipeline.publishing",
    "pull": "pipeline.pulling",
    "push": "pipeline.annotating",
    "quickstart": "pipeline.starting",
    "read_segmented": "pipeline.segmenting",
    "report": "pipeline.reporting",
    "segment": "pipeline.segmenting",
    "status": "pipeline.watching",
}

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(globals(), _HOMES, base="claimset")
