"""Label Studio's own rules, asked before anything is sent, agree with its server and with us."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimset import pipeline
from claimset.errors import ContractError
from claimset.evidence import find_candidates
from claimset.labelstudio.adjudication_page import adjudication_page
from claimset.labelstudio.config import CANDIDATE, TASK_KEYS, LabelingConfig, read_labeling_config
from claimset.labelstudio.grammar import check_page, faults_of, interface_of
from claimset.labelstudio.recorded import result_of
from claimset.labelstudio.results import UnusableAnswer, read_regions
from claimset.labelstudio.tasks import build_tasks
from claimset.labelstudio.verdict_page import config_for
from claimset.models import (
    AVERITEC,
    FEVER,
    Checkability,
    Confidence,
    LabelSet,
    ReferenceAdjudication,
    ReferenceAnnotation,
    Stance,
    Verdict,
)
from claimset.models.labels import FREE_KEYS
from claimset.pipeline.doctor import doctor
from claimset.seeds import read_adjudications, read_articles, read_reference
from claimset.segmentation import claims_of, find_units
from claimset.settings import Settings

if TYPE_CHECKING:
    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.storage.workspace import Workspace

REPOSITORY = Path(__file__).parents[2]
FILE = REPOSITORY / "schemas" / "labeling_config.xml"
PAGE = read_labeling_config(FILE, AVERITEC)
ODD = LabelSet.model_validate(
    {
        "name": "odd",
        "verdicts": [
            {"name": "yes", "title": 'Yes & "so" <b>', "hotkey": "1", "hint": "a > b"},
            {"name": "no", "title": "$No", "hotkey": "x", "evidence": ["refutes"]},
        ],
    }
)

# What Label Studio refuses: its parser here must, and its server does too.
REFUSED = {
    "toName names nothing": ('toName="article" rows', 'toName="artcle" rows'),
    "a name twice": ('<Text name="source_{{idx}}"', '<Text name="article"'),
    "a choice without value": ('<Choice value="Low" alias="low"', '<Choice alias="low"'),
    "a control without toName": ('name="confidence" toName="article"', 'name="confidence"'),
    "no XML": ("</View>\n</View>", "</View>"),
}
# What its server takes without a word, and what no answer could then be stored or read by.
UNFIT = {
    "evidence of another text": (
        'name="evidence_{{idx}}" toName="source_{{idx}}"',
        'name="evidence_{{idx}}" toName="article"',
        "'source_0' is not valid for control 'evidence_0'",
    ),
    "another number": ('indexFlag="{{idx}}"', 'indexFlag="{{i}}"', "'evidence_0' not found"),
    "a list that is no Choices": (
        '<Choices name="confidence"',
        '<Taxonomy name="confidence"',
        "'choices' does not match expected type 'taxonomy'",
    ),
}


def changed(old: str, new: str) -> LabelingConfig:
    """The real page with one thing changed; fails if that thing is not there."""
    assert old in PAGE.xml, old
    xml = PAGE.xml.replace(old, new)
    if new.startswith("<Taxonomy"):
        start = xml.index(new)
        end = xml.index("</Choices>", start)
        xml = xml[:end] + "</Taxonomy>" + xml[end + len("</Choices>") :]
    return PAGE._replace(xml=xml)


@pytest.mark.parametrize("labels", [AVERITEC, FEVER, ODD], ids=lambda labels: labels.name)
def test_every_page_of_ours_holds_every_answer(tmp_path: Path, labels: LabelSet) -> None:
    """The annotators' page and the adjudicator's, under any label set."""
    path = tmp_path / "labeling_config.xml"
    path.write_text(config_for(PAGE.xml, labels), "utf-8")
    page = read_labeling_config(path, labels)
    check_page(page, where="x")
    check_page(adjudication_page(page), where="x")


PRINTABLE = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(
    lambda text: text.isprintable() and text == text.strip()
)


@settings(deadline=None, max_examples=50)
@given(st.lists(PRINTABLE, min_size=2, max_size=9, unique_by=str.casefold), PRINTABLE)
@example(['name="article"', "toName='x'", "{{idx}}", "<Choice/>", "]]>", "$claim"], "--><!--")
def test_no_word_of_a_label_set_can_break_the_page(titles: list[str], hint: str) -> None:
    """Label Studio looks for names with regular expressions, and titles are anything printable."""
    labels = LabelSet.model_validate(
        {
            "name": "odd",
            "verdicts": [
                {"name": f"v{n}", "title": title, "hotkey": FREE_KEYS[n], "hint": hint}
                for n, title in enumerate(titles)
            ],
        }
    )
    check_page(LabelingConfig(config_for(PAGE.xml, labels), "", labels), where="x")


@pytest.mark.parametrize(("old", "new"), REFUSED.values(), ids=REFUSED)
def test_what_label_studio_refuses_is_refused_before_it_is_asked(old: str, new: str) -> None:
    with pytest.raises(ContractError, match="Label Studio does not take") as caught:
        check_page(changed(old, new), where="page.xml")
    assert caught.value.where == "page.xml"


@pytest.mark.parametrize(("old", "new", "fault"), UNFIT.values(), ids=UNFIT)
def test_a_page_that_cannot_hold_an_answer_is_refused(old: str, new: str, fault: str) -> None:
    """Label Studio takes it, and the first answer would be lost."""
    with pytest.raises(ContractError, match="cannot hold every answer") as caught:
        check_page(changed(old, new), where="page.xml")
    assert fault in caught.value.problem
    assert "Region" not in caught.value.problem


@pytest.mark.studio
def test_label_studios_server_judges_pages_as_its_parser_does(studio: EmbeddedStudio) -> None:
    """So a page that passes here is made into a project there, and the other way round."""
    token = studio.credentials.token.get_secret_value()
    headers = {"Authorization": f"Token {token}"}
    pages = {name: changed(*change) for name, change in REFUSED.items()}
    pages |= {name: changed(old, new) for name, (old, new, _) in UNFIT.items()}
    pages |= {"ours": PAGE, "an adjudicator's": adjudication_page(PAGE)}
    with httpx.Client(base_url=studio.url, headers=headers, trust_env=False, timeout=60) as raw:
        taken = {
            name
            for name, page in pages.items()
            if raw.post("/api/projects/validate/", json={"label_config": page.xml}).is_success
        }
    assert taken == {"ours", "an adjudicator's", *UNFIT}


def test_push_and_doctor_say_so_without_a_server(workspace_copy: Workspace) -> None:
    """The page is looked at before anything is sent, and by a dry run."""
    workspace_copy.labeling_config.write_text(
        PAGE.xml.replace('indexFlag="{{idx}}"', 'indexFlag="{{i}}"'), "utf-8"
    )
    offline = Settings(label_studio_url="http://127.0.0.1:9", label_studio_api_key="t" * 40)
    with pytest.raises(ContractError, match="cannot hold every answer"):
        pipeline.push(workspace_copy, offline, dry_run=True)
    checks = {check.name: check for check in doctor(workspace_copy).checks}
    assert not checks["labelling config"].ok
    assert "cannot hold every answer" in checks["labelling config"].detail


def test_a_page_shows_nothing_that_tasks_lack(tmp_path: Path) -> None:
    """Label Studio would show an empty line."""
    path = tmp_path / "labeling_config.xml"
    path.write_text(PAGE.xml.replace('"$facts"', '"$fact"'), "utf-8")
    with pytest.raises(ContractError, match="shows 'fact', which no task holds") as caught:
        read_labeling_config(path, AVERITEC)
    assert "$facts" in caught.value.remedy
    assert {key for task in seed_tasks() for key in task["data"]} == set(TASK_KEYS)


def seed_tasks() -> list[dict[str, Any]]:
    """The tasks of the seeds, as a push makes them."""
    articles = read_articles(REPOSITORY / "seeds")
    units = [unit for value in articles for unit in find_units(value)]
    claims = [claim for value in articles for claim in claims_of(value, find_units(value))]
    candidates = find_candidates(articles, units, claims, top=5)
    return list(build_tasks(articles, units, claims, candidates))


def test_label_studios_rules_find_nothing_in_what_we_send_and_record() -> None:
    """Every candidate of the seeds, and every recorded answer and decision on its page."""
    page = interface_of(PAGE.xml, sources=2)
    tasks = [task for task in seed_tasks() if "predictions" in task]
    assert len(tasks) == 45  # one claim shares no word with any source
    for task in tasks:
        for candidates in task["predictions"]:
            assert faults_of(page, candidates["result"]) == []
    names = [value.article_id for value in read_articles(REPOSITORY / "seeds")]
    reference = REPOSITORY / "seeds" / "reference"
    decider = interface_of(adjudication_page(PAGE).xml, sources=2)
    answers = [row for _, row in read_reference(reference / "seed-annotations.jsonl", AVERITEC)]
    decided = [
        row for _, row in read_adjudications(reference / "seed-adjudications.jsonl", AVERITEC)
    ]
    assert (len(answers), len(decided)) == (174, 5)
    rows: list[ReferenceAnnotation | ReferenceAdjudication] = [*answers, *decided]
    for row in rows:
        sources = [name for name in names if name != row.article_id]
        result = result_of(row, sources, guidelines_version="0.1")
        assert faults_of(decider if row in decided else page, result) == []


TEXT = "A 👩‍🚒 closed it, and nobody knew."
WORDS = st.sampled_from([*Checkability, *Verdict, *Confidence, *Stance, CANDIDATE, "purple", ""])
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "choices": st.lists(WORDS, max_size=2) | st.none(),
        "labels": st.lists(WORDS, max_size=2) | st.none(),
        "start": st.integers(0, 4),
        "end": st.integers(0, 9),
        "text": st.lists(st.text(max_size=3), max_size=2) | st.sampled_from([TEXT[:4], TEXT]),
    },
)
KINDS = {
    "checkability": ("article", "choices"),
    "verdict": ("article", "choices"),
    "confidence": ("article", "choices"),
    "justification": ("article", "textarea"),
    "evidence_0": ("source_0", "labels"),
    "evidence_1": ("source_1", "labels"),
    "mood": ("article", "choices"),
}
REGIONS = st.builds(
    lambda name, value: {
        "from_name": name,
        "to_name": KINDS[name][0],
        "type": KINDS[name][1],
        "value": value,
    },
    st.sampled_from(list(KINDS)),
    VALUES,
)
BOTH = interface_of(PAGE.xml, sources=2)


@settings(deadline=None)
@given(REGIONS)
def test_what_is_read_as_an_answer_is_one_by_label_studios_rules(region: dict[str, Any]) -> None:
    """Two readers written apart: ours takes nothing that the SDK's finds fault with.

    The other way round ours is stricter: spans must be slices, and choices single. A reason that
    lacks its list is read as it stands; Label Studio itself empties them so.
    """
    if region["from_name"] == "justification" and not isinstance(region["value"].get("text"), list):
        region = {**region, "value": {"text": ["because"]}}
    try:
        values, _ = read_regions([region], ["s0", "s1"], {"s0": TEXT, "s1": TEXT}, None)
        if "checkability" in values:
            Checkability(values["checkability"])
        if "confidence" in values:
            Confidence(values["confidence"])
        if "verdict" in values and values["verdict"] not in AVERITEC.names:
            return
    except (UnusableAnswer, ValueError):
        return
    assert faults_of(BOTH, [region]) == []


def test_loading_the_parser_is_left_to_those_who_need_it() -> None:
    """It takes half a second: a pull, and a push of a page that is known, do without."""
    code = (
        "import sys, claimset.pipeline, claimset.labelstudio.grammar, claimset.pipeline.doctor; "
        "print([m for m in sys.modules if m.startswith('label_studio_sdk')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
