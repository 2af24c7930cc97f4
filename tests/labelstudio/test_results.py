"""Answers: what is written is read back, and what cannot be used is rejected by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.labelstudio.config import CANDIDATE
from claimset.labelstudio.recorded import recorded_guidelines, result_of
from claimset.labelstudio.results import (
    Answer,
    UnusableAnswer,
    answer_of,
    without_lost_spans,
)
from claimset.models import (
    AVERITEC,
    Checkability,
    Confidence,
    Evidence,
    ReferenceAnnotation,
    Stance,
    Verdict,
    broken_answer_rules,
)
from claimset.seeds import read_articles, read_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

PROPERTY = settings(deadline=None)
SEEDS = Path(__file__).parents[2] / "seeds"
CLAIM = "The mayor closed the library."
TEXTS = {"s0": "A 👩‍🚒 closed it.", "s1": "Nobody closed e\u0301 it. Nobody closed it."}
SOURCES = ["s0", "s1"]


def choice(name: str, *values: object) -> dict[str, Any]:
    return {"from_name": name, "type": "choices", "value": {"choices": list(values)}}


def words(name: str, *values: object) -> dict[str, Any]:
    return {"from_name": name, "type": "textarea", "value": {"text": list(values)}}


def span(number: object, start: object, end: object, *labels: object, **value: object) -> Any:
    return {
        "from_name": f"evidence_{number}",
        "type": "labels",
        "value": {"start": start, "end": end, "labels": list(labels)} | value,
    }


FACTUAL = [choice("checkability", "factual"), choice("verdict", "not_enough_evidence")]
OPINION = [choice("checkability", "opinion")]


def read(result: Sequence[Any]) -> Answer:
    return answer_of(result, labels=AVERITEC, claim=CLAIM, sources=SOURCES, texts=TEXTS)


# There and back


def same(answer: Answer, recorded: ReferenceAnnotation) -> bool:
    """Whether nothing but the order of the spans differs."""
    return (
        (answer.checkability, answer.verdict, answer.confidence, answer.edited_claim)
        == (recorded.checkability, recorded.verdict, recorded.confidence, None)
    ) and (answer.justification, set(answer.evidence)) == (
        recorded.justification.strip() or None,
        set(recorded.evidence),
    )


def test_all_recorded_answers_are_read_back() -> None:
    """The 174 reference annotations, through Label Studio's form and back, lose nothing."""
    texts = {article.article_id: article.text for article in read_articles(SEEDS)}
    rows = read_reference(SEEDS / "reference" / "seed-annotations.jsonl", AVERITEC)
    assert len(rows) == 174
    for number, recorded in rows:
        sources = [name for name in texts if name != recorded.article_id]
        result = result_of(recorded, sources, guidelines_version="0.1")
        answer = answer_of(
            result, labels=AVERITEC, claim=recorded.text, sources=sources, texts=texts
        )
        assert same(answer, recorded), number
        assert len(answer.evidence) == len(set(recorded.evidence)), number
        assert recorded_guidelines(result) == "0.1"


@st.composite
def recorded_answers(draw: st.DrawFn) -> ReferenceAnnotation:
    """Any answer that keeps the rules, with spans in any of the sources."""
    evidence = []
    for _ in range(draw(st.integers(0, 4))):
        source = draw(st.sampled_from(SOURCES))
        start = draw(st.integers(0, len(TEXTS[source]) - 1))
        end = draw(st.integers(start + 1, len(TEXTS[source])))
        text = TEXTS[source][start:end]
        stance = draw(st.sampled_from(Stance))
        evidence.append(Evidence(article_id=source, start=start, end=end, text=text, stance=stance))
    answers = [
        (checkability, verdict)
        for checkability in Checkability
        for verdict in (None, *Verdict)
        if not broken_answer_rules(AVERITEC, checkability, verdict, tuple(evidence))
    ]
    checkability, verdict = draw(st.sampled_from(answers))
    return ReferenceAnnotation(
        article_id="a",
        start=0,
        end=len(CLAIM),
        text=CLAIM,
        annotator="x",
        checkability=checkability,
        verdict=verdict,
        evidence=tuple(evidence),
        confidence=draw(st.sampled_from(Confidence)),
        justification=draw(st.text(st.characters(codec="utf-8"), max_size=20)),
    )


@PROPERTY
@given(recorded_answers(), st.randoms(use_true_random=False))
def test_any_answer_is_read_back(recorded: ReferenceAnnotation, chance: Any) -> None:
    """In whatever order Label Studio lists the regions; the spans come out sorted, once each."""
    result = result_of(recorded, SOURCES, guidelines_version="9")
    chance.shuffle(result)
    answer = read(result)
    assert same(answer, recorded)
    places = [(item.article_id, item.start, item.end, item.stance) for item in answer.evidence]
    assert places == sorted(set(places))


def test_evidence_outside_the_sources_cannot_be_written() -> None:
    texts = {article.article_id: article.text for article in read_articles(SEEDS)}
    _, recorded = read_reference(SEEDS / "reference" / "seed-annotations.jsonl", AVERITEC)[0]
    assert recorded.evidence
    with pytest.raises(ValueError, match="is not in list"):
        result_of(recorded, [*texts][:1], guidelines_version="0.1")


@pytest.mark.parametrize(
    "result", [[], [None], ["x"], [{}], [{"meta": None}], [{"meta": {"guidelines_version": 1}}]]
)
def test_an_answer_given_on_screen_names_no_guidelines(result: list[Any]) -> None:
    assert recorded_guidelines(result) is None


# What annotators do on screen


def test_a_bare_answer_is_enough() -> None:
    """Confidence and justification are not required; what is left out is null."""
    assert read(OPINION) == Answer(
        checkability=Checkability.OPINION,
        verdict=None,
        evidence=(),
        confidence=None,
        justification=None,
        edited_claim=None,
    )


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        (CLAIM, None),
        (f" {CLAIM}\n", None),
        ("", None),
        ("  ", None),
        ("The mayor closed it.", "The mayor closed it."),
        (" The mayor closed it. ", "The mayor closed it."),
        (CLAIM.upper(), CLAIM.upper()),
    ],
)
def test_only_another_wording_is_an_edit(text: str, edited: str | None) -> None:
    """The field is pre-filled and always comes back; outer white space is no edit."""
    assert read([*OPINION, words("edited_claim", text)]).edited_claim == edited


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (words("justification", "one", "two"), "one\ntwo"),
        (words("justification", "  "), None),
        (words("justification"), None),
        ({"from_name": "justification", "value": {"text": "plain"}}, "plain"),
        ({"from_name": "justification", "value": {"text": None}}, None),
        ({"from_name": "justification", "value": {}}, None),
    ],
)
def test_a_justification_is_text_or_nothing(region: dict[str, Any], expected: str | None) -> None:
    assert read([*OPINION, region]).justification == expected


def test_a_candidate_left_as_it_was_is_no_evidence() -> None:
    """Not even one whose positions are wrong: nobody marked it."""
    candidates = [span(0, 0, 3, CANDIDATE), span(1, 0, 999, CANDIDATE), span(7, 0, 1, CANDIDATE)]
    assert read([*FACTUAL, *candidates]).evidence == ()


def test_a_candidate_that_got_a_stance_is_evidence() -> None:
    """With the candidate label still on it or not, and once although it stands there twice."""
    marked = [span(1, 0, 6, CANDIDATE, "context"), span(1, 0, 6, "context", text="Nobody")]
    (found,) = read([*FACTUAL, *marked]).evidence
    assert (found.article_id, found.start, found.end, found.text) == ("s1", 0, 6, "Nobody")
    assert found.stance is Stance.CONTEXT


def test_positions_count_code_points() -> None:
    """A span behind signs that are several UTF-16 units long is read where it stands."""
    start = TEXTS["s0"].index("closed")
    (found,) = read([*FACTUAL, span(0, start, start + 6, "context", text="closed")]).evidence
    assert found.text == "closed"


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ([], "no checkability was chosen"),
        ([choice("verdict", "refuted")], "no checkability was chosen"),
        ([*OPINION, choice("mood", "good")], "the control 'mood' is unknown"),
        ([*OPINION, choice("evidence_", "supports")], "the control 'evidence_' is unknown"),
        ([*OPINION, choice("evidence_x", "supports")], "the control 'evidence_x' is unknown"),
        ([*OPINION, {"value": {}}], "the control 'None' is unknown"),
        ([choice("checkability", "perhaps")], "'perhaps' is not a valid Checkability"),
        ([choice("checkability", "Factual")], "'Factual' is not a valid Checkability"),
        ([FACTUAL[0], choice("verdict", "true")], "the verdict 'true' is unknown"),
        ([*OPINION, choice("confidence", "sure")], "'sure' is not a valid Confidence"),
        ([choice("checkability", "opinion", "factual")], "checkability holds ['opinion', 'fact"),
        ([*OPINION, *OPINION, choice("checkability", "factual")], "checkability was answered tw"),
        ([*FACTUAL, choice("verdict", "supported")], "verdict was answered twice"),
        ([choice("checkability")], "checkability holds [], expected one choice"),
        ([{"from_name": "checkability", "value": {}}], "checkability holds None"),
        ([{"from_name": "checkability", "value": {"choices": "factual"}}], "holds 'factual'"),
        ([FACTUAL[0]], "a factual claim needs a verdict"),
        ([*OPINION, choice("verdict", "refuted")], "although the claim is marked opinion"),
        ([FACTUAL[0], choice("verdict", "supported")], "supported needs a span marked supports"),
        ([None], "something that is no region"),
        (["checkability"], "something that is no region"),
        ([{"from_name": "checkability"}], "something that is no region"),
        ([{"from_name": "checkability", "value": []}], "something that is no region"),
        ([*FACTUAL, span(2, 0, 1, "context")], "marked in source 2, which the task does not ha"),
        ([*FACTUAL, span("9" * 5000, 0, 1, "context")], "is unknown"),
        ([*FACTUAL, span(0, 0, 999, "context")], "in source s0 the span [0, 999) does not hold"),
        ([*FACTUAL, span(0, 3, 3, "context")], "in source s0 the span [3, 3) does not hold"),
        ([*FACTUAL, span(0, -3, -1, "context")], "in source s0 the span [-3, -1) does not hold"),
        ([*FACTUAL, span(0, 0, 1, "context", text="B")], "in source s0 the span [0, 1) does not"),
        ([*FACTUAL, span(1, 1, 7, "context", text="Nobody")], "in source s1 the span [1, 7) do"),
        ([*FACTUAL, span(0, "0", 1, "context")], "a span of s0 has the positions '0' to 1"),
        ([*FACTUAL, span(0, 0, 1.5, "context")], "a span of s0 has the positions 0 to 1.5"),
        ([*FACTUAL, span(0, None, 1, "context")], "a span of s0 has the positions None to 1"),
        ([*FACTUAL, span(0, False, True, "context")], "has the positions False to True"),
        ([*FACTUAL, span(0, 0, 1, "proves")], "the stance 'proves' is unknown"),
        ([*FACTUAL, span(0, 0, 1, "supports", "refutes")], "evidence_0 holds ['supports', 'ref"),
        ([*FACTUAL, span(0, 0, 1)], "evidence_0 holds [], expected one choice"),
        ([*FACTUAL, span(0, 0, 1, labels=7)], "evidence_0 holds 7, expected one choice"),
        ([*FACTUAL, span(0, 0, 1, labels="context")], "evidence_0 holds 'context', expected"),
    ],
)
def test_what_cannot_be_used_is_rejected_by_name(result: list[Any], reason: str) -> None:
    """The reason names the control, the choice, the span or the rule."""
    with pytest.raises(UnusableAnswer) as caught:
        read(result)
    assert reason in str(caught.value)


def test_a_source_whose_text_is_gone_is_rejected() -> None:
    """The span cannot be checked, so it is not believed."""
    with pytest.raises(UnusableAnswer, match="source 1"):
        answer_of(
            [*FACTUAL, span(1, 0, 1, "context")],
            labels=AVERITEC,
            claim=CLAIM,
            sources=SOURCES,
            texts={"s0": TEXTS["s0"]},
        )


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 30)
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from(["factual", "opinion", "supported", "context", CANDIDATE]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["choices", "text", "labels", "start", "end"]), inner)
    ),
    max_leaves=8,
)
NAMES = ["checkability", "verdict", "confidence", "justification", "edited_claim", "evidence_0"]
REGIONS = st.fixed_dictionaries(
    {"from_name": st.sampled_from(NAMES) | JSON},
    optional={
        "value": st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("choices", "text", "labels", "start", "end"), JSON)
        )
    },
)


@PROPERTY
@given(st.lists(REGIONS | JSON, max_size=5), st.booleans())
def test_any_json_is_an_answer_or_unusable(result: list[Any], complete: bool) -> None:
    """Label Studio stores what is posted to it; nothing but UnusableAnswer comes of it."""
    try:
        answer = read([*FACTUAL, *result] if complete else result)
    except UnusableAnswer as error:
        reason = str(error)
    else:
        reason = "; ".join(
            broken_answer_rules(AVERITEC, answer.checkability, answer.verdict, answer.evidence)
        )
        for item in answer.evidence:
            item.check(TEXTS[item.article_id], where="x")
        assert not reason
        return
    assert reason


@pytest.mark.parametrize("start", [0, 3])
def test_a_span_over_a_line_break_is_read_as_the_page_writes_it(start: int) -> None:
    """Label Studio's page writes a line break in a selection's text as a backslash and an n."""
    source = "It rained.\n\nIt snowed.\n"
    marked = source[start:21].replace("\n", "\\n")
    region = {
        "from_name": "evidence_0",
        "value": {"start": start, "end": 21, "text": marked, "labels": ["context"]},
    }
    verdict = {"from_name": "checkability", "value": {"choices": ["opinion"]}}
    answer = answer_of(
        [verdict, region], labels=AVERITEC, claim="x", sources=["s"], texts={"s": source}
    )
    assert [span.text for span in answer.evidence] == [source[start:21]]
    region["value"] = {**region["value"], "text": "rained.\\nIt snowed"}  # type: ignore[dict-item]
    with pytest.raises(UnusableAnswer):
        answer_of([verdict, region], labels=AVERITEC, claim="x", sources=["s"], texts={"s": source})


def test_only_spans_that_lost_their_place_are_taken_out_of_a_returned_answer() -> None:
    """Choices, words and whatever else Label Studio holds stay as they are."""
    kept = [*FACTUAL, words("justification", "why"), "nonsense", span(1, 0, 6, "supports")]
    lost = [
        span(0, 2, 5, "supports", text="elsewhere"),
        span(7, 0, 1, "supports"),
        span(0, "2", 5, "supports"),
        {"from_name": "evidence_0"},
    ]
    result = [*kept[:2], *lost, *kept[2:]]
    assert without_lost_spans(result, sources=SOURCES, texts=TEXTS) == kept
