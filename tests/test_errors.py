"""Every error: its exit code, its place in the tree, and the three parts of its message."""

from __future__ import annotations

import inspect
import re

import pytest

from claimset import errors
from claimset.errors import ClaimsetError, RemoteError

_DRAWN = re.compile(r"^ {4}([│├└─ ]*)(\w+) {2,}(.*)$", re.MULTILINE)
_EXIT = re.compile(r"exit (\d)")


def tree(root: type[ClaimsetError]) -> list[type[ClaimsetError]]:
    """The class and all below it that the package itself defines."""
    below = [cls for cls in root.__subclasses__() if cls.__module__ == errors.__name__]
    return [root, *(found for cls in below for found in tree(cls))]


def drawing() -> dict[str, tuple[str | None, int | None]]:
    """Name, parent and drawn exit code of each class in the module's docstring."""
    found: dict[str, tuple[str | None, int | None]] = {}
    path: list[str] = []
    for branch, name, text in _DRAWN.findall(inspect.getdoc(errors) or ""):
        depth = len(branch) // 4
        path[depth:] = [name]
        code = _EXIT.search(text)
        found[name] = (path[depth - 1] if depth else None, int(code[1]) if code else None)
    return found


CLASSES = tree(ClaimsetError)


def test_the_drawn_tree_is_the_real_one() -> None:
    """The docstring names every class, under its parent, and no other."""
    real = {cls.__name__: cls.__base__.__name__ for cls in CLASSES if cls.__base__ is not None}
    drawn = {name: parent or "Exception" for name, (parent, _) in drawing().items()}
    assert drawn == real
    assert len(drawn) == 10


@pytest.mark.parametrize("cls", CLASSES)
def test_the_exit_code_is_the_drawn_one(cls: type[ClaimsetError]) -> None:
    """A class without a code in the drawing has its parent's; the root's is 1."""
    drawn = drawing()
    name: str | None = cls.__name__
    while name is not None and drawn[name][1] is None:
        name = drawn[name][0]
    assert cls.exit_code == (1 if name is None else drawn[name][1])


def test_everything_public_is_exported() -> None:
    assert sorted(errors.__all__) == sorted(cls.__name__ for cls in CLASSES)


@pytest.mark.parametrize("cls", CLASSES)
def test_a_message_has_three_parts(cls: type[ClaimsetError]) -> None:
    """What is wrong, where, and what to do: one line each, and as attributes."""
    error = cls("it broke", where="file:3, field x", remedy="mend it")
    assert str(error) == "it broke\n  where: file:3, field x\n  to do: mend it"
    assert (error.problem, error.where, error.remedy) == ("it broke", "file:3, field x", "mend it")


@pytest.mark.parametrize("cls", CLASSES)
def test_empty_parts_leave_no_line(cls: type[ClaimsetError]) -> None:
    assert str(cls("it broke")) == "it broke"
    assert str(cls("it broke", remedy="mend it")) == "it broke\n  to do: mend it"


@pytest.mark.parametrize("cls", CLASSES)
def test_a_class_says_what_it_is_for(cls: type[ClaimsetError]) -> None:
    assert (cls.__doc__ or "").strip()


def test_a_remote_error_keeps_the_status() -> None:
    """The HTTP status where an answer came, ``None`` where none came."""
    assert RemoteError("refused", status=403).status == 403
    assert RemoteError("no answer").status is None
    assert str(RemoteError("refused", status=403)) == "refused"


@pytest.mark.parametrize("cls", CLASSES)
def test_one_base_class_catches_all(cls: type[ClaimsetError]) -> None:
    with pytest.raises(ClaimsetError):
        raise cls("it broke")
