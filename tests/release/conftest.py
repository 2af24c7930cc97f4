"""Releases of the seeds with their reference annotations, and a cache of one's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimset.identifiers import claim_id
from claimset.models import AVERITEC, Annotation
from claimset.release.builder import build_release
from claimset.seeds import read_articles, read_reference
from claimset.segmentation import SEGMENTER_VERSION, claims_of, find_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.release.builder import BuildResult

SEEDS = Path(__file__).parents[2] / "seeds"
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def hf_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty HF_HOME; `datasets` reads it at import, so its setting is replaced too."""
    home = tmp_path / "hf-home"
    monkeypatch.setenv("HF_HOME", str(home))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", home / "datasets")
    return home


@pytest.fixture(scope="session")
def seed_input() -> dict[str, Any]:
    """Everything `build_release` takes, made from the seeds and their recorded annotations.

    The recorded answers cover every unit; those to units that are no claim are left out.
    """
    articles = read_articles(SEEDS)
    units = [unit for article in articles for unit in find_units(article)]
    claims = [
        claim
        for article in articles
        for claim in claims_of(article, [u for u in units if u.article_id == article.article_id])
    ]
    known = {(claim.article_id, claim.start): claim.claim_id for claim in claims}
    annotations = []
    for number, row in read_reference(SEEDS / "reference" / "seed-annotations.jsonl", AVERITEC):
        moment = START + timedelta(minutes=number)
        named = known.get((row.article_id, row.start), claim_id(row.article_id, row.text, 0))
        annotations.append(
            Annotation.model_validate(
                {
                    **row.model_dump(exclude={"article_id", "start", "end", "text"}),
                    "annotation_id": f"seeds:{number}",
                    "claim_id": named,
                    "round": "seeds",
                    "annotator_kind": "machine",
                    "created_at": moment,
                    "updated_at": moment,
                    "status": "submitted",
                    "label_schema_version": "1.0",
                    "guidelines_version": "0.1",
                }
            )
        )
    return {
        "name": "claimset-seeds",
        "articles": articles,
        "units": units,
        "claims": claims,
        "annotations": annotations,
        "label_schema_version": "1.0",
        "segmenter_version": SEGMENTER_VERSION,
    }


@pytest.fixture
def build(seed_input: dict[str, Any]) -> Callable[..., BuildResult]:
    """Build a release of the seeds into a folder, with some of the input replaced."""

    def _build(folder: Path, **changes: Any) -> BuildResult:
        return build_release(dataset_folder=folder, **(seed_input | changes))

    return _build


@pytest.fixture
def released(tmp_path: Path, build: Callable[..., BuildResult]) -> Path:
    """A folder `dataset` with the first release of the seeds."""
    folder = tmp_path / "workspace" / "dataset"
    build(folder)
    return folder


@pytest.fixture
def relabel(seed_input: dict[str, Any]) -> Callable[[int, str], list[Annotation]]:
    """All annotations, with those of one claim given another verdict and no evidence."""

    def _relabel(number: int, verdict: str) -> list[Annotation]:
        chosen = seed_input["claims"][number].claim_id
        return [
            Annotation.model_validate(
                {**item.model_dump(), "verdict": verdict, "checkability": "factual", "evidence": ()}
            )
            if item.claim_id == chosen
            else item
            for item in seed_input["annotations"]
        ]

    return _relabel
