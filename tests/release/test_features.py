"""The types of the columns are those that consumers need."""

from __future__ import annotations

import pytest
from datasets import ClassLabel, List, Value

from claimset.models import AVERITEC, GoldSource, QuoteType, Stance, UnitKind, Verdict
from claimset.release.columns import CONFIGS
from claimset.release.features import arrow_schema, features_of


def test_closed_vocabularies_are_class_labels_also_where_nested() -> None:
    claims, annotations = features_of("claims", AVERITEC), features_of("annotations", AVERITEC)
    articles = features_of("articles", AVERITEC)
    for feature, names in (
        (claims["gold_verdict"], Verdict),
        (claims["gold_source"], GoldSource),
        (claims["attributions"].feature["quote_type"], QuoteType),
        (claims["evidence_sets"].feature["spans"].feature["stance"], Stance),
        (annotations["evidence"].feature["stance"], Stance),
        (articles["units"].feature["kind"], UnitKind),
    ):
        assert isinstance(feature, ClassLabel)
        assert feature.names == list(names)


def test_nested_rows_are_lists_of_records() -> None:
    """`Sequence` would turn a list of records into a record of lists."""
    assert isinstance(features_of("annotations", AVERITEC)["evidence"], List)


def test_dates_and_times_keep_their_types() -> None:
    assert features_of("articles", AVERITEC)["published_at"] == Value("date32")
    assert features_of("annotations", AVERITEC)["created_at"] == Value("timestamp[us, tz=UTC]")


@pytest.mark.parametrize("config", CONFIGS)
def test_the_file_carries_the_features_itself(config: str) -> None:
    assert b"huggingface" in arrow_schema(config, AVERITEC).metadata
