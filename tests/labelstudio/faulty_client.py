"""A client that works through rounds whatever happens to it: push, answer, pull, change, pull.

``test_faults.py`` runs it as a process of its own, which is killed now and then, and runs it again.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from claimset import pipeline
from claimset.errors import RemoteError
from claimset.labelstudio import arrival, client, projects, pushing, transport
from claimset.labelstudio.client import LabelStudioClient
from claimset.settings import Settings
from claimset.storage.ledger import Ledger
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT_S = float(os.environ.get("FAULT_TIMEOUT", "1.5"))
BATCH_SIZE = 4


def _answer(value: str) -> list[dict[str, Any]]:
    region = {"from_name": "checkability", "to_name": "article", "type": "choices"}
    return [region | {"value": {"choices": [value]}}]


class Work:
    """What is done with one round; every step may be broken off and done again.

    Args:
        place: The workspace.
        url: Address of the server, or of what stands in front of it.
        keys: Tokens: of ``lead``, and of the annotators.
        name: The round.
    """

    def __init__(self, place: Workspace, url: str, keys: dict[str, str], name: str) -> None:
        self._place = place
        self._url = url
        self._keys = keys
        self._name = name
        self._settings = Settings(
            label_studio_url=url,
            label_studio_api_key=SecretStr(keys["lead"]),
            round=name,
            overlap=2,
            all_mentions=True,
        )

    def push(self) -> None:
        pipeline.push(self._place, self._settings)

    def pull(self) -> None:
        pipeline.pull(self._place, self._settings)

    def answer(self) -> None:
        """The first annotator answers every third claim, the second every fourth, and so on."""
        with Ledger(self._place.ledger) as ledger:
            tasks = sorted(ledger.tasks(self._name), key=lambda task: task.claim_id)
        for number, person in enumerate(sorted(self._keys.keys() - {"lead"})):
            studio = LabelStudioClient(self._url, SecretStr(self._keys[person]))
            for task in tasks[:: 3 + number]:
                once = f"{self._name}/{task.claim_id}/{person}"
                studio.annotate(task.task_id, _answer("opinion"), once=once)
            studio.close()

    def change(self) -> None:
        """Each annotator takes back every second of the answers."""
        with Ledger(self._place.ledger) as ledger:
            answers = [item for item in ledger.annotations() if item.round == self._name]
        for person in sorted(self._keys.keys() - {"lead"}):
            studio = LabelStudioClient(self._url, SecretStr(self._keys[person]))
            own = sorted(
                (item for item in answers if item.annotator == person), key=lambda i: i.claim_id
            )
            for item in own[::2]:
                number = item.annotation_id.rpartition(":")[2]
                studio._transport.call(
                    "PATCH",
                    f"/api/annotations/{number}/",
                    doing="changing an answer",
                    body={"result": _answer("not_a_claim")},
                )
            studio.close()

    def steps(self) -> list[Callable[[], None]]:
        return [self.push, self.answer, self.pull, self.change, self.push, self.pull]


def main() -> None:
    """Arguments: workspace, address, file of tokens by name, rounds."""
    place = Workspace(Path(sys.argv[1]))
    keys: dict[str, str] = json.loads(Path(sys.argv[3]).read_text("utf-8"))
    transport.TIMEOUT_S = TIMEOUT_S
    client._IMPORT_TIMEOUT_S = TIMEOUT_S  # type: ignore[assignment]
    transport.PAUSES_S = (0.02, 0.05, 0.1)
    for module in (arrival, projects):
        vars(module)["LOOKS_AFTER_S"] = (0.05, 0.2)
    pushing.BATCH_SIZE = BATCH_SIZE
    done = place.state / "rounds-done"
    for name in sys.argv[4:]:
        if done.exists() and name in done.read_text("utf-8").split():
            continue
        for step in Work(place, sys.argv[2], keys, name).steps():
            while True:
                try:
                    step()
                    break
                except RemoteError as error:
                    sys.stderr.write(f"{name}: {step.__name__}: {error.problem}\n")
        with done.open("a") as stream:
            stream.write(f"{name}\n")


if __name__ == "__main__":
    main()
