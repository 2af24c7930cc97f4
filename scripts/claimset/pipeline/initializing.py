"""Init: a new workspace for somebody's own articles, which works at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimset.errors import UsageError
from claimset.labelstudio.verdict_page import config_for, guidelines_for
from claimset.models import AVERITEC, LabelSet, Model
from claimset.pipeline.label_files import label_settings
from claimset.schemas import write_schemas
from claimset.settings import Settings
from claimset.storage.files import replace_file
from claimset.storage.templates import TEMPLATES, read_readme, read_template
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["InitResult", "init"]

_MADE_FOR = {"labeling_config.xml": config_for, "guidelines.md": guidelines_for}
_IGNORED = ".claimset/\n.env\n"


class InitResult(Model):
    """What was made."""

    workspace: str
    """The folder."""
    labels: tuple[str, ...]
    """The verdicts that annotators choose between."""
    files: tuple[str, ...]
    """Files that were made, relative to it."""


def init(
    folder: Path, *, dataset_name: str | None = None, labels: LabelSet = AVERITEC
) -> InitResult:
    """Make a workspace: seeds/, schemas/, dataset/, settings and a README.

    Args:
        folder: Where; made when missing. Files that are no part of a workspace stay.
        dataset_name: Name of the dataset; default: that of the folder.
        labels: The verdicts that annotators choose between.

    Raises:
        UsageError: A workspace is there already, or the name cannot name a dataset.
    """
    root = folder.resolve()
    workspace = Workspace(root)
    if workspace.manifest.exists():
        raise UsageError(
            "a workspace is there already",
            where=str(workspace.manifest),
            remedy="use it as it is: `claimset add FILE…` adds articles",
        )
    name = dataset_name or _dataset_name(root.name)
    files = {
        "README.md": read_readme("README").replace("$name", name),
        "claimset.toml": _settings(name) + label_settings(labels),
        ".gitignore": _IGNORED,
        "seeds/README.md": read_readme("seeds"),
    }
    made = []
    for path, text in files.items():
        if not (root / path).exists():
            replace_file(root / path, text.encode("utf-8"))
            made.append(path)
    for template in TEMPLATES:
        if not (workspace.schemas / template).exists():
            written = read_template(template).decode("utf-8")
            written = _MADE_FOR[template](written, labels)
            replace_file(workspace.schemas / template, written.encode("utf-8"))
            made.append(f"schemas/{template}")
    made += [f"schemas/{schema}" for schema in write_schemas(workspace.schemas, labels)]
    workspace.dataset.mkdir(exist_ok=True)
    # The manifest makes a folder a workspace, so it comes last.
    replace_file(workspace.manifest, b"")
    return InitResult(
        workspace=str(root), labels=labels.names, files=(*made, "seeds/manifest.jsonl")
    )


def _dataset_name(folder: str) -> str:
    plain = "".join(mark if mark.isascii() and mark.isalnum() else "-" for mark in folder)
    return plain.strip("-")[:96] or "claims"


def _settings(name: str) -> str:
    try:
        settings = Settings(_env_file=None, dataset_name=name)
    except ValueError as error:
        raise UsageError(
            f"{name!r} cannot name a dataset",
            where="option --name",
            remedy="use up to 96 letters, digits, '.', '_' or '-'; begin with a letter or digit",
        ) from error
    return (
        "# Settings of this workspace. Flags and environment come before this file.\n"
        "# `claimset doctor` shows every setting. Tokens belong into .env, never here.\n"
        f'dataset_name = "{settings.dataset_name}"\n'
        f'round = "{settings.round}"\n'
        f"overlap = {settings.overlap}  # how many different people judge each claim\n"
    )
