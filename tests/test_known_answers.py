"""Known answers: every fault of a file is named with line and field, and nothing is half read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import DataError
from claimset.models import AVERITEC, Claim
from claimset.seeds import read_known_answers

if TYPE_CHECKING:
    from pathlib import Path


def claim(number: int, text: str = "") -> Claim:
    text = text or f"Claim number {number}."
    return Claim(
        claim_id=f"c_{number:016x}",
        article_id="a",
        event_id="e",
        start=100 * number,
        end=100 * number + len(text),
        text=text,
        prefix="",
        suffix="",
        kind="claim",
        rule="a full sentence",
        segmenter_version="1",
    )


CLAIMS = [claim(1), claim(2), claim(3, "Twice, and so."), claim(4, "Twice, and so.")]
ONE = {"claim_id": CLAIMS[0].claim_id, "verdict": "refuted"}


def lines(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return path


def test_claims_are_named_by_id_or_by_their_words(tmp_path: Path) -> None:
    """JSON lines and CSV say the same; an empty field of a CSV file is a missing one."""
    words = {"article_id": "a", "text": "Claim number 2.", "checkability": "opinion"}
    by_lines = read_known_answers(lines(tmp_path / "g.jsonl", ONE, "", words), CLAIMS, AVERITEC)
    by_table = read_known_answers(
        lines(
            tmp_path / "g.csv",
            "claim_id,article_id,text,checkability,verdict",
            f"{CLAIMS[0].claim_id},,,,refuted",
            "",
            ",a,Claim number 2.,opinion,",
        ),
        CLAIMS,
        AVERITEC,
    )
    assert by_lines == by_table
    assert {name: answer.label for name, answer in by_lines.items()} == {
        CLAIMS[0].claim_id: "refuted",
        CLAIMS[1].claim_id: "opinion",
    }


@pytest.mark.parametrize(
    ("row", "place", "problem"),
    [
        ({"claim_id": "c_x", "verdict": "refuted"}, ":2, field claim_id", "no claim has the id"),
        ({"article_id": "a", "text": "No.", "verdict": "refuted"}, ":2, field text", "exactly"),
        (
            {"article_id": "a", "text": "Twice, and so.", "verdict": "refuted"},
            ":2, field text",
            "2 claims of a",
        ),
        (ONE, ":2", "stands in line 1 already"),
        (ONE | {"verdict": "true"}, ":2, field verdict", "'true'"),
        (ONE | {"verdict": None}, ":2", "if and only if"),
        (ONE | {"checkability": "opinion"}, ":2", "if and only if"),
        (ONE | {"article_id": "a"}, ":2", "not by both"),
        ({"verdict": "refuted", "text": "x"}, ":2", "name the claim"),
        (ONE | {"gold": 1}, ":2, field gold", "unknown"),
        ("{", ":2", "no valid JSON"),
    ],
)
def test_a_fault_is_named(tmp_path: Path, row: Any, place: str, problem: str) -> None:
    path = lines(tmp_path / "g.jsonl", ONE, row)
    with pytest.raises(DataError, match=problem) as caught:
        read_known_answers(path, CLAIMS, AVERITEC)
    assert caught.value.where == f"{path}{place}"
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "place", "problem"),
    [
        (b"claim_id,verdict\nc_1\n", ":2", "1 fields, the header has 2"),
        (b'claim_id,verdict\n"c_1,x\n', ":2", "no valid CSV"),
        (b"claim_id,verdict\n", "", "no known answer"),
        (b"", "", "no known answer"),
        (b"claim_id\xff", "", "UTF-8 at byte 8"),
        (b"claim_id,label\nc_1,refuted\n", ":2, field label", "unknown"),
    ],
)
def test_a_faulty_table_is_named(tmp_path: Path, content: bytes, place: str, problem: str) -> None:
    path = tmp_path / "g.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=problem) as caught:
        read_known_answers(path, CLAIMS, AVERITEC)
    assert caught.value.where == f"{path}{place}"


@pytest.mark.parametrize("name", ["g.csv", "g.jsonl"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_known_answers(tmp_path / name, CLAIMS, AVERITEC)
