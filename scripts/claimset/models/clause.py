"""Clauses: what a sentence says in parts, each with the spans that it is put together from."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from claimset.models.article import Identifier
from claimset.models.base import Model
from claimset.models.span import Span

__all__ = ["Clause"]


class Clause(Model):
    """A claim derived from a sentence: a candidate beside it, never its replacement."""

    claim_id: str = Field(pattern=r"^c_[0-9a-f]{16}$")
    """Hash of the sentence's id, the rule and the derived text."""
    parent_id: str = Field(pattern=r"^c_[0-9a-f]{16}$")
    """The sentence that it is derived from."""
    article_id: Identifier
    """The article that the spans belong to."""
    event_id: Identifier
    """The article's event."""
    derived: bool = True
    """Always true: the text is not a slice of the article."""
    rule: str = Field(min_length=1)
    """What derived it: a rule for clauses (`main clause`, `shared subject`, `shared auxiliary`,
    `relative clause`), or what another segmenter calls it."""
    spans: tuple[Span, ...]
    """The words of the article that it rests on, in text order."""
    text: str = Field(min_length=1)
    """Of a clause, the spans joined by spaces, with a capital letter and a full stop; otherwise
    the wording that was proposed."""
    segmenter_version: str
    """Version of the segmentation rules."""
    anchored: bool = True
    """Whether the spans carry it; what is not anchored must be read by a person first."""
    fault: str | None = None
    """Why it is not anchored."""

    @model_validator(mode="after")
    def _is_derived_in_order(self) -> Self:
        if not self.derived:
            msg = "a clause is always derived"
            raise ValueError(msg)
        if self.anchored and not self.spans:
            msg = "what is anchored has spans"
            raise ValueError(msg)
        if self.anchored != (self.fault is None):
            msg = "what is not anchored says why, and nothing else does"
            raise ValueError(msg)
        for before, after in zip(self.spans, self.spans[1:], strict=False):
            if after.start < before.end:
                msg = f"the span at {after.start} begins before the one at {before.start} ends"
                raise ValueError(msg)
        return self

    def check(self, source: str, *, where: str) -> None:
        """Check every span against the article's text; see :func:`check_slice`."""
        for span in self.spans:
            span.check(source, where=where)
