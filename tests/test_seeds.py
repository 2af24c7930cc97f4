"""The input room: what is read, how it is normalised, and every way in which it is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import DataError
from claimset.identifiers import sha256_hex
from claimset.models import AVERITEC, ArticleRole
from claimset.seeds import (
    ArticleTexts,
    decode_article,
    read_articles,
    read_manifest,
    read_recording,
    read_reference,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.storage.workspace import Workspace

PROPERTY = settings(deadline=None)
REPOSITORY = Path(__file__).parents[1]
BOM = b"\xef\xbb\xbf"
TEXT = b"The bridge opened in 1932.\n"


def row(**changes: Any) -> dict[str, Any]:
    """A manifest row for ``articles/a.txt`` holding :data:`TEXT`; ``None`` stays in the row."""
    return {
        "article_id": "a",
        "event_id": "bridge",
        "title": "The bridge",
        "license": "CC0-1.0",
        "path": "articles/a.txt",
        "sha256": sha256_hex(TEXT),
    } | changes


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in row().items() if key != name}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """An input room with one good article."""
    room = tmp_path / "seeds"
    (room / "articles").mkdir(parents=True)
    (room / "articles" / "a.txt").write_bytes(TEXT)
    write_rows(room, row())
    return room


def write_rows(room: Path, *rows: object) -> None:
    lines = [json.dumps(value) + "\n" for value in rows]
    (room / "manifest.jsonl").write_text("".join(lines), "utf-8")


def refusal(room: Path) -> DataError:
    """The error that reading the room gives; it has all three parts and exit code 4."""
    with pytest.raises(DataError) as caught:
        read_articles(room)
    error = caught.value
    assert error.exit_code == 4
    assert error.problem
    assert error.where
    assert error.remedy
    return error


# Reading


def test_the_three_seeds_are_read() -> None:
    """In manifest order, with their lengths in code points."""
    articles = read_articles(REPOSITORY / "seeds")
    assert [(article.article_id[:3], len(article.text)) for article in articles] == [
        ("000", 2529),
        ("001", 2960),
        ("002", 2228),
    ]
    assert {article.event_id for article in articles} == {"2023-03-home-secretary-email"}


def test_defaults_are_careful(seeds: Path) -> None:
    """Nobody may publish the text unless the manifest says so; both roles are on."""
    (article,) = read_articles(seeds)
    assert article.open_license is False
    assert article.roles == (ArticleRole.CLAIMS, ArticleRole.EVIDENCE)
    assert (article.publisher, article.published_at, article.url) == (None, None, None)


@pytest.mark.parametrize(
    ("received", "text"),
    [
        (b"one\ntwo\n", "one\ntwo\n"),
        (BOM + b"one\ntwo\n", "one\ntwo\n"),
        (b"one\r\ntwo\r\n", "one\ntwo\n"),
        (b"one\rtwo\r", "one\ntwo\n"),
        (BOM + b"one\r\n\r\r\ntwo", "one\n\n\ntwo"),
        (b" one\xc2\xa0two\t\x0b\x0c\xe2\x80\xa8 ", " one\u00a0two\t\x0b\x0c\u2028 "),
        ("e\u0301 é 👩‍🚒 ﬁ".encode(), "e\u0301 é 👩‍🚒 ﬁ"),
    ],
    ids=["lf", "bom", "crlf", "cr", "all", "other white space", "no unicode normalisation"],
)
def test_only_bom_and_line_ends_are_normalised(seeds: Path, received: bytes, text: str) -> None:
    """``sha256`` is of the file as received, ``text_sha256`` of the text's UTF-8 bytes."""
    (seeds / "articles" / "a.txt").write_bytes(received)
    write_rows(seeds, row(sha256=sha256_hex(received)))
    (article,) = read_articles(seeds)
    assert article.text == text
    assert article.sha256 == sha256_hex(received)
    assert article.text_sha256 == sha256_hex(text.encode())


def test_a_manifest_may_hold_bom_crlf_and_blank_lines(seeds: Path) -> None:
    """Line numbers still count every line of the file."""
    line = json.dumps(row()).encode()
    (seeds / "manifest.jsonl").write_bytes(BOM + b"\r\n\r\n" + line + b"\r\n \r\n")
    assert [number for number, _ in read_manifest(seeds / "manifest.jsonl")] == [3]


def test_a_link_inside_the_room_is_followed(seeds: Path) -> None:
    (seeds / "articles" / "b.txt").symlink_to("a.txt")
    write_rows(seeds, row(path="articles/b.txt"))
    assert read_articles(seeds)[0].text == TEXT.decode()


# Articles that are refused


@pytest.mark.parametrize(
    ("received", "problem"),
    [
        (b"one\ntwo\0three", r"a NUL character at code point 7 \(line 2\)"),
        (b"one\r\ntwo\xff", r"not valid UTF-8: byte 0xff at offset 8 \(line 2\)"),
        ("größer".encode("latin-1"), "byte 0xf6 at offset 2"),
        ("text".encode("utf-16"), "not valid UTF-8"),
        (b"\xed\xa0\x80", "not valid UTF-8"),
        (b"", "the article is empty"),
        (b" \r\n\t\xc2\xa0", "nothing but white space"),
        (BOM, "nothing but white space"),
    ],
    ids=["nul", "invalid", "latin-1", "utf-16", "surrogate", "empty", "white space", "only bom"],
)
def test_a_file_that_is_no_text_is_refused(seeds: Path, received: bytes, problem: str) -> None:
    """The message says what stands where; the place names the file and its manifest line."""
    (seeds / "articles" / "a.txt").write_bytes(received)
    write_rows(seeds, row(sha256=sha256_hex(received)))
    error = refusal(seeds)
    with pytest.raises(DataError, match=problem):
        read_articles(seeds)
    assert str(seeds / "articles" / "a.txt") in error.where
    assert f"{seeds / 'manifest.jsonl'}:1" in error.where


def test_a_missing_file_is_refused(seeds: Path) -> None:
    (seeds / "articles" / "a.txt").unlink()
    error = refusal(seeds)
    assert "articles/a.txt (No such file or directory)" in error.problem
    assert error.where == f"{seeds / 'manifest.jsonl'}:1, field path"


def test_a_folder_is_no_article(seeds: Path) -> None:
    write_rows(seeds, row(path="articles"))
    error = refusal(seeds)
    assert "Is a directory" in error.problem
    assert error.where.endswith(":1, field path")


def test_a_changed_file_is_refused(seeds: Path) -> None:
    """Both hashes are named, so that the new one can be copied."""
    (seeds / "articles" / "a.txt").write_bytes(TEXT + b"More.\n")
    error = refusal(seeds)
    assert sha256_hex(TEXT) in error.problem
    assert sha256_hex(TEXT + b"More.\n") in error.problem
    assert error.where.endswith(":1, field sha256 (articles/a.txt)")


@pytest.mark.parametrize(
    "path", ["../a.txt", "articles/../../a.txt", "/etc/hostname", "articles\\a.txt", "", "."]
)
def test_a_path_out_of_the_room_is_refused(seeds: Path, path: str) -> None:
    (seeds.parent / "a.txt").write_bytes(TEXT)
    write_rows(seeds, row(path=path))
    error = refusal(seeds)
    assert "must be a relative path" in error.problem
    assert repr(path) in error.problem
    assert error.where == f"{seeds / 'manifest.jsonl'}:1, field path"


@pytest.mark.parametrize("through", ["file", "folder"])
def test_a_link_out_of_the_room_is_refused(seeds: Path, through: str) -> None:
    """Neither a link to a file nor one to a folder outside is followed."""
    outside = seeds.parent / "outside"
    outside.mkdir()
    (outside / "a.txt").write_bytes(TEXT)
    if through == "file":
        (seeds / "articles" / "link.txt").symlink_to(outside / "a.txt")
        write_rows(seeds, row(path="articles/link.txt"))
    else:
        (seeds / "link").symlink_to(outside)
        write_rows(seeds, row(path="link/a.txt"))
    error = refusal(seeds)
    assert "leads outside seeds/" in error.problem
    assert error.where.endswith(":1, field path")


def test_a_link_to_itself_is_refused(seeds: Path) -> None:
    (seeds / "articles" / "loop.txt").symlink_to("loop.txt")
    write_rows(seeds, row(path="articles/loop.txt"))
    assert refusal(seeds).where.endswith(":1, field path")


def test_a_path_with_a_nul_is_refused(seeds: Path) -> None:
    write_rows(seeds, row(path="articles/\0.txt"))
    assert refusal(seeds).where.endswith(":1, field path")


# Manifests that are refused


@pytest.mark.parametrize(
    ("bad", "field", "problem"),
    [
        (row(published_at="14 March 2023"), "published_at", "date"),
        (row(published_at="2023-02-30"), "published_at", "day"),
        (row(author="me"), "author", "the field author is unknown"),
        (without("title"), "title", "the field title is missing"),
        (without("sha256"), "sha256", "the field sha256 is missing"),
        (row(title=""), "title", "at least 1 character"),
        (row(title=7), "title", "valid string"),
        (row(title="\ud800"), "", "Invalid JSON: unexpected end of hex escape"),
        (row(article_id="a b"), "article_id", "letters, digits"),
        (row(article_id=".a"), "article_id", "begin with a letter or digit"),
        (row(article_id="a" * 129), "article_id", "1 to 128"),
        (row(sha256=sha256_hex(TEXT).upper()), "sha256", "match pattern"),
        (row(language="english language"), "language", "match pattern"),
        (row(roles=[]), "roles", "at least 1 item"),
        (row(roles=["claims", "other"]), "roles.1", "'claims' or 'evidence'"),
        (row(roles=["claims", "claims"]), "", "the same role twice"),
        (row(open_license="perhaps"), "open_license", "boolean"),
        ([row()], "", "object"),
        ("text", "", "object"),
        (None, "", "object"),
    ],
)
def test_a_bad_row_is_refused_with_line_and_field(
    seeds: Path, bad: object, field: str, problem: str
) -> None:
    """The place names file, line and field; the sentence says what is wrong."""
    write_rows(seeds, row(article_id="z", path="articles/z.txt"), bad)
    error = refusal(seeds)
    place = f"{seeds / 'manifest.jsonl'}:2"
    assert error.where == (f"{place}, field {field}" if field else place)
    assert problem in error.problem


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"not json",
        b'{"article_id": "a",}',
        b"[" * 100_000,
        b"1" * 5_000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
    ],
    ids=["cut", "words", "trailing comma", "too deep", "too long a number", "deep"],
)
def test_a_line_that_is_no_json_object_is_refused(seeds: Path, line: bytes) -> None:
    (seeds / "manifest.jsonl").write_bytes(b"\n" + line + b"\n")
    assert refusal(seeds).where.startswith(f"{seeds / 'manifest.jsonl'}:2")


@pytest.mark.parametrize(
    ("field", "second"),
    [("article_id", row(path="articles/b.txt")), ("path", row(article_id="b"))],
)
def test_what_must_be_unique_is(seeds: Path, field: str, second: dict[str, Any]) -> None:
    """The message names the line that has the value already."""
    write_rows(seeds, row(), second)
    error = refusal(seeds)
    assert error.problem.startswith(f"{field} {second[field]!r} stands twice")
    assert error.problem.endswith("first in line 1")
    assert error.where == f"{seeds / 'manifest.jsonl'}:2, field {field}"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "names no article"),
        (b"\n \n", "names no article"),
        (BOM, "names no article"),
        (json.dumps(row()).encode() + b"\n\xff", "not valid UTF-8 at byte"),
        (json.dumps(row()).encode("utf-16"), "not valid UTF-8 at byte 0"),
    ],
)
def test_a_manifest_without_rows_or_of_other_bytes_is_refused(
    seeds: Path, content: bytes, problem: str
) -> None:
    (seeds / "manifest.jsonl").write_bytes(content)
    error = refusal(seeds)
    assert problem in error.problem
    assert error.where == str(seeds / "manifest.jsonl")


def test_a_missing_manifest_is_refused(seeds: Path) -> None:
    (seeds / "manifest.jsonl").unlink()
    error = refusal(seeds)
    assert error.problem == "manifest.jsonl cannot be read (No such file or directory)"
    assert error.where == str(seeds / "manifest.jsonl")


# Properties


@PROPERTY
@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_text_or_a_data_error(data: bytes) -> None:
    """Nothing but DataError comes out; a text has no CR, no NUL, and one BOM less."""
    try:
        text = decode_article(data, where="x")
    except DataError:
        return
    assert "\r" not in text
    assert "\0" not in text
    assert text.strip()
    assert text.startswith("\ufeff") == data.startswith(BOM + BOM)


@PROPERTY
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0")))
def test_normalising_a_normal_text_changes_nothing(text: str) -> None:
    """A text without CR and BOM is the decoded file; so are its CRLF and CR forms."""
    text = "x" + text
    for line_end in ("\n", "\r\n", "\r"):
        data = text.replace("\n", line_end).encode()
        assert decode_article(data, where="x") == text


@PROPERTY
@given(st.binary(max_size=200))
def test_any_manifest_is_rows_or_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "random.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_manifest(path)
    assert str(path) in caught.value.where


# Recorded annotations


def test_the_recorded_annotations_are_read() -> None:
    """58 sentences, three machine readers, every line its own row."""
    rows = read_reference(REPOSITORY / "seeds" / "reference" / "seed-annotations.jsonl", AVERITEC)
    assert [number for number, _ in rows] == list(range(1, 175))
    assert {value.annotator for _, value in rows} == {"machine-a", "machine-b", "machine-c"}
    assert len({(value.article_id, value.start, value.end) for _, value in rows}) == 58


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"verdict": None}, "a factual claim needs a verdict"),
        ({"checkability": "opinion"}, "a verdict is given although the claim is marked opinion"),
        ({"evidence": []}, "supported needs a span marked supports"),
        ({"end": 168}, "end - start is 168 but text has 167 characters"),
        ({"confidence": "sure"}, "'low', 'medium' or 'high'"),
    ],
)
def test_a_recorded_answer_that_breaks_a_rule_is_refused(
    workspace_copy: Workspace, change: dict[str, object], problem: str
) -> None:
    path = workspace_copy.reference
    first, *rest = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*rest, json.dumps(json.loads(first) | change)]), "utf-8")
    with pytest.raises(DataError) as caught:
        read_reference(path, AVERITEC)
    assert problem in caught.value.problem
    assert caught.value.where.startswith(f"{path}:174")


def test_the_recording_says_that_machines_answered() -> None:
    """The seeds' answers are never shown as people's."""
    recording = read_recording(REPOSITORY / "seeds" / "reference" / "recording.json")
    assert recording.annotator_kind == "machine"
    assert recording.guidelines_version == "0.1"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff"),
        lambda path: path.write_text('{"annotator_kind": "machine"}', "utf-8"),
        lambda path: path.write_text("[]", "utf-8"),
    ],
    ids=["missing", "empty", "no utf-8", "fields missing", "array"],
)
def test_a_bad_recording_is_refused(
    workspace_copy: Workspace, spoil: Callable[[Path], object]
) -> None:
    spoil(workspace_copy.recording)
    with pytest.raises(DataError) as caught:
        read_recording(workspace_copy.recording)
    assert str(workspace_copy.recording) in caught.value.where


def test_texts_are_read_when_they_are_asked_for(workspace_copy: Workspace) -> None:
    """They are those of the articles; a faulty article is found when it is needed, not before."""
    articles = read_articles(workspace_copy.seeds)
    texts = ArticleTexts(workspace_copy.seeds)
    assert dict(texts) == {article.article_id: article.text for article in articles}
    assert len(texts) == 3
    assert "nothing" not in texts
    assert texts.get("nothing") is None
    first, second, _ = articles
    (workspace_copy.seeds / first.path).write_bytes(TEXT)
    fresh = ArticleTexts(workspace_copy.seeds)
    assert fresh[second.article_id] == second.text
    with pytest.raises(DataError, match="not the one the manifest describes") as caught:
        fresh[first.article_id]
    assert caught.value.where.startswith(f"{workspace_copy.manifest}:1")


def test_texts_are_found_however_the_manifest_is_written(workspace_copy: Workspace) -> None:
    """Other spacing, order, escapes, blank lines or a byte-order mark lead to the same texts."""
    expected = dict(ArticleTexts(workspace_copy.seeds))
    manifest = workspace_copy.manifest
    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]
    turned = [dict(reversed(row.items())) for row in rows]
    name = rows[0]["article_id"]
    escaped = json.dumps(rows[0]).replace(f'"{name}"', f'"\\u{ord(name[0]):04x}{name[1:]}"', 1)
    for text in (
        "\n".join(json.dumps(row, separators=(",", ":")) for row in rows),
        "\n".join(map(json.dumps, turned)),
        "\n\n".join(map(json.dumps, rows)),
        "\n".join([escaped, *map(json.dumps, rows[1:])]),
        "\r\n".join(map(json.dumps, rows)),
        "\ufeff" + "\n".join(map(json.dumps, rows)),
    ):
        manifest.write_bytes(text.encode())
        assert dict(ArticleTexts(workspace_copy.seeds)) == expected


@pytest.mark.parametrize("fault", ["not json", "[]", "{}", '{"article_id": 7}', "twice"])
def test_texts_of_a_faulty_manifest_are_refused(workspace_copy: Workspace, fault: str) -> None:
    """The line is named as it is by every other step."""
    manifest = workspace_copy.manifest
    lines = manifest.read_text("utf-8").splitlines()
    manifest.write_text("\n".join([*lines, lines[0] if fault == "twice" else fault]), "utf-8")
    with pytest.raises(DataError) as caught:
        len(ArticleTexts(workspace_copy.seeds))
    assert f"{manifest}:4" in caught.value.where
