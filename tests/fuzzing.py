"""Malformed inputs for every reader: each is read, or refused with a reason.

``python -m tests.fuzzing --count 20000 --seed 7 [--reader csv …]`` prints a table; an input that
made anything else than a refusal (a traceback, a hang, a half-written manifest) is kept in
``--keep DIR`` and named with its number, and ``--only N`` repeats it.

An input is a sound one with some random faults: bytes and lines deleted, doubled, exchanged or cut
off, scraps of syntax put in, JSON values exchanged for other ones.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import json
import random
import shutil
import signal
import tempfile
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimset.agreement.reading import read_ratings
from claimset.errors import ClaimsetError
from claimset.intake.admission import Defaults
from claimset.intake.reading import ReadOptions
from claimset.labelstudio.config import CANNOT_BE_DECIDED, read_guidelines, read_labeling_config
from claimset.labelstudio.mark import RoundMark
from claimset.labelstudio.people import read_people
from claimset.llm.answer import read_answer
from claimset.models import AVERITEC, Claim, EvidenceCandidate, Unit
from claimset.pipeline import add, init, segment
from claimset.pipeline.label_files import named_label_set
from claimset.pipeline.segmented_rows import SegmentedRows
from claimset.pipeline.segmented_tables import SegmentedTables
from claimset.release.reader import read_release
from claimset.seeds import (
    read_adjudications,
    read_articles,
    read_event_rows,
    read_known_answers,
    read_originals,
    read_recording,
    read_reference,
)
from claimset.selection import read_ids
from claimset.settings import Settings, load_settings
from claimset.storage.tables import read_table
from claimset.storage.workspace import Workspace
from tests.posted import ANSWERS, Posted, server_answer, stored_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Path(__file__).parents[1]
KINDS = ("read", "refused", "FAULT")
SECONDS = 30
"""Processor time that one input may take before it counts as a hang; of waiting twenty times it."""
SCRAPS: tuple[bytes, ...] = (
    b",", b";", b'"', b'""', b"'", b"\n", b"\r\n", b"\r", b"\0", b"{", b"}", b"[", b"]", b":", b"=",
    b"null", b"NaN", b"1e999", b"-1", b"\\ud83d", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"<", b">",
    b"</p>", b"<!--", b"<![CDATA[", b"&#0;", b"&#xD800;", b"<table>", b"<html><body>", b"---\n",
    b"# ", b"```", b"|", b"\t", b"true", b"[[", b"9" * 400, b"\xed\xa0\xbd", b"\xe2\x80\xae",
    b"article_id", b"text", b"verdict", b"../x", b"/", b"\\", b" " * 50,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, float("nan"), "", "x", "\ud83d", "a\0b", "../x", [], {}, [[]],
    {"a": 1}, ["x"] * 3, "2024-13-45", "c_0123456789abcdef", "supported", "\u202e", "x" * 5000,
)  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """A reader and sound inputs for it.

    Attributes:
        name: What it reads.
        samples: Sound inputs.
        read: Reads one; it may raise errors of claimset and nothing else.
        is_json: Whether values are exchanged, too: each line of the input is JSON.
    """

    name: str
    samples: tuple[bytes, ...]
    read: Callable[[bytes], object]
    is_json: bool = False


def spoilt(data: bytes, pick: random.Random, *, is_json: bool) -> bytes:
    """An input with one to six faults, mostly few."""
    for _ in range(1 + min(5, int(pick.expovariate(1)))):
        if is_json and pick.random() < 0.6:
            data = _other_value(data, pick)
        else:
            data = _other_bytes(data, pick)
    return data


def _other_bytes(data: bytes, pick: random.Random) -> bytes:
    at, to = sorted(pick.randrange(len(data) + 1) for _ in range(2))
    kind = pick.randrange(8)
    if kind == 0:
        return data[:at] + data[min(to, at + pick.randint(1, 40)) :]
    if kind == 1:
        return data[:at]
    if kind == 2:
        return data[:at] + bytes([pick.randrange(256)]) + data[at + 1 :]
    if kind == 3:
        return data[:at] + data[at:to][:400] * 2 + data[to:]
    if kind == 4:
        lines = data.splitlines(keepends=True)
        pick.shuffle(lines)
        return b"".join(lines[: pick.randint(0, len(lines))])
    if kind == 5:
        with contextlib.suppress(UnicodeError):
            names = ("utf-16", "utf-16-le", "utf-32", "utf-7", "cp1252")
            return data.decode().encode(pick.choice(names), "replace")
    return data[:at] + pick.choice(SCRAPS) * pick.choice((1, 1, 1, 3, 2000)) + data[at:]


def _other_value(data: bytes, pick: random.Random) -> bytes:
    lines = data.split(b"\n")
    number = pick.randrange(len(lines))
    try:
        value = json.loads(lines[number])
    except (ValueError, RecursionError):
        return _other_bytes(data, pick)
    lines[number] = json.dumps(_changed(value, pick)).encode("utf-8", "surrogatepass")
    return b"\n".join(lines)


def _changed(value: Any, pick: random.Random) -> Any:
    if isinstance(value, dict) and value and pick.random() < 0.9:
        key = pick.choice(sorted(value))
        kind = pick.random()
        if kind < 0.15:
            return {name: one for name, one in value.items() if name != key}
        if kind < 0.25:
            return value | {pick.choice(("extra", key.upper(), "")): pick.choice(VALUES)}
        return value | {key: _changed(value[key], pick)}
    if isinstance(value, list) and value and pick.random() < 0.9:
        at = pick.randrange(len(value))
        return [*value[:at], _changed(value[at], pick), *value[at + 1 :]]
    return pick.choice(VALUES)


class Room:
    """A workspace in which inputs take the place of sound files.

    Args:
        folder: Where it is made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        init(folder / "own")
        self.own = Workspace(folder / "own")
        for name in ("seeds", "schemas", "dataset"):
            shutil.copytree(REPOSITORY / name, folder / "seeded" / name)
        self.seeded = Workspace(folder / "seeded")
        segment(self.seeded, Settings(engine="inline"))
        self.texts = {a.article_id: a.text for a in read_articles(self.seeded.seeds)}

    def put(self, name: str, data: bytes) -> Path:
        """A file with an input."""
        path = self.folder / "input" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path

    def add(self, name: str, *, skip_faulty: bool) -> Callable[[bytes], object]:
        """Bring the input in: all of it, or nothing."""

        def read(data: bytes) -> object:
            path = self.put(name, data)
            before = _files(self.own.seeds)
            try:
                result = add(
                    self.own, [str(path)], Defaults(), ReadOptions({}), skip_faulty=skip_faulty
                )
            except ClaimsetError:
                if _files(self.own.seeds) != before:
                    msg = "it was refused and something was written"
                    raise AssertionError(msg) from None
                raise
            if result.n_added:
                found = read_articles(self.own.seeds)
                assert len(found) == result.n_added
                assert len(read_originals(self.own.seeds)) == result.n_added
                shutil.rmtree(self.own.seeds)
                shutil.copytree(self.folder / "empty", self.own.seeds)
            return result

        if not (self.folder / "empty").exists():
            shutil.copytree(self.own.seeds, self.folder / "empty")
        return read

    def bare(self, name: str) -> Workspace:
        """A workspace without settings."""
        place = self.folder / f"for-{name}"
        init(place)
        (place / "claimset.toml").unlink()
        return Workspace(place)

    def instead(self, path: Path, read: Callable[[], object]) -> Callable[[bytes], object]:
        """Put the input in the place of a file of the seeded workspace, and read."""

        def with_it(data: bytes) -> object:
            sound = path.read_bytes()
            # A table is the same file as its shard: it is replaced, not written into.
            path.unlink()
            path.write_bytes(data)
            try:
                return read()
            finally:
                path.unlink(missing_ok=True)
                path.write_bytes(sound)

        return with_it


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    rows = {"text": ["A bridge.", "Two."], "title": ["A", None], "date": ["2024-01-02", None]}
    pq.write_table(pa.table(rows), sink)
    return sink.getvalue()


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bridge</title>
<meta property="article:published_time" content="2024-05-01"><script>x()</script></head><body>
<nav>Home</nav><article><h1>Bridge</h1><p>The bridge opened in 1932. “It cost £5 million,” said
Ann&nbsp;Lee.</p><table><tr><td>a</td><td>b</td></tr></table></article></body></html>"""
JSONL = """{"text": "It rained.", "title": "Rain", "date": "2024-01-02", "lang": "en"}
{"id": "x1", "body": "It snowed.", "authors": ["Jo"]}
"""
CSV = 'headline;body;date\nOne;"It rained; then\nit snowed.";2024-01-02\nTwo;Done.;\n'
MARKDOWN = "---\ntitle: Bridge\ndate: 2024-01-02\n---\n# Bridge\n\nIt *opened* in [1932](x).\n"
RATINGS = "unit,annotator,label,article\nu1,a,yes,x\nu1,b,no,x\nu2,a,yes,y\n"
LABELS = """name = "desk"
[[verdicts]]
name = "true"
title = "True"
hotkey = "1"
nli = "entailment"
evidence = ["supports"]
[[verdicts]]
name = "open"
title = "Open"
hotkey = "2"
nli = "neutral"
"""
TABLE = "[tool.claimset]\nround"
SETTINGS = """round = "r"
overlap = 2
engine = "inline"
split_cut = 2024-01-02
[segmenter_settings.llm]
model = "m"
[gates]
min_alpha = 0.5
"""
ANSWER = '{"claims": [{"claim": "It rained.", "quotes": ["rained"]}]}'
MARK = "Words. [claimset round=a generation=1 overlap=2 label_schema=1 guidelines=2 wording=ab] End"


def readers(room: Room) -> Iterator[Reader]:
    """Every reader of files, texts and answers that come from outside."""
    state, seeds = room.seeded, room.seeded.seeds
    manifest = state.manifest

    def adds(name: str, *samples: str | bytes, is_json: bool = False) -> Iterator[Reader]:
        found = tuple(s.encode() if isinstance(s, str) else s for s in samples)
        for skip in (False, True):
            told = f"add {name}" + (" --skip-faulty" if skip else "")
            yield Reader(told, found, room.add(name, skip_faulty=skip), is_json)

    yield from adds("x.txt", "A bridge opened.\r\nIt rained.\n", "Üß".encode("utf-16"))
    yield from adds("x.md", MARKDOWN)
    yield from adds("x.html", PAGE)
    yield from adds("x.csv", CSV, "text\nA.\n")
    yield from adds("x.jsonl", JSONL, is_json=True)
    yield from adds("x.json", json.dumps([json.loads(JSONL.splitlines()[0])]), is_json=True)
    yield from adds("x.parquet", _parquet())
    yield Reader(
        "manifest.jsonl",
        (manifest.read_bytes(),),
        room.instead(manifest, lambda: (read_articles(seeds), list(read_event_rows(manifest)))),
        is_json=True,
    )
    text = next(iter(sorted((seeds / "articles").iterdir())))
    yield Reader(
        "an article", (text.read_bytes(),), room.instead(text, lambda: read_articles(seeds))
    )
    for name, path, read in (
        ("annotations.jsonl", state.reference, lambda: read_reference(state.reference, AVERITEC)),
        (
            "adjudications.jsonl",
            state.reference_adjudications,
            lambda: read_adjudications(state.reference_adjudications, AVERITEC),
        ),
        ("recording.json", state.recording, lambda: read_recording(state.recording)),
    ):
        lines = path.read_bytes().splitlines(keepends=True)[:20]
        yield Reader(name, (b"".join(lines),), room.instead(path, read), is_json=True)
    claims = list(read_table(state.claims, Claim, made_by="segment"))
    ids = {claim.claim_id for claim in claims}
    first, second, *_ = sorted(ids)
    by_words = {"article_id": claims[0].article_id, "text": claims[0].text, "verdict": "refuted"}
    known = json.dumps({"claim_id": first, "verdict": "supported"}) + "\n" + json.dumps(by_words)
    known_csv = f"claim_id,verdict,checkability\n{first},supported,\n{second},,opinion\n"
    for name, sample in (("known.jsonl", known), ("known.csv", known_csv)):
        yield Reader(
            name,
            (sample.encode(),),
            functools.partial(_known, room, name, claims),
            is_json=name.endswith("jsonl"),
        )
    yield Reader(
        "ratings.csv", (RATINGS.encode(),), lambda data: read_ratings(room.put("r.csv", data))
    )
    yield Reader(
        "--ids", (f"# some\n{first}\n\n{second}\n".encode(),),
        lambda data: read_ids(room.put("ids.txt", data), ids),
    )  # fmt: skip
    yield Reader(
        "--labels", (LABELS.encode(),), lambda data: named_label_set(str(room.put("l.toml", data)))
    )
    for name, sample in (
        ("claimset.toml", SETTINGS),
        ("pyproject.toml", SETTINGS.replace("[", "[tool.claimset.").replace("round", TABLE, 1)),
        (".env", "CLAIMSET_ROUND=a\nHF_TOKEN='x'\nCLAIMSET_OVERLAP=3\n"),
    ):
        yield Reader(
            name,
            (sample.encode(),),
            functools.partial(_settings, room.bare(name), name),
        )
    for path, reads in (
        (state.labeling_config, lambda: read_labeling_config(state.labeling_config, AVERITEC)),
        (state.guidelines, lambda: read_guidelines(state.guidelines)),
    ):
        yield Reader(path.name, (path.read_bytes(),), room.instead(path, reads))
    yield Reader(
        "a model's answer", (ANSWER.encode(),),
        lambda data: read_answer(data.decode("utf-8", "replace")), is_json=True,
    )  # fmt: skip
    yield from _from_label_studio(Posted(room.folder, room.texts))
    yield Reader(
        "a round's mark", (MARK.encode(),),
        lambda data: RoundMark.read(data.decode("utf-8", "replace"), where="project 1"),
    )  # fmt: skip
    yield Reader(
        "release.json",
        ((state.dataset / "release.json").read_bytes(),),
        room.instead(state.dataset / "release.json", lambda: _release(state)),
        is_json=True,
    )
    for folder in (state.units, state.claims, state.evidence):
        path = min(folder.glob("*.parquet"))
        yield Reader(
            f"table {folder.name}", (path.read_bytes(),), room.instead(path, lambda: _tables(state))
        )
    yield Reader(
        "segmentation.json",
        (state.segmentation.read_bytes(),),
        room.instead(state.segmentation, lambda: SegmentedRows(state)),
        is_json=True,
    )
    record = min(state.shards.glob("*.json"))
    yield Reader(
        "a shard's record", (record.read_bytes(),),
        room.instead(record, lambda: segment(state, Settings(engine="inline"))), is_json=True,
    )  # fmt: skip
    people = b'[{"name": "anna", "email": "anna@claimset.invalid", "password": "x"}]'
    yield Reader(
        "annotators.json",
        (people,),
        lambda data: read_people(room.put("p.json", data)),
        is_json=True,
    )


def _from_label_studio(posted: Posted) -> Iterator[Reader]:
    broken: list[dict[str, str]] = [
        {},
        {"verdict": "supported", "stance": "refutes"},
        {"checkability": "opinion"},
    ]
    decided = {"verdict": "supported", "error_category": "guideline_unclear"}
    for name, reads, samples in (
        ("an annotation", posted.vote, [{"verdict": "supported"}]),
        ("a decision", posted.decision, [decided, {"checkability": CANNOT_BE_DECIDED} | decided]),
        ("an answer to return", posted.returned, broken),
    ):
        yield Reader(name, (*posted.samples(*samples), posted.blank()), reads, is_json=True)
    data = {"claim_id": "c", "content_hash": "h", "item": "0" * 16}
    yield Reader("a task", (json.dumps(data).encode(),), stored_task, is_json=True)
    for name, (answer, _) in ANSWERS.items():
        sound = json.dumps(answer).encode()
        yield Reader(f"Label Studio: {name}", (sound,), server_answer(name), is_json=True)


def _known(room: Room, name: str, claims: list[Claim], data: bytes) -> object:
    return read_known_answers(room.put(name, data), claims, AVERITEC)


def _settings(place: Workspace, name: str, data: bytes) -> object:
    (place.root / name).write_bytes(data)
    return load_settings(place)


def _release(workspace: Workspace) -> object:
    release = read_release(workspace.dataset)
    if release is not None:
        release.check()
    return release


def _tables(workspace: Workspace) -> None:
    """Whole, and some rows of each."""
    names = [article.article_id for article in read_articles(workspace.seeds)]
    try:
        SegmentedTables(workspace)
    finally:
        found = SegmentedRows(workspace)
        for model in (Unit, Claim, EvidenceCandidate):
            list(found.rows_of(model, "article_id", names[:2]))


def _too_slow(*_: object) -> None:
    raise TimeoutError


def outcome(reader: Reader, data: bytes) -> str:
    """``read``, ``refused``, or what should not have happened."""
    for kind, of, seconds in (
        (signal.ITIMER_PROF, signal.SIGPROF, SECONDS),
        (signal.ITIMER_REAL, signal.SIGALRM, 20 * SECONDS),
    ):
        signal.signal(of, _too_slow)
        signal.setitimer(kind, seconds)
    try:
        reader.read(data)
    except ClaimsetError as error:
        sound = error.problem and error.where and error.remedy and error.exit_code in {1, 2, 3, 4}
        return "refused" if sound else f"a refusal that says too little: {error!r}"
    except TimeoutError:
        return f"it took more than {SECONDS} s"
    except Exception:  # noqa: BLE001 - that is what is looked for
        return traceback.format_exc(limit=-4)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
    return "read"


def run(
    readers_: list[Reader], count: int, seed: int, *, only: int | None = None
) -> Iterator[tuple[int, Reader, bytes, str]]:
    """Number, reader, input and outcome of each of so many inputs, reader after reader in turn."""
    for number in range(count) if only is None else [only]:
        reader = readers_[number % len(readers_)]
        pick = random.Random(f"{seed} {number}")  # noqa: S311 - no secret
        data = spoilt(pick.choice(reader.samples), pick, is_json=reader.is_json)
        yield number, reader, data, outcome(reader, data)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--count", type=int, default=5000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options.add_argument("--reader", nargs="+", help="only those whose name holds one of these")
    options.add_argument("--only", type=int, metavar="N", help="repeat this one")
    options.add_argument("--keep", type=Path, help="where faulty inputs are kept")
    asked = options.parse_args()
    seen: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        found = list(readers(Room(Path(name))))
        wanted = [r for r in found if not asked.reader or any(n in r.name for n in asked.reader)]
        for number, reader, data, came in run(wanted, asked.count, asked.seed, only=asked.only):
            kind = came if came in {"read", "refused"} else "FAULT"
            seen.setdefault(reader.name, Counter())[kind] += 1
            if kind == "FAULT":
                show(f"{reader.name}, --seed {asked.seed} --only {number}: {came}")
                if asked.keep:
                    asked.keep.mkdir(exist_ok=True)
                    (asked.keep / str(number)).write_bytes(data)
    total: Counter[str] = Counter()
    for reader_name, counts in seen.items():
        total += counts
        show(f"{reader_name:28}", *(f"{counts[kind]:7,} {kind}" for kind in KINDS))
    show(f"{'all, seed ' + str(asked.seed):28}", *(f"{total[kind]:7,} {kind}" for kind in KINDS))
    raise SystemExit(bool(total["FAULT"]))


def show(*words: object) -> None:
    """A line on the terminal."""
    print(*words, flush=True)  # noqa: T201 - that is what the program is for


if __name__ == "__main__":
    main()
