"""Earlier: where the run before had its claims, kept outside of memory until they are asked for."""

from __future__ import annotations

import json
import sqlite3
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["EarlierClaims"]

_COLUMNS = ["article_id", "claim_id", "start"]
_TABLE = "CREATE TABLE article (article_id TEXT PRIMARY KEY, claims TEXT) WITHOUT ROWID"


class EarlierClaims:
    """Places of the claims of an earlier run, article by article.

    They lie in a database that SQLite keeps in a file without a name once it grows. Used as a
    context manager.

    Args:
        folder: The table of claims as the earlier run left it; without one that can be read,
            nothing is known.
    """

    def __init__(self, folder: Path) -> None:
        self._articles = sqlite3.connect("", isolation_level=None)
        self._articles.execute(_TABLE)
        self._articles.execute("BEGIN")
        self.known = False
        """Whether there was an earlier run."""
        try:
            for article_id, rows in groupby(_rows(folder), itemgetter(0)):
                claims = json.dumps({claim_id: start for _, claim_id, start in rows})
                self._articles.execute("INSERT INTO article VALUES (?, ?)", (article_id, claims))
                self.known = True
        except (pa.ArrowException, OSError, ValueError, sqlite3.Error):
            # The table comes from elsewhere or is damaged: this run writes it anew.
            self._articles.execute("DELETE FROM article")
            self.known = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._articles.close()

    def take(self, article_id: str) -> dict[str, int]:
        """Start of each claim of an article; the article counts as seen from then on."""
        found = self._articles.execute(
            "DELETE FROM article WHERE article_id = ? RETURNING claims", (article_id,)
        ).fetchall()
        return json.loads(found[0][0]) if found else {}

    def left(self) -> Iterator[str]:
        """The claims of articles that were not taken."""
        for (claims,) in self._articles.execute("SELECT claims FROM article ORDER BY article_id"):
            yield from json.loads(claims)


def _rows(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Article, claim and start of each row, in order."""
    shards = (
        pq.read_table(path, columns=_COLUMNS, page_checksum_verification=True)
        for path in sorted(folder.glob("part-*.parquet"))
    )
    return chain.from_iterable(
        zip(*(shard.column(name).to_pylist() for name in _COLUMNS), strict=True) for shard in shards
    )
