"""Loading a released dataset into training code: the rows that were released, or an error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from claimset.errors import ContractError, DataError, SpanError, UsageError
from claimset.identifiers import sha256_hex
from claimset.models import Model
from claimset.release.columns import CONFIGS, DEFAULT_CONFIG, SPLIT
from claimset.release.reader import METADATA_FILE, Release, read_release
from claimset.release.rows import content_of
from claimset.release.spans import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from datasets import Dataset
    from pydantic import BaseModel

__all__ = ["Verification", "load", "verify"]

_CACHE_DIGITS = 16


class Verification(Model):
    """What was found true of a release."""

    version: str
    """Version of the release."""
    content_id: str
    """SHA-256 over the canonical rows, computed from the files."""
    rows: int
    """Rows of all tables, each checked by its model."""
    spans_checked: int
    """Spans compared with their article's text, code point by code point."""
    spans_without_text: int
    """Spans whose article's text is not at hand; only their positions were checked."""


def load(
    source: str | Path,
    view: str = DEFAULT_CONFIG,
    revision: str | None = None,
    split: str | None = None,
) -> Dataset:
    """Load one table of a release as a `datasets.Dataset`.

    The file is compared with the sha256 in `release.json`, and the cache is kept per sha256. So a
    damaged file is refused, and rows of another release are never returned: `load_dataset` on a
    folder keys its cache by the folder's name and may do that.

    Args:
        source: A dataset folder.
        view: Name of the table: `claims`, `annotations` or `articles`.
        revision: Not for folders: a folder holds one release.
        split: Name of the split; default: the only one, `train`.

    Raises:
        UsageError: The folder, the view, the split or the revision does not exist.
        DataError: The file is missing or damaged.
    """
    release = _open(Path(source))
    if revision is not None:
        # load_dataset ignores a revision of a folder without a word and loads what lies there.
        raise UsageError(
            f"a folder has no revisions, so {revision!r} cannot be loaded from it",
            where=str(source),
            remedy=f"load the release that lies there ({release.metadata.version}) without a "
            "revision, or check out the tag and load that folder",
        )
    for what, value, known in (
        ("view", view, list(release.metadata.tables)),
        ("split", split or SPLIT, [SPLIT]),
    ):
        if value not in known:
            raise UsageError(
                f"the release has no {what} {value!r}",
                where=str(source),
                remedy=f"choose one of: {', '.join(known)}",
            )
    path = release.path(view)
    return _load_parquet(path, release, view)


def _load_parquet(path: Path, release: Release, view: str) -> Dataset:
    import datasets  # noqa: PLC0415 - takes seconds to import

    table = release.metadata.tables[view]
    if not table.rows:
        import pyarrow.parquet as pq  # noqa: PLC0415 - only here

        # load_dataset fails on a table without rows.
        empty: Dataset = datasets.Dataset(pq.read_table(path))
        return empty
    cache = Path(datasets.config.HF_DATASETS_CACHE) / f"claimset-{table.sha256[:_CACHE_DIGITS]}"
    shown = datasets.utils.logging.is_progress_bar_enabled()
    datasets.disable_progress_bars()  # a bar for a file on this disk tells nobody anything
    try:
        dataset: Dataset = datasets.load_dataset(
            "parquet",
            data_files={SPLIT: str(path)},
            split=SPLIT,
            cache_dir=str(cache),
            version=release.metadata.version,
        )
    finally:
        if shown:
            datasets.enable_progress_bars()
    return dataset


def verify(folder: str | Path, texts: Mapping[str, str] | None = None) -> Verification:
    """Check a whole release: files, rows, content id, and every span whose text is at hand.

    Args:
        folder: The dataset folder.
        texts: Normalised article texts by id, for articles whose text is not published; one whose
            hash is not the released one is refused.

    Raises:
        UsageError: There is no release in the folder.
        ContractError: A row does not fit its model.
        DataError: A file is missing or damaged, or the rows are not those of the content id.
        SpanError: A span differs from its article.
    """
    release = _open(Path(folder))
    tables = release.tables()
    content_id = content_of(tables)
    if content_id != release.metadata.content_id:
        raise DataError(
            f"the rows are not those of the release: their content id is {content_id}, "
            f"release.json says {release.metadata.content_id}",
            where=str(folder),
            remedy="restore the folder from its git or Hub tag",
        )
    at_hand = _texts_at_hand(tables["articles"], texts or {})
    lengths = {row["article_id"]: row["length"] for row in tables["articles"]}
    checked = without = 0
    for where, row in _models(tables, release):
        for found in spans_of(row, where=where):
            text = at_hand.get(found.article_id)
            if text is not None:
                found.span.check(text, where=found.where)
                checked += 1
                continue
            length = lengths.get(found.article_id, 0)
            if found.span.end > length:
                raise SpanError(
                    f"the span ends at {found.span.end}, its article has {length} code points",
                    where=found.where,
                    remedy="restore the folder from its git or Hub tag",
                )
            without += 1
    return Verification(
        version=release.metadata.version,
        content_id=content_id,
        rows=sum(len(rows) for rows in tables.values()),
        spans_checked=checked,
        spans_without_text=without,
    )


def _open(folder: Path) -> Release:
    release = read_release(folder)
    if release is None:
        raise UsageError(
            "there is no claimset release in this folder",
            where=str(folder),
            remedy=f"name a folder that holds {METADATA_FILE}, such as a workspace's dataset/",
        )
    return release


def _texts_at_hand(
    articles: Iterable[Mapping[str, Any]], given: Mapping[str, str]
) -> dict[str, str]:
    texts = {}
    for row in articles:
        name = row["article_id"]
        text = given.get(name, row["text"])
        if text is None:
            continue
        if sha256_hex(text.encode("utf-8")) != row["text_sha256"]:
            raise DataError(
                "the text is not the one the positions count on: its sha256 differs",
                where=f"article {name}",
                remedy="give the article's text as it was when the release was built",
            )
        texts[name] = text
    return texts


def _models(
    tables: Mapping[str, Iterable[Mapping[str, Any]]], release: Release
) -> Iterator[tuple[str, BaseModel]]:
    for config, model in CONFIGS.items():
        for number, row in enumerate(tables[config]):
            where = f"{release.folder / release.metadata.tables[config].path}, row {number}"
            try:
                yield where, model.model_validate(row)
            except ValidationError as error:
                fault = error.errors(include_url=False)[0]
                raise ContractError(
                    f"the row does not fit {model.__name__}: {fault['msg']}",
                    where=f"{where}, field {'.'.join(str(part) for part in fault['loc'])}",
                    remedy="use the version of claimset that wrote the release",
                ) from error
