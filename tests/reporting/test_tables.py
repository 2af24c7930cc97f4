"""Lines of a pull that follows: what came in, decisions named as such, and new faults once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from claimset.labelstudio.pulling import PullResult
from claimset.release.build_result import BuildResult
from claimset.release.changes import Changes, RowChanges
from claimset.reporting.tables import print_build, print_list, print_pull, print_pulled


def pulled(adjudication: PullResult | None = None, **changes: Any) -> PullResult:
    fields: dict[str, Any] = dict.fromkeys(
        ("tasks", "new", "edited", "deleted", "unchanged", "returnable", "superseded", "skipped"), 0
    )
    fields |= dict.fromkeys(
        (
            "rejected",
            "corrected",
            "answered_twice",
            "above_overlap",
            "foreign_tasks",
            "deleted_tasks",
            "doubled_tasks",
        ),
        (),
    )
    fields |= {"round": "r", "submitted_by": {"p_1": 4}, "adjudication": adjudication}
    return PullResult(**fields | changes)


def test_decisions_are_named_where_only_they_came_in(capsys: pytest.CaptureFixture[str]) -> None:
    fault = "r-adjudication:9 (task 5): no error category was chosen"
    before = pulled(pulled())
    after = pulled(pulled(new=2, edited=1, rejected=(fault,)))
    assert after.changed
    assert after.faults == (fault,) != before.faults
    print_pulled(after, before)
    shown = capsys.readouterr().out
    assert "2 new decisions, 1 edited decision; 4 submitted annotations" in shown
    assert f"1 decision cannot be used as they stand:\n  {fault}" in shown
    print_pulled(after, after)
    assert fault not in capsys.readouterr().out


def test_votes_and_decisions_stand_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_pulled(pulled(pulled(new=1), new=3), pulled())
    assert "3 new, 1 new decision; 4 submitted" in capsys.readouterr().out
    print_pulled(pulled(deleted_tasks=(3,)), pulled())
    assert "tasks changed; 4 submitted" in capsys.readouterr().out


def test_what_was_so_before_is_counted_and_not_listed_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A round where many were asked too often says so once; the next pull names only new ones."""
    old = ("task 1: 3 people, 2 asked", "task 2: 3 people, 2 asked")
    new = "task 3: 4 people, 2 asked"
    print_pull(pulled(above_overlap=old))
    shown = capsys.readouterr().out
    assert "2 tasks answered by more people than asked:\n" in shown
    assert all(item in shown for item in old)
    print_pull(pulled(above_overlap=old, seen_before=old))
    shown = capsys.readouterr().out
    assert "2 tasks answered by more people than asked, as before" in shown
    assert "task 1:" not in shown
    print_pull(pulled(above_overlap=(*old, new), seen_before=old))
    shown = capsys.readouterr().out
    assert f"1 task answered by more people than asked:\n  {new}\n2 more tasks" in shown
    assert "task 1:" not in shown


def test_why_more_was_read_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_pull(pulled(reread="Label Studio's clock was set back by 3600 s"))
    assert "set back by 3600 s; what came since then was read again" in capsys.readouterr().out


def test_the_next_step_is_to_mend_what_breaks_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    print_pull(pulled(rejected=("r:1 (task 1): …",), returnable=1))
    shown = capsys.readouterr()
    assert "1 of them breaks a rule of the answer" in shown.out
    assert shown.err.endswith("(next: claimset returns)\n")
    print_pull(pulled(pulled(rejected=("r:1 (task 1): …",), returnable=2)))
    shown = capsys.readouterr()
    assert "2 of them break a rule of the answer" in shown.out
    assert shown.err.endswith("(next: claimset returns)\n")
    print_pull(pulled())
    assert "(next: claimset status" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("heading", "one"),
    [
        ("annotations left out:", "1 annotation left out:"),
        ("tasks are there twice (…):", "1 task is there twice (…):"),
        ("doubled tasks were removed:", "1 doubled task was removed:"),
        ("claims with a task do not differ any more:", "1 claim with a task does not differ any"),
        ("cannot be used:", "1 cannot be used:"),
    ],
)
def test_one_is_told_in_the_singular(
    capsys: pytest.CaptureFixture[str], heading: str, one: str
) -> None:
    print_list(heading, ("x", "y"))
    assert capsys.readouterr().out.startswith(f"2 {heading}")
    print_list(heading, ("x",))
    assert capsys.readouterr().out.startswith(one)


def test_a_build_counts_one_row_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    changes = Changes(
        articles=RowChanges(added=("a1",)),
        claims=RowChanges(added=("c_1", "c_2"), removed=("c_3",)),
        annotations=RowChanges(changed=("c_1 p_1",)),
    )
    print_build(
        BuildResult(
            status="created",
            version="0.2.0",
            previous_version="0.1.0",
            content_id="a" * 64,
            counts={"claims": 2},
            changes=changes,
            left_out=(),
            path=Path("dataset"),
        )
    )
    shown = capsys.readouterr().out.splitlines()
    assert [line for line in shown if line.split()[-1] in {"added", "removed", "changed"}] == [
        "2 claims added",
        "1 claim removed",
        "1 annotation changed",
        "1 article added",
    ]
