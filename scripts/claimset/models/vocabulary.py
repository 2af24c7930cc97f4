"""The closed sets of words that code, columns, screens and documents share."""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "AnnotationRole",
    "AnnotationStatus",
    "AnnotatorKind",
    "ArticleRole",
    "Checkability",
    "ClaimStatus",
    "ClauseRule",
    "Confidence",
    "ErrorCategory",
    "EvidenceNeed",
    "GoldSource",
    "Granularity",
    "NliLabel",
    "QuoteOutcome",
    "QuoteType",
    "Split",
    "Stance",
    "TextPolicy",
    "UnitKind",
    "Verdict",
]


class ArticleRole(StrEnum):
    """What an article is used for."""

    CLAIMS = "claims"
    """Its sentences become claims to verify."""
    EVIDENCE = "evidence"
    """It is shown as a source for the claims of its event's other articles."""


class TextPolicy(StrEnum):
    """How much of an article's text a release may hold."""

    FULL = "full"
    """The whole text; only under an open licence."""
    EXCERPT = "excerpt"
    """Claims and marked evidence, and what stands inside them."""
    OFFSETS = "offsets"
    """No text: positions and hashes, from which the holder of the article restores it."""


class Split(StrEnum):
    """The parts of a release that training, tuning and evaluation use."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class UnitKind(StrEnum):
    """What a piece of an article is; every character belongs to one unit or is white space."""

    CLAIM = "claim"
    OPINION = "opinion"
    QUESTION = "question"
    HEADING = "heading"
    DATELINE = "dateline"
    SALUTATION = "salutation"
    SIGNATURE = "signature"
    CAPTION = "caption"
    BOILERPLATE = "boilerplate"
    METADATA = "metadata"
    FRAGMENT = "fragment"


class QuoteType(StrEnum):
    """How an attributed statement is quoted."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class QuoteOutcome(StrEnum):
    """What a search for quoted words in the event's other articles found: a fact about text."""

    EXACT = "exact"
    ALTERED = "altered"
    TRUNCATED = "truncated"
    NOT_FOUND = "not_found"


class Granularity(StrEnum):
    """What segmentation offers as claims."""

    SENTENCE = "sentence"
    """Sentences alone."""
    CLAUSE = "clause"
    """Sentences, and beside them the clauses that can be derived from them safely."""


class ClauseRule(StrEnum):
    """How a clause was derived from its sentence."""

    MAIN_CLAUSE = "main clause"
    """One of two main clauses, each with a subject of its own."""
    SHARED_SUBJECT = "shared subject"
    """One of two verbs with the subject that they share."""
    SHARED_AUXILIARY = "shared auxiliary"
    """One of two passive verbs with the subject and the auxiliary that they share."""
    RELATIVE_CLAUSE = "relative clause"
    """A name, and what a "who" or "which" directly behind it says of it."""


class Checkability(StrEnum):
    """Whether a claim can be checked at all. Order is the order on screen and in ClassLabel."""

    FACTUAL = "factual"
    OPINION = "opinion"
    NOT_A_CLAIM = "not_a_claim"


class Verdict(StrEnum):
    """AVeriTeC's four verdicts (Schlichtkrull et al. 2023, arXiv:2305.13117)."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    CONFLICTING_EVIDENCE = "conflicting_evidence"


class Stance(StrEnum):
    """What a marked span of a source does to the claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


class EvidenceNeed(StrEnum):
    """How many of its stances a verdict needs a span of."""

    ALL = "all"
    ANY = "any"


class NliLabel(StrEnum):
    """Natural language inference (Bowman et al. 2015, DOI 10.18653/v1/D15-1075)."""

    ENTAILMENT = "entailment"
    NEUTRAL = "neutral"
    CONTRADICTION = "contradiction"


class Confidence(StrEnum):
    """How sure an annotator is of the answer."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class AnnotatorKind(StrEnum):
    """Who answered: never pooled with one another in a figure of agreement."""

    HUMAN = "human"
    MACHINE = "machine"


class AnnotationRole(StrEnum):
    """What an answer is for."""

    VOTE = "vote"
    """One of the independent answers to a claim."""
    ADJUDICATION = "adjudication"
    """The decision of somebody who saw the votes; never counted as one of them."""


class ErrorCategory(StrEnum):
    """Why the votes on a claim differed, in the adjudicator's view."""

    GUIDELINE_UNCLEAR = "guideline_unclear"
    EVIDENCE_MISSED = "evidence_missed"
    CLAIM_AMBIGUOUS = "claim_ambiguous"
    SLIP = "slip"


class AnnotationStatus(StrEnum):
    """What became of an annotation."""

    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    DELETED = "deleted"


class GoldSource(StrEnum):
    """How a gold label came about."""

    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    MODEL = "model"
    ADJUDICATED = "adjudicated"
    SINGLE = "single"
    UNRESOLVED = "unresolved"
    INHERITED = "inherited"
    """The label of the claim that this one repeats."""


class ClaimStatus(StrEnum):
    """Whether a released claim is still part of the dataset."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
