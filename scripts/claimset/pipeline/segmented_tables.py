"""Segmented tables: what segmentation left, as Arrow columns held against the articles.

Of a large workspace the rows do not fit in memory as models. Here one file of a table is held at a
time, and rows are made only where something is wrong with one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.errors import SpanError
from claimset.models import ArticleSpan, Claim, Clause, EvidenceCandidate, Unit
from claimset.pipeline.stamp import SEGMENT_COMMAND, check_segmented, segmented_articles
from claimset.release.positions import Sources, check_spans
from claimset.release.texts import Texts
from claimset.storage.columns import arrow_schema, table_of
from claimset.storage.fitting import fits
from claimset.storage.tables import read_shard, read_table, rows_of, shards_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from claimset.models import Article
    from claimset.storage.workspace import Workspace

__all__ = ["SegmentedTables"]

_SPAN = ["article_id", "start", "end", "text"]


class SegmentedTables:
    """The articles of a workspace and what segmentation made of them, file by file.

    Every row is checked when this is made. Whoever makes it holds the workspace's lock, so that the
    rows read afterwards are the same.

    Args:
        workspace: The workspace.

    Raises:
        UsageError: Nothing was segmented yet, or something changed since.
        DataError: A table is damaged, or an article is not as it must be.
        SpanError: A table holds a span that is not the slice of its article.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._by_rows: set[Path] = set()
        self.versions: set[str] = set()
        """What cut the articles, as the claims say it."""
        waiting = workspace.state / "texts.waiting"  # on its disk, for /tmp may be memory
        with Texts(waiting) as texts:
            waiting.unlink()  # it is open, and a kill leaves nothing behind
            lengths: dict[str, int] = {}
            check_segmented(workspace, self._laid_out(texts, lengths))
            sources = Sources(texts, lengths)
            for _ in self._checked(workspace.units, Unit, sources):
                pass
            for table in self._checked(workspace.claims, Claim, sources):
                self.versions.update(table["segmenter_version"].unique().to_pylist())
            for _ in self._checked(workspace.evidence, EvidenceCandidate, sources):
                pass
            # A workspace of an earlier version has no such table.
            if workspace.clauses.exists():
                for row in read_table(workspace.clauses, Clause, made_by=SEGMENT_COMMAND):
                    row.check(texts[row.article_id], where=_place(row.article_id))

    def articles(self) -> Iterator[Article]:
        """All articles, one at a time."""
        return segmented_articles(self._workspace)

    def units(self) -> Iterator[pa.Table]:
        """The units, with the columns of :class:`~claimset.models.Unit`."""
        return self._read(self._workspace.units, Unit)

    def claims(self) -> Iterator[pa.Table]:
        """The claims, with the columns of :class:`~claimset.models.Claim`."""
        return self._read(self._workspace.claims, Claim)

    def _laid_out(self, texts: Texts, lengths: dict[str, int]) -> Iterator[Article]:
        for article in self.articles():
            texts.add(article.article_id, article.text)
            lengths[article.article_id] = len(article.text)
            yield article

    def _checked(
        self, folder: Path, model: type[ArticleSpan], sources: Sources
    ) -> Iterator[pa.Table]:
        """The files of a table, each row a row of the model and the slice of its article."""
        for path in shards_of(folder, made_by=SEGMENT_COMMAND):
            table = read_shard(path, made_by=SEGMENT_COMMAND)
            if not fits(table, model):
                # The model knows which row is at fault; one of an earlier form may be sound.
                table = _by_rows(table, model, path)
                self._by_rows.add(path)
            own = table["article_id"].combine_chunks()
            try:
                check_spans(table.select(_SPAN), own, sources, noun="row at", key="start")
            except SpanError:
                _check_rows(rows_of(table, model, path=path, made_by=SEGMENT_COMMAND), sources)
                raise
            yield table

    def _read(self, folder: Path, model: type[ArticleSpan]) -> Iterator[pa.Table]:
        for path in shards_of(folder, made_by=SEGMENT_COMMAND):
            table = read_shard(path, made_by=SEGMENT_COMMAND)
            yield _by_rows(table, model, path) if path in self._by_rows else table


def _by_rows(table: pa.Table, model: type[ArticleSpan], path: Path) -> pa.Table:
    rows = list(rows_of(table, model, path=path, made_by=SEGMENT_COMMAND))
    return table_of(rows, arrow_schema(model))


def _check_rows(rows: Iterator[ArticleSpan], sources: Sources) -> None:
    """Name the row whose span is not the slice of its article, in the words of all commands."""
    for row in rows:
        if row.article_id in sources.texts:
            row.check(sources.texts[row.article_id], where=_place(row.article_id))


def _place(article_id: str) -> str:
    return f"article {article_id}, run `{SEGMENT_COMMAND}` again"
