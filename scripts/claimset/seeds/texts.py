"""Texts: the articles' texts by id, read when they are asked for."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from claimset.models import Article, ManifestRow
from claimset.seeds.articles import read_listed_article
from claimset.seeds.lines import parse_line, read_lines
from claimset.seeds.manifest import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ArticleTexts"]

_KEPT = 256
_OFFSETS = 2**44  # a manifest is shorter
_KEY = b'"article_id"'
# A line as claimset writes it, with an id that needs no decoding.
_PLAIN = re.compile(rb'\{"article_id": ?"([ !#-\[\]-~]+)"[^\n]*\}\n?$')


class ArticleTexts(Mapping[str, str]):
    """Text of every article of the manifest; each is read and checked at its first use.

    Who needs a few articles of many neither reads the others nor holds them in memory.

    Args:
        seeds: The input room; holds ``manifest.jsonl``.

    Raises:
        DataError: When an article is asked for: the manifest or that article is not as it must be.
    """

    def __init__(self, seeds: Path) -> None:
        self._seeds = seeds
        self._manifest = seeds / "manifest.jsonl"
        self._places: dict[str, int] | None = None
        self._articles: OrderedDict[str, Article] = OrderedDict()

    def prepare(self) -> None:
        """Do beforehand what the first text would wait for, while somebody else is waited for.

        Faults of the manifest come to light when an article is asked for, as without this.
        """
        if self._places is None:
            self._places = self._quick_index()
        ManifestRow.model_rebuild()
        Article.model_rebuild()

    def __getitem__(self, article_id: str) -> str:
        return self.article(article_id).text

    def article(self, article_id: str) -> Article:
        """An article with all that the manifest says of it.

        Raises:
            KeyError: The manifest names none of that id.
            DataError: The manifest or the article is not as it must be.
        """
        if article_id in self._articles:
            self._articles.move_to_end(article_id)
            return self._articles[article_id]
        number, offset = divmod(self._index()[article_id], _OFFSETS)
        with self._manifest.open("rb") as stream:
            stream.seek(offset)
            line = stream.readline().decode("utf-8-sig")
        where = f"{self._manifest}:{number}"
        row = parse_line(line, ManifestRow, where=where)
        article = read_listed_article(self._seeds, row, where=where)
        self._articles[article_id] = article
        if len(self._articles) > _KEPT:
            self._articles.popitem(last=False)
        return article

    def __iter__(self) -> Iterator[str]:
        return iter(self._index())

    def __len__(self) -> int:
        return len(self._index())

    def __contains__(self, article_id: object) -> bool:
        return article_id in self._index()

    def _index(self) -> dict[str, int]:
        """Line and offset of each article; the rows are not checked before they are needed.

        Both in one number: a pair for each article would have all pairs looked over by Python's
        garbage collector again and again.
        """
        if self._places is None:
            self._places = self._quick_index() or self._careful_index()
        return self._places

    def _quick_index(self) -> dict[str, int] | None:
        """The index of a manifest whose lines all begin with a plain id; ``None`` for others.

        To decode every line takes ten times as long, and a pull needs only a few of them.
        """
        places: dict[str, int] = {}
        offset = 0
        try:
            with self._manifest.open("rb") as stream:
                for number, data in enumerate(stream, start=1):
                    found = _PLAIN.match(data)
                    if found is None or data.count(_KEY) != 1:
                        return None
                    places[found[1].decode("ascii")] = number * _OFFSETS + offset
                    if len(places) != number:  # it stands there twice
                        return None
                    offset += len(data)
        except OSError:
            return None
        return places

    def _careful_index(self) -> dict[str, int]:
        places: dict[str, int] = {}
        for line in read_lines(self._manifest):
            try:
                name = json.loads(line.text)["article_id"]
                fits = isinstance(name, str) and name not in places
            except (ValueError, TypeError, KeyError):
                fits = False
            if not fits:
                read_manifest(self._manifest)  # says what is wrong, and in which line
            places[name] = line.number * _OFFSETS + line.offset
        return places
