"""A real Chromium beside the real Label Studio, and rounds to label in it."""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from claimset import pipeline
from claimset.pipeline.annotators import add_annotators
from claimset.settings import Settings
from claimset.storage.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser

    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.models import Annotation, Claim
    from claimset.storage.workspace import Workspace
    from tests.browser.desk import Desk

LAPTOP = (1366, 768)
_NUMBERS = itertools.count(1)
# Whatever the browser itself would ask the outside world for is switched off.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=QUIET, chromium_sandbox=False
        )
        yield browser
        browser.close()


@dataclass(frozen=True)
class Room:
    """A workspace with a pushed round, and desks for its annotators."""

    workspace: Workspace
    settings: Settings
    project_id: int
    sit_down: Callable[..., Desk]

    def claims(self) -> Sequence[Claim]:
        """The claims of the workspace."""
        return pipeline.read_segmented(self.workspace).claims

    def pulled(self) -> list[Annotation]:
        """Pull, and all answers in the ledger."""
        pipeline.pull(self.workspace, self.settings)
        with Ledger(self.workspace.ledger) as ledger:
            return ledger.annotations()


@pytest.fixture
def open_room(
    workspace_copy: Workspace,
    studio: EmbeddedStudio,
    chromium: Browser,
) -> Iterator[Callable[..., Room]]:
    """Push the workspace as a round of its own and give its people desks."""
    from tests.browser.desk import Desk

    contexts = []

    def open_(articles: list[dict[str, Any]] | None = None, **changes: Any) -> Room:
        if articles is not None:
            write_seeds(workspace_copy, articles)
        name = f"browser-{next(_NUMBERS)}"  # the server is shared, so are its projects
        settings = Settings(
            label_studio_url=studio.url,
            label_studio_api_key=studio.credentials.token,
            round=name,
            **changes,
        )
        pipeline.segment(workspace_copy, settings)
        pushed = pipeline.push(workspace_copy, settings)

        def sit_down(who: str, size: tuple[int, int] = LAPTOP, *, by_link: bool = False) -> Desk:
            account = f"{who}-{next(_NUMBERS)}"  # the server is shared, so is its list of accounts
            _, (person,) = add_annotators(workspace_copy, settings, [account])
            context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
            contexts.append(context)
            desk = Desk(context.new_page(), studio.url)
            desk.log_in(person)
            desk.open_stream(pushed.project_id or 0, by_link=by_link)
            return desk

        return Room(workspace_copy, settings, pushed.project_id or 0, sit_down)

    yield open_
    for context in contexts:
        context.close()


def write_seeds(workspace: Workspace, articles: list[dict[str, Any]]) -> None:
    """Replace the workspace's articles; each is a manifest row with its ``text``."""
    shutil.rmtree(workspace.seeds)
    (workspace.seeds / "articles").mkdir(parents=True)
    rows = []
    for article in articles:
        text = article["text"]
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        path = f"articles/{article['article_id']}.txt"
        (workspace.seeds / path).write_bytes(data)
        row = {
            "event_id": "event",
            "title": f"Title of {article['article_id']}",
            "license": "CC0-1.0",
            "path": path,
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        rows.append(json.dumps(row | {k: v for k, v in article.items() if k != "text"}))
    workspace.manifest.write_text("\n".join(rows) + "\n", "utf-8")
