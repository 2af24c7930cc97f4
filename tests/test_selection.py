"""Selection: the claims that fulfil every condition, in the order people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import UsageError
from claimset.models import Selection, TaskOrder, UnitKind
from claimset.selection import ClaimLine, ClaimLines, hash_ids, read_ids, select_claims

if TYPE_CHECKING:
    from pathlib import Path


def claim(number: int, article: str, worth: float | None = None) -> ClaimLine:
    start = number * 10
    return ClaimLine(
        claim_id=f"c_{number:016x}",
        article_id=article,
        event_id="e" + article[-1],
        start=start,
        end=start + 4,
        kind=UnitKind.CLAIM,
        checkworthiness=worth,
        repeats=None,
    )


def columns_of(claims: list[ClaimLine]) -> ClaimLines:
    lines = ClaimLines()
    half = len(claims) // 2  # as from two files
    for some in (claims[:half], claims[half:]):
        lines.add({name: [getattr(line, name) for line in some] for name in ClaimLine._fields})
    return lines


CLAIMS = [
    claim(2, "a1", 0.2),
    claim(1, "a1", 0.6),
    claim(4, "b2", 0.9),
    claim(3, "b2", 0.1),
    claim(5, "c2"),
]


def select(claims: list[ClaimLine], selection: Selection, **more: Any) -> list[ClaimLine]:
    lines = columns_of(claims)
    if "pushed" in more:
        more["pushed"] = lines.mask_of(more["pushed"])
    return [lines[row] for row in select_claims(lines, selection, **more).tolist()]


def chosen(selection: Selection, **more: object) -> list[int]:
    return [found.start // 10 for found in select(CLAIMS, selection, **more)]


def test_lines_are_given_back_as_they_were() -> None:
    """Also what has no score, no original, and the highest id there can be."""
    last = claim(2**58, "d1", 0.0)._replace(claim_id="c_" + "f" * 16, kind=UnitKind.OPINION)
    lines = [*CLAIMS, last._replace(repeats=CLAIMS[0].claim_id)]
    kept = columns_of(lines)
    assert list(kept) == lines
    assert [kept.row_of(line.claim_id) for line in lines] == list(range(len(lines)))
    assert kept.row_of("c_" + "0" * 15 + "9") is None
    assert kept.row_of("nonsense") is None
    assert kept.original.tolist() == [-1] * len(CLAIMS) + [0]
    assert kept[1:3] == lines[1:3]
    with pytest.raises(ValueError, match="is no claim id"):
        columns_of([claim(1, "a1")._replace(claim_id="c_1")])


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), [1, 2, 3, 4, 5]),
        (Selection(order=TaskOrder.WORTH), [3, 4, 1, 2, 5]),
        (Selection(min_worth=0.5), [1, 4, 5]),  # what has no score is not below one
        (Selection(min_worth=0.5, order=TaskOrder.WORTH), [4, 1, 5]),
        (Selection(events=("e2",)), [3, 4, 5]),
        (Selection(articles=("a1", "c2")), [1, 2, 5]),
        (Selection(events=("e2",), articles=("b2",), min_worth=0.5), [4]),
        (Selection(kinds=(UnitKind.CLAIM,)), [1, 2, 3, 4, 5]),
    ],
)
def test_every_condition_holds_and_articles_stay_together(
    selection: Selection, expected: list[int]
) -> None:
    """An article's claims come together, by position, so that its context is read once."""
    assert chosen(selection) == expected


def test_a_sample_is_the_same_in_every_run_and_differs_by_seed() -> None:
    many = [claim(number, "a1") for number in range(200)]
    draws = [
        {found.claim_id for found in select(many, Selection(sample=20, seed=seed))}
        for seed in (1, 1, 2)
    ]
    assert draws[0] == draws[1] != draws[2]
    assert [len(draw) for draw in draws] == [20, 20, 20]


def test_a_sample_keeps_what_was_pushed() -> None:
    """New claims never push one out that people may have answered."""
    many = [claim(number, "a1") for number in range(50)]
    first = {found.claim_id for found in select(many, Selection(sample=10))}
    more = [claim(number, "a1") for number in range(500)]
    later = select(more, Selection(sample=10), pushed=first)
    assert {found.claim_id for found in later} == first


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(events=("nowhere",)), "no claim belongs to the event 'nowhere'"),
        (Selection(articles=("nowhere",)), "no claim belongs to the article 'nowhere'"),
        (Selection(min_worth=1, articles=("a1",)), "leaves no claim"),
        (Selection(ids_sha256="0" * 64), "by a file of claim ids"),
    ],
)
def test_a_selection_that_cannot_be_is_refused(selection: Selection, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        chosen(selection)


def test_listed_ids_are_read_and_held_against_the_record(tmp_path: Path) -> None:
    """Comments and empty lines are free; another list under the same round is refused."""
    path = tmp_path / "ids.txt"
    known = {found.claim_id for found in CLAIMS}
    path.write_text(f"# two\n{CLAIMS[0].claim_id}\n\n {CLAIMS[2].claim_id} \n", "utf-8")
    ids = read_ids(path, known)
    selection = Selection(ids_sha256=hash_ids(ids))
    assert chosen(selection, ids=ids) == [2, 4]
    with pytest.raises(UsageError, match="lists other ids"):
        chosen(selection, ids={CLAIMS[0].claim_id})


@pytest.mark.parametrize(("content", "line"), [(b"c_x\n", ":1"), (b"\n#\nhello", ":3")])
def test_an_unknown_id_is_named_with_its_line(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "ids.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="no claim has the id") as caught:
        read_ids(path, {found.claim_id for found in CLAIMS})
    assert caught.value.where.endswith(line)


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "cannot be read"), (b"\xff\xfe", "not valid UTF-8 at byte 0")]
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    path = tmp_path / "ids.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=problem) as caught:
        read_ids(path, set())
    assert caught.value.where == str(path)
