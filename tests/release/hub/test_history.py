"""Five releases on the Hub: whatever changes from one to the next, every tag keeps its own rows."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from claimset.identifiers import sha256_hex
from claimset.models import Annotation, Article, Withdrawal, WithdrawalKind
from claimset.release import builder
from claimset.release.builder import build_release
from claimset.release.reader import read_release
from claimset.segmentation import claims_of, find_units
from tests.release.hub.client import run_command

if TYPE_CHECKING:
    from pathlib import Path

    from claimset.models import Claim
    from claimset.storage.workspace import Workspace
    from tests.release.hub.conftest import Place

START = datetime(2026, 1, 1, tzinfo=UTC)
TOWNS = [
    f"{first}{last}"
    for first in ("North", "South", "West")
    for last in ("ham", "ford", "bury", "ton", "by", "wick", "leigh", "mouth", "stead", "well")
]


def _article(event: str, town: str, number: int, *, second: bool) -> Article:
    """Two articles of an event tell the same in other words."""
    text = (
        f"The council of {town} said it had repaired {number} bridges. It cost {number}7 million."
        if second
        else f"{town} opened {number} bridges on Monday. The mayor of {town} called it a success."
    )
    name = f"{event}-{'b' if second else 'a'}"
    digest = sha256_hex(text.encode())
    return Article(
        article_id=name,
        event_id=event,
        title=f"Bridges of {town}",
        license="CC0-1.0",
        open_license=True,
        path=f"articles/{name}.txt",
        sha256=digest,
        text_sha256=digest,
        text=text,
    )


def _answers(claim: Claim, verdict: str) -> list[Annotation]:
    return [
        Annotation.model_validate(
            {
                "annotation_id": f"r:{claim.claim_id}:{number}",
                "claim_id": claim.claim_id,
                "round": "r",
                "annotator": f"p{number}",
                "annotator_kind": "human",
                "checkability": "factual",
                "verdict": verdict,
                "created_at": START,
                "updated_at": START,
                "status": "submitted",
                "label_schema_version": "1.0",
                "guidelines_version": "1.0",
            }
        )
        for number in range(2)
    ]


def _input(towns: int, refuted: str | None = None) -> dict[str, Any]:
    """Everything a build takes, for so many events; one claim may get another verdict."""
    articles = [
        _article(f"event-{number}", town, number + 2, second=second)
        for number, town in enumerate(TOWNS[:towns])
        for second in (False, True)
    ]
    units = [unit for article in articles for unit in find_units(article)]
    claims = [
        claim
        for article in articles
        for claim in claims_of(article, [u for u in units if u.article_id == article.article_id])
    ]
    annotations = [
        answer
        for claim in claims
        for answer in _answers(
            claim, "refuted" if claim.claim_id == refuted else "not_enough_evidence"
        )
    ]
    return {
        "name": "bridges",
        "articles": articles,
        "units": units,
        "claims": claims,
        "annotations": annotations,
        "label_schema_version": "1.0",
        "segmenter_version": "1.0",
    }


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Folders by version: first, added events, a relabelling, a withdrawal, a schema change."""
    claims = _input(30)["claims"]
    changed, gone = claims[0].claim_id, claims[1].claim_id
    withdrawal = Withdrawal(
        kind=WithdrawalKind.CLAIM, id=gone, reason="asked for by the town", since="0.4.0"
    )
    steps: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (_input(24), {}),
        (_input(30), {}),
        (_input(30, changed), {}),
        (_input(30, changed), {"withdraw": [withdrawal]}),
        (_input(30, changed), {}),
    ]
    found: dict[str, Path] = {}
    for number, (given, options) in enumerate(steps):
        folder = tmp_path / str(number) / "dataset"
        if found:
            shutil.copytree(list(found.values())[-1], folder)
        if number == len(steps) - 1:
            monkeypatch.setattr(builder, "schema_id", lambda _labels: "f" * 64)
        found[build_release(dataset_folder=folder, **given, **options).version] = folder
    assert list(found) == ["0.1.0", "0.2.0", "0.3.0", "0.4.0", "0.5.0"]
    return found


def test_every_tag_loads_its_rows_no_claim_moves_and_every_change_is_named(
    place: Place, history: dict[str, Path], repository: str, tmp_path: Path
) -> None:
    before: dict[str, dict[str, Any]] = {}
    for version, folder in history.items():
        answer = place.client.publish(folder, repository)
        assert answer.get("status") == "published", answer
        before[version] = place.client.content(repository, f"v{version}")
    changelog = place.client.download(repository, "v0.5.0", tmp_path / "got")["CHANGELOG.md"]
    text = changelog.decode()
    splits: dict[str, str] = {}
    for version, folder in history.items():
        release = read_release(folder)
        assert release is not None
        # Nothing that came after has changed what the tag gives.
        loaded = place.client.content(repository, f"v{version}")
        assert loaded == before[version]
        assert loaded["content_id"] == release.metadata.content_id
        assert loaded["checked"] == loaded["rows"]
        for row in release.rows("claims"):
            assert splits.setdefault(row["claim_id"], row["split"]) == row["split"]
        assert f"## {version}\n" in text
        assert release.metadata.content_id in text
    assert set(splits.values()) == {"train", "validation", "test"}
    _assert_named(text, history)


def _assert_named(text: str, history: dict[str, Path]) -> None:
    """Each entry tells what its release changed, by ids."""
    entries = {part.split("\n")[0]: part for part in text.split("\n## ")[1:]}
    claims = {
        version: json.loads((folder / "release.json").read_bytes())["counts"]["claims"]
        for version, folder in history.items()
    }
    added = claims["0.2.0"] - claims["0.1.0"]
    assert added > 0
    assert f"{added} claims added: `c_" in entries["0.2.0"]
    assert "1 claim relabelled not_enough_evidence → refuted: `c_" in entries["0.3.0"]
    assert "1 claim withdrawn: `c_" in entries["0.4.0"]
    assert "code that reads the data may break" in entries["0.5.0"]


def test_diff_says_the_same_of_folders_versions_tags_and_the_hub(
    place: Place,
    history: dict[str, Path],
    repository: str,
    workspace_copy: Workspace,
    tmp_path: Path,
) -> None:
    root, home = str(workspace_copy.root), tmp_path
    shutil.rmtree(workspace_copy.dataset, ignore_errors=True)
    for version in ("0.2.0", "0.3.0"):
        assert place.client.publish(history[version], repository)["status"] == "published"
        shutil.copytree(history[version], workspace_copy.dataset, dirs_exist_ok=True)
        for arguments in (["init", "-q"], ["add", "dataset"], ["commit", "-qm", version]):
            _git(root, *arguments)
        _git(root, "tag", f"v{version}")

    def told(*names: str) -> dict[str, Any]:
        done = run_command(place.hub, home, "diff", *names, "--json", "--workspace", root)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    folders = told(str(history["0.2.0"]), str(history["0.3.0"]))
    assert (folders["version_before"], folders["version_after"]) == ("0.2.0", "0.3.0")
    assert folders["changes"]["relabelled"]
    assert told("0.2.0") == folders
    assert told("v0.2.0", "HEAD") == folders
    assert told(f"{repository}@v0.2.0", f"{repository}@v0.3.0") == folders
    page = tmp_path / "page.html"
    done = run_command(
        place.hub, home, "diff", "0.2.0", "0.3.0", "--html", str(page), "--workspace", root
    )
    assert done.returncode == 0, done.stderr
    for name in (item["claim_id"] for item in folders["changes"]["relabelled"]):
        assert name in done.stdout
        assert name in page.read_text("utf-8")


def _git(folder: str, *arguments: str) -> None:
    names = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *names, *arguments], check=True, capture_output=True)
