"""JSON-LD that no page and no reader can be broken with."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimset.release.jsonld import iri, safe_json, web_address, write_document


@given(st.text())
def test_any_text_comes_back_exactly_and_ends_no_script(text: str) -> None:
    written = safe_json({"text": text})
    assert json.loads(written) == {"text": text}
    assert not {"<", ">", "&", "\u2028", "\u2029", "\n"} & set(written)


def test_a_document_is_json_whatever_number_of_items() -> None:
    cases: list[list[dict[str, Any]]] = [[], [{"a": 1}], [{"a": 1}, {"a": "</script>"}]]
    for items in cases:
        stream = io.StringIO()
        assert write_document(stream, {"@type": "X"}, "items", items) == len(items)
        assert json.loads(stream.getvalue()) == {"@type": "X", "items": items}


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "JavaScript://x\nhttp://a",
        "data:text/html,x",
        "https://a b",
        'https://a"onload',
        "//example.org",
        "",
        None,
    ],
)
def test_only_plain_web_addresses_become_links(value: str | None) -> None:
    assert web_address(value) is None


def test_a_name_is_stable_and_apart_for_each_thing() -> None:
    assert iri(None, "c_1") == iri(None, "c_1") != iri(None, "c_2")
    assert iri("https://x.org/d", "c_1") == "https://x.org/d#c_1"
