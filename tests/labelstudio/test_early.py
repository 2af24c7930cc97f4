"""Answers that another thread waits for."""

from __future__ import annotations

from threading import Event

import pytest

from claimset.errors import LabelStudioError
from claimset.labelstudio.early import Early


def test_it_is_made_while_something_else_is_done() -> None:
    """It begins at once, and is waited for only when it is asked for."""
    begun, may_end = Event(), Event()

    def make() -> int:
        begun.set()
        assert may_end.wait(30)
        return 7

    answer = Early(make)
    assert begun.wait(30)
    may_end.set()
    assert answer.result() == answer.result() == 7


def test_what_goes_wrong_is_raised_where_the_answer_is_asked_for() -> None:
    """Nothing is swallowed."""

    def fail() -> None:
        raise LabelStudioError("no answer", where="there", remedy="wait")

    answer = Early(fail)
    with pytest.raises(LabelStudioError, match="no answer"):
        answer.result()
