"""What adding articles brought: those that came in, changed, were there, or were at fault."""

from __future__ import annotations

from claimset.models import Model, TitleSource

__all__ = ["AddResult", "AddedArticle", "Fault", "SameArticle", "UpdatedArticle"]


class AddedArticle(Model):
    """An article that came in."""

    article_id: str
    """Its id."""
    event_id: str
    """Its event."""
    title: str
    """Its title."""
    title_from: TitleSource
    """Where the title comes from."""
    code_points: int
    """Length of its text."""
    source: str
    """File that it was read from, with line or row."""
    encoding: str
    """Encoding of the source."""


class SameArticle(Model):
    """An article whose text is there already."""

    source: str
    """File that it was read from, with line or row."""
    article_id: str
    """The article that has the text."""


class UpdatedArticle(Model):
    """An article that was there and of which something is said anew."""

    article_id: str
    """Its id."""
    source: str
    """File that it was read from, with line or row."""
    fields: tuple[str, ...]
    """Fields of the manifest that changed."""


class Fault(Model):
    """Something that could not come in."""

    where: str
    """File, line or row, and field."""
    problem: str
    """What is wrong."""
    remedy: str
    """What to do."""


class AddResult(Model):
    """What was added."""

    added: tuple[AddedArticle, ...]
    """Articles that came in; the first thousand where there are more."""
    n_added: int
    """How many they are."""
    same: tuple[SameArticle, ...]
    """Articles left out because their text is there; the first thousand where there are more."""
    n_same: int
    """How many they are."""
    updated: tuple[UpdatedArticle, ...]
    """Articles that were there and changed, as asked; the first thousand where there are more."""
    n_updated: int
    """How many they are."""
    faults: tuple[Fault, ...]
    """What was left out as faulty; the first thousand where there are more."""
    n_faults: int
    """How many they are."""
    columns: dict[str, dict[str, str]]
    """For each table: column by manifest field."""
    unused: dict[str, tuple[str, ...]]
    """For each table: columns that fill no field."""
    alone: int
    """Articles of the workspace that are the only one of their event: their claims have no source
    to be checked against."""
    ignored: tuple[str, ...]
    """Files of a folder whose ending no format fits."""
    assumed: dict[str, int]
    """Articles by language, of those that did not say theirs: `en` as the text looks, or `und`."""
    dry_run: bool
    """Whether nothing was written."""
