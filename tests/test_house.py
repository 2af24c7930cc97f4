"""The house rules that no linter knows: layers, doorways, exports, names and a light import."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import claimset

REPOSITORY = Path(__file__).parents[1]
SCRIPTS = REPOSITORY / "scripts"
PACKAGE = SCRIPTS / "claimset"

# Imports go downwards only: a module may import from its own floor's package and from below.
FLOORS = (
    {"counting", "errors", "identifiers", "lazy_exports"},
    {"models", "text_files"},
    {"seeds", "segmentation", "evidence", "agreement", "selection"},
    {"aggregation"},
    {"storage", "intake"},
    {"schemas", "setting_files"},
    {"labelstudio", "release", "engines", "llm"},
    {"loading"},
    {"reporting"},
    {"settings"},
    {"pipeline"},
    {"cli"},
    {"__main__"},
)
DOORWAYS = {
    "label_studio_sdk": {"labelstudio"},
    "label_studio": {"labelstudio"},
    "ray": {"engines"},
    "openai": {"llm"},
    "datasets": {"release", "loading", "intake"},
    "huggingface_hub": {"release", "loading"},
}


def _floor(part: str) -> int:
    for number, floor in enumerate(FLOORS):
        if part in floor:
            return number
    raise AssertionError(f"claimset.{part} stands on no floor: add it to FLOORS")


def _part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(path: Path) -> list[tuple[int, str]]:
    """Line and name of every module imported at run time (imports for type checkers left out)."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append((node.lineno, node.module))
        elif isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
    return found


MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem != "__init__"
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downwards(path: Path) -> None:
    """A module imports from its own floor's package or from below, never from above."""
    here = _part(path)
    for line, module in _imports(path):
        if not module.startswith("claimset."):
            continue
        there = module.split(".")[1]
        assert there == here or _floor(there) < _floor(here), (
            f"{path.relative_to(REPOSITORY)}:{line}: {here} imports claimset.{there} from above"
        )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_outside_world_has_one_doorway_each(path: Path) -> None:
    """Label Studio is spoken to in labelstudio/ only, the Hub in release/ and loading only."""
    for line, module in _imports(path):
        allowed = DOORWAYS.get(module.split(".")[0])
        assert allowed is None or _part(path) in allowed, (
            f"{path.relative_to(REPOSITORY)}:{line}: {module} is imported outside {allowed}"
        )


def test_every_module_exports_what_it_names() -> None:
    """Each ``__all__`` is sorted, complete and true."""
    for info in pkgutil.walk_packages(claimset.__path__, "claimset."):
        if info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        names = getattr(module, "__all__", None)
        if names is None:
            assert module.__doc__, f"{info.name} says neither what it is nor what it exports"
            continue
        assert len(set(names)) == len(names), info.name
        for name in names:
            assert hasattr(module, name), f"{info.name} exports {name}, which it does not have"


def test_importing_the_package_stays_light() -> None:
    """``import claimset`` pulls in no heavy library; the command's help needs none either."""
    code = (
        "import sys, claimset, claimset.cli; "
        "print([m for m in ('datasets', 'label_studio_sdk', 'pandas', 'pyarrow', 'torch', "
        "'label_studio', 'rapidfuzz') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=SCRIPTS,
    )
    assert done.stdout.strip() == "[]"


def test_one_console_speaks_to_people() -> None:
    """A console of Rich's own would pass escape sequences of articles on to the terminal."""
    made = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"(?<!Text)\bConsole\(", path.read_text("utf-8"))
    }
    assert made == set()


def test_steps_take_no_library_name() -> None:
    """A step is ``verb_noun.py``; one called like a library would be imported in its place."""
    steps = [path.stem for path in SCRIPTS.glob("*.py")]
    assert steps
    for step in steps:
        assert re.fullmatch(r"[a-z]+_[a-z]+", step), step
        assert step not in sys.stdlib_module_names


def test_modules_stay_small() -> None:
    """A module holds one noun: at most 300 lines."""
    long = {
        str(path.relative_to(REPOSITORY)): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


def test_committed_files_name_no_place_of_one_machine() -> None:
    """No absolute path and no host of a package registry stands in a committed file."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )
    if listed.returncode:
        pytest.skip("this copy of the project is no git checkout")
    hosts = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org")
    places = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w")
    for name in listed.stdout.splitlines():
        path = REPOSITORY / name
        if path.suffix in {".parquet", ".png"} or not path.is_file() or path == Path(__file__):
            continue
        text = path.read_text("utf-8")
        assert not hosts.search(text), name
        assert not places.search(text), name
