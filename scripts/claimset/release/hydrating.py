"""Hydrating: withheld texts restored from the holder's own copies, and proved by hash.

A copy is recognised by the SHA-256 of its normalised text, whatever its file is called. So a text
that was edited since, even by one character, is never filled in. The views are made anew, as those
of a release that publishes every text at hand as a whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from claimset.errors import DataError, UsageError
from claimset.identifiers import sha256_hex
from claimset.models import Model
from claimset.release.arrays import list_of, list_starts, parents_of, struct_of, with_columns
from claimset.release.canonical import ContentHash
from claimset.release.columns import core_columns
from claimset.release.exchange import fresh_folder
from claimset.release.gold import votes_of
from claimset.release.positions import Sources, check_spans
from claimset.release.reader import METADATA_FILE
from claimset.release.restored_corpus import RestoredCorpus
from claimset.release.retrieval import claim_sentences, retrieval_views
from claimset.release.sources import named_release
from claimset.release.views import ViewInput, attribution_view, pair_views, soft_view, usable
from claimset.release.writer import ReleaseWriter
from claimset.seeds import decode_article

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimset.release.reader import Release

__all__ = ["HydrateResult", "hydrate"]

_LARGEST = 50_000_000
"""Bytes of the largest file that is looked at as a copy of an article."""

_AROUND = 32


class HydrateResult(Model):
    """What was restored."""

    path: Path
    """The hydrated folder."""
    version: str
    """Version of the release."""
    restored: tuple[str, ...]
    """Ids of the articles whose text was found."""
    missing: tuple[str, ...]
    """Ids of the articles whose text was not found."""
    spans_checked: int
    """Spans compared with their article, restored ones among them."""


def hydrate(dataset: str | Path, texts: Path, out: Path) -> HydrateResult:
    """Make a copy of a release with the texts that its holder has.

    Args:
        dataset: The release: its folder, or `owner/name@revision` on the Hub.
        texts: A folder with copies of articles, searched with all folders below it.
        out: Where the copy goes; must not exist. Load it with :func:`claimset.loading.load`.

    Raises:
        UsageError: A folder or release does not exist, or ``out`` does.
        RemoteError: The Hub cannot be reached.
        DataError: The release is damaged.
        SpanError: A restored span differs from the hash or the text that was published.
    """
    if out.exists():
        raise UsageError("there is something already", where=str(out), remedy="name a new folder")
    if not texts.is_dir():
        raise UsageError("there is no such folder", where=str(texts), remedy="name your articles")
    release = named_release(str(dataset))
    release.check()
    articles = release.rows("articles")
    found = _copies(texts, {row["text_sha256"] for row in articles})
    known = {row["article_id"]: row["text"] or found.get(row["text_sha256"]) for row in articles}
    sources = Sources(
        {name: text for name, text in known.items() if text is not None},
        {row["article_id"]: row["length"] for row in articles},
    )
    labels = release.metadata.labels
    content = ContentHash(core_columns(labels))
    with fresh_folder(out) as fresh, ReleaseWriter(fresh, labels, content) as writer:
        checked = _write(release, sources, writer)
        files = writer.finish()
        metadata = release.metadata.model_copy(
            update={"files": files, "content_id": content.content_id(), "hydrated": True}
        )
        (fresh / METADATA_FILE).write_text(metadata.model_dump_json(indent=2) + "\n", "utf-8")
    withheld = [row["article_id"] for row in articles if row["text"] is None]
    return HydrateResult(
        path=out,
        version=release.metadata.version,
        restored=tuple(name for name in withheld if name in sources.texts),
        missing=tuple(name for name in withheld if name not in sources.texts),
        spans_checked=checked,
    )


def _copies(folder: Path, wanted: set[str]) -> dict[str, str]:
    """Texts below a folder by SHA-256, those that are wanted."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > _LARGEST:
            continue
        try:
            text = decode_article(path.read_bytes(), where=str(path))
        except DataError:
            continue  # no text: an image, a table
        digest = sha256_hex(text.encode("utf-8"))
        if digest in wanted:
            found[digest] = text
    return found


def _write(release: Release, sources: Sources, writer: ReleaseWriter) -> int:
    checked, restored = 0, RestoredCorpus(release, sources.texts)
    writer.add("corpus", "corpus", restored.whole)
    splits = dict.fromkeys(f.split for f in release.metadata.files if f.config == "claims")
    for split in splits:
        claims = _table(release, "claims", split)
        answers = _table(release, "annotations", split)
        articles = claims["article_id"].combine_chunks()
        numbers = {name: n for n, name in enumerate(claims["claim_id"].to_pylist())}
        owner = np.array([numbers[name] for name in answers["claim_id"].to_pylist()], np.int64)
        claims = _restored(claims, articles, sources.texts)
        _check_hashes(claims)
        claims = _with_words(claims, sources.texts)
        own = articles.take(pa.array(owner))
        answers = _restored(answers, own, sources.texts)
        for table, places, noun in ((claims, articles, "claim"), (answers, own, "annotation")):
            checked += check_spans(table, places, sources, noun=noun, key=f"{noun}_id").whole
        for config, table in (("claims", claims), ("annotations", answers)):
            writer.add(config, split, table)
        withheld = {item.withheld for item in release.metadata.split_conflicts}
        left_out = np.array([name in withheld for name in numbers], bool)
        labels = release.metadata.labels
        votes = votes_of(answers, owner, claims.num_rows, labels)
        given = ViewInput(claims, answers, votes, usable(claims, left_out), labels)
        rows = {name: view for name, (view, _) in pair_views(given, release.metadata.name).items()}
        rows |= {"soft": soft_view(given)[0], "attributions": attribution_view(given)[0]}
        found, plain = retrieval_views(given, restored.corpus), claim_sentences(given)
        for config, table in (rows | {"qrels": found.qrels}).items():
            writer.add(config, split, table)
        writer.add("queries", "queries", found.queries)
        for names, sentences in ((plain["claim_id"], plain), (found.extra["id"], found.extra)):
            view = restored.view(names.combine_chunks(), sentences)
            writer.add("corpus", "corpus", view)
    for file in release.files("articles"):
        table = _table(release, "articles", file.split)
        words = [sources.texts.get(name) for name in table["article_id"].to_pylist()]
        table = with_columns(table, {"text": pa.array(words, pa.string())})
        writer.add("articles", file.split, table)
    return checked


def _table(release: Release, config: str, split: str) -> pa.Table:
    import pyarrow.parquet as pq  # noqa: PLC0415 - only here

    file = next((f for f in release.files(config) if f.split == split), release.files(config)[0])
    table = pq.read_table(release.path(file))
    return table if file.split == split else table.slice(0, 0)


def _restored(table: pa.Table, articles: pa.Array, texts: Mapping[str, str]) -> pa.Table:
    """Rows with the text of every span filled in whose article is at hand."""
    parts = {name: table[name].combine_chunks() for name in table.column_names}
    return with_columns(table, _filled(parts, articles, texts))


def _filled(
    parts: Mapping[str, pa.Array], articles: pa.Array, texts: Mapping[str, str]
) -> dict[str, pa.Array]:
    articles = parts.get("article_id", articles)
    made = dict(parts)
    if parts.keys() >= {"start", "end", "text"} and parts["text"].null_count:
        made["text"] = _slices(parts, articles, texts)
    for name, array in parts.items():
        if pa.types.is_list(array.type):
            below = articles.take(pa.array(parents_of(array)))
            items = _filled({"": array.flatten()}, below, texts)[""]
            made[name] = list_of(items, np.diff(list_starts(array)))
        elif pa.types.is_struct(array.type):
            fields = {array.type.field(n).name: part for n, part in enumerate(array.flatten())}
            made[name] = struct_of(_filled(fields, articles, texts), missing=array.is_null())
    return made


def _slices(
    parts: Mapping[str, pa.Array], articles: pa.Array, texts: Mapping[str, str]
) -> pa.Array:
    columns = (parts[name].to_pylist() for name in ("start", "end", "text"))
    made = []
    for name, start, end, text in zip(articles.to_pylist(), *columns, strict=True):
        restorable = text is None and start is not None and name in texts
        made.append(texts[name][start:end] if restorable else text)
    return pa.array(made, pa.string())


def _check_hashes(claims: pa.Table) -> None:
    """Hold restored claims against the hashes that were published in place of their text."""
    columns = ("claim_id", "text", "text_sha256")
    for name, text, digest in zip(*(claims[c].to_pylist() for c in columns), strict=True):
        if digest is not None and text is not None and sha256_hex(text.encode()) != digest:
            raise DataError(
                "the restored text is not the published one: its sha256 differs",
                where=f"claim {name}",
                remedy="restore the release from its git or Hub tag",
            )


def _with_words(claims: pa.Table, texts: Mapping[str, str]) -> pa.Table:
    """Speakers, cues and context are read off their positions; a tombstone stays empty."""
    active = pc.is_valid(claims["text"]).to_pylist()
    rows = zip(
        *(claims[c].to_pylist() for c in ("article_id", "start", "end")), active, strict=True
    )
    around: list[tuple[Any, Any]] = [
        (texts[name][max(0, start - _AROUND) : start], texts[name][end : end + _AROUND])
        if alive and name in texts
        else (None, None)
        for name, start, end, alive in rows
    ]
    lists = claims["attributions"].combine_chunks()
    items = lists.flatten()
    fields = {items.type.field(n).name: part for n, part in enumerate(items.flatten())}
    for name in ("speaker", "cue"):
        fields[name] = pc.coalesce(fields[name], pc.struct_field(fields[f"{name}_span"], "text"))
    attributions = list_of(struct_of(fields, missing=items.is_null()), np.diff(list_starts(lists)))
    return with_columns(
        claims,
        {
            "prefix": pa.array([before for before, _ in around], pa.string()),
            "suffix": pa.array([after for _, after in around], pa.string()),
            "attributions": attributions,
            "text_sha256": pa.nulls(claims.num_rows, pa.string()),
        },
    )
