"""The data contract: every row that is read, stored, shown or published, as a model.

The JSON Schemas in ``schemas/`` are generated from here.
"""

from claimset.models.agreement import (
    AgreementFigure,
    AgreementReport,
    Interval,
    IntervalMethod,
    LabelAgreement,
    PairAgreement,
    Resampled,
)
from claimset.models.annotation import (
    Annotation,
    Evidence,
    Recording,
    ReferenceAdjudication,
    ReferenceAnnotation,
    broken_answer_rules,
)
from claimset.models.annotators import AnnotatorFigures, Counted
from claimset.models.article import Article, Identifier, ManifestRow, Unit
from claimset.models.base import Model
from claimset.models.claim import Attribution, Claim, EvidenceCandidate, QuoteCheck
from claimset.models.clause import Clause
from claimset.models.gates import GateResult, Gates
from claimset.models.known import AnnotatorChecks, KnownAnswer
from claimset.models.label_looks import label_colours, label_words
from claimset.models.label_sets import AVERITEC, FEVER, LABEL_SETS, NamedLabelSet
from claimset.models.labels import VERDICT, LabelSet, VerdictLabel, VerdictName
from claimset.models.original import EncodingSource, Original, TitleSource
from claimset.models.published import (
    EvidenceSet,
    LabelCount,
    ReleasedAnnotation,
    ReleasedArticle,
    ReleasedClaim,
    UnitPosition,
)
from claimset.models.release import (
    ReleasedFile,
    ReleaseMetadata,
    SplitConflict,
    SplitRule,
    Withdrawal,
    WithdrawalKind,
)
from claimset.models.round import RoundKind, Selection, TaskOrder, TaskRole
from claimset.models.shard import Quarantined, ShardArticle, ShardRecord
from claimset.models.span import ArticleSpan, Span, check_slice
from claimset.models.vocabulary import (
    AnnotationRole,
    AnnotationStatus,
    AnnotatorKind,
    ArticleRole,
    Checkability,
    ClaimStatus,
    ClauseRule,
    Confidence,
    ErrorCategory,
    EvidenceNeed,
    GoldSource,
    Granularity,
    NliLabel,
    QuoteOutcome,
    QuoteType,
    Split,
    Stance,
    TextPolicy,
    UnitKind,
    Verdict,
)

__all__ = [
    "AVERITEC",
    "FEVER",
    "LABEL_SETS",
    "VERDICT",
    "AgreementFigure",
    "AgreementReport",
    "Annotation",
    "AnnotationRole",
    "AnnotationStatus",
    "AnnotatorChecks",
    "AnnotatorFigures",
    "AnnotatorKind",
    "Article",
    "ArticleRole",
    "ArticleSpan",
    "Attribution",
    "Checkability",
    "Claim",
    "ClaimStatus",
    "Clause",
    "ClauseRule",
    "Confidence",
    "Counted",
    "EncodingSource",
    "ErrorCategory",
    "Evidence",
    "EvidenceCandidate",
    "EvidenceNeed",
    "EvidenceSet",
    "GateResult",
    "Gates",
    "GoldSource",
    "Granularity",
    "Identifier",
    "Interval",
    "IntervalMethod",
    "KnownAnswer",
    "LabelAgreement",
    "LabelCount",
    "LabelSet",
    "ManifestRow",
    "Model",
    "NamedLabelSet",
    "NliLabel",
    "Original",
    "PairAgreement",
    "Quarantined",
    "QuoteCheck",
    "QuoteOutcome",
    "QuoteType",
    "Recording",
    "ReferenceAdjudication",
    "ReferenceAnnotation",
    "ReleaseMetadata",
    "ReleasedAnnotation",
    "ReleasedArticle",
    "ReleasedClaim",
    "ReleasedFile",
    "Resampled",
    "RoundKind",
    "Selection",
    "ShardArticle",
    "ShardRecord",
    "Span",
    "Split",
    "SplitConflict",
    "SplitRule",
    "Stance",
    "TaskOrder",
    "TaskRole",
    "TextPolicy",
    "TitleSource",
    "Unit",
    "UnitKind",
    "UnitPosition",
    "Verdict",
    "VerdictLabel",
    "VerdictName",
    "Withdrawal",
    "WithdrawalKind",
    "broken_answer_rules",
    "check_slice",
    "label_colours",
    "label_words",
]
