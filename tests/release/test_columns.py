"""One description of the columns; everything else agrees with it."""

from __future__ import annotations

from enum import StrEnum

import pytest

from claimset.models import AVERITEC, Model, Verdict
from claimset.release import columns
from claimset.release.columns import CONFIGS, CORE, RECORDS, column_docs, columns_of, schema_id


def test_every_config_has_columns_from_its_model() -> None:
    for model in CONFIGS.values():
        fields = {field.alias or name for name, field in model.model_fields.items()}
        assert set(columns_of(model, AVERITEC)) == fields


def test_columns_that_record_a_run_exist() -> None:
    assert RECORDS.keys() == CORE.keys()
    for config, names in RECORDS.items():
        assert names <= set(columns_of(CORE[config], AVERITEC))


def test_every_column_is_described() -> None:
    for model in CONFIGS.values():
        assert all(doc.description for doc in column_docs(model, AVERITEC))


def test_ids_come_first() -> None:
    assert list(columns_of(CONFIGS["claims"], AVERITEC))[:3] == [
        "claim_id",
        "article_id",
        "event_id",
    ]


def test_a_closed_vocabulary_is_a_label_set_in_its_order() -> None:
    assert columns_of(CONFIGS["claims"], AVERITEC)["gold_verdict"] == {"labels": list(Verdict)}


def test_a_type_without_a_column_is_refused() -> None:
    class _Odd(Model):
        odd: complex

    with pytest.raises(TypeError, match="no column type"):
        columns_of(_Odd)


def test_the_schema_id_follows_names_order_and_label_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    class _Short(StrEnum):
        YES = "yes"

    class _One(Model):
        a: str
        b: int

    class _Turned(Model):
        b: int
        a: str

    class _Labels(Model):
        a: str
        b: _Short

    found = set()
    for model in (_One, _Turned, _Labels):
        monkeypatch.setattr(columns, "CONFIGS", {"claims": model})
        found.add(schema_id(AVERITEC))
    assert len(found) == 3
