"""What Label Studio holds, spoilt: annotations, decisions, answers to return, and its own answers.

Readers for ``tests.fuzzing``. An annotation goes the whole way into a ledger: it is an answer or a
rejection there, never the end of the pull. Label Studio itself sees to ids, times and accounts.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from claimset.labelstudio.accounts import annotator_of
from claimset.labelstudio.authors import Authors
from claimset.labelstudio.client import LabelStudioClient
from claimset.labelstudio.failures import calling
from claimset.labelstudio.listing import StoredTask
from claimset.labelstudio.reading import AnnotationReader
from claimset.labelstudio.referee import Referee
from claimset.labelstudio.return_note import with_note, without_note
from claimset.labelstudio.returning import ReturnSite, put_back
from claimset.models import AVERITEC, RoundKind
from claimset.storage.ledger import Ledger, PushedTask, Rejection, Round

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from claimset.models import Annotation
    from claimset.storage.ledger import Author, Corrected

    Found = Annotation | Corrected | Rejection

__all__ = ["ANSWERS", "Posted", "server_answer", "stored_task"]

CLAIM = "c_0123456789abcdef"
NOTE = "[returned: a factual claim needs a verdict]\nbecause"
_MOMENT = "2024-01-02T00:00:00Z"
_EMAILS = {1: "anna@claimset.invalid", 2: "ben@claimset.invalid", 3: "cleo@claimset.invalid"}
_LEAD = 3
_ANNOTATION = Round("r", "http://127.0.0.1:1", 1, 1, 2, "1.0", "0.1", "")
_DECISION = _ANNOTATION._replace(name="r.decided", project_id=2, kind=RoundKind.ADJUDICATION)


class _People(Authors):
    """Three people, and no server to ask."""

    def __init__(self) -> None:
        pass

    def of(self, item: dict[str, Any]) -> Author:
        return annotator_of(_EMAILS[item["completed_by"]], bytes(32))

    def keep(self) -> None:
        """Nobody is new."""


class _Server:
    """Label Studio with one task; it takes what is JSON in UTF-8, as HTTP carries it."""

    def __init__(self, task: dict[str, Any]) -> None:
        self.task = task
        self.sent: list[Any] = []

    def tasks_by_id(self, project: int, ids: list[int]) -> list[dict[str, Any]]:
        assert (project, ids) == (1, [1])
        return [self.task]

    def of(self, user: int) -> _Server | None:
        assert user == 1
        return self

    def update_annotation(self, number: int, result: list[Any]) -> None:
        assert number == 7
        with calling("changing annotation 7"):
            request = httpx.Request("PATCH", "http://127.0.0.1/", json={"result": result})
        self.sent.append(json.loads(request.content)["result"])

    def convert_to_draft(self, number: int) -> None:
        assert number == 7


class Posted:
    """A round with two votes that differ, and its adjudication; each input gets a copy.

    Args:
        folder: Where the ledgers lie.
        texts: Text of every article.
    """

    def __init__(self, folder: Path, texts: Mapping[str, str]) -> None:
        self._sound, self._own = folder / "sound.sqlite", folder / "posted.sqlite"
        self._texts = texts
        self._article, self._text = next(iter(texts.items()))
        with Ledger(self._sound) as ledger:
            for round_ in (_ANNOTATION, _DECISION):
                ledger.save_round(round_)
                ledger.record_tasks(
                    round_.name,
                    [PushedTask(n, CLAIM, "h") for n in range(1, 2 + (round_ is _ANNOTATION))],
                )
            reader = self._reader(ledger, _ANNOTATION)
            votes = [
                reader.read(self._with_ids(self.item(verdict=verdict), number, user), self.task(2))
                for number, user, verdict in ((70, 1, "supported"), (71, 2, "refuted"))
            ]
            ledger.record_pull("r", {2: votes})
            assert len(ledger.voters(CLAIM)) == 2

    def _reader(self, ledger: Ledger, round_: Round) -> AnnotationReader:
        referee = Referee(ledger, bytes(32)) if round_ is _DECISION else None
        return AnnotationReader(round_, self._texts, _People(), AVERITEC, referee)

    @staticmethod
    def _with_ids(item: dict[str, Any], number: int, user: int) -> dict[str, Any]:
        fixed = {"created_at": _MOMENT, "updated_at": _MOMENT}
        return item | fixed | {"id": number, "completed_by": user}

    def task(self, number: int) -> dict[str, Any]:
        """A task as it was pushed."""
        sources = [{"article_id": self._article, "text": self._text, "title": "t"}]
        return {"id": number, "data": {"claim_id": CLAIM, "claim": "x", "sources": sources}}

    def item(self, *, stance: str | None = None, **choices: str) -> dict[str, Any]:
        """An annotation with some choices besides ``factual``, a mark and a reason."""
        chosen = {"checkability": "factual"} | choices
        stances = {"supported": "supports", "refuted": "refutes"}
        label = stance or stances.get(choices.get("verdict", ""), "supports")
        span = {"start": 0, "end": 5, "text": self._text[:5], "labels": [label]}
        return {
            "lead_time": 3.5,
            "was_cancelled": False,
            "result": [
                *(
                    {
                        "from_name": name,
                        "to_name": "claim",
                        "type": "choices",
                        "value": {"choices": [value]},
                    }
                    for name, value in chosen.items()
                ),
                {
                    "id": "a",
                    "from_name": "evidence_0",
                    "to_name": "source_0",
                    "type": "labels",
                    "value": span,
                },
                {
                    "from_name": "justification",
                    "to_name": "claim",
                    "type": "textarea",
                    "value": {"text": [NOTE]},
                },
            ],
        }

    def samples(self, *choices: dict[str, str]) -> tuple[bytes, ...]:
        """Annotations with their task's data, as JSON."""
        data = self.task(1)["data"]
        return tuple(
            json.dumps({"item": self.item(**some), "data": data}).encode() for some in choices
        )

    def blank(self) -> bytes:
        """An annotation that holds nothing, not even an empty list."""
        item = self.item() | {"result": None}
        return json.dumps({"item": item, "data": self.task(1)["data"]}).encode()

    def vote(self, data: bytes) -> object:
        """Pull an annotation of a vote."""
        return self._pulled(data, _ANNOTATION, user=1)

    def decision(self, data: bytes) -> object:
        """Pull an annotation of an adjudicator's decision."""
        return self._pulled(data, _DECISION, user=_LEAD)

    def _pulled(self, data: bytes, round_: Round, user: int) -> object:
        posted = _read(data)
        if posted is None:
            return None
        item = self._with_ids(posted["item"], 7, user)
        with self._ledger() as ledger:
            found = self._reader(ledger, round_).read(item, {"id": 1, "data": posted["data"]})
            counts = ledger.record_pull(round_.name, {1: [found]})
            kept = ledger.rejections(round_.name)
            assert counts["new"] + counts["rejected"] >= 1
            assert [one.annotation_id for one in kept] == (
                [found.annotation_id] if isinstance(found, Rejection) else []
            )
        return found

    def returned(self, data: bytes) -> object:
        """Return an answer that breaks a rule, then read the draft as if it were sent unchanged."""
        posted = _read(data)
        if posted is None:
            return None
        item = self._with_ids(posted["item"], 7, 1)
        server = _Server({"id": 1, "data": posted["data"], "annotations": [item]})
        with self._ledger() as ledger:
            reader = self._reader(ledger, _ANNOTATION)
            found = reader.read(item, server.task)
            ledger.record_pull("r", {1: [found]})
            access: Any = server
            site = ReturnSite(_as_client(server), ledger, _ANNOTATION, reader, self._texts, access)
            ways = put_back(site, advance=lambda _: None)
            broken = isinstance(found, Rejection) and found.returnable
            assert set(ways) == ({found.annotation_id} if broken else set())
            for result in server.sent:
                _check_note(result)
                again = reader.read(item | {"result": result}, server.task)
                ledger.record_pull("r", {1: [again]})
        return found

    def _ledger(self) -> Ledger:
        for end in ("-wal", "-shm"):
            self._own.with_name(self._own.name + end).unlink(missing_ok=True)
        shutil.copyfile(self._sound, self._own)
        return Ledger(self._own, patient=True)


def _as_client(server: Any) -> LabelStudioClient:
    return server  # type: ignore[no-any-return]


def _check_note(result: list[Any]) -> None:
    """A draft has one note, and it is no part of the reason."""
    lines = [str(region["value"]["text"][0]) for region in result if _is_reason(region)]
    assert len(lines) == 1
    assert lines[0].startswith("[returned: ")
    assert "[returned: " not in without_note(lines[0]).split("\n")[0]
    assert with_note(with_note(result, "x"), "x") == with_note(result, "x")


def _is_reason(region: Any) -> bool:
    return isinstance(region, dict) and region.get("from_name") == "justification"


def _read(data: bytes) -> dict[str, Any] | None:
    """The input; ``None`` for what a server that gives JSON with these fields cannot give."""
    try:
        posted = json.loads(data)
        return {"item": {**posted["item"]}, "data": posted["data"]}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def stored_task(data: bytes) -> object:
    """A task of a project that anybody may put tasks into."""
    try:
        task = {"id": 1, "data": json.loads(data), "total_annotations": 1}
    except (ValueError, RecursionError):
        return None
    return StoredTask.of(task)


ANSWERS: dict[str, tuple[dict[str, Any] | list[Any], Callable[[LabelStudioClient], object]]] = {
    "whoami": ({"id": 1, "email": "a@b.c"}, lambda client: client.whoami()),
    "accounts": ([{"id": 1, "email": "a@b.c"}], lambda client: client.accounts()),
    "invitation": ({"invite_url": "/user/signup/?token=x"}, lambda client: client.invitation()),
    "projects": (
        {
            "results": [
                {"id": 1, "title": "t", "description": "d", "label_config": "", "task_number": 1}
            ],
            "next": None,
        },
        lambda client: client.find_projects("d"),
    ),
    "project": (
        {"id": 1, "title": "t", "description": "d", "label_config": "<View/>"},
        lambda client: client.get_project(1),
    ),
    "tasks": (
        {
            "tasks": [{"id": 1, "data": {"claim_id": CLAIM, "content_hash": "h"}}],
            "total": 1,
        },
        lambda client: client.find_tasks(1, [CLAIM]),
    ),
}
"""A sound answer of Label Studio to a question, and the question."""


def server_answer(name: str) -> Callable[[bytes], object]:
    """Ask a server that gives the input as its answer."""
    ask = ANSWERS[name][1]

    def read(data: bytes) -> object:
        client = LabelStudioClient("http://127.0.0.1:1", SecretStr("t"))
        transport = client._transport
        transport._http.close()
        transport._sleep = lambda _: None
        served = httpx.MockTransport(lambda asked: _page(asked, data))
        transport._http = httpx.Client(base_url=client.url, transport=served)
        try:
            return ask(client)
        finally:
            client.close()

    return read


def _page(asked: httpx.Request, data: bytes) -> httpx.Response:
    """The input; there is nothing behind it."""
    behind: dict[str, Any] = {"results": [], "next": None, "tasks": [], "total": 0}
    if asked.url.params.get("page", "1") != "1":
        return httpx.Response(200, json=behind)
    return httpx.Response(200, content=data)
