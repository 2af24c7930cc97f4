"""Loading a released dataset into training code: the rows that were released, or an error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pydantic import ValidationError

from claimset.errors import ContractError, DataError, UsageError
from claimset.identifiers import sha256_hex
from claimset.models import Model, TextPolicy
from claimset.release.columns import CONFIGS, DEFAULT_CONFIG
from claimset.release.features import decode_rows
from claimset.release.positions import Sources, check_spans
from claimset.release.sources import open_release
from claimset.release.values import plain_batches, shuffled_batches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from datasets import Dataset
    from pydantic import BaseModel

    from claimset.models import ReleasedFile
    from claimset.release.reader import Release

__all__ = ["Verification", "batches", "load", "rows", "verify"]

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
    """Load one split of one view of a release as a `datasets.Dataset`.

    The file is compared with the sha256 in `release.json`, and the cache is kept per sha256. So a
    damaged file is refused, and rows of another release are never returned: `load_dataset` on a
    folder keys its cache by the folder's name and may do that.

    Args:
        source: A dataset folder, or a dataset on the Hub (`owner/name`).
        view: Name of the config: `claims`, `annotations`, `articles`, `nli`, `soft`, …
        revision: A tag, branch or commit. A folder is then read from the git repository it lies
            in, as it was committed there; what lies in the work tree is not looked at.
        split: Name of the split; default: `train`, or the only one of `corpus` and `queries`.

    Raises:
        UsageError: The source, the view, the split or the revision does not exist.
        DataError: A file is missing or damaged.
        RemoteError: The Hub cannot be reached, or refuses.
    """
    release = open_release(source, revision, only=view)
    files = {file.split: file for file in release.files(view)}
    views = list(dict.fromkeys(file.config for file in release.metadata.files))
    for what, value, known in (
        ("view", view, views),
        ("split", split or next(iter(files), None), list(files)),
    ):
        if value not in known and not (what == "split" and not files):
            raise UsageError(
                f"the release has no {what} {value!r}",
                where=str(source),
                remedy=f"choose one of: {', '.join(known)}",
            )
    return _load_parquet(release, files[split or next(iter(files))])


def _load_parquet(release: Release, file: ReleasedFile) -> Dataset:
    import datasets  # noqa: PLC0415 - takes seconds to import

    path = release.path(file)
    if not file.rows:
        import pyarrow.parquet as pq  # noqa: PLC0415 - only here

        # load_dataset fails on a table without rows.
        empty: Dataset = datasets.Dataset(pq.read_table(path))
        return empty
    cache = f"{datasets.config.HF_DATASETS_CACHE}/claimset-{file.sha256[:_CACHE_DIGITS]}"
    shown = datasets.utils.logging.is_progress_bar_enabled()
    datasets.disable_progress_bars()  # a bar for a file on this disk tells nobody anything
    try:
        dataset: Dataset = datasets.load_dataset(
            "parquet",
            data_files={file.split: str(path)},
            split=file.split,
            cache_dir=cache,
            version=release.metadata.version,
        )
    finally:
        if shown:
            datasets.enable_progress_bars()
    return dataset


def batches(
    dataset: Dataset, size: int = 1000, *, seed: int | None = None
) -> Iterator[dict[str, list[Any]]]:
    """Read a dataset in batches of plain Python lists, ready for a tokenizer.

    The values are those of `Dataset.iter(size)`; strings and numbers leave Arrow without a detour,
    so a narrow view is read several times as fast.

    Args:
        dataset: What :func:`load` returned, or what was filtered, selected or mapped from it.
        size: Rows in a batch; the last one may hold fewer.
        seed: Read in an order drawn by this seed, another one for each epoch; the dataset is then
            held in memory once. Default: the order of the rows.

    Yields:
        The values of each column, by its name.

    Raises:
        UsageError: A batch of no rows is asked for.
    """
    if size < 1:
        raise UsageError(
            f"a batch cannot hold {size} rows", where="size", remedy="ask for one row or more"
        )
    table = dataset.with_format("arrow")[:]
    return plain_batches(table, size) if seed is None else shuffled_batches(table, size, seed)


def rows(dataset: Dataset, *, seed: int | None = None) -> Iterator[dict[str, Any]]:
    """Read a dataset row by row, with the values of `for row in dataset`, on :func:`batches`.

    Args:
        dataset: As in :func:`batches`.
        seed: As in :func:`batches`.
    """
    for batch in batches(dataset, seed=seed):
        for values in zip(*batch.values(), strict=True):
            yield dict(zip(batch, values, strict=True))


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
    release = open_release(folder)
    content_id = release.content_id()
    if content_id != release.metadata.content_id:
        raise DataError(
            f"the rows are not those of the release: their content id is {content_id}, "
            f"release.json says {release.metadata.content_id}",
            where=str(folder),
            remedy="restore the folder from its git or Hub tag",
        )
    sources = _sources(release, texts or {})
    article_of: dict[str, str] = {}
    count = checked = without = 0
    for config in ("claims", "annotations"):
        for table in release.batches(config):
            if config == "claims":
                own = table["article_id"].combine_chunks()
                names = table["claim_id"].to_pylist()
                article_of |= zip(names, own.to_pylist(), strict=True)
            else:
                own = pa.array([article_of[name] for name in table["claim_id"].to_pylist()])
            noun, key = config.removesuffix("s"), f"{config.removesuffix('s')}_id"
            found = check_spans(table, own, sources, noun=noun, key=key)
            checked, without = checked + found.whole, without + found.positions
    for config, model in CONFIGS.items():
        for table in release.batches(config):
            decoded = decode_rows(table)
            if config == "articles" and release.metadata.hydrated:
                decoded = [{**row, "text": _published(row)} for row in decoded]
            _check_rows(decoded, model, f"{folder}, {config}")
            count += table.num_rows
    return Verification(
        version=release.metadata.version,
        content_id=content_id,
        rows=count,
        spans_checked=checked,
        spans_without_text=without,
    )


def _sources(release: Release, given: Mapping[str, str]) -> Sources:
    texts, lengths = {}, {}
    for row in release.rows("articles"):
        name = row["article_id"]
        lengths[name] = row["length"]
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
    # The position of a withdrawn claim says nothing once its article is gone, too.
    for record in release.metadata.withdrawn:
        lengths.setdefault(record.id, sys.maxsize)
    return Sources(texts, lengths)


def _published(article: Mapping[str, Any]) -> str | None:
    """The text of a hydrated article, so far as the release itself held it."""
    return article["text"] if article["text_policy"] == TextPolicy.FULL else None


def _check_rows(found: Iterable[Mapping[str, Any]], model: type[BaseModel], where: str) -> None:
    for number, row in enumerate(found):
        try:
            model.model_validate(row)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            raise ContractError(
                f"the row does not fit {model.__name__}: {fault['msg']}",
                where=f"{where}, row {number}, "
                f"field {'.'.join(str(part) for part in fault['loc'])}",
                remedy="use the version of claimset that wrote the release",
            ) from error
