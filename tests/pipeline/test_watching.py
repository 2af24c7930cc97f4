"""Status and report say what stands in the ledger, and the page is safe and whole."""

from __future__ import annotations

import itertools
import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from claimset.aggregation.checks import LEAST_ANSWERS
from claimset.cli import app
from claimset.identifiers import annotator_pseudonym
from claimset.models import (
    FEVER,
    AgreementFigure,
    Annotation,
    AnnotationStatus,
    KnownAnswer,
    LabelSet,
    TaskRole,
)
from claimset.pipeline import report, segment, status
from claimset.pipeline.label_files import label_settings
from claimset.reporting.status_tables import alpha_words
from claimset.settings import load_settings
from claimset.storage.ledger import Ledger, PushedTask, Round

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

NOW = datetime(2026, 1, 3, tzinfo=UTC)


def _change(workspace: Workspace, **update: object) -> str:
    """Change one disputed answer in the ledger, as an edit in Label Studio would; its claim."""
    with Ledger(workspace.ledger) as ledger:
        tasks = {task.claim_id: task.task_id for task in ledger.tasks("seeds")}
        answers = ledger.annotations()
        by_claim: dict[str, list[Annotation]] = {}
        for answer in answers:
            by_claim.setdefault(answer.claim_id, []).append(answer)
        claim = next(
            claim for claim, own in by_claim.items() if len({item.verdict for item in own}) > 1
        )
        first, *rest = by_claim[claim]
        ledger.record_pull("seeds", {tasks[claim]: [first.model_copy(update=update), *rest]})
    return claim


def test_status_counts_rounds_disputes_and_agreement(answered: Workspace) -> None:
    found = status(answered, now=NOW)
    (round_,) = found.rounds
    assert (round_.tasks, round_.begun, round_.complete, round_.disputed) == (46, 46, 46, 5)
    assert (found.open_disputes, round_.adjudicated, round_.pace.remaining) == (5, 0, 0)
    assert round_.alpha is not None
    assert round_.alpha.value == pytest.approx(0.8485, abs=5e-5)
    assert round_.oldest_open is None


def test_the_lead_reads_names_and_what_to_do_next(answered: Workspace) -> None:
    """Names are for the lead's screen; the report and everybody else see pseudonyms."""
    anna = annotator_pseudonym("anna@claimset.invalid", answered.pseudonym_secret())
    answered.annotators.write_text(
        '[{"name": "anna", "email": "anna@claimset.invalid", "password": null}]'
    )
    answered.annotators.chmod(0o600)
    _change(answered, annotator=anna)
    shown = CliRunner().invoke(app, ["status", "-w", str(answered.root)])
    (line,) = [line for line in shown.stdout.splitlines() if anna in line]
    assert re.fullmatch(rf" 1 by anna \({anna}\) +last answer \d+ days ago *", line), line
    assert shown.stderr.splitlines()[-1] == "next: claimset adjudicate"
    report(answered, load_settings(answered), html=answered.root / "report.html", now=NOW)
    page = (answered.root / "report.html").read_text("utf-8")
    assert anna in page
    assert "anna" not in page.replace(anna, "")

    _change(answered, status=AnnotationStatus.DELETED)
    shown = CliRunner().invoke(app, ["status", "-w", str(answered.root)])
    assert shown.stderr.splitlines()[-1] == (
        "next: claimset adjudicate, while the other answers come in"
    )


def test_agreement_on_one_claim_is_told_in_the_singular() -> None:
    def figure(units: int) -> AgreementFigure:
        return AgreementFigure(
            name="alpha",
            value=0.5,
            reason=None,
            interval=None,
            interval_reason="why",
            units=units,
            ratings=2 * units,
        )

    assert alpha_words(figure(1)) == "0.500 (1 claim; no interval: why)"
    assert alpha_words(figure(2)) == "0.500 (2 claims; no interval: why)"


def test_a_missing_answer_opens_its_task_and_is_forecast(answered: Workspace) -> None:
    claim = _change(answered, status=AnnotationStatus.DELETED)
    (round_,) = status(answered, now=NOW).rounds
    assert (round_.complete, round_.pace.remaining) == (45, 1)
    assert round_.pace.finish is not None
    assert NOW < round_.pace.finish < NOW + timedelta(hours=1)
    assert round_.oldest_open is not None
    assert (round_.oldest_open.claim_id, round_.oldest_open.answers) == (claim, 2)


def test_a_workspace_without_a_round_has_nothing_to_show(workspace_copy: Workspace) -> None:
    assert status(workspace_copy).rounds == ()
    segment(workspace_copy, load_settings(workspace_copy))
    result = report(workspace_copy, load_settings(workspace_copy), now=NOW)
    assert "claimset push" in result.advice[0]
    assert "No two votes on a claim differ" in result.html.read_text("utf-8")


class _Outline(HTMLParser):
    """Tags, ids, references and drawings of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_shows_every_disagreement_and_needs_nothing(answered: Workspace) -> None:
    result = report(answered, load_settings(answered), now=NOW)
    assert (result.claims, result.answers, result.disputes) == (46, 138, 5)
    text = result.html.read_text("utf-8")
    assert text.count('<article class="dispute">') == 5
    assert "made by a language model, not by people" in text
    outline = _Outline(text)
    names = {tag for tag, _ in outline.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|@import|https?:", text)
    assert "default-src 'none'" in text


def test_figures_by_label_have_their_n_and_none_is_under_twenty(answered: Workspace) -> None:
    """Of 46 votes 33 are on claims without enough evidence; the other labels are too rare."""
    text = report(answered, load_settings(answered), now=NOW).html.read_text("utf-8")
    for name in ("Recognising each label", "Leaning to a label"):
        table = text.split(f'aria-label="{name}"')[1].split("</table>")[0]
        cells = re.findall(r"<td[^>]*>(?:<b>([^<]*)</b>)?<span>(?:n = (\d+)|–)</span></td>", table)
        assert len(cells) == table.count("<td") == 3 * 4
        for value, n in cells:
            assert bool(value) == (int(n) >= 20)
        assert any(value for value, _ in cells)
    assert "<b>0.94</b><span>n = 33</span>" in text
    assert "<b>+0.036</b><span>n = 46</span>" in text


def test_every_drawing_has_words(answered: Workspace) -> None:
    """A drawing is either named and described, or hidden beside a table that says the same."""
    text = report(answered, load_settings(answered), now=NOW).html.read_text("utf-8")
    outline = _Outline(text)
    drawings = [attributes for tag, attributes in outline.tags if tag == "svg"]
    assert drawings
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for drawing in drawings:
        if drawing.get("aria-hidden") != "true":
            assert drawing["role"] == "img"
            assert set((drawing["aria-labelledby"] or "").split()) <= set(ids)
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert outline.tags[0] == ("html", {"lang": "en"})


def test_hostile_words_stay_words(answered: Workspace) -> None:
    hostile = "</style><script>alert(1)</script>\x1b[2J{{ 7 * 7 }}<img src=x onerror=alert(1)>"
    _change(answered, justification=hostile, annotator="<b>me</b>")
    text = report(answered, load_settings(answered), now=NOW).html.read_text("utf-8")
    assert "<script" not in text
    assert "<img" not in text
    assert "<b>me" not in text
    assert "\x1b" not in text
    assert "{{ 7 * 7 }}" in text


def test_the_same_ledger_gives_the_same_page(answered: Workspace) -> None:
    settings = load_settings(answered)
    first = report(answered, settings, now=NOW).html.read_bytes()
    assert report(answered, settings, now=NOW).html.read_bytes() == first


def test_the_commands_print_what_they_found(answered: Workspace) -> None:
    run = CliRunner()
    shown = run.invoke(app, ["status", "-w", str(answered.root)], env={"COLUMNS": "80"})
    assert shown.exit_code == 0, shown.output
    assert "46 with 3 or more" in shown.output
    assert "alpha  0.848" in shown.output
    page = answered.root / "out" / "r.html"
    made = run.invoke(app, ["report", "-w", str(answered.root), "--html", str(page), "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["open_disputes"] == 5
    assert page.is_file()


def test_an_empty_round_says_that_nobody_has_answered(workspace_copy: Workspace) -> None:
    segment(workspace_copy, load_settings(workspace_copy))
    with Ledger(workspace_copy.ledger) as ledger:
        ledger.save_round(Round("pilot", "http://127.0.0.1:1", 1, 1, 2, "1.0", "0.1", ""))
    shown = CliRunner().invoke(app, ["status", "-w", str(workspace_copy.root)])
    assert shown.exit_code == 0, shown.output
    report(workspace_copy, load_settings(workspace_copy), now=NOW)


def test_answers_that_measure_follow_a_renamed_label_set(workspace_copy: Workspace) -> None:
    """Known answers, answers to them, and second answers, given before and after the change."""
    labels = LabelSet.model_validate(FEVER.model_dump() | {"earlier": {"supported": "supports"}})
    (workspace_copy.root / "claimset.toml").write_text(label_settings(labels), "utf-8")
    many = range(LEAST_ANSWERS)

    def answer(number: int, claim: str, verdict: str) -> Annotation:
        return Annotation.model_validate(
            {
                "annotation_id": f"old:{number}",
                "claim_id": claim,
                "round": "old",
                "annotator": "p_1",
                "annotator_kind": "human",
                "checkability": "factual",
                "verdict": verdict,
                "created_at": NOW,
                "updated_at": NOW,
                "status": "submitted",
                "label_schema_version": "1.0",
                "guidelines_version": "0.1",
            }
        )

    with Ledger(workspace_copy.ledger) as ledger:
        ledger.save_round(Round("old", "http://127.0.0.1:1", 1, 1, 1, "1.0", "0.1", ""))
        pushed = [PushedTask(n, f"g{n}", "h", TaskRole.GOLD) for n in many]
        pushed += [PushedTask(100 + n, f"c{n}", "h") for n in many]
        pushed += [PushedTask(200 + n, f"c{n}", "h", TaskRole.REPEAT) for n in many]
        ledger.record_tasks("old", pushed)
        ledger.record_known_answers(
            "old", {f"g{n}": KnownAnswer(claim_id=f"g{n}", verdict="supported") for n in many}
        )
        answers = {n: [answer(n, f"g{n}", "supported")] for n in many}
        answers |= {100 + n: [answer(100 + n, f"c{n}", "supported")] for n in many}
        # Told apart by their names alone, these would be other answers.
        answers |= {200 + n: [answer(200 + n, f"c{n}", "supports")] for n in many}
        ledger.record_pull("old", answers)
    (round_,) = status(workspace_copy).rounds
    (row,) = round_.checks
    assert (row.known.value, row.known.n) == (1.0, LEAST_ANSWERS)
    assert (row.again.value, row.again.n) == (1.0, LEAST_ANSWERS)
