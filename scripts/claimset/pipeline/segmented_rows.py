"""Segmented rows: what segmentation made of some claims or articles, and of no others.

Who looks at answers needs the rows that the answers are about. Of all other rows one column is
looked through, so that time and memory grow with the answers and hardly with the workspace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from claimset.errors import SpanError
from claimset.models import ArticleSpan, Claim, Clause, EvidenceCandidate, Unit
from claimset.pipeline.stamp import SEGMENT_COMMAND, check_manifest, segmented_event_rows
from claimset.seeds import ArticleTexts, read_listed_article
from claimset.storage.keyed_rows import KeyedRows
from claimset.storage.tables import read_shard, shards_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from claimset.models import Article, ManifestRow, Model
    from claimset.storage.workspace import Workspace

__all__ = ["SegmentedRows", "articles_of_claims"]

_Row = TypeVar("_Row", bound=ArticleSpan | Clause)


def articles_of_claims(workspace: Workspace, claim_ids: Collection[str]) -> dict[str, str]:
    """The article of each of these claims that is in the table; none before segmentation.

    Raises:
        DataError: The table is damaged.
    """
    if not workspace.claims.exists() or not claim_ids:
        return {}
    wanted = pa.array(sorted(claim_ids), pa.string())
    found: dict[str, str] = {}
    for path in shards_of(workspace.claims, made_by=SEGMENT_COMMAND):
        table = read_shard(path, made_by=SEGMENT_COMMAND, columns=("claim_id", "article_id"))
        rows = table.filter(pc.is_in(table["claim_id"], value_set=wanted))
        found.update(zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True))
    return found


class SegmentedRows:
    """Rows of the segmented tables, by claim or article; each row is checked as it is made.

    Args:
        workspace: The workspace.

    Raises:
        UsageError: Nothing was segmented yet, or something changed since.
        DataError: The manifest or an article is not as it must be.
    """

    def __init__(self, workspace: Workspace) -> None:
        check_manifest(workspace)
        self._workspace = workspace
        self._articles = ArticleTexts(workspace.seeds)

    @property
    def n_claims(self) -> int:
        """How many claims the workspace has."""
        paths = shards_of(self._workspace.claims, made_by=SEGMENT_COMMAND)
        return sum(pq.read_metadata(path).num_rows for path in paths)

    def places(self, claim_ids: Collection[str]) -> dict[str, str]:
        """The article of each of these claims that is still there."""
        return articles_of_claims(self._workspace, claim_ids)

    def article(self, article_id: str) -> Article:
        """An article; the last ones are kept."""
        return self._articles.article(article_id)

    def known(self, article_ids: Iterable[str]) -> list[str]:
        """Those of these articles that the manifest names."""
        return [name for name in article_ids if name in self._articles]

    def events(self, wanted: Collection[str]) -> dict[str, list[tuple[int, ManifestRow]]]:
        """The manifest's lines of these events, by event; other lines are not checked."""
        found = segmented_event_rows(self._workspace, wanted)
        return {rows[0][1].event_id: rows for rows in found}

    def listed(self, rows: Iterable[tuple[int, ManifestRow]]) -> list[Article]:
        """The articles of these lines of the manifest."""
        manifest = self._workspace.manifest
        return [
            read_listed_article(self._workspace.seeds, row, where=f"{manifest}:{number}")
            for number, row in rows
        ]

    def rows_of(self, model: type[_Row], key: str, wanted: Iterable[str]) -> KeyedRows[_Row]:
        """The rows whose column `key` is one of these, in the order of the table.

        Raises:
            DataError: The table is damaged; as a row is made, also that it is not as it must be.
            SpanError: As a row is made: it is not the slice of its article.
        """
        folders: dict[type[Model], Path] = {
            Unit: self._workspace.units,
            Claim: self._workspace.claims,
            EvidenceCandidate: self._workspace.evidence,
            Clause: self._workspace.clauses,
        }
        folder = folders[model]
        # A workspace of an earlier version has no clauses.
        asked = wanted if model is not Clause or folder.exists() else ()
        return KeyedRows(folder, model, key, asked, made_by=SEGMENT_COMMAND, check=self._check)

    def sentences(self, article_ids: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
        """Start and end of every unit of these articles, in order, by article."""
        found: dict[str, list[tuple[int, int]]] = {}
        for unit in self.rows_of(Unit, "article_id", article_ids):
            found.setdefault(unit.article_id, []).append((unit.start, unit.end))
        return {article: sorted(spans) for article, spans in found.items()}

    def _check(self, row: ArticleSpan | Clause) -> None:
        try:
            text = self._articles[row.article_id]
        except KeyError as error:
            raise SpanError(
                f"a row names the article {row.article_id!r}, which is not among the articles",
                where=str(self._workspace.manifest),
                remedy=f"run `{SEGMENT_COMMAND}` again",
            ) from error
        row.check(text, where=f"article {row.article_id}, run `{SEGMENT_COMMAND}` again")
