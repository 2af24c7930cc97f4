"""An adjudicator's path through the page with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from pydantic import SecretStr

from claimset import pipeline
from claimset.labelstudio.accounts import _sign_up
from claimset.labelstudio.client import LabelStudioClient
from claimset.models import Checkability, ErrorCategory, Stance, Verdict
from claimset.pipeline.annotators import add_annotators
from claimset.storage.ledger import Ledger
from tests.browser.conftest import LAPTOP
from tests.browser.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from claimset.pipeline import AdjudicateResult
    from tests.browser.conftest import Room

pytestmark = [pytest.mark.studio, pytest.mark.browser]

REASON = "Both parts stand in the source; zxcv and 1 are letters here."
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> </div></View> & \"'"


def choice(name: str, value: str) -> dict[str, Any]:
    return {
        "from_name": name,
        "to_name": "article",
        "type": "choices",
        "value": {"choices": [value]},
    }


class Bench:
    """A room whose first claims are in dispute, with desks for those who decide."""

    def __init__(self, room: Room, chromium: Browser) -> None:
        self.room = room
        self._chromium = chromium
        self.contexts: list[Any] = []
        self.accounts: list[str] = []

    def vote(self, number: int) -> None:
        """Two people answer the first claims, and differ; one of them marks what bears on it."""
        token = self.room.settings.label_studio_api_key
        url = self.room.settings.label_studio_url
        assert token is not None
        assert url is not None
        with Ledger(self.room.workspace.ledger) as ledger:
            tasks = ledger.tasks(self.room.settings.round)[:number]
        for who in ("voter-one", "voter-two"):
            email = f"{who}-{self.room.project_id}@bench.example"
            key = SecretStr(_sign_up(url, token, email, "a-long-password-1"))
            client = LabelStudioClient(url, key)
            rows = {
                task["id"]: task
                for task in client.tasks_by_id(
                    self.room.project_id, [task.task_id for task in tasks]
                )
            }
            for task in tasks:
                text = rows[task.task_id]["data"]["sources"][0]["text"]
                span = {
                    "from_name": "evidence_0",
                    "to_name": "source_0",
                    "type": "labels",
                    "value": {"start": 0, "end": 30, "text": text[:30], "labels": ["supports"]},
                }
                reason = {
                    "from_name": "justification",
                    "to_name": "article",
                    "type": "textarea",
                    "value": {"text": [HOSTILE]},
                }
                answer = (
                    [choice("checkability", "opinion")]
                    if who == "voter-one"
                    else [choice("checkability", "factual"), choice("verdict", "supported"), span]
                )
                client.annotate(task.task_id, [*answer, reason])
            client.close()

    def appoint(self, *names: str) -> AdjudicateResult:
        """Accounts for adjudicators, and the disputes sent to them."""
        accounts = [f"{name}-{self.room.project_id}" for name in names]
        add_annotators(self.room.workspace, self.room.settings, accounts)
        self.accounts = [f"{account}@claimset.invalid" for account in accounts]
        return pipeline.adjudicate(self.room.workspace, self.room.settings, by=self.accounts)

    def sit_down(self, result: AdjudicateResult, place: int) -> Desk:
        """The desk of one of them, at the link that the command prints."""
        from claimset.labelstudio.people import read_people

        docket = result.dockets[place]
        (person,) = [
            person
            for person in read_people(self.room.workspace.annotators)
            if person.email == docket.account
        ]
        context = self._chromium.new_context(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
        self.contexts.append(context)
        desk = Desk(context.new_page(), str(self.room.settings.label_studio_url))
        desk.log_in(person)
        assert docket.url is not None
        desk.follow(docket.url)
        return desk


@pytest.fixture
def open_bench(open_room: Callable[..., Room], chromium: Browser) -> Iterator[Callable[..., Bench]]:
    """A bench with disputes."""
    benches = []

    def open_(number: int) -> Bench:
        bench = Bench(open_room(overlap=2), chromium)
        bench.vote(number)
        benches.append(bench)
        return bench

    yield open_
    for bench in benches:
        for context in bench.contexts:
            context.close()


def test_an_adjudicator_decides_with_the_keyboard_alone(open_bench: Callable[..., Bench]) -> None:
    """Read the answers, take over a mark, say why they differed, submit; undecidable is a key."""
    bench = open_bench(2)
    desk = bench.sit_down(bench.appoint("judge"), 0)
    first = desk.claim()
    votes = desk.page.locator(".fc-vote")
    expect(votes).to_have_count(2)
    shown = votes.all_inner_texts()
    assert [text.split()[0] for text in shown] == ["A", "B"]
    assert any("opinion" in text for text in shown)
    assert all(HOSTILE in text for text in shown)  # as text, not as markup
    assert "bench.example" not in desk.whole_screen()
    assert desk.dialogs == []
    assert desk.strangers() == []

    desk.press("Alt+v")
    assert desk.focus() == "fc-votes-here"
    desk.press("Escape", "a", "1", "Control+Enter")  # no error category yet
    message = desk.page.get_by_text("Say why the earlier answers differ: Esc, then one of z x c v")
    message.wait_for()
    desk.press("Escape")
    message.wait_for(state="hidden")
    desk.press("x", "0", "Alt+.", "q")  # the first candidate is what an annotator had marked
    assert desk.chosen() == ["Factual", "High", "Supported", "Evidence missed"]
    (mark,) = [mark for mark in desk.marks() if mark.label == "Supports"]
    assert len(mark.text) == 30
    desk.press("Alt+j", "Tab")
    assert desk.focus() == "justification"
    desk.page.keyboard.type(REASON)
    desk.press("Tab", "Tab", "Tab")
    assert desk.focus() == "fc-votes-here"
    desk.press("Tab")
    assert desk.focus() == "fc-src"
    desk.submit()

    desk.wait_for_task()
    second = desk.claim()
    assert second != first
    desk.press("f", "c")
    assert desk.chosen() == ["Cannot be decided", "Claim ambiguous"]
    desk.submit()

    bench.room.pulled()
    claims = {claim.claim_id: claim.text for claim in bench.room.claims()}
    with Ledger(bench.room.workspace.ledger) as ledger:
        decisions = {
            claims[item.claim_id]: item
            for item in ledger.annotations()
            if item.role == "adjudication"
        }
    assert set(decisions) == {first, second}
    one, two = decisions[first], decisions[second]
    assert (one.checkability, one.verdict) == (Checkability.FACTUAL, Verdict.SUPPORTED)
    assert one.error_category is ErrorCategory.EVIDENCE_MISSED
    assert one.justification == REASON
    assert [(span.stance, span.text) for span in one.evidence] == [(Stance.SUPPORTS, mark.text)]
    assert (two.checkability, two.verdict) == (None, None)
    assert two.error_category is ErrorCategory.CLAIM_AMBIGUOUS


def test_each_adjudicator_is_asked_their_own_claims_only(
    open_bench: Callable[..., Bench],
) -> None:
    """The link of each leads through what was assigned to them, and then ends."""
    bench = open_bench(8)
    result = bench.appoint("left", "right")
    assert sum(docket.claims for docket in result.dockets) == 8
    assert min(docket.claims for docket in result.dockets) > 0
    of = {item.text: item.adjudicator for item in result.disputes}
    for place, docket in enumerate(result.dockets):
        desk = bench.sit_down(result, place)
        seen = []
        for number in range(docket.claims):
            seen.append(desk.claim())
            desk.press("d", "v")
            desk.submit()
            if number + 1 < docket.claims:
                desk.page.wait_for_function(
                    "before => document.querySelector('.fc .fc-text')?.innerText.trim() !== before",
                    arg=seen[-1],
                )
                desk.wait_for_task()
        assert {of[text] for text in seen} == {docket.adjudicator}
        assert len(set(seen)) == docket.claims
    pulled = pipeline.pull(bench.room.workspace, bench.room.settings).adjudication
    assert pulled is not None
    assert (pulled.new, pulled.rejected) == (8, ())


def test_the_page_fits_a_laptop(open_bench: Callable[..., Bench]) -> None:
    """Nothing but the panes scrolls, and the earlier answers are in view."""
    bench = open_bench(1)
    desk = bench.sit_down(bench.appoint("judge"), 0)
    width, height = LAPTOP
    page = desk.page.evaluate(
        """() => {
          const main = document.querySelector('.lsf-main-view');
          const root = document.documentElement;
          return [root.scrollWidth, root.scrollHeight, main.scrollHeight - main.clientHeight];
        }"""
    )
    assert page == [width, height, 0]
    for part in (".fc-claim", ".fc-ctx mark", ".fc-votelist", ".fc-srcs", ".fc-write", ".fc-help"):
        box = desk.page.locator(f".fc {part}").first.bounding_box()
        assert box is not None
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width, part
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= height, part
