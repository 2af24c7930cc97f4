"""From v0.1.0 to v0.4.0: every tag keeps its content, no claim moves, every change is named."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any

import datasets
import pytest

from claimset.aggregation import GoldRules
from claimset.loading import load
from claimset.models import AVERITEC, Split, Withdrawal, WithdrawalKind
from claimset.release import builder
from claimset.release.builder import build_release
from claimset.release.difference import diff_releases
from claimset.release.sources import open_release
from claimset.reporting.diff_page import render_difference
from claimset.reporting.diff_screen import print_difference
from tests.release.corpora import Corpus

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = ("0.1.0", "0.2.0", "0.3.0", "0.4.0")


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


class History:
    """A repository whose tags hold the releases, and what was done to make each."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = root / "dataset"
        self.content: dict[str, str] = {}
        _git(root, "init", "-q")
        first = Corpus(range(40))
        self._release(root, first.input())
        grown = Corpus(range(50))
        self.added = {c.claim_id for c in grown.claims} - {c.claim_id for c in first.claims}
        chosen = [claim.claim_id for claim in grown.claims[::17]][:4]
        grown.verdicts = dict.fromkeys(chosen, "refuted")
        self.relabelled = set(chosen) & {c.claim_id for c in first.claims}
        self._release(root, grown.input())
        self.withdrawn = grown.claims[5].claim_id
        record = Withdrawal(
            kind=WithdrawalKind.CLAIM, id=self.withdrawn, reason="asked for", since="0.0.0"
        )
        self._release(root, grown.input(withdraw=[record]))
        # A schema change without another program: the identity of the columns is another one.
        monkeypatch.setattr(builder, "schema_id", lambda _labels: "f" * 64)
        self._release(root, grown.input())

    def _release(self, root: Path, given: dict[str, Any]) -> None:
        result = build_release(dataset_folder=self.folder, **given)
        self.content[result.version] = result.content_id
        _git(root, "add", "-A")
        _git(root, "commit", "-q", "-m", result.version)
        _git(root, "tag", f"v{result.version}")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return History(tmp_path_factory.mktemp("history"), monkeypatch)


def test_every_tag_holds_exactly_its_content(history: History) -> None:
    assert tuple(history.content) == VERSIONS
    for version, content_id in history.content.items():
        release = open_release(history.folder, f"v{version}")
        assert release.metadata.version == version
        assert release.content_id() == release.metadata.content_id == content_id


def test_a_revision_is_honoured_by_load_and_never_mixed_up(history: History) -> None:
    """The same folder, several revisions, in any order; the work tree holds the last one."""
    for version in ("0.1.0", "0.4.0", "0.1.0", "0.3.0"):
        wanted = sum(
            file.rows
            for file in open_release(history.folder, version).metadata.files
            if (file.config, file.split) == ("claims", "train")
        )
        assert len(load(history.folder, revision=f"v{version}")) == wanted
        tombstone = load(history.folder, revision=version, split="train").filter(
            lambda row: row["claim_id"] == history.withdrawn
        )
        others = [
            load(history.folder, revision=version, split=str(split)).filter(
                lambda row: row["claim_id"] == history.withdrawn
            )
            for split in (Split.VALIDATION, Split.TEST)
        ]
        rows = [row for found in (tombstone, *others) for row in found]
        assert len(rows) == 1
        assert (rows[0]["text"] is None) == (version >= "0.3.0")


def test_no_claim_ever_changes_its_split_and_no_event_is_divided(history: History) -> None:
    seen: dict[str, str] = {}
    for version in VERSIONS:
        event_of: dict[str, str] = {}
        for row in open_release(history.folder, version).rows("claims"):
            assert seen.setdefault(row["claim_id"], row["split"]) == row["split"]
            assert event_of.setdefault(row["event_id"], row["split"]) == row["split"]
    assert set(seen.values()) == set(Split)


def test_the_changelog_names_every_change(history: History) -> None:
    text = (history.folder / "CHANGELOG.md").read_text("utf-8")
    entries = dict(re.findall(r"^## (\S+)\n\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert tuple(reversed(entries)) == VERSIONS
    second, third = entries["0.2.0"], entries["0.3.0"]
    (added,) = re.findall(r"claims added: (.*)\.", second)
    assert set(re.findall(r"`(c_\w+)`", added)) == history.added
    (moved,) = re.findall(r"relabelled supported → refuted: (.*)\.", second)
    assert set(re.findall(r"`(c_\w+)`", moved)) == history.relabelled
    assert f"1 claim withdrawn: `{history.withdrawn}`." in third
    assert "asked for" in third
    assert "may break" in entries["0.4.0"]
    for version, entry in entries.items():
        assert f"Content id `{history.content[version]}`." in entry


def test_a_difference_names_the_same_claims_with_their_columns(history: History) -> None:
    older, newer = (open_release(history.folder, version) for version in ("0.1.0", "0.2.0"))
    found = diff_releases(older, newer)
    kinds = {change.claim_id: change.change for change in found.claims}
    assert {name for name, kind in kinds.items() if kind == "added"} == history.added
    assert {name for name, kind in kinds.items() if kind == "relabelled"} == history.relabelled
    assert found.moved == ()
    one = next(change for change in found.claims if change.change == "relabelled")
    assert (one.label_before, one.label_after) == ("supported", "refuted")
    assert {"gold_verdict", "evidence_sets"} <= {column.column for column in one.columns}
    order = [change.change for change in found.claims]
    told = ("relabelled", "withdrawn", "evidence", "changed", "removed", "added")
    assert {"relabelled", "added"} <= set(order)
    assert order == sorted(order, key=told.index)  # what is new does not bury what changed
    back = diff_releases(newer, older)
    assert set(back.changes.claims.removed) == history.added
    assert found.facts == ()
    assert diff_releases(newer, newer).same
    assert diff_releases(newer, newer).claims == ()


def test_load_dataset_reads_each_release_as_it_is(history: History, tmp_path: Path) -> None:
    """Checked out one after the other into a folder of one name, with one cache."""
    place = tmp_path / "dataset"
    for version in VERSIONS:
        _git(history.folder.parent, "worktree", "prune")
        tree = tmp_path / version
        _git(history.folder.parent, "worktree", "add", "-q", str(tree), f"v{version}")
        place.unlink(missing_ok=True)
        place.symlink_to(tree / "dataset")
        found = datasets.load_dataset(str(place))
        rows = open_release(history.folder, version).metadata.files
        assert {split: len(part) for split, part in found.items()} == {
            file.split: file.rows for file in rows if file.config == "claims"
        }
        gone = [row for part in found.values() for row in part if row["text"] is None]
        assert [row["claim_id"] for row in gone] == [history.withdrawn] * (version >= "0.3.0")


def test_releases_of_the_same_rows_that_are_said_to_mean_something_else_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another hint, another name, other guidelines: no row shows it, and `release.json` does."""
    hint = "the sources <b>contradict</b> it"
    verdicts = [
        verdict.model_copy(update={"hint": hint}) if verdict.name == "refuted" else verdict
        for verdict in AVERITEC.verdicts
    ]
    labels = AVERITEC.model_copy(update={"verdicts": tuple(verdicts)})
    corpus = Corpus(range(3))
    build_release(dataset_folder=tmp_path / "a", **corpus.input())
    build_release(
        dataset_folder=tmp_path / "b",
        **corpus.input(name="rivers", rules=GoldRules(labels=labels), label_schema_version="1.1"),
    )
    found = diff_releases(*(open_release(tmp_path / name) for name in "ab"))
    was = next(verdict.hint for verdict in AVERITEC.verdicts if verdict.name == "refuted")
    assert found.same_rows
    assert not found.same
    assert {(fact.field, fact.before, fact.after) for fact in found.facts} == {
        ("name", "bridges", "rivers"),
        ("label_schema_version", "1.0", "1.1"),
        ("labels.verdicts.refuted.hint", was, hint),
    }
    print_difference(found, tmp_path / "page.html")
    printed = capsys.readouterr().out
    assert "nothing differs" not in printed
    assert f'labels.verdicts.refuted.hint: "{was}" → "{hint}"' in printed
    assert "page.html" in printed
    page = render_difference(found)
    assert "Nothing differs" not in page
    assert "labels.verdicts.refuted.hint" in page
    assert "<b>" not in page


def test_other_columns_under_the_same_rows_are_told(history: History) -> None:
    older, newer = (open_release(history.folder, version) for version in ("0.3.0", "0.4.0"))
    found = diff_releases(older, newer)
    assert found.same_rows
    assert [(fact.field, fact.after) for fact in found.facts] == [("schema_id", "f" * 64)]
