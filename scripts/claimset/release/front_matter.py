"""The card's YAML: what the Hub and `load_dataset` read.

For a local folder `load_dataset` names its cache after the folder and this YAML, not after the
data (measured with datasets 5.2). So each config carries the release's version and its content
id: without them another release in a folder of the same name would give the rows of the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimset.models import AnnotatorKind
from claimset.release.columns import CONFIGS, DEFAULT_CONFIG
from claimset.release.features import features_of

if TYPE_CHECKING:
    from claimset.models import ReleasedFile, ReleaseMetadata
    from claimset.release.summary import Summary

__all__ = ["front_matter"]

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))
_CREATORS = {AnnotatorKind.HUMAN: "other", AnnotatorKind.MACHINE: "machine-generated"}
"""`other` for people: whether they are experts or a crowd cannot be told from the data."""


def front_matter(metadata: ReleaseMetadata, summary: Summary) -> str:
    """The YAML block of the card, without its `---` lines.

    Everything in it comes from the data, and every string is written by a YAML library.
    """
    from datasets import DatasetInfo  # noqa: PLC0415 - takes seconds to import
    from datasets.info import DatasetInfosDict  # noqa: PLC0415
    from datasets.splits import SplitDict, SplitInfo  # noqa: PLC0415
    from huggingface_hub import DatasetCardData  # noqa: PLC0415

    # A table without rows is not named: `datasets` 5.2 fails on it, also on one of its own.
    files = {
        name: [file for file in metadata.files if file.config == name and file.rows]
        for name in CONFIGS
    }
    named = [name for name in CONFIGS if files[name]]
    bcp47 = sorted({article.language for article in summary.articles})
    languages = sorted({tag.partition("-")[0].lower() for tag in bcp47})
    card = DatasetCardData(
        pretty_name=metadata.name,
        language=languages,
        language_bcp47=bcp47,
        multilinguality="multilingual" if len(languages) > 1 else "monolingual",
        license="other",
        license_name="cc-by-4.0-annotations-texts-belong-to-their-publishers",
        annotations_creators=annotations_creators(summary),
        source_datasets=["original"],
        task_categories=["text-classification", "text-retrieval"],
        task_ids=["fact-checking", "fact-checking-retrieval"],
        size_categories=[_size(summary.claims)],
        tags=_tags(summary),
        configs=[_config(name, files[name], metadata) for name in named],
    )
    infos = DatasetInfosDict()
    for name in named:
        splits = SplitDict()
        for file in files[name]:
            splits.add(SplitInfo(file.split, num_bytes=file.arrow_bytes, num_examples=file.rows))
        infos[name] = DatasetInfo(
            config_name=name,
            features=features_of(name, metadata.labels),
            splits=splits,
            download_size=sum(file.bytes for file in files[name]),
            dataset_size=sum(file.arrow_bytes for file in files[name]),
        )
    infos.to_dataset_card_data(card)
    return str(card.to_yaml()).strip()


def annotations_creators(summary: Summary) -> list[str]:
    """Who made the annotations, in the Hub's words."""
    return sorted(_CREATORS[kind] for kind, names in summary.annotators.items() if names) or [
        "no-annotation"
    ]


def _config(name: str, files: list[ReleasedFile], metadata: ReleaseMetadata) -> dict[str, Any]:
    return {
        "config_name": name,
        **({"default": True} if name == DEFAULT_CONFIG else {}),
        "version": metadata.version,
        "description": f"sha256:{metadata.content_id}",
        # Explicit paths: with a glob the cache would not notice another file.
        "data_files": [{"split": file.split, "path": file.path} for file in files],
    }


def _size(claims: int) -> str:
    return next((name for limit, name in _SIZES if claims < limit), "n>1M")


def _tags(summary: Summary) -> list[str]:
    by_people = ["human-annotated"] if summary.annotators[AnnotatorKind.HUMAN] else []
    return ["fact-checking", "claim-verification", "label-studio", *by_people]
