"""Names that stay the same: hashes, claim ids, pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.identifiers import (
    annotation_id,
    annotator_pseudonym,
    canonical_json,
    claim_id,
    content_id,
    hash_json,
    sha256_hex,
)

PROPERTY = settings(deadline=None)
SECRET = b"0123456789abcdef"
UNICODE = st.text(st.characters(codec="utf-8"))
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # A JSON text says nothing about which string an object key was.
    | UNICODE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(UNICODE, inner, max_size=4),
    max_leaves=12,
)


def test_sha256_of_the_standards_example() -> None:
    """FIPS 180-4, example "abc"."""
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@PROPERTY
@given(JSON_VALUES)
def test_canonical_json_loses_nothing(value: object) -> None:
    """What was written is read back equal, from one line of valid UTF-8."""
    text = canonical_json(value)
    assert json.loads(text) == value
    assert "\n" not in text
    assert text.encode("utf-8").decode("utf-8") == text


@PROPERTY
@given(st.dictionaries(UNICODE, st.integers(), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    """A mapping built the other way round has the same hash."""
    backwards = dict(reversed(value.items()))
    assert canonical_json(backwards) == canonical_json(value)
    assert hash_json(backwards) == hash_json(value)


def test_the_order_of_a_list_matters() -> None:
    assert hash_json([1, 2]) != hash_json([2, 1])


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_without_json_form_is_refused(value: float) -> None:
    """NaN and the infinities raise, also deep inside."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"a": [value]})


def _tables(**tables: list[dict[str, object]]) -> dict[str, dict[str, list[dict[str, object]]]]:
    return {name: {"train": rows} for name, rows in tables.items()}


def test_content_id_does_not_depend_on_the_order_of_tables() -> None:
    one = content_id(_tables(a=[{"x": 1}], b=[{"y": 2}]))
    assert content_id(_tables(b=[{"y": 2}], a=[{"x": 1}])) == one


def test_content_id_does_not_depend_on_the_order_of_columns() -> None:
    """Columns go by name, whatever order a library gives them in."""
    assert content_id(_tables(a=[{"x": 1, "y": 2}])) == content_id(_tables(a=[{"y": 2, "x": 1}]))


@pytest.mark.parametrize(
    "other",
    [
        _tables(a=[{"x": 2}], b=[{"y": 2}]),
        _tables(a=[{"x": 1}, {"x": 1}], b=[{"y": 2}]),
        _tables(a=[{"x": 1}], c=[{"y": 2}]),
        _tables(a=[{"x": 1}, {"y": 2}], b=[]),
        _tables(a=[{"x": 1}]),
        _tables(a=[{"x": "1"}], b=[{"y": 2}]),
        {"a": {"test": [{"x": 1}]}, "b": {"train": [{"y": 2}]}},
    ],
)
def test_content_id_changes_with_the_content(
    other: dict[str, dict[str, list[dict[str, object]]]],
) -> None:
    """Another value, type, row, table, split, or a row in another table is another content."""
    assert content_id(other) != content_id(_tables(a=[{"x": 1}], b=[{"y": 2}]))


def test_content_id_changes_with_the_order_of_rows() -> None:
    rows: list[dict[str, object]] = [{"x": 1}, {"x": 2}]
    assert content_id(_tables(a=rows)) != content_id(_tables(a=rows[::-1]))


def test_content_id_takes_rows_one_by_one() -> None:
    """A generator gives the same id as a list: a table need not fit into memory."""
    assert content_id({"a": {"train": ({"x": n} for n in range(9))}}) == content_id(
        {"a": {"train": [{"x": n} for n in range(9)]}}
    )


@PROPERTY
@given(UNICODE, UNICODE, st.integers(0, 10**6))
def test_a_claim_id_has_its_form(article: str, text: str, occurrence: int) -> None:
    """``c_`` and 16 hex digits, whatever the text."""
    assert re.fullmatch(r"c_[0-9a-f]{16}", claim_id(article, text, occurrence))


KEYS = st.tuples(UNICODE, UNICODE, st.integers(0, 99))


@PROPERTY
@given(KEYS, KEYS)
def test_a_claim_id_depends_on_article_text_and_occurrence(
    one: tuple[str, str, int], other: tuple[str, str, int]
) -> None:
    """Two claims have the same id if and only if all three parts are the same."""
    assert (claim_id(*one) == claim_id(*other)) == (one == other)


def test_parts_of_a_claim_id_do_not_run_together() -> None:
    """Moving a character from the article's name to the text gives another id."""
    assert claim_id("ab", "c", 0) != claim_id("a", "bc", 0)


def test_the_form_of_claim_ids_is_frozen() -> None:
    """These ids stand in published releases; a change of the recipe would orphan them."""
    recipe = hashlib.sha256(b'["a","Water is wet.",0]').hexdigest()[:16]
    assert claim_id("a", "Water is wet.", 0) == f"c_{recipe}" == "c_23641aebd7e53037"


def test_a_negative_occurrence_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more, not -1"):
        claim_id("a", "b", -1)


def test_an_annotation_is_named_by_round_and_number() -> None:
    """And by the generation of the project, since a project made anew counts from 1 again."""
    assert annotation_id("pilot", 17) == annotation_id("pilot", 17, 1) == "pilot:17"
    assert annotation_id("pilot", 17, generation=2) == "pilot/2:17"


def test_a_pseudonym_is_a_keyed_hash() -> None:
    """HMAC-SHA-256 under the secret (RFC 2104), first 16 hex digits."""
    expected = hmac.new(SECRET, b"a@example.org", "sha256").hexdigest()[:16]
    assert annotator_pseudonym("a@example.org", SECRET) == f"p_{expected}"


@pytest.mark.parametrize("account", ["A@Example.org", " a@example.org ", "a@EXAMPLE.ORG\n"])
def test_case_and_outer_space_name_the_same_person(account: str) -> None:
    assert annotator_pseudonym(account, SECRET) == annotator_pseudonym("a@example.org", SECRET)


def test_a_pseudonym_depends_on_person_and_secret() -> None:
    """Another person, or the same one in another workspace, has another name."""
    names = {
        annotator_pseudonym(account, secret)
        for account in ("a@example.org", "b@example.org")
        for secret in (SECRET, SECRET[::-1])
    }
    assert len(names) == 4


@pytest.mark.parametrize("secret", [b"", SECRET[:15]])
def test_a_short_secret_is_refused(secret: bytes) -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        annotator_pseudonym("a@example.org", secret)
