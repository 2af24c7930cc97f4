"""The adjudicator's page, task and answer: the claim as before, and what deciding needs more."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.errors import ContractError
from claimset.labelstudio.adjudication_page import adjudication_page
from claimset.labelstudio.config import CANNOT_BE_DECIDED, LabelingConfig, read_labeling_config
from claimset.labelstudio.decisions import decision_of
from claimset.labelstudio.dispute_tasks import (
    DisputedTask,
    answers_html,
    build_dispute_tasks,
    shuffled,
)
from claimset.labelstudio.fingerprint import fingerprint_of
from claimset.labelstudio.recorded import result_of
from claimset.labelstudio.referee import objection
from claimset.labelstudio.results import BrokenAnswer, UnusableAnswer
from claimset.labelstudio.verdict_page import config_for
from claimset.models import (
    AVERITEC,
    Annotation,
    AnnotatorKind,
    Checkability,
    Claim,
    ErrorCategory,
    LabelSet,
    ReferenceAdjudication,
    Unit,
    UnitKind,
    Verdict,
)
from claimset.seeds import read_adjudications, read_articles
from claimset.storage.ledger import Author

REPOSITORY = Path(__file__).parents[2]
CONFIG = read_labeling_config(REPOSITORY / "schemas" / "labeling_config.xml", AVERITEC)
PAGE = adjudication_page(CONFIG)
ROOT = ET.fromstring(PAGE.xml)  # noqa: S314 - made from a file of this repository
ARTICLES = read_articles(REPOSITORY / "seeds")
TEXTS = {article.article_id: article.text for article in ARTICLES}
RECORDED = read_adjudications(
    REPOSITORY / "seeds" / "reference" / "seed-adjudications.jsonl", AVERITEC
)
START = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = b"s" * 32
PEOPLE = st.lists(st.text("abcdef0123456789", min_size=4, max_size=8), unique=True, min_size=2)


def vote(annotator: str, **changes: Any) -> Annotation:
    fields = {
        "annotation_id": f"pilot:{annotator}",
        "claim_id": "c_0000000000000000",
        "round": "pilot",
        "annotator": annotator,
        "annotator_kind": AnnotatorKind.HUMAN,
        "checkability": Checkability.FACTUAL,
        "verdict": Verdict.NOT_ENOUGH_EVIDENCE,
        "created_at": START,
        "updated_at": START,
        "status": "submitted",
        "label_schema_version": "1.0",
        "guidelines_version": "1.0",
    }
    return Annotation.model_validate(fields | changes)


def choice(name: str, value: str) -> dict[str, Any]:
    return {"from_name": name, "type": "choices", "value": {"choices": [value]}}


def decide(*regions: dict[str, Any]) -> dict[str, Any]:
    return decision_of(
        list(regions), labels=AVERITEC, claim="A claim.", sources=["s"], texts={"s": "A text."}
    )


# The page


def test_the_page_asks_all_that_annotators_are_asked_and_two_things_more() -> None:
    """It has the annotators' choices, then cannot be decided, and why the answers differed."""
    own = ET.fromstring(CONFIG.xml)  # noqa: S314 - a file of this repository
    before = [item.get("alias") for item in own.iter() if item.get("alias")]
    after = [item.get("alias") for item in ROOT.iter() if item.get("alias")]
    assert set(after) - set(before) == {CANNOT_BE_DECIDED, *ErrorCategory}
    assert [alias for alias in after if alias in before] == before
    controls = {item.get("name"): item for item in ROOT.iter() if item.get("name")}
    assert [item.get("alias") for item in controls["error_category"]] == list(ErrorCategory)
    assert controls["error_category"].get("required") == "true"
    assert controls["answers"].get("value") == "$answers_html"


def test_every_choice_of_the_page_has_a_key_of_its_own() -> None:
    """One key press answers, and no key means two things."""
    keys = [item.get("hotkey") for item in ROOT.iter() if item.tag in ("Choice", "Label")]
    assert all(keys)
    assert len(set(keys)) == len(keys) == 19


def test_the_page_follows_the_annotators_page() -> None:
    """A change there is one here; a key that is taken there is not given twice."""
    changed = CONFIG.xml.replace('hotkey="d"', 'hotkey="z"').replace("Sentence is", "It is")
    page = adjudication_page(LabelingConfig(changed, "", AVERITEC)).xml
    assert 'value="It is"' in page
    keys = [item.get("hotkey") for item in ET.fromstring(page).iter() if item.get("hotkey")]  # noqa: S314
    assert len(set(keys)) == len(keys)
    assert fingerprint_of(page, "").answers == fingerprint_of(PAGE.xml, "").answers
    assert fingerprint_of(PAGE.xml, "").answers != fingerprint_of(CONFIG.xml, "").answers


def test_a_page_without_a_place_for_the_answers_is_refused() -> None:
    """It is said which part is missing."""
    bare = CONFIG.xml.replace("<Repeater", "<View").replace("</Repeater>", "</View>")
    with pytest.raises(ContractError, match="no sources in a <Repeater>"):
        adjudication_page(LabelingConfig(bare, "", AVERITEC))


# The answer


@pytest.mark.parametrize("line", [line for line, _ in RECORDED])
def test_recorded_decisions_are_read_back_as_written(line: int) -> None:
    """Result list and model say the same, with the error category."""
    recorded = dict(RECORDED)[line]
    sources = [article_id for article_id in TEXTS if article_id != recorded.article_id]
    written = result_of(recorded, sources, guidelines_version="0.1")
    read = decision_of(written, labels=AVERITEC, claim=recorded.text, sources=sources, texts=TEXTS)
    for name in ("checkability", "verdict", "evidence", "confidence", "justification"):
        assert read[name] == getattr(recorded, name)
    assert read["error_category"] == recorded.error_category
    assert read["role"] == "adjudication"


def test_cannot_be_decided_is_an_answer_without_a_label() -> None:
    """It has a category and a reason, and no checkability; it is written as it is read."""
    read = decide(
        choice("checkability", CANNOT_BE_DECIDED), choice("error_category", "claim_ambiguous")
    )
    assert (read["checkability"], read["verdict"]) == (None, None)
    assert read["error_category"] is ErrorCategory.CLAIM_AMBIGUOUS
    recorded = ReferenceAdjudication.model_validate(
        RECORDED[0][1].model_dump() | {"checkability": None, "verdict": None, "evidence": ()}
    )
    written = result_of(recorded, [], guidelines_version="1")
    assert (
        decision_of(written, labels=AVERITEC, claim="", sources=[], texts={})["checkability"]
        is None
    )


@pytest.mark.parametrize(
    ("regions", "error", "words"),
    [
        ([choice("checkability", "opinion")], BrokenAnswer, "no error category"),
        ([choice("error_category", "slip")], BrokenAnswer, "no checkability"),
        (
            [choice("checkability", "factual"), choice("error_category", "slip")],
            BrokenAnswer,
            "a factual claim needs a verdict",
        ),
        (
            [
                choice("checkability", CANNOT_BE_DECIDED),
                choice("verdict", "refuted"),
                choice("error_category", "slip"),
            ],
            BrokenAnswer,
            "a verdict is given although",
        ),
        (
            [choice("checkability", "opinion"), choice("error_category", "mood")],
            UnusableAnswer,
            "a choice is unknown",
        ),
        ([choice("colour", "red")], UnusableAnswer, "'colour' is unknown"),
    ],
)
def test_a_decision_that_breaks_a_rule_is_rejected_by_name(
    regions: list[dict[str, Any]], error: type[Exception], words: str
) -> None:
    """What its author can mend is told from what cannot be read."""
    with pytest.raises(error, match=words):
        decide(*regions)


def test_a_vote_cannot_say_that_a_claim_cannot_be_decided() -> None:
    """The choice exists in adjudication only."""
    from claimset.labelstudio.results import answer_of

    with pytest.raises(UnusableAnswer, match="a choice is unknown"):
        answer_of(
            [choice("checkability", CANNOT_BE_DECIDED)],
            labels=AVERITEC,
            claim="",
            sources=[],
            texts={},
        )


# Who may decide


def test_nobody_decides_a_claim_they_voted_on_and_no_machine_between_people() -> None:
    """Each refusal names who and why."""
    anna, ben = Author("p_anna", AnnotatorKind.HUMAN), Author("p_ben", AnnotatorKind.HUMAN)
    robot = Author("machine-d", AnnotatorKind.MACHINE)
    assert objection(anna, {ben}) is None
    assert "p_anna voted" in (objection(anna, {anna, ben}) or "")
    assert "no machine decides between people" in (objection(robot, {anna, ben}) or "")
    assert objection(robot, {Author("machine-a", AnnotatorKind.MACHINE)}) is None


# The task


@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_is_the_same_each_time(people: list[str], rng: Any) -> None:
    """However the votes come, the same one is A; all are shown."""
    votes = [vote(name) for name in people]
    order = [item.annotator for item in shuffled("c_1", votes, SECRET)]
    rng.shuffle(votes)
    assert [item.annotator for item in shuffled("c_1", votes, SECRET)] == order
    assert sorted(order) == sorted(people)


def test_the_order_differs_between_claims_and_secrets() -> None:
    """Over many claims each of three is A about equally often; without the secret nobody knows."""
    votes = [vote(name) for name in ("p_a", "p_b", "p_c")]
    first = [shuffled(f"c_{number}", votes, SECRET)[0].annotator for number in range(300)]
    assert all(70 < first.count(name) < 130 for name in ("p_a", "p_b", "p_c"))
    others = [shuffled(f"c_{number}", votes, b"t" * 32)[0].annotator for number in range(300)]
    assert first != others


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_hostile_answers_show_as_text(reason: str, wording: str, marked: str) -> None:
    """Whatever annotators and articles wrote adds no tag and no attribute."""
    span = {"article_id": "s", "start": 0, "end": len(marked), "text": marked, "stance": "context"}
    hostile = "<img src=x onerror=alert(1)>\"'"
    votes = [
        vote("p_a", justification=reason + hostile, edited_claim=wording + hostile, evidence=[span])
    ]
    parser = _Tags()
    parser.feed(answers_html(votes, {"s": hostile}, AVERITEC))
    assert parser.tags <= {"span", "div", "p", "blockquote", "cite", "br"}
    assert parser.attributes <= {"class", "tabindex", "accesskey"}
    assert parser.text.count("<img src=x onerror=alert(1)>") == 3


def test_a_task_shows_the_answers_without_their_authors() -> None:
    """Labels, reasons and spans are there; pseudonyms are not; spans come as candidates."""
    article, source = ARTICLES[0], ARTICLES[1]
    claim = Claim.model_validate(
        {
            "claim_id": "c_0000000000000000",
            "article_id": article.article_id,
            "event_id": article.event_id,
            "start": 0,
            "end": 20,
            "text": article.text[:20],
            "prefix": "",
            "suffix": "",
            "kind": UnitKind.CLAIM,
            "rule": "test",
            "segmenter_version": "1",
        }
    )
    unit = Unit(
        article_id=article.article_id,
        start=0,
        end=len(article.text),
        text=article.text,
        kind=UnitKind.CLAIM,
        reason="test",
    )
    span = {
        "article_id": source.article_id,
        "start": 4,
        "end": 9,
        "text": source.text[4:9],
        "stance": "supports",
    }
    votes = [
        vote("p_anna", verdict="supported", evidence=[span], justification="Because of <this>."),
        vote("p_ben", confidence="low"),
    ]

    def made(votes: list[Annotation], account: str = "dora@claimset.invalid") -> dict[str, Any]:
        dispute = DisputedTask(claim, votes, account)
        (task,) = build_dispute_tasks(ARTICLES, [unit], [claim], [], [dispute], SECRET, AVERITEC)
        return task

    task = made(votes)
    data = task["data"]
    assert "p_anna" not in str(task)
    assert "p_ben" not in str(task)
    for words in ("supported", "not enough evidence", "low confidence", "Because of &lt;this&gt;."):
        assert words in data["answers_html"]
    assert data["claim_label"].startswith("for dora to decide · claim 1 of 1")
    (region,) = task["predictions"][0]["result"]
    assert region["value"]["labels"] == ["candidate"]
    assert region["value"]["text"] == source.text[4:9]
    assert made(votes[::-1]) == task
    for other in (made(votes[:1]), made(votes, "emma@claimset.invalid")):
        assert other["data"]["content_hash"] != data["content_hash"]


def test_votes_have_the_words_and_colours_of_the_label_set() -> None:
    """AVeriTeC's own keep theirs; a set of one's own has nothing of AVeriTeC's names."""
    for name, colour in (("supported", "2e9e5b"), ("refuted", "d64545"), ("opinion", "8a3fc0")):
        assert f".fc .fc-l-{name} {{ border-left-color:#{colour}; }}" in PAGE.xml
    labels = LabelSet.model_validate(
        {
            "name": "desk",
            "verdicts": [
                {"name": "right", "title": "Right", "hotkey": "1", "nli": "entailment"},
                {"name": "in_part", "title": "Right in part", "hotkey": "2", "colour": "#6aa84f"},
            ],
        }
    )
    page = adjudication_page(LabelingConfig(config_for(CONFIG.xml, labels), "", labels)).xml
    assert ".fc .fc-l-right { border-left-color:#2e9e5b; }" in page
    assert ".fc .fc-l-in_part { border-left-color:#6aa84f; }" in page
    assert "fc-l-supported" not in page
    shown = answers_html([vote("a", verdict="in_part"), vote("b", verdict="right")], {}, labels)
    assert '<div class="fc-vote fc-l-in_part">' in shown
    assert '<span class="fc-said">Right in part</span>' in shown
    assert '<span class="fc-said">right</span>' in shown
