"""Label sets of one's own through the whole loop, on a real Label Studio."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from claimset import pipeline
from claimset.errors import ContractError
from claimset.intake.admission import Defaults
from claimset.intake.reading import ReadOptions
from claimset.labelstudio.accounts import open_accounts
from claimset.labelstudio.client import LabelStudioClient
from claimset.loading import load, verify
from claimset.models import AVERITEC, FEVER, EvidenceNeed, LabelSet
from claimset.pipeline.exporting import ExportFormat, export
from claimset.pipeline.initializing import init
from claimset.pipeline.label_files import label_settings
from claimset.settings import load_settings
from claimset.storage.ledger import Ledger
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from claimset.labelstudio.server import EmbeddedStudio
    from claimset.models import VerdictLabel
    from claimset.settings import Settings

pytestmark = pytest.mark.studio

ARTICLES = Path(__file__).parents[1] / "seeds" / "articles"
PEOPLE = ["machine-{}-x", "machine-{}-y"]
"""One account of a name: each label set of these tests has its own."""

PRESS = LabelSet.model_validate(
    {
        "name": "press",
        "not_enough_evidence": "unproven",
        "verdicts": [
            {
                "name": "right",
                "title": "Right",
                "hotkey": "1",
                "hint": "Every part that matters is stated",
                "evidence": ["supports"],
                "nli": "entailment",
                "rating": 4,
            },
            {
                "name": "mostly_right",
                "title": "Right in the main",
                "hotkey": "2",
                "evidence": ["supports"],
                "rating": 3,
                "colour": "#6aa84f",
            },
            {
                "name": "misleading",
                "title": "Misleading",
                "hotkey": "m",
                "evidence": ["supports", "refutes"],
                "needs": "any",
                "rating": 2,
            },
            {
                "name": "wrong",
                "title": "Wrong",
                "hotkey": "f",
                "evidence": ["refutes"],
                "nli": "contradiction",
                "rating": 1,
            },
            {"name": "unproven", "title": "Unproven", "hotkey": "n", "nli": "neutral"},
        ],
    }
)


class Site(NamedTuple):
    """A workspace of a label set, pushed, with two accounts that answer."""

    workspace: Workspace
    labels: LabelSet
    flags: dict[str, Any]
    clients: list[LabelStudioClient]

    @property
    def settings(self) -> Settings:
        """As the workspace's file has them now, on the shared server."""
        return load_settings(self.workspace, **self.flags)

    def tasks(self) -> list[tuple[str, int]]:
        """Claim and task ids of the round."""
        with Ledger(self.workspace.ledger) as ledger:
            return [(task.claim_id, task.task_id) for task in ledger.tasks(self.settings.round)]


def opened(root: Path, studio: EmbeddedStudio, labels: LabelSet) -> Site:
    """init, add, segment and push."""
    init(root, dataset_name="press-claims", labels=labels)
    workspace = Workspace(root)
    pipeline.add(
        workspace,
        [str(path) for path in sorted(ARTICLES.glob("*.txt"))],
        Defaults(event_id="jets"),
        ReadOptions({}, None, None, "train", None),
    )
    flags = {
        "label_studio_url": studio.url,
        "label_studio_api_key": studio.credentials.token,
        "round": f"round-{labels.name}",
    }
    people = [name.format(labels.name) for name in PEOPLE]
    keys = open_accounts(studio.url, studio.credentials.token, people, workspace.accounts)
    clients = [LabelStudioClient(studio.url, keys[name]) for name in people]
    site = Site(workspace, labels, flags, clients)
    segmented = pipeline.segment(workspace, site.settings)
    assert pipeline.push(workspace, site.settings).sent > segmented.claims * 0.9
    return site


def choice(name: str, value: str) -> dict[str, Any]:
    return {
        "from_name": name,
        "to_name": "article",
        "type": "choices",
        "value": {"choices": [value]},
    }


def factual(verdict: VerdictLabel) -> list[dict[str, Any]]:
    """An answer with the evidence that its verdict needs: the source's first letters."""
    stances = verdict.evidence[:1] if verdict.needs is EvidenceNeed.ANY else verdict.evidence
    spans = [
        {
            "from_name": "evidence_0",
            "to_name": "source_0",
            "type": "labels",
            "value": {"start": number, "end": number + 4, "labels": [stance]},
        }
        for number, stance in enumerate(stances)
    ]
    return [choice("checkability", "factual"), choice("verdict", verdict.name), *spans]


def answer_all(site: Site) -> None:
    """Each verdict in turn, both people alike; then one dispute and one opinion."""
    tasks = site.tasks()
    for number, (_, task_id) in enumerate(tasks):
        verdict = site.labels.verdicts[number % len(site.labels.verdicts)]
        for person, client in enumerate(site.clients):
            given = factual(verdict)
            if number == len(tasks) - 1:
                given = factual(site.labels.verdicts[person])
            elif number == len(tasks) - 2:
                given = [choice("checkability", "opinion")]
            client.annotate(task_id, given)


@pytest.mark.parametrize("labels", [FEVER, PRESS], ids=lambda labels: labels.name)
def test_a_label_set_goes_through_the_whole_loop(
    tmp_path: Path, studio: EmbeddedStudio, labels: LabelSet
) -> None:
    site = opened(tmp_path / "own", studio, labels)
    workspace, names = site.workspace, list(labels.names)

    # What the set does not have, or does not allow, is no answer.
    (_, first), (_, second), *_ = tasks = site.tasks()
    client = site.clients[0]
    odd = client.annotate(first, [choice("checkability", "factual"), choice("verdict", "refuted")])
    bare = client.annotate(second, factual(labels.verdicts[0])[:2])
    pulled = pipeline.pull(workspace, site.settings)
    assert (pulled.new, len(pulled.rejected), pulled.returnable) == (0, 2, 1)
    assert f"the label set {labels.name} has {', '.join(names)}" in "".join(pulled.rejected)
    assert f"{names[0]} needs a span marked supports" in "".join(pulled.rejected)
    for wrong in (odd, bare):
        assert wrong is not None
        client.delete_annotation(wrong)

    answer_all(site)
    pulled = pipeline.pull(workspace, site.settings)
    assert pulled.submitted_by == dict.fromkeys(
        (name.format(labels.name) for name in PEOPLE), len(tasks)
    )
    (status,) = pipeline.status(workspace).rounds
    assert set(status.labels) == {*names, "opinion"}
    assert (status.complete, status.disputed) == (len(tasks), 1)
    combined, verdicts = pipeline.agree(workspace).sections
    assert [item.label for item in combined.report.per_label][: len(names)] == names
    assert [item.label for item in verdicts.report.per_label] == names
    assert {figure.name.partition(", ")[2] for figure in combined.evidence} == {
        labels.in_words(name for name in names if name not in labels.undecided),
        labels.in_words(labels.undecided),
    }

    built = pipeline.build(workspace, site.settings)
    assert (built.version, built.left_out) == ("0.1.0", ())
    check_release(workspace, labels, len(tasks))
    page = pipeline.report(workspace, site.settings).html.read_text("utf-8")
    assert f".c-{names[0]} {{ --c: var(--supported); }}" in page
    if labels is PRESS:
        assert ".c-mostly_right { --c: light-dark(#6aa84f" in page
        assert "Right in the main" in page


def check_release(workspace: Workspace, labels: LabelSet, tasks: int) -> None:
    """Every table and file of the release speaks of the label set."""
    names = list(labels.names)
    verify(workspace.dataset)
    claims = load(workspace.dataset)
    assert claims.features["gold_verdict"].names == names
    assert load(workspace.dataset, "annotations").features["verdict"].names == names
    gold = [row["gold_verdict"] for row in claims if row["gold_source"] is not None]
    assert {names[number] for number in gold if number is not None} == set(names)

    told = {verdict.name: verdict.nli for verdict in labels.verdicts}
    sets = sum(
        len({json.dumps(item["spans"]) for item in row["evidence_sets"]})
        for row in claims
        if row["gold_verdict"] is not None and told[names[row["gold_verdict"]]] is not None
    )
    nli = load(workspace.dataset, "nli")
    assert nli.num_rows == sets > 0
    assert {nli.features["label"].int2str(row["label"]) for row in nli} == {
        "entailment",
        "contradiction",
    }
    soft = load(workspace.dataset, "soft")
    assert soft.features["label_dist"].length == len(names)
    assert all(sum(row["label_dist"]) == pytest.approx(1) for row in soft)
    sft = load(workspace.dataset, "sft")
    assert all(row["messages"][0]["content"].endswith(f"{', '.join(names)}.") for row in sft)
    assert {row["messages"][2]["content"] for row in sft} == set(labels.decisive)

    card = (workspace.dataset / "README.md").read_text("utf-8")
    assert f"The verdicts are those of the label set `{labels.name}`" in card
    assert "not_enough_evidence" not in card
    table = card.partition("| verdict | on screen |")[2].partition("\n\n")[0].splitlines()[2:]
    for verdict, row in zip(labels.verdicts, table, strict=True):
        assert row.startswith(f"| `{verdict.name}` | {verdict.title} | ")
        assert f" | {verdict.nli or 'left out'} | " in row
    metadata = json.loads((workspace.dataset / "release.json").read_text("utf-8"))
    assert LabelSet.model_validate(metadata["labels"]) == labels
    assert metadata["label_schema_version"] == f"1.0+{labels.name}.{labels.digest}"

    settings = load_settings(workspace)
    path = workspace.root / "reviews.json"
    export(workspace, settings, ExportFormat.CLAIMREVIEW, output=path)
    ratings = [review["reviewRating"] for review in json.loads(path.read_text())["dataFeedElement"]]
    assert {rating["alternateName"] for rating in ratings} == {v.title for v in labels.verdicts}
    scale = {v.title: v.rating for v in labels.verdicts}
    assert all(rating.get("ratingValue") == scale[rating["alternateName"]] for rating in ratings)
    export(workspace, settings, ExportFormat.CROISSANT, output=path)
    numbers = ", ".join(f"{number} = {name}" for number, name in enumerate(names))
    assert f"Numbers: {numbers}." in path.read_text("utf-8")
    assert tasks >= claims.num_rows * 0.9


def test_another_label_set_is_refused_under_answers_and_a_breaking_release_later(
    tmp_path: Path, studio: EmbeddedStudio
) -> None:
    """From AVeriTeC's four to the press council's five, as the messages say."""
    site = opened(tmp_path / "own", studio, AVERITEC)
    workspace = site.workspace
    for _, task_id in site.tasks():
        for client in site.clients:
            client.annotate(task_id, factual(AVERITEC.verdicts[0]))
    _, task_id = site.tasks()[0]
    pipeline.pull(workspace, site.settings)
    first = pipeline.build(workspace, site.settings)

    # The label set changes in the settings: nothing goes on with the round as if it had not.
    change_labels(workspace, PRESS)
    with pytest.raises(ContractError, match="the choices of verdict are"):
        pipeline.push(workspace, site.settings)
    shutil.rmtree(workspace.schemas)
    init_again(workspace, PRESS)
    for step in (pipeline.push, pipeline.pull):
        with pytest.raises(ContractError, match=r"was begun under label schema 1\.0") as caught:
            step(workspace, site.settings)
        assert "[labels.earlier]" in caught.value.remedy
    with pytest.raises(ContractError, match=r"does not have: supported \(\d+\)"):
        pipeline.build(workspace, site.settings)
    with pytest.raises(ContractError, match=r"does not have: supported \(\d+\)"):
        pipeline.status(workspace)

    # The way on that they name.
    change_labels(workspace, PRESS.model_copy(update={"earlier": {"supported": "right"}}))
    site.flags["round"] = "round-press-second"
    pipeline.push(workspace, site.settings)
    built = pipeline.build(workspace, site.settings)
    assert (first.version, built.version) == ("0.1.0", "0.2.0")
    assert "may break" in (workspace.dataset / "CHANGELOG.md").read_text("utf-8")
    claims = load(workspace.dataset)
    assert claims.features["gold_verdict"].names == list(PRESS.names)
    assert {row["gold_verdict"] for row in claims} <= {0, None}
    answers = load(workspace.dataset, "annotations")
    assert set(answers["label_schema_version"]) == {"1.0"}
    with Ledger(workspace.ledger) as ledger:
        assert {item.verdict for item in ledger.annotations()} == {"supported"}


def change_labels(workspace: Workspace, labels: LabelSet) -> None:
    path = workspace.root / "claimset.toml"
    kept = path.read_text("utf-8").partition("\n[labels]")[0].partition("\nlabels = ")[0]
    path.write_text(kept + "\n" + label_settings(labels), "utf-8")


def init_again(workspace: Workspace, labels: LabelSet) -> None:
    """Page and guidelines of another set, as a new workspace would have them."""
    fresh = workspace.root.parent / "fresh"
    init(fresh, labels=labels)
    shutil.copytree(fresh / "schemas", workspace.schemas)
