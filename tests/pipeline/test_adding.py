"""Add: everything comes in or nothing does, and nothing twice."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import DataError, UsageError
from claimset.identifiers import sha256_hex
from claimset.intake.admission import Defaults
from claimset.intake.reading import ReadOptions
from claimset.pipeline import add, events, init
from claimset.seeds import read_articles, read_manifest, read_originals
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from claimset.pipeline.add_result import AddResult


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    init(tmp_path / "own")
    return Workspace(tmp_path / "own")


def put(folder: Path, name: str, data: str | bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def run(workspace: Workspace, *asked: str, **options: Any) -> AddResult:
    defaults = Defaults(**options.pop("defaults", {}))
    return add(workspace, asked, defaults, ReadOptions(options.pop("columns", {})), **options)


def files(workspace: Workspace) -> dict[str, bytes]:
    return {
        str(path.relative_to(workspace.seeds)): path.read_bytes()
        for path in sorted(workspace.seeds.rglob("*"))
        if path.is_file()
    }


def test_a_store_behind_an_address_comes_in_whole(workspace: Workspace) -> None:
    """Any file system of fsspec: here the one in memory, a folder, a pattern and a table."""
    rows = "text,happening\nIt rained on Monday.,rain\nIt snowed on Tuesday.,snow\n"
    for name, data in (
        ("a.txt", "The bridge opened in 1932."),
        ("b/rows.csv", rows),
        ("c.svg", "x"),
    ):
        with fsspec.open(f"memory://store/{name}", "wb") as stream:
            stream.write(data.encode())
    result = run(workspace, "memory://store", columns={"event_id": "happening"})
    assert (result.n_added, result.ignored) == (3, ("c.svg",))
    assert result.columns == {"rows.csv": {"text": "text", "event_id": "happening"}}
    assert result.alone == 3
    again = run(workspace, "memory://store/*.txt", "memory://store/b/rows.csv")
    assert (again.n_added, again.n_same) == (0, 3)
    assert again.unused == {"rows.csv": ("happening",)}


def test_articles_come_in_with_their_records(workspace: Workspace, tmp_path: Path) -> None:
    text = put(tmp_path, "in/first.txt", "One.\r\nTwo.\n")
    page = "# Bridge\n\nIt opened in 1932.\n"
    markdown = put(tmp_path, "in/second story.md", page)
    result = run(workspace, text, markdown, defaults={"event_id": "bridge", "license": "CC0-1.0"})
    assert [(a.article_id, a.event_id) for a in result.added] == [
        ("first", "bridge"),
        ("second-story", "bridge"),
    ]
    first, second = read_articles(workspace.seeds)
    assert first.text == "One.\nTwo.\n"
    assert (workspace.seeds / first.path).read_bytes() == b"One.\r\nTwo.\n"
    assert (second.title, second.text) == ("Bridge", "Bridge\n\nIt opened in 1932.")
    records = read_originals(workspace.seeds)
    assert [record.path for record in records] == [None, "originals/second-story.md"]
    assert (workspace.seeds / "originals/second-story.md").read_text() == page
    assert records[1].sha256 == sha256_hex(page.encode())
    assert str(tmp_path) not in (workspace.seeds / "originals.jsonl").read_text()


def test_a_second_run_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    path = put(tmp_path, "in.jsonl", '{"text": "A b."}\n{"text": "C d."}\n')
    assert run(workspace, path).n_added == 2
    before = files(workspace)
    again = run(workspace, path)
    assert (again.n_added, again.n_same) == (0, 2)
    assert files(workspace) == before


def test_doubles_are_found_by_content(workspace: Workspace, tmp_path: Path) -> None:
    """Also within one run, also when case and spaces differ, also of articles written by hand."""
    hand = b"By hand.\r\n"
    put(workspace.seeds, "articles/hand.txt", hand)
    row = {
        "article_id": "hand",
        "event_id": "e",
        "title": "t",
        "license": "l",
        "path": "articles/hand.txt",
        "sha256": sha256_hex(hand),
    }
    workspace.manifest.write_text(json.dumps(row))
    path = put(tmp_path, "in.jsonl", '{"text": "by  hand."}\n{"text": "New."}\n{"text": "NEW."}\n')
    result = run(workspace, path)
    assert [(same.source, same.article_id) for same in result.same] == [
        ("in.jsonl:1", "hand"),
        ("in.jsonl:3", "in-2"),
    ]
    assert [number for number, _ in read_manifest(workspace.manifest)] == [1, 2]


def test_a_fault_keeps_everything_out(workspace: Workspace, tmp_path: Path) -> None:
    before = files(workspace)
    path = put(tmp_path, "in.jsonl", '{"text": "Good."}\n{"text": ""}\n{"x": 1}\n')
    with pytest.raises(DataError) as caught:
        run(workspace, path)
    assert "2 files or rows" in caught.value.problem
    assert caught.value.where.splitlines() == [
        "in.jsonl:2, field text",
        "    in.jsonl:3: no column holds the text",
    ]
    assert "--skip-faulty" in caught.value.remedy
    assert files(workspace) == before
    result = run(workspace, path, skip_faulty=True)
    assert (result.n_added, result.n_faults) == (1, 2)


def test_a_dry_run_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    before = files(workspace)
    assert run(workspace, put(tmp_path, "a.txt", "A."), dry_run=True).n_added == 1
    assert files(workspace) == before


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"text": "a", "date": "yesterday"}, "published_at"),
        ({"text": "a", "id": "../x"}, "article_id"),
        ({"text": "a", "lang": "English!"}, "language"),
        ({"text": "a\u0000b"}, ""),
        ({"text": "\ud83d"}, ""),
        ({"text": "a", "title": "\ud83d"}, "title"),
        ({"text": "a", "publisher": "\ud83d"}, "publisher"),
        ({"text": "a", "authors": ["Jo", "\ud83d"]}, "author"),
    ],
)
def test_fields_are_checked(
    workspace: Workspace, tmp_path: Path, row: dict[str, str], field: str
) -> None:
    before = files(workspace)
    path = put(tmp_path, "in.jsonl", json.dumps(row) + "\n")
    with pytest.raises(DataError) as caught:
        run(workspace, path)
    assert caught.value.where == f"in.jsonl:1, field {field}" if field else "in.jsonl:1"
    assert files(workspace) == before


def test_a_file_name_that_is_no_utf_8_is_shown_and_recorded(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = os.fsdecode(bytes(tmp_path) + b"/caf\xe9.txt")
    Path(path).write_bytes(b"A.")
    added = run(workspace, path).added
    assert [(a.article_id, a.source) for a in added] == [("caf", "caf\ufffd.txt")]
    assert [record.source for record in read_originals(workspace.seeds)] == ["caf\ufffd.txt"]


def test_an_id_names_one_article(workspace: Workspace, tmp_path: Path) -> None:
    """A given id that is taken is refused; a made one gets a tail of its text's hash."""
    run(workspace, put(tmp_path, "one/a.txt", "First."))
    run(workspace, put(tmp_path, "two/a.txt", "Second."))
    names = [article.article_id for article in read_articles(workspace.seeds)]
    assert names == ["a", f"a-{sha256_hex(b'Second.')[:8]}"]
    with pytest.raises(DataError, match="belongs to another article"):
        run(workspace, put(tmp_path, "b.jsonl", '{"text": "Third.", "id": "a"}'))


def test_an_open_licence_is_not_passed_on_to_a_named_one(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = '{"text": "A."}\n{"text": "B.", "license": "All rights reserved"}\n'
    options = {"license": "CC0-1.0", "open_license": True}
    run(workspace, put(tmp_path, "in.jsonl", rows), defaults=options)
    found = {article.text: article.open_license for article in read_articles(workspace.seeds)}
    assert found == {"A.": True, "B.": False}


def test_a_killed_run_leaves_no_trace(workspace: Workspace, tmp_path: Path) -> None:
    left = workspace.seeds / ".incoming-killed" / "articles"
    left.mkdir(parents=True)
    (left / "half.txt").write_text("half")
    run(workspace, put(tmp_path, "a.txt", "A."))
    assert not left.exists()
    assert [a.text for a in read_articles(workspace.seeds)] == ["A."]


def test_a_manifest_without_a_last_line_end_is_continued(
    workspace: Workspace, tmp_path: Path
) -> None:
    run(workspace, put(tmp_path, "a.txt", "A."))
    workspace.manifest.write_text(workspace.manifest.read_text().rstrip("\n"))
    run(workspace, put(tmp_path, "b.txt", "B."))
    assert [a.text for a in read_articles(workspace.seeds)] == ["A.", "B."]


def test_a_workspace_is_made_once(workspace: Workspace) -> None:
    Workspace.open(workspace.root)
    with pytest.raises(UsageError, match="there already"):
        init(workspace.root)


def test_what_is_said_of_an_article_can_be_corrected(workspace: Workspace, tmp_path: Path) -> None:
    """The first try took the text only; the second names the other columns."""
    table = put(
        tmp_path,
        "rows.csv",
        "Nummer;Kopf;Artikeltext;Thema\n7;Brücke;Die Brücke ist offen.;b\n8;;Es regnet.;b\n",
    )
    page = put(tmp_path, "other.txt", "Nobody was hurt.")
    run(workspace, table, page)
    lines = workspace.manifest.read_bytes().split(b"\n")
    before = files(workspace)
    columns = {"title": "Kopf", "event_id": "Thema", "article_id": "Nummer"}

    again = run(workspace, table, columns=columns, defaults={"language": "de"})
    assert (again.n_same, again.n_updated, files(workspace)) == (2, 0, before)
    tried = run(
        workspace, table, columns=columns, defaults={"language": "de"}, update=True, dry_run=True
    )
    assert files(workspace) == before
    done = run(workspace, table, columns=columns, defaults={"language": "de"}, update=True)
    assert done.updated == tried.updated
    assert [(one.article_id, one.fields) for one in done.updated] == [
        ("rows-1", ("event_id", "language", "title")),
        ("rows-2", ("event_id", "language")),
    ]
    assert (done.n_added, done.n_same, done.alone) == (0, 0, 1)
    rows = {row.article_id: row for _, row in read_manifest(workspace.manifest)}
    assert (rows["rows-1"].title, rows["rows-1"].event_id) == ("Brücke", "b")
    assert (rows["rows-2"].title, rows["rows-2"].language) == ("Es regnet.", "de")
    assert workspace.manifest.read_bytes().split(b"\n")[2] == lines[2]
    assert {article.article_id for article in read_articles(workspace.seeds)} == set(rows)

    settled = files(workspace)
    last = run(workspace, table, columns=columns, defaults={"language": "de"}, update=True)
    assert (last.n_updated, last.n_same, files(workspace)) == (0, 2, settled)


def test_a_correction_that_is_wrong_keeps_everything_out(
    workspace: Workspace, tmp_path: Path
) -> None:
    table = put(tmp_path, "rows.csv", "text,date\nOne.,2024-01-02\nTwo.,\n")
    run(workspace, table)
    before = files(workspace)
    put(tmp_path, "rows.csv", "text,date\nOne.,2024-31-31\nTwo.,2024-02-03\nThree.,\n")
    with pytest.raises(DataError, match="is no date"):
        run(workspace, table, update=True)
    assert files(workspace) == before


@pytest.mark.parametrize(
    ("written", "day"), [("5.3.2024", 5), ("05.03.2024", 5), ("5. 3. 2024", 5), ("2024-03-05", 5)]
)
def test_a_date_with_dots_has_the_day_first(
    workspace: Workspace, tmp_path: Path, written: str, day: int
) -> None:
    run(workspace, put(tmp_path, "rows.csv", f"text,date\nOne.,{written}\n"))
    ((_, row),) = read_manifest(workspace.manifest)
    assert row.published_at is not None
    assert (row.published_at.month, row.published_at.day) == (3, day)


@pytest.mark.parametrize("written", ["31.02.2024", "3/5/2024", "13.13.2024", "5.3.24"])
def test_a_date_that_may_be_another_is_refused(
    workspace: Workspace, tmp_path: Path, written: str
) -> None:
    with pytest.raises(DataError, match="is no date") as caught:
        run(workspace, put(tmp_path, "rows.csv", f"text,date\nOne.,{written}\n"))
    assert "DD.MM.YYYY" in caught.value.remedy


def test_a_refusal_says_what_to_do_about_each_kind_of_fault(
    workspace: Workspace, tmp_path: Path
) -> None:
    table = put(tmp_path, "rows.csv", "Kopf,Fließtext\nBrücke,Sie ist offen.\n")
    words = "„Für Bürgermeisterin Müller war die Brücke über die Süderelbe ihr größter Erfolg.“"
    texts = [put(tmp_path, f"{n}.txt", f"{n}. {words}".encode("cp1252")) for n in range(3)]
    with pytest.raises(DataError) as caught:
        run(workspace, table, *texts)
    assert "name one with --column text=COLUMN, and others for title, publisher" in (
        caught.value.remedy
    )
    assert caught.value.remedy.count("--encoding cp1252`") == 1
    assert "0.txt: it may be cp1252" in caught.value.remedy


def test_articles_are_put_together_by_name(workspace: Workspace, tmp_path: Path) -> None:
    for name in ("north-fire", "south-fire", "flood"):
        run(workspace, put(tmp_path, f"{name}.txt", f"All about the {name}."))
    lines = workspace.manifest.read_bytes().split(b"\n")
    moved = events(workspace, articles=["*-fire"], into="the fire", threshold=0.15)
    assert (moved.moved, moved.event_of_moved) == (("north-fire", "south-fire"), "the-fire")
    assert (moved.n_events, moved.suggestions) == (2, ())
    after = workspace.manifest.read_bytes().split(b"\n")
    assert after[2:] == lines[2:]
    assert after[0] == lines[0].replace(b'"event_id":"north-fire"', b'"event_id":"the-fire"')
    before = files(workspace)
    with pytest.raises(UsageError, match="no article is called 'floods'") as caught:
        events(workspace, articles=["*-fire", "floods"], into="x", threshold=0.15)
    assert "for example flood" in caught.value.remedy
    for half in ({"articles": ["flood"]}, {"into": "x"}):
        with pytest.raises(UsageError, match="named together"):
            events(workspace, threshold=0.15, **half)
    assert files(workspace) == before


def test_suggested_events_are_joined_when_confirmed(workspace: Workspace, tmp_path: Path) -> None:
    seeds = Path(__file__).parents[2] / "seeds" / "articles"
    run(workspace, str(seeds), put(tmp_path, "x.txt", "Wheat prices rose after the frost."))
    before = workspace.manifest.read_text()
    suggested = events(workspace, threshold=0.15)
    assert (suggested.n_events, len(suggested.suggestions)) == (4, 1)
    assert workspace.manifest.read_text() == before
    with pytest.raises(UsageError, match="no suggestion"):
        events(workspace, join=["x"], threshold=0.15)
    events(workspace, join=[suggested.suggestions[0].event_id], threshold=0.15)
    rows = [row.event_id for _, row in read_manifest(workspace.manifest)]
    assert rows == [suggested.suggestions[0].event_id] * 3 + ["x"]
    assert events(workspace, threshold=0.15).suggestions == ()


FIELD = st.sampled_from(
    ["text", "title", "id", "date", "url", "lang", "license", "event", "author"]
)
VALUE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.text())
)


@given(rows=st.lists(st.dictionaries(FIELD, VALUE, max_size=6), max_size=6))
@settings(deadline=None, max_examples=200)
def test_any_rows_come_in_whole_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    """What came in can be read back; what did not left no trace and has its place named."""
    folder = tmp_path_factory.mktemp("any")
    init(folder / "own")
    workspace = Workspace(folder / "own")
    path = put(folder, "in.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    try:
        result = run(workspace, path, skip_faulty=True)
    except DataError as error:
        assert "in.jsonl" in error.where
        assert workspace.manifest.read_bytes() == b""
        return
    assert result.n_added + result.n_same + result.n_faults <= len(rows)
    if result.n_added:
        assert len(read_articles(workspace.seeds)) == result.n_added
    assert all(fault.where.startswith("in.jsonl") for fault in result.faults)
