"""What building a release costs: time, memory, bytes to upload, and reading the views.

    python tests/benchmarks/release.py build [--claims 1000000]
    python tests/benchmarks/release.py views [--claims 200000]
    python tests/benchmarks/release.py upload [--claims 150000]

`build` writes claims with three annotations each, twice: the three core tables with their content
id alone, and the release with all views. Its peer in the same run is `Dataset.from_list`, given
the finished rows of claims and annotations, and writing them to Parquet: it checks no span, makes
no gold and hashes nothing.
`views` reads the same claims from the nested table and from the narrow views, in the ways a
training loop reads: row by row and in batches of Python values, each by `datasets` and by
`claimset.loading`, in order and shuffled, and in batches of Arrow. Its ratios are to the nested
table read by `datasets` row by row, to the nested table read by `datasets` in the same way, and to
the nested table read in the same way by the same reader.
`upload` builds a second release with 1 % of the claims relabelled, appended, inserted or
withdrawn, and counts what the real Xet client stores anew, in its local mode.

Rows are made of words of the seed articles, so that they compress as news does.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pickle
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "scripts"))

from claimset.models import AVERITEC, Article  # noqa: E402
from claimset.release.builder import build_release  # noqa: E402
from claimset.release.columns import CONFIGS  # noqa: E402
from claimset.release.reader import read_release  # noqa: E402

_SENTENCES = 15
_ARTICLES = 3
_AT_ONCE = 400
_PEER_ROWS = 100_000
_NARROW = ("nli", "soft", "aggrefact", "sft")
_LEAST_S = 0.5
"""A reading that takes less is repeated."""


def show(*words: object) -> None:
    """Print a line at once."""
    print(*words, flush=True)  # noqa: T201 - a benchmark's output


class Event(NamedTuple):
    """One event: articles, claim rows, unit rows and answers as plain columns."""

    articles: list[Article]
    claims: dict[str, list[Any]]
    units: dict[str, list[Any]]
    answers: dict[str, list[Any]]


def _words() -> list[str]:
    texts = sorted((REPOSITORY / "seeds" / "articles").glob("*.txt"))
    return sorted({word for path in texts for word in path.read_text("utf-8").split()})


_WORDS = _words()


def make_event(number: int, *, verdicts: int = 0, label: str = "e") -> Event:
    """Three articles of fifteen sentences, each sentence a claim with three answers.

    Args:
        number: Number of the event; the same number gives the same event.
        verdicts: Changes the verdicts and nothing else.
        label: Prefix of the ids.
    """
    chance = random.Random(number)  # noqa: S311 - the same rows each time
    event = f"{label}{number:07d}"
    articles, sentences = [], []
    for place in range(_ARTICLES):
        name = f"{event}-{place}"
        lines = [" ".join(chance.choices(_WORDS, k=22)) + "." for _ in range(_SENTENCES)]
        text = "\n".join(lines)
        digest = hashlib.sha256(text.encode()).hexdigest()
        articles.append(
            Article(
                article_id=name,
                event_id=event,
                title=lines[0][:60],
                license="benchmark",
                path=f"articles/{name}.txt",
                sha256=digest,
                text_sha256=digest,
                text=text,
            )
        )
        start = 0
        for line in lines:
            sentences.append((name, start, start + len(line), line))
            start += len(line) + 1
    return Event(articles, *_rows(event, sentences, chance, verdicts))


def _rows(
    event: str, sentences: list[tuple[str, int, int, str]], chance: random.Random, verdicts: int
) -> tuple[dict[str, list[Any]], dict[str, list[Any]], dict[str, list[Any]]]:
    count = len(sentences)
    names, starts, ends, texts = (list(column) for column in zip(*sentences, strict=True))
    ids = [
        "c_" + hashlib.sha256(f"{event}{number}".encode()).hexdigest()[:16]
        for number in range(count)
    ]
    claims: dict[str, list[Any]] = {
        "claim_id": ids,
        "article_id": names,
        "event_id": [event] * count,
        "start": starts,
        "end": ends,
        "text": texts,
        "prefix": [""] * count,
        "suffix": [text[:32] for text in texts],
        "kind": ["claim"] * count,
        "attributions": [[]] * count,
        "quote_id": [None] * count,
        "checkworthiness": [round(chance.random(), 4) for _ in ids],
        "checkworthiness_reasons": [["a number", "a name"]] * count,
        "quote_checks": [[]] * count,
        "unseen": [[]] * count,
        "rule": ["sentence of running text"] * count,
        "segmenter_version": ["1.1"] * count,
    }
    units = {
        "article_id": names,
        "start": starts,
        "end": ends,
        "text": texts,
        "kind": ["claim"] * count,
        "reason": ["sentence of running text"] * count,
    }
    answers: dict[str, list[Any]] = {}
    for number, claim in enumerate(ids):
        gold = chance.choice(_VERDICTS)
        for person in range(3):
            verdict = gold if chance.random() < 0.9 else chance.choice(_VERDICTS)
            verdict = _VERDICTS[(_VERDICTS.index(verdict) + verdicts) % len(_VERDICTS)]
            source = chance.randrange(count)
            article, start, end, text = sentences[source]
            span = {"article_id": article, "start": start, "end": end, "text": text}
            stance = {"supported": "supports", "refuted": "refutes"}.get(verdict, "context")
            row = {
                "annotation_id": f"r:{event}-{number}-{person}",
                "claim_id": claim,
                "round": "r",
                "annotator": f"p_{person:016x}",
                "annotator_kind": "human",
                "checkability": "factual",
                "verdict": verdict,
                "evidence": [span | {"stance": stance}],
                "confidence": "high",
                "justification": text[:40],
                "created_at": _NOW,
                "updated_at": _NOW,
                "status": "submitted",
                "role": "vote",
                "label_schema_version": "1.0",
                "guidelines_version": "1.0",
            }
            for name, value in row.items():
                answers.setdefault(name, []).append(value)
    return claims, units, answers


_NOW = 1_790_000_000_000_000
_VERDICTS = ["supported", "refuted", "not_enough_evidence"]


class Input:
    """What a build takes, as Arrow files on disk: the rows are made before the clock runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def make(cls, folder: Path, events: Sequence[Callable[[], Event]]) -> Input:
        """Make the rows of events and write them down."""
        from claimset.models import Annotation, Claim, Unit
        from claimset.release.arrays import arrow_type, coded
        from claimset.release.columns import CORE, columns_of

        kinds = {
            "claims": {
                name: kind
                for name, kind in columns_of(CORE["claims"], AVERITEC).items()
                if name in Claim.model_fields
            },
            "units": columns_of(Unit),
            "answers": {
                name: kind
                for name, kind in columns_of(CORE["annotations"], AVERITEC).items()
                if name in Annotation.model_fields
            },
        }
        folder.mkdir(parents=True)
        streams = {}
        stored = (folder / "articles").open("wb")
        for name, columns in kinds.items():
            schema = pa.schema([(key, arrow_type(kind)) for key, kind in columns.items()])
            streams[name] = pa.ipc.new_file(str(folder / f"{name}.arrow"), schema)
        for first in range(0, len(events), _AT_ONCE):
            made = [event() for event in events[first : first + _AT_ONCE]]
            for article in (article for event in made for article in event.articles):
                pickle.dump(article, stored)
            for name, columns in kinds.items():
                rows = _joined([getattr(event, name) for event in made])
                count = len(next(iter(rows.values())))
                streams[name].write_table(
                    pa.table(
                        {
                            key: coded(_array(rows[key]), kind)
                            if key in rows
                            else _absent(key, kind, count)
                            for key, kind in columns.items()
                        }
                    )
                )
        for stream in streams.values():
            stream.close()
        stored.close()
        return cls(folder)

    def articles(self) -> Iterator[Article]:
        """The articles one by one, as a workspace reads them."""
        with (self._folder / "articles").open("rb") as stored:
            while stored.peek(1):
                yield pickle.load(stored)  # noqa: S301 - written by this run

    def tables(self, name: str) -> Iterator[pa.Table]:
        """The rows batch by batch."""
        with pa.OSFile(str(self._folder / f"{name}.arrow"), "rb") as file:
            opened = pa.ipc.open_file(file)
            for number in range(opened.num_record_batches):
                yield pa.Table.from_batches([opened.get_batch(number)])

    def build(self, folder: Path, **options: Any) -> Any:
        """Build a release of these rows."""
        return build_release(
            dataset_folder=folder,
            name="benchmark",
            articles=self.articles(),
            units=self.tables("units"),
            claims=self.tables("claims"),
            annotations=self.tables("answers"),
            label_schema_version="1.0",
            segmenter_version="1.1",
            **options,
        )


def _joined(parts: list[dict[str, list[Any]]]) -> dict[str, list[Any]]:
    return {name: [value for part in parts for value in part[name]] for name in parts[0]}


def _array(values: list[Any]) -> pa.Array:
    if values and all(value == [] for value in values):
        return pa.array(values, pa.list_(pa.struct([])))
    return pa.array(values)


def _absent(name: str, kind: Any, count: int) -> pa.Array:
    from claimset.release.arrays import arrow_type

    if name == "derived":
        return pa.array(np.zeros(count, bool))
    if isinstance(kind, dict) and "list" in kind:
        return pa.array([[]] * count, arrow_type(kind))
    return pa.nulls(count, arrow_type(kind))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measured(root: Path, what: str) -> tuple[float, float, float]:
    """Wall and CPU seconds and peak memory in MB of a run, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "one", "--root", str(root), "--run", what],
        capture_output=True,
        text=True,
        check=True,
    )
    wall, cpu, peak = (float(part) for part in done.stdout.split())
    return wall, cpu, peak


def one(root: Path, what: str) -> None:
    """Do one run on one core and print what it took; libraries are imported before."""
    import datasets

    datasets.disable_progress_bars()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    prepared = _prepare(root, what)
    begun, used = time.perf_counter(), time.process_time()
    prepared()
    show(time.perf_counter() - begun, time.process_time() - used, _peak_mb())


def _prepare(root: Path, what: str) -> Callable[[], Any]:
    from claimset.release.assembly import Assembly

    if what == "peer":
        return _peer(root)
    made = Input(root / "input")
    if what == "core":
        Assembly._write_views = lambda *_: None  # type: ignore[method-assign]
        Assembly._write_sentences = lambda *_: None  # type: ignore[method-assign]
    return lambda: made.build(root / what)


def _peer(root: Path) -> Callable[[], Any]:
    """`Dataset.from_list` over the finished rows of claims and annotations, and their Parquet."""
    import datasets

    release = read_release(root / "core")
    if release is None:
        raise SystemExit("run the build first")
    ready = []
    for config, most in (("claims", _PEER_ROWS), ("annotations", 3 * _PEER_ROWS)):
        rows: list[dict[str, Any]] = []
        for table in release.batches(config):
            features = datasets.Features.from_arrow_schema(table.schema)
            rows += table.slice(0, most - len(rows)).to_pylist()
            if len(rows) == most:
                break
        ready.append((config, rows, features))

    def run() -> None:
        for config, rows, features in ready:
            made = datasets.Dataset.from_list(rows, features=features)
            made.to_parquet(root / f"peer-{config}.parquet")

    return run


def _scratch() -> Path:
    """A folder on the disk of the repository: /tmp may be memory."""
    folder = REPOSITORY / ".claimset"
    folder.mkdir(exist_ok=True)
    return folder


def build(claims: int) -> None:
    """Compare a build with `Dataset.from_list`."""
    per_event = _SENTENCES * _ARTICLES
    with tempfile.TemporaryDirectory(dir=_scratch()) as name:
        root = Path(name)
        events = [partial(make_event, number) for number in range(claims // per_event)]
        Input.make(root / "input", events)
        count = len(events) * per_event
        texts = (root / "input" / "articles").stat().st_size / 1e6
        show(f"{count:,} claims, {3 * count:,} annotations; the articles are {texts:.0f} MB")
        show(f"{'writer':46}{'wall s':>8}{'CPU s':>8}{'claims/s CPU':>14}{'peak MB':>9}")
        rates = {}
        for label, what, rows in (
            ("core tables, content id, card", "core", count),
            ("whole release with all views", "whole", count),
            ("Dataset.from_list + to_parquet, same tables", "peer", min(count, _PEER_ROWS)),
        ):
            wall, cpu, peak = _measured(root, what)
            rates[what] = rows / cpu
            show(f"{label:46}{wall:8.1f}{cpu:8.1f}{rates[what]:14,.0f}{peak:9.0f}")
        for what in ("core", "whole"):
            show(f"{what}: {rates[what] / rates['peer']:.1f} x Dataset.from_list")


def views(claims: int) -> None:
    """Compare reading a narrow view with reading the nested table."""
    from claimset.loading import batches, load, rows

    # Each way as `datasets` reads, then as `claimset.loading` reads in its place.
    ways: dict[str, tuple[Callable[[Any], Any], ...]] = {
        "row by row": (lambda part: part, rows),
        "in batches of 1,000": (lambda part: part.iter(1000), lambda part: batches(part, 1000)),
        "in batches of 32": (lambda part: part.iter(32), lambda part: batches(part, 32)),
        "in batches of 32, shuffled": (
            lambda part: part.shuffle(seed=1).iter(32),
            lambda part: batches(part, 32, seed=1),
        ),
        "in batches of 1,000 as Arrow": (lambda part: part.with_format("arrow").iter(1000),),
    }
    with tempfile.TemporaryDirectory(dir=_scratch()) as name:
        root = Path(name)
        os.environ["HF_HOME"] = str(root / "home")
        events = [partial(make_event, n) for n in range(claims // (_SENTENCES * _ARTICLES))]
        Input.make(root / "input", events).build(root / "dataset")
        import datasets

        datasets.config.HF_DATASETS_CACHE = root / "home"
        show(
            f"{'what is read':44}{'by':>9}{'CPU s':>9}{'rows/s':>14}"
            f"{'to rows':>10}{'to nested':>10}{'alike':>8}"
        )
        tables = {name: load(root / "dataset", name) for name in ("claims", *_NARROW)}
        slowest = None
        for way, readers in ways.items():
            nested = None
            for reader, read in zip(("datasets", "claimset"), readers, strict=False):
                alike = None
                for view, found in tables.items():
                    part = found.select(range(min(len(found), 200_000)))
                    rate, used = _rate(read, part)
                    slowest, nested = slowest or rate, nested or rate
                    alike = alike or rate
                    show(
                        f"{f'{view}, {way}':44}{reader:>9}{used:9.3f}{rate:14,.0f}"
                        f"{rate / slowest:10,.1f}{rate / nested:10,.1f}{rate / alike:8.1f}"
                    )


def _rate(read: Callable[[Any], Any], part: Any) -> tuple[float, float]:
    """Rows a CPU second, and CPU seconds of one reading."""
    begun, times = time.process_time(), 0
    while (used := time.process_time() - begun) < _LEAST_S or not times:
        for _ in read(part):
            pass
        times += 1
    return len(part) * times / used, used / times


def upload(claims: int) -> None:
    """Count the bytes a second release stores anew on the Xet client's local store."""
    count = claims // (_SENTENCES * _ARTICLES)
    some = max(1, count // 100)
    chance = random.Random(1)  # noqa: S311 - the same choice each time
    chosen = set(chance.sample(range(count), some))
    block = count // 2
    new = [partial(make_event, n, label="f") for n in range(count, count + some)]
    old = [partial(make_event, n) for n in range(count)]
    changes: dict[str, Sequence[Callable[[], Event]]] = {
        "1 % of the events relabelled, scattered": [
            partial(make_event, n, verdicts=1) if n in chosen else old[n] for n in range(count)
        ],
        "1 % appended to the manifest": [*old, *new],
        "1 % inserted into the manifest": [*old[:block], *new, *old[block:]],
        "1 % removed from the manifest, one block": [*old[:block], *old[block + some :]],
        "1 % withdrawn, scattered": old,
    }
    with tempfile.TemporaryDirectory(dir=_scratch()) as name:
        root = Path(name)
        Input.make(root / "old", old).build(root / "first")
        size = sum(path.stat().st_size for path in (root / "first").rglob("*.parquet"))
        show(f"{claims:,} claims: {size / 1e6:.1f} MB of Parquet")
        show(f"{'change':44}{'new MB':>9}{'of all':>8}  claims MB, annotations MB, views MB")
        for number, (label, events) in enumerate(changes.items()):
            folder = root / f"next-{number}"
            shutil.copytree(root / "first", folder)
            options: dict[str, Any] = {}
            if "withdrawn" in label:
                options["withdraw"] = _withdrawals(events, chosen)
            Input.make(root / f"input-{number}", events).build(folder, **options)
            stored = _stored(root / f"store-{number}", root / "first", folder)
            total = sum(stored.values()) / 1e6
            parts = ", ".join(f"{value / 1e6:.2f}" for value in stored.values())
            show(f"{label:44}{total:9.2f}{total * 1e6 / size:8.1%}  {parts}")


def _withdrawals(events: Sequence[Callable[[], Event]], chosen: set[int]) -> list[Any]:
    from claimset.models import Withdrawal

    ids = [events[number]().claims["claim_id"] for number in sorted(chosen)]
    return [
        Withdrawal(kind="claim", id=name, reason="benchmark", since="0.2.0")
        for claims in ids
        for name in claims
    ]


def _stored(store: Path, first: Path, second: Path) -> dict[str, int]:
    """Bytes newly stored by the Xet client when the second folder is uploaded after the first."""
    from hf_xet import XetSession

    kept = store / "xet" / "xorbs" / "xorbs"

    def sizes() -> int:
        return sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())

    def send(paths: list[Path]) -> int:
        before = sizes()
        with XetSession().new_upload_commit(endpoint=f"local://{store}") as commit:
            for path in paths:
                commit.start_upload_file(str(path))
        return sizes() - before

    store.mkdir()
    for config in CONFIGS:  # one after the other, as `Hub.commit` sends them
        send(sorted((first / config).glob("*.parquet")))
    found = {"claims": 0, "annotations": 0, "others": 0}
    for config in CONFIGS:
        name = config if config in found else "others"
        found[name] += send(sorted((second / config).glob("*.parquet")))
    return found


def main() -> None:
    """Run the benchmark that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["build", "views", "upload", "one"])
    parser.add_argument("--claims", type=int)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.what == "one":
        one(options.root, options.run)
        return
    runs = {"build": (build, 1_000_000), "views": (views, 200_000), "upload": (upload, 150_000)}
    run, usual = runs[options.what]
    run(options.claims or usual)


if __name__ == "__main__":
    main()
