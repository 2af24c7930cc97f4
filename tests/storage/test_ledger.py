"""The ledger: nothing is lost, nothing is doubled, history only grows."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.errors import DataError
from claimset.models import (
    Annotation,
    AnnotationStatus,
    RoundKind,
    Selection,
    TaskOrder,
    TaskRole,
)
from claimset.storage.ledger import Ledger, PushedTask, Rejection, Round

SCRIPTS = Path(__file__).parents[2] / "scripts"
ROUND = Round("r", "http://127.0.0.1:1", 7, 1, 3, "1.0", "0.2", "f" * 64)
TASKS = [PushedTask(1, "c", "h"), PushedTask(2, "d", "h")]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def annotation(name: str = "r:1", **changes: Any) -> Annotation:
    return Annotation.model_validate(
        {
            "annotation_id": name,
            "claim_id": "c_0000000000000000",
            "round": "r",
            "annotator": "p_1",
            "annotator_kind": "human",
            "checkability": "opinion",
            "lead_time_s": 0.1,
            "created_at": NOON,
            "updated_at": NOON,
            "status": "submitted",
            "label_schema_version": "1.0",
            "guidelines_version": "0.2",
        }
        | changes
    )


def rejection(name: str = "r:1", reason: str = "no span", payload: str = "{}") -> Rejection:
    return Rejection(name, 1, reason, payload)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A ledger that knows one round."""
    found = tmp_path / "state" / "ledger.sqlite3"
    with Ledger(found) as ledger:
        ledger.save_round(ROUND)
    return found


@pytest.fixture
def path(bare: Path) -> Path:
    """A ledger that knows one round and its two tasks."""
    with Ledger(bare) as ledger:
        ledger.record_tasks("r", TASKS)
    return bare


def history(path: Path) -> list[tuple[str, str]]:
    """Annotation and status of every version, oldest first, straight from the file."""
    database = sqlite3.connect(path)
    try:
        rows = database.execute(
            "SELECT annotation_id, status FROM annotation_version ORDER BY version"
        )
        return [(row[0], row[1]) for row in rows]
    finally:
        database.close()


def counts(**changed: int) -> dict[str, int]:
    return dict.fromkeys(("new", "edited", "deleted", "unchanged", "rejected"), 0) | changed


# Annotations


def test_history_is_append_only(path: Path) -> None:
    """New, unchanged, edited, deleted, given again: counts, rows and the latest state."""
    edited = annotation(justification="now I see")
    steps: list[tuple[list[Annotation | Rejection], dict[str, int], int]] = [
        ([annotation()], counts(new=1), 1),
        ([annotation()], counts(unchanged=1), 1),
        ([edited], counts(edited=1), 2),
        ([edited, annotation("r:2")], counts(unchanged=1, new=1), 3),
        ([annotation("r:2")], counts(deleted=1, unchanged=1), 4),
        ([annotation("r:2")], counts(unchanged=1), 4),
        ([], counts(deleted=1), 5),
        ([], counts(), 5),
        ([edited], counts(edited=1), 6),
    ]
    for answers, expected, rows in steps:
        before = history(path)
        with Ledger(path) as ledger:
            assert ledger.record_pull("r", {1: answers}) == expected
        assert len(history(path)) == rows
        assert history(path)[: len(before)] == before
    assert history(path) == [
        ("r:1", "submitted"),
        ("r:1", "submitted"),
        ("r:2", "submitted"),
        ("r:1", "deleted"),
        ("r:2", "deleted"),
        ("r:1", "submitted"),
    ]
    with Ledger(path) as ledger:
        latest = ledger.annotations()
    assert latest == [edited, annotation("r:2", status="deleted")]


def test_a_tombstone_keeps_what_was_said(path: Path) -> None:
    """A deleted annotation is still there, with its answer, marked deleted."""
    with Ledger(path) as ledger:
        ledger.record_pull("r", {1: [annotation(justification="because")]})
        ledger.record_pull("r", {1: []})
        (found,) = ledger.annotations()
    assert found.status is AnnotationStatus.DELETED
    assert found.justification == "because"


def test_a_task_that_was_not_reported_is_left_alone(path: Path) -> None:
    """Only the tasks of a pull are compared: an incremental pull deletes nothing elsewhere."""
    with Ledger(path) as ledger:
        ledger.record_pull("r", {1: [annotation("r:1")], 2: [annotation("r:2")]})
        assert ledger.record_pull("r", {2: []}) == counts(deleted=1)
        assert [found.status.value for found in ledger.annotations()] == ["submitted", "deleted"]


def test_a_rejected_version_hides_the_answer_before_it(path: Path) -> None:
    """What no longer stands in Label Studio is not used; mended, it counts again."""
    with Ledger(path) as ledger:
        ledger.record_pull("r", {1: [annotation()]})
        assert ledger.record_pull("r", {1: [rejection()]}) == counts(rejected=1)
        assert ledger.annotations() == []
        assert ledger.rejections("r") == [rejection()]
        assert ledger.record_pull("r", {1: [rejection()]}) == counts(unchanged=1)
        assert ledger.record_pull("r", {1: [rejection(reason="other")]}) == counts(rejected=1)
        assert ledger.record_pull("r", {1: [annotation()]}) == counts(edited=1)
        assert ledger.annotations() == [annotation()]
        assert ledger.rejections("r") == []
    assert len(history(path)) == 4


def test_a_deleted_rejection_is_no_answer(path: Path) -> None:
    """It is neither listed as a rejection any more nor does it become an annotation."""
    with Ledger(path) as ledger:
        ledger.record_pull("r", {1: [rejection()]})
        assert ledger.record_pull("r", {1: []}) == counts(deleted=1)
        assert ledger.rejections("r") == []
        assert ledger.annotations() == []
    assert history(path) == [("r:1", "rejected"), ("r:1", "deleted")]


def test_rejections_belong_to_a_round(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.save_round(ROUND._replace(name="other"))
        ledger.record_pull("r", {1: [rejection()]})
        assert ledger.rejections("other") == []


def test_a_failure_in_the_middle_of_a_batch_records_nothing(path: Path) -> None:
    """A pull is one transaction: either all of it, watermark included, or none."""

    def broken() -> Any:
        yield annotation("r:2")
        raise ZeroDivisionError

    with Ledger(path) as ledger:
        with pytest.raises(ZeroDivisionError):
            ledger.record_pull("r", {1: [annotation()], 2: broken()}, watermark=NOON)
        assert ledger.annotations() == []
        assert ledger.round("r") == ROUND
        assert ledger.record_pull("r", {1: [annotation()]}) == counts(new=1)


STATES = st.lists(
    st.dictionaries(
        st.integers(1, 2),
        st.dictionaries(
            st.integers(1, 3),
            st.one_of(
                st.builds(lambda text: ("answer", text), st.sampled_from("ab")),
                st.builds(lambda text: ("reject", text), st.sampled_from("ab")),
            ),
            max_size=3,
        ),
        max_size=2,
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=60)
@given(STATES)
def test_any_pulls_end_in_the_last_state(
    tmp_path_factory: pytest.TempPathFactory,
    states: list[dict[int, dict[int, tuple[str, str]]]],
) -> None:
    """Whatever came in between: the last state of every task, tombstones for what is gone.

    History has one row per change, and pulling the last state again changes nothing.
    """
    path = tmp_path_factory.mktemp("ledger") / "l.sqlite3"
    now: dict[int, dict[str, Annotation | Rejection]] = {}
    usable: dict[str, str] = {}
    known: dict[str, Annotation | Rejection | None] = {}
    changes = 0
    with Ledger(path) as ledger:
        ledger.save_round(ROUND)
        ledger.record_tasks("r", TASKS)
        for state in states:
            answers: dict[int, dict[str, Annotation | Rejection]] = {}
            for task_id, given_answers in state.items():
                answers[task_id] = {}
                for number, (what, text) in given_answers.items():
                    name = f"r:{task_id}{number}"
                    answers[task_id][name] = (
                        annotation(name, justification=text)
                        if what == "answer"
                        else Rejection(name, task_id, text, "{}")
                    )
            ledger.record_pull("r", {task: found.values() for task, found in answers.items()})
            for task_id, found in answers.items():
                for name in [name for name in known if name.startswith(f"r:{task_id}")]:
                    if name not in found and known[name] is not None:
                        changes += 1
                        known[name] = None
                for name, answer in found.items():
                    changes += known.get(name) != answer
                    known[name] = answer
                    if isinstance(answer, Annotation):
                        usable[name] = answer.justification or ""
                    else:
                        usable.pop(name, None)
            now |= answers
        standing = {name: answer for found in now.values() for name, answer in found.items()}
        latest = {found.annotation_id: found for found in ledger.annotations()}
        rejected = {found.annotation_id: found for found in ledger.rejections("r")}
        assert {
            name: found for name, found in latest.items() if found.status != "deleted"
        } | rejected == standing
        assert {name: found.justification for name, found in latest.items()} == usable
        submitted = [name for name, found in latest.items() if found.status == "submitted"]
        counted = ledger.count_by_annotator("r", AnnotationStatus.SUBMITTED)
        assert counted == ({"p_1": len(submitted)} if submitted else {})
        assert set(ledger.record_pull("r", {t: f.values() for t, f in now.items()})) == set(
            counts()
        )
    assert len(history(path)) == changes


# Watermark


def test_the_watermark_only_grows(path: Path) -> None:
    """An earlier moment, in whatever time zone it is written, is not taken."""
    east = NOON.astimezone(tz=None) + timedelta(hours=1)
    with Ledger(path) as ledger:
        seen = []
        for moment in (NOON, NOON - timedelta(microseconds=1), None, east, NOON):
            ledger.record_pull("r", {}, watermark=moment)
            known = ledger.round("r")
            assert known is not None
            seen.append(known.watermark)
    assert seen == [NOON, NOON, NOON, east, east]


# Rounds and tasks


def test_a_round_is_read_back(bare: Path) -> None:
    with Ledger(bare) as ledger:
        other = ROUND._replace(name="a", overlap=1)
        ledger.save_round(other)
        assert ledger.rounds() == [other, ROUND]
        assert ledger.round("b") is None


def test_saving_a_round_again_keeps_tasks_and_watermark(bare: Path) -> None:
    """New versions and address are taken; the same project is the same work."""
    task = PushedTask(1, "c", "h")
    with Ledger(bare) as ledger:
        ledger.record_tasks("r", [task])
        ledger.record_pull("r", {}, watermark=NOON)
        changed = ROUND._replace(server_url="http://other", config_sha256="0" * 64)
        ledger.save_round(changed)
        assert ledger.round("r") == changed._replace(watermark=NOON)
        assert ledger.tasks("r") == [task]


@pytest.mark.parametrize("anew", [ROUND._replace(project_id=8), ROUND._replace(generation=2)])
def test_a_new_project_ends_the_old_tasks(bare: Path, anew: Round) -> None:
    """Also when a new server gave it the same number: tasks, their ids and watermark start anew.

    The ids of the old tasks can come back for new ones, and the answers pulled before stay.
    """
    with Ledger(bare) as ledger:
        ledger.save_round(ROUND._replace(name="other"))
        ledger.record_tasks("other", [PushedTask(1, "c", "h")])
        ledger.record_tasks("r", TASKS)
        ledger.record_pull("r", {1: [annotation()]}, watermark=NOON)
        ledger.save_round(anew)
        assert ledger.round("r") == anew
        assert ledger.tasks("r") == []
        again = [PushedTask(1, "d", "h"), PushedTask(2, "c", "h")]
        ledger.record_tasks("r", again)
        ledger.record_pull("r", {1: [], 2: []})
        assert ledger.annotations() == [annotation()]
        assert ledger.tasks("r") == again
        assert ledger.tasks("other") == [PushedTask(1, "c", "h")]


ROUNDS = [ROUND, ROUND._replace(name="other")]
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["record", "record", "answer", "answer", "delete", "anew"]),
        st.sampled_from(ROUNDS),
        st.lists(st.tuples(st.integers(1, 4), st.sampled_from("cd")), max_size=4),
        st.sampled_from(["p_1", "p_2"]),
        st.sampled_from(["submitted", "skipped"]),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(EVENTS)
def test_kept_counts_are_those_that_are_counted(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, Round, Any, str, str]]
) -> None:
    """Of live tasks and of answers by person and status, in every round, after anything."""
    path = tmp_path_factory.mktemp("ledger") / "l.sqlite3"
    with Ledger(path) as ledger:
        for found in ROUNDS:
            ledger.save_round(found)
        for number, (what, of, tasks, who, status) in enumerate(events):
            live = {task.task_id for task in ledger.tasks(of.name)}
            if what == "record":
                ledger.record_tasks(of.name, [PushedTask(task, text, "h") for task, text in tasks])
            elif what == "answer":
                more = {"checkability": None} if status == "skipped" else {}
                ledger.record_pull(
                    of.name,
                    {
                        task: [
                            annotation(
                                f"{of.name}:{task}{text}",
                                round=of.name,
                                annotator=who,
                                status=status,
                                **more,
                            )
                        ]
                        for task, text in tasks
                        if task in live
                    },
                )
            elif what == "delete":
                ledger.record_deleted_tasks(of.name, [task for task, _ in tasks])
            else:
                ledger.save_round(of._replace(generation=2 + number))
        for found in ROUNDS:
            assert ledger.count_tasks(found) == ledger.count_tasks(found, (0, 99))
            assert ledger.count_tasks(found) == len(ledger.tasks(found.name))
        counted = {
            (name, status): ledger.count_by_annotator(name, AnnotationStatus(status))
            for name in ("r", "other")
            for status in ("submitted", "skipped")
        }
    database = sqlite3.connect(path)
    rows = database.execute(
        "SELECT round, status, annotator, count(*) FROM standing GROUP BY 1, 2, 3"
    ).fetchall()
    database.close()
    for (name, status), by_annotator in counted.items():
        assert by_annotator == {row[2]: row[3] for row in rows if row[:2] == (name, status)}


def test_recording_tasks_twice_changes_nothing(path: Path) -> None:
    """The task keeps its row and its answers."""
    with Ledger(path) as ledger:
        ledger.record_pull("r", {1: [annotation()]})
        ledger.record_tasks("r", [*TASKS, *TASKS])
        assert ledger.tasks("r") == TASKS
        assert ledger.record_pull("r", {1: [annotation()]}) == counts(unchanged=1)


@pytest.mark.parametrize("other", [PushedTask(1, "e", "h"), PushedTask(1, "c", "new")])
def test_a_number_that_comes_back_is_another_task(path: Path, other: PushedTask) -> None:
    """Under another claim or content: the answers to the task before are gone with it."""
    with Ledger(path) as ledger:
        ledger.record_pull("r", {1: [annotation()], 2: [annotation("r:2")]})
        ledger.record_tasks("r", [other])
        revision = 2 if other.claim_id == "c" else 1
        assert ledger.tasks("r") == [other._replace(revision=revision), TASKS[1]]
        assert [found.status.value for found in ledger.annotations()] == ["deleted", "submitted"]
        assert ledger.record_pull("r", {1: [annotation("r:3")]}) == counts(new=1)


def test_a_pull_of_a_task_that_is_not_known_records_nothing(path: Path) -> None:
    with Ledger(path) as ledger:
        with pytest.raises(ValueError, match="task 3 of round r was not recorded"):
            ledger.record_pull("r", {1: [annotation()], 3: []})
        assert ledger.annotations() == []


def test_a_deleted_task_takes_its_annotations_along(bare: Path) -> None:
    """It leaves the list, its answers get tombstones, and its claim can be pushed again."""
    with Ledger(bare) as ledger:
        ledger.record_tasks("r", [PushedTask(1, "c", "h"), PushedTask(2, "d", "h")])
        ledger.record_pull("r", {1: [annotation("r:1")], 2: [annotation("r:2")]})
        ledger.record_deleted_tasks("r", [1])
        assert ledger.tasks("r") == [PushedTask(2, "d", "h")]
        assert [found.status.value for found in ledger.annotations()] == ["deleted", "submitted"]
        ledger.record_tasks("r", [PushedTask(3, "c", "h")])
        assert ledger.tasks("r") == [PushedTask(2, "d", "h"), PushedTask(3, "c", "h")]


def test_kind_and_selection_of_a_round_are_read_back(bare: Path) -> None:
    chosen = Selection(min_worth=0.5, events=("e",), sample=7, order=TaskOrder.WORTH)
    other = ROUND._replace(name="a", kind=RoundKind.ADJUDICATION, selection=chosen)
    with Ledger(bare) as ledger:
        ledger.save_round(other)
        assert ledger.round("a") == other


def test_answers_to_an_old_text_are_no_votes(path: Path) -> None:
    """A superseded task keeps its answers apart; current again, they count again."""
    with Ledger(path) as ledger:
        ledger.record_pull("r", {1: [annotation("r:1")], 2: [annotation("r:2")]})
        ledger.record_tasks("r", [PushedTask(3, "c", "i")])
        assert [found.annotation_id for found in ledger.annotations()] == ["r:2"]
        (old,) = ledger.annotations(superseded=True)
        assert (old.annotation_id, old.status) == ("r:1", AnnotationStatus.SUBMITTED)
        assert [(task.revision, task.superseded) for task in ledger.tasks("r")] == [
            (1, True),
            (1, False),
            (2, False),
        ]
        ledger.record_deleted_tasks("r", [3])
        assert [found.annotation_id for found in ledger.annotations()] == ["r:1", "r:2"]
        assert ledger.tasks("r") == TASKS
        ledger.record_tasks("r", [PushedTask(4, "c", "j")])
        assert ledger.tasks("r")[-1].revision == 3


@pytest.mark.parametrize("role", [TaskRole.GOLD, TaskRole.REPEAT])
def test_answers_to_quality_items_are_no_votes(bare: Path, role: TaskRole) -> None:
    with Ledger(bare) as ledger:
        ledger.record_tasks("r", [TASKS[0], PushedTask(2, "c", "h", role)])
        ledger.record_pull("r", {1: [annotation("r:1")], 2: [annotation("r:2")]})
        assert [found.annotation_id for found in ledger.annotations()] == ["r:1"]
        assert [found.annotation_id for found in ledger.annotations(role=role)] == ["r:2"]


def test_a_release_is_recorded_once(bare: Path) -> None:
    with Ledger(bare) as ledger:
        ledger.record_release("1.0.0", "a" * 64)
        ledger.record_release("1.0.0", "b" * 64)
    database = sqlite3.connect(bare)
    rows = database.execute("SELECT version, content_id FROM release").fetchall()
    database.close()
    assert rows == [("1.0.0", "a" * 64)]


# The file


def test_only_the_owner_reads_the_ledger(path: Path) -> None:
    """Mode 0600, also for the files that SQLite lays beside it while it is open."""
    with Ledger(path) as ledger:
        ledger.record_pull("r", {1: [annotation()]})
        beside = list(path.parent.iterdir())
        assert len(beside) > 1
        assert {found.stat().st_mode & 0o777 for found in beside} == {0o600}


KILLED = """
import os, signal, sys
from pathlib import Path
from claimset.storage.ledger import Ledger, PushedTask
with Ledger(Path(sys.argv[1])) as ledger:
    ledger.record_tasks("r", [PushedTask(1, "c", "h")])
    if sys.argv[2] == "within":
        ledger._db.execute("BEGIN IMMEDIATE")
        ledger._db.execute("DELETE FROM task")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("when", ["between", "within"])
def test_a_kill_leaves_whole_batches(bare: Path, when: str) -> None:
    """After a kill between two batches or within one, the next run finds the first and goes on."""
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(bare), when],
        check=False,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
    )
    assert killed.returncode == -signal.SIGKILL
    with Ledger(bare) as ledger:
        assert ledger.tasks("r") == [PushedTask(1, "c", "h")]
        ledger.record_tasks("r", [PushedTask(2, "d", "h")])
        assert len(ledger.tasks("r")) == 2


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """It is named, and left as it is."""
    content = b"not a database, but long enough to be one" * 200
    path = tmp_path / "l.sqlite3"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        Ledger(path)
    assert caught.value.where == str(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("version", [0, 99])
def test_a_foreign_database_is_refused(tmp_path: Path, version: int) -> None:
    """Another program's file gets no tables of ours; a later format is not guessed at."""
    path = tmp_path / "l.sqlite3"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE theirs (x)")
    database.execute(f"PRAGMA user_version = {version}")
    database.close()
    with pytest.raises(DataError, match="no ledger" if version == 0 else "has format 99"):
        Ledger(path)
    database = sqlite3.connect(path)
    names = database.execute("SELECT name FROM sqlite_schema").fetchall()
    database.close()
    assert names == [("theirs",)]


def test_damage_inside_the_file_is_a_data_error(path: Path) -> None:
    """Found only when a page is read; still no traceback of SQLite reaches the user."""
    with Ledger(path) as ledger:
        ledger.record_tasks("r", [PushedTask(n, f"c{n}", "h") for n in range(2000)])
    content = bytearray(path.read_bytes())
    content[3 * 4096 :] = b"\xff" * (len(content) - 3 * 4096)
    path.write_bytes(content)
    with (
        pytest.raises(DataError, match="cannot be read or written") as caught,
        Ledger(path) as book,
    ):
        book.tasks("r")
    assert caught.value.where == str(path)


def test_current_tasks_are_told_from_old_and_deleted_ones(tmp_path: Path) -> None:
    """By claim and role; a claim that is no longer asked for a vote is not counted as pushed."""
    with Ledger(tmp_path / "ledger.sqlite3") as book:
        book.save_round(ROUND)
        book.record_tasks(
            ROUND.name,
            [
                PushedTask(1, "c_a", "h1"),
                PushedTask(2, "c_a", "h2"),
                PushedTask(3, "c_b", "h3"),
                PushedTask(4, "c_c", "h4"),
                PushedTask(5, "c_d", "h5", TaskRole.GOLD),
            ],
        )
        book.record_deleted_tasks(ROUND.name, [3])
        assert book.current_tasks(ROUND.name, ["c_a", "c_b", "c_d", "c_x"]) == {
            ("c_a", TaskRole.CLAIM): {"h2": 2},
            ("c_d", TaskRole.GOLD): {"h5": 5},
        }
        assert book.last_record() == 5
        book.begin_wanted()
        assert book.unwanted_claims(ROUND.name) == ["c_a", "c_c"]
        book.add_wanted(["c_c", "c_x", "c_c"])
        assert book.unwanted_claims(ROUND.name) == ["c_a"]
        book.begin_wanted()
        assert book.superseded_tasks(ROUND.name) == [1]
        assert book.unwanted_claims("another") == []
