"""What every model of the package has in common."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from pydantic import ValidationError

import claimset
from claimset.models import (
    AgreementFigure,
    Attribution,
    LabelCount,
    Model,
    ReleaseMetadata,
    Span,
)
from claimset.models.descriptions import descriptions_of


def all_models() -> list[type[Model]]:
    """Every subclass of ``Model`` that the package defines, wherever it is."""
    for module in pkgutil.walk_packages(claimset.__path__, "claimset."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[Model]] = []
    pending: list[type[Model]] = [Model]
    while pending:
        model = pending.pop()
        found.append(model)
        pending += model.__subclasses__()
    ours = {model for model in found[1:] if model.__module__.startswith("claimset.")}
    return sorted(ours, key=lambda model: model.__qualname__)


MODELS = all_models()


def test_the_models_of_the_contract_are_among_them() -> None:
    """The walk finds what DESIGN names; without this the tests below could be empty."""
    names = {model.__name__ for model in MODELS}
    assert names >= {
        "Annotation",
        "Article",
        "ArticleSpan",
        "Attribution",
        "Claim",
        "Evidence",
        "EvidenceCandidate",
        "ManifestRow",
        "ReferenceAnnotation",
        "ReleaseMetadata",
        "ReleasedClaim",
        "Span",
        "Unit",
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_is_closed_and_frozen(model: type[Model]) -> None:
    """An unknown field is refused, a record cannot be changed, NaN and infinity are no values."""
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        model.model_validate({"a field that nobody knows": 1})
    record = model.model_construct()
    for name in model.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(record, name, None)
    assert model.model_config["allow_inf_nan"] is False


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_and_field_is_described(model: type[Model]) -> None:
    """The sentence under a field is what the JSON Schema and the card show: it must be there."""
    assert (model.__doc__ or "").strip()
    assert model.__doc__ != Model.__doc__
    said = descriptions_of(model)
    for name in model.model_fields:
        assert name in said, f"{model.__name__}.{name}"
        assert said[name].strip()[-1] in ".)", f"{model.__name__}.{name}"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_figure_is_a_number_or_none(value: float) -> None:
    with pytest.raises(ValidationError, match="finite number"):
        AgreementFigure(name="alpha", value=value, units=1, ratings=2)


def test_a_count_of_nobody_is_no_count() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        LabelCount(label="supported", count=0)


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0\n", "1.0.0-rc1", ""])
def test_a_release_has_three_numbers(version: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ReleaseMetadata.model_validate({"version": version})
    assert ("version",) in [fault["loc"] for fault in caught.value.errors()]


def test_checked_records_share_the_names_of_their_fields() -> None:
    """A complete record keeps no set of its own, an incomplete one keeps what was given."""
    values = {"start": 0, "end": 1, "text": "x"}
    one, other = Span.checked(values), Span.checked(dict(values))
    assert one == other == Span(**values)
    assert one.__pydantic_fields_set__ is other.__pydantic_fields_set__
    changed = one.model_copy(update={"text": "y"})
    assert changed.model_fields_set == other.model_fields_set == set(values)
    partly = Attribution.checked({"quote_type": "direct"})
    assert partly.model_fields_set == {"quote_type"}
    with pytest.raises(ValidationError):
        Span.checked(values | {"end": 2})
