"""The steps, as functions: what the commands and the scripts both call."""

from claimset.labelstudio.pulling import PullResult
from claimset.labelstudio.pushing import PushResult
from claimset.pipeline.adding import AddResult, add
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
from claimset.pipeline.quickstart import QuickstartResult, quickstart
from claimset.pipeline.releasing import build
from claimset.pipeline.reporting import ReportResult, report
from claimset.pipeline.segmenting import Segmented, SegmentResult, read_segmented, segment
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
