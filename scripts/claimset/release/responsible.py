"""How the data came about and what it is fit for, in the terms of Croissant RAI 1.0.

Source: https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html. Nothing here is asserted
that the release does not know: who the people behind the pseudonyms are, it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimset.models import AgreementFigure, ReleaseMetadata

__all__ = ["responsible_ai"]


_PREPROCESSING = (
    "Text is decoded as UTF-8; a byte-order mark is removed, CRLF and CR become LF; nothing else "
    "is changed. Positions count Unicode code points of that text, half-open."
)
_BIASES = (
    "Topics, publishers and languages are those of the articles that were chosen.",
    "Public figures appear as their publishers wrote about them.",
)
_USES = (
    "Training and evaluating claim verification, evidence retrieval and attribution.",
    "Not for deciding about persons, and not as a statement of fact about the world.",
)
_LIMITS = (
    "A verdict speaks of the articles in the dataset; evidence elsewhere was not looked for.",
    "A claim is a sentence as written: what a pronoun means may stand in the one before.",
)
_PERSONS = (
    "Texts name persons in the news as published. Annotators are pseudonyms; names and addresses "
    "of accounts are not in the data."
)
_MAINTENANCE = (
    "Releases are numbered by semver.org and tagged; a tag never moves. CHANGELOG.md names every "
    "change, and what was withdrawn since when."
)


def responsible_ai(metadata: ReleaseMetadata) -> dict[str, Any]:
    """The RAI members of a release's description."""
    counts, machines = metadata.counts, metadata.machine_annotators
    people = counts["annotators"] - len(machines)
    guidelines = ", ".join(metadata.guidelines_versions) or "not named"
    collection = (
        "Articles were chosen by the dataset's publisher and cut into sentences by rules "
        f"(segmenter {metadata.segmenter_version}); sentences that state something are the claims. "
        "Every span was checked against its article."
    )
    missing = (
        f"{counts['gold_unresolved']} claims have no gold label: too few answers or a tie, which "
        "is never broken by a rule."
    )
    protocol = (
        "Annotators judged each claim against the event's other articles only: whether it is "
        "factual, its verdict, and the spans that support or refute it. No verdict was filled in "
        f"beforehand. Guidelines {guidelines}, label schema {metadata.label_schema_version}."
    )
    answers = (
        f"{counts['annotations_submitted']} answers to {counts['claims']} claims; every answer is "
        "in the table annotations."
    )
    agreement = [_figure(figure) for figure in metadata.agreement]
    members: dict[str, Any] = {
        "dataCollection": collection,
        "dataCollectionType": ["Manual Human Curation", "Document collection"],
        "dataCollectionMissingData": missing,
        "dataPreprocessingProtocol": [_PREPROCESSING],
        "dataAnnotationProtocol": [protocol],
        "dataAnnotationPlatform": ["Label Studio"],
        "dataAnnotationAnalysis": agreement or ["No agreement could be measured."],
        "annotationsPerItem": answers,
        "annotatorDemographics": [_annotators(people, len(machines))],
        "dataBiases": list(_BIASES),
        "dataUseCases": list(_USES),
        "dataLimitations": list(_LIMITS),
        "personalSensitiveInformation": [_PERSONS],
        "dataReleaseMaintenancePlan": _MAINTENANCE,
    }
    if machines:
        members["machineAnnotationTools"] = list(machines)
    return {f"rai:{name}": value for name, value in members.items()}


def _annotators(people: int, machines: int) -> str:
    return (
        f"{people} people, {machines} machines. What is known of the people beyond their "
        "pseudonyms is not part of the data."
    )


def _figure(figure: AgreementFigure) -> str:
    if figure.value is None:
        return f"{figure.name}: none ({figure.reason})."
    return f"{figure.name}: {figure.value:.3f} over {figure.units} claims."
