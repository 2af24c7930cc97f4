"""Doctor: is this workspace in order, and where does each setting come from?"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from claimset.counting import counted
from claimset.errors import CheckFailed, ClaimsetError
from claimset.labelstudio.adjudication_page import adjudication_page
from claimset.labelstudio.client import LabelStudioClient, is_loopback
from claimset.labelstudio.config import read_guidelines, read_labeling_config
from claimset.labelstudio.grammar import check_page
from claimset.models import Model
from claimset.schemas import stale_schemas, write_schemas
from claimset.seeds import read_articles
from claimset.settings import Settings, load_settings, origins
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.models import LabelSet
    from claimset.storage.workspace import Workspace

__all__ = ["Check", "DoctorResult", "SettingOrigin", "doctor"]


class Check(Model):
    """One thing that was looked at."""

    name: str
    """What was looked at."""
    ok: bool
    """Whether it is in order."""
    detail: str
    """What was found, or what is wrong and what to do."""


class SettingOrigin(Model):
    """One setting."""

    name: str
    """The setting."""
    value: str | None
    """Its value, null where it has none; a secret shows as stars."""
    origin: str
    """Where it comes from."""


class DoctorResult(Model):
    """What was found."""

    checks: tuple[Check, ...]
    """Every check, in order."""
    settings: tuple[SettingOrigin, ...]
    """Every setting."""


def doctor(workspace: Workspace, *, fix: bool = False) -> DoctorResult:
    """Look the workspace over; nothing is written unless asked.

    Args:
        workspace: The workspace.
        fix: Write generated JSON Schemas that are out of date.

    Raises:
        UsageError: A setting is not valid.
    """
    settings = load_settings(workspace)
    if fix:
        write_schemas(workspace.schemas, settings.labels)
    checks = [
        _check("articles", lambda: _articles(workspace)),
        _check("labelling config", lambda: _config(workspace, settings.labels)),
        _check("guidelines", lambda: _guidelines(workspace, settings.labels)),
        _check("schemas", lambda: _schemas(workspace, settings.labels)),
        _check("ledger", lambda: _ledger(workspace)),
        _check("Label Studio", lambda: _studio(settings)),
    ]
    where = origins(workspace)
    return DoctorResult(
        checks=tuple(checks),
        settings=tuple(
            SettingOrigin(
                name=name, value=None if value is None else str(value), origin=where[name]
            )
            for name, value in settings
        ),
    )


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, ok=True, detail=look())
    except ClaimsetError as error:
        return Check(name=name, ok=False, detail=str(error))


def _articles(workspace: Workspace) -> str:
    articles = read_articles(workspace.seeds)
    events = len({article.event_id for article in articles})
    return f"{counted(len(articles), 'article')} of {counted(events, 'event')}"


def _config(workspace: Workspace, labels: LabelSet) -> str:
    config = read_labeling_config(workspace.labeling_config, labels)
    where = str(workspace.labeling_config)
    check_page(config, where=where)
    check_page(adjudication_page(config), where=f"{where}, as the page of an adjudication")
    return (
        f"its choices are those of the contract, with the label set {labels.name}; Label Studio's "
        "own rules take it and every answer to it"
    )


def _guidelines(workspace: Workspace, labels: LabelSet) -> str:
    guidelines = read_guidelines(workspace.guidelines)
    words = workspace.guidelines.read_text("utf-8").casefold()
    missing = [item.title for item in labels.verdicts if item.title.casefold() not in words]
    if missing:
        raise CheckFailed(
            f"the guidelines do not say when to choose {', '.join(missing)}",
            where=str(workspace.guidelines),
            remedy="explain each verdict of the label set there, by its title",
        )
    return f"version {guidelines.version}"


def _schemas(workspace: Workspace, labels: LabelSet) -> str:
    stale = stale_schemas(workspace.schemas, labels)
    if stale:
        raise CheckFailed(
            f"{len(stale)} generated schemas are out of date: {', '.join(stale)}",
            where=str(workspace.schemas),
            remedy="run `claimset doctor --fix`",
        )
    return "up to date"


def _ledger(workspace: Workspace) -> str:
    if not workspace.ledger.exists():
        return "none yet"
    with Ledger(workspace.ledger) as ledger:
        return (
            f"{counted(len(ledger.rounds()), 'round')}, "
            f"{counted(len(ledger.annotations()), 'annotation')}"
        )


def _studio(settings: Settings) -> str:
    if settings.label_studio_url is not None and settings.label_studio_api_key is None:
        raise CheckFailed(
            "LABEL_STUDIO_URL is set but LABEL_STUDIO_API_KEY is not",
            where="environment or .env",
            remedy="set it to an access token of your account",
        )
    if settings.label_studio_url is not None and settings.label_studio_api_key is not None:
        client = LabelStudioClient(settings.label_studio_url, settings.label_studio_api_key)
        try:
            return f"{client.url}, as {client.whoami()}{_in_the_open(client.url)}"
        finally:
            client.close()
    if importlib.util.find_spec("label_studio") is None:
        raise CheckFailed(
            "no address is set, and Label Studio is not installed here",
            where="LABEL_STUDIO_URL",
            remedy="pip install 'claimset[studio]', or set LABEL_STUDIO_URL and "
            "LABEL_STUDIO_API_KEY",
        )
    return "embedded"


def _in_the_open(url: str) -> str:
    if is_loopback(url) or not url.startswith("http://"):
        return ""
    return "; not encrypted: token and texts can be read on the way (https:// keeps them private)"
