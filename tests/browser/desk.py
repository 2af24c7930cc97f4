"""One annotator's browser: what they press, what they see, and what it asks the network for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from claimset.labelstudio.people import Person

__all__ = ["Desk", "Mark"]

_ALT = 1  # the modifier's number in the DevTools protocol
_PATIENCE_MS = 60_000


class Mark(NamedTuple):
    """A mark in the source on screen."""

    label: str
    text: str


class Desk:
    """A page in a browser context of its own, logged in as one annotator.

    Args:
        page: A fresh page.
        url: Label Studio.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.requests: list[str] = []
        self.responses: list[Response] = []
        self.dialogs: list[str] = []
        self._opened = 0
        self.keys = 0
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", self._keep)
        page.on("dialog", self._dismiss)

    def _keep(self, response: Response) -> None:
        self.responses.append(response)

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    # Going in

    def log_in(self, person: Person) -> None:
        """Log in through the log-in page."""
        assert person.password is not None
        self.page.goto(f"{self.url}/user/login/")
        self.page.fill("input[name=email]", person.email)
        self.page.fill("input[name=password]", person.password.get_secret_value())
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url, timeout=_PATIENCE_MS)

    def open_stream(self, project_id: int, *, by_link: bool = False) -> None:
        """Open the labelling stream and put the guidelines away, with the keyboard.

        Args:
            project_id: The round's project.
            by_link: Follow the link to the stream instead of pressing "Label All Tasks" in the
                project. Label Studio then takes the tasks in order and locks none.
        """
        if by_link:
            self._opened = len(self.responses)
            self.page.goto(f"{self.url}/projects/{project_id}/data?labeling=1")
        else:
            self.page.goto(f"{self.url}/projects/{project_id}/data")
            self.page.get_by_text("Label All Tasks").wait_for(timeout=_PATIENCE_MS)
            self.page.wait_for_load_state("networkidle")
            for _ in range(40):
                self.page.keyboard.press("Tab")
                if self.page.evaluate("document.activeElement.innerText") == "Label All Tasks":
                    break
            self._opened = len(self.responses)
            self.page.keyboard.press("Enter")
        self._put_guidelines_away()

    def follow(self, link: str) -> None:
        """Open a link that leads into a stream, and put the guidelines away."""
        self._opened = len(self.responses)
        self.page.goto(link)
        self._put_guidelines_away()

    def _put_guidelines_away(self) -> None:
        expect(self.page.get_by_text("Labeling Instructions")).to_be_visible(timeout=_PATIENCE_MS)
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_text("Labeling Instructions")).to_be_hidden()
        self.wait_for_task()

    def wait_for_task(self) -> None:
        """Wait until claim, article and source are on screen."""
        self.page.wait_for_selector(".fc .fc-src .lsf-richtext__line", timeout=_PATIENCE_MS)
        self.page.wait_for_selector(".fc .fc-ctx mark", timeout=_PATIENCE_MS)
        self.page.wait_for_load_state("networkidle")

    # Keys

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as a person would, and count them."""
        for key in keys:
            if len(key) == len("Alt+x") and key.startswith("Alt+") and key[-1].isalpha():
                self._press_access_key(key[-1])
            else:
                self.page.keyboard.press(key)
            self.keys += 1
            self.page.wait_for_timeout(150)

    def _press_access_key(self, letter: str) -> None:
        """Press Alt with a letter; Playwright's own press leaves out the text access keys need."""
        session = self.page.context.new_cdp_session(self.page)
        key = {
            "modifiers": _ALT,
            "key": letter,
            "code": f"Key{letter.upper()}",
            "windowsVirtualKeyCode": ord(letter.upper()),
        }
        down = {"type": "keyDown", "text": letter, "unmodifiedText": letter}
        session.send("Input.dispatchKeyEvent", {**down, **key})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
        session.detach()

    def submit(self) -> None:
        """Submit with the keyboard and wait for the server to have it."""
        with self.page.expect_response(
            lambda answer: "/annotations" in answer.url and answer.request.method == "POST"
        ) as caught:
            self.press("Control+Enter")
        assert caught.value.status == 201, caught.value.text()
        self.page.wait_for_load_state("networkidle")

    # Mouse

    def drag_over(self, text: str) -> None:
        """Select ``text`` in the source on screen with the mouse, from first to last letter."""
        box = self.page.evaluate(
            """text => {
              const root = document.querySelector('.fc-src .lsf-richtext__container');
              const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
              const parts = []; let all = '';
              while (walker.nextNode()) {
                parts.push([all.length, walker.currentNode]); all += walker.currentNode.data;
              }
              const at = all.indexOf(text);
              if (at < 0 || all.indexOf(text, at + 1) >= 0) return null;
              const rect = (from, to) => {
                const [start, node] = parts.findLast(([start]) => start <= from);
                const range = document.createRange();
                range.setStart(node, from - start); range.setEnd(node, to - start);
                const spot = range.getClientRects()[0];
                return {x: spot.x, right: spot.right, y: spot.y + spot.height / 2};
              };
              const letters = [...new Intl.Segmenter().segment(text)];
              const last = letters.at(-1);
              const [, node] = parts.findLast(([start]) => start <= at);
              node.parentElement.scrollIntoView({block: 'center'});
              return {
                first: rect(at, at + letters[0].segment.length),
                last: rect(at + last.index, at + text.length),
              };
            }""",
            text,
        )
        assert box is not None, f"{text!r} is not once in the source on screen"
        first, last = box["first"], box["last"]
        rightward = (last["y"], last["right"]) >= (first["y"], first["right"])
        start = first["x"] + 1 if rightward else first["right"] - 1
        end = last["right"] - 1 if rightward else last["x"] + 1
        mouse = self.page.mouse
        mouse.move(start, first["y"])
        mouse.down()
        mouse.move((start + end) / 2, (first["y"] + last["y"]) / 2, steps=3)
        mouse.move(end, last["y"], steps=3)
        mouse.up()
        self.page.wait_for_timeout(200)

    # Seeing

    def claim(self) -> str:
        """The claim on screen."""
        return str(self.page.locator(".fc .fc-text").inner_text()).strip()

    def marks(self) -> list[Mark]:
        """The marks in the source on screen, in the order of the text."""
        found = self.page.locator(".fc-src .htx-highlight").evaluate_all(
            "spans => spans.map(span => [span.dataset.label ?? '', span.innerText])"
        )
        return [Mark(label.partition(":")[2], text) for label, text in found]

    def chosen(self) -> list[str]:
        """What is chosen on screen."""
        return list(
            self.page.locator(".fc input:checked").evaluate_all("all => all.map(one => one.name)")
        )

    def focus(self) -> str:
        """Name or class of what has the keyboard's focus."""
        return str(
            self.page.evaluate(
                "document.activeElement.getAttribute('name') || document.activeElement.className"
            )
        )

    def whole_screen(self) -> str:
        """All text on screen, with the values of text boxes."""
        return str(
            self.page.evaluate(
                "document.body.innerText + [...document.querySelectorAll('textarea, input')]"
                ".map(box => box.value).join('\\n')"
            )
        )

    def received(self) -> str:
        """All that Label Studio's interface has sent since the stream was opened."""
        return "".join(
            response.text()
            for response in self.responses[self._opened :]
            if "/api/" in response.url and response.request.resource_type in ("fetch", "xhr")
        )

    def strangers(self) -> list[str]:
        """Requests that went anywhere but to Label Studio."""
        own = (f"{self.url}/", "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(own)]
