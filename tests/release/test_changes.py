"""What changed is told row by row, and in the changelog in words."""

from __future__ import annotations

from typing import Any

from claimset.release.changelog import changelog_entry, extend_changelog
from claimset.release.changes import Changes, RowChanges, compare, gold_label
from claimset.release.version import Change


def _claim(name: str, verdict: str | None = "supported", **fields: Any) -> dict[str, Any]:
    return {
        "claim_id": name,
        "gold_verdict": verdict,
        "gold_checkability": "factual" if verdict else None,
        "evidence_sets": [],
        "status": "active",
        "first_release": "0.1.0",
    } | fields


def _compare(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Changes:
    empty: dict[str, list[dict[str, Any]]] = {"annotations": [], "articles": []}
    return compare({"claims": before, **empty}, {"claims": after, **empty})


def test_each_kind_of_change_is_found() -> None:
    changes = _compare(
        [_claim("same"), _claim("gone"), _claim("label"), _claim("proof"), _claim("out")],
        [
            _claim("same", first_release="0.2.0"),
            _claim("label", None),
            _claim("proof", evidence_sets=[{"annotator": "p"}]),
            _claim("out", status="withdrawn"),
            _claim("fresh"),
        ],
    )
    assert changes.claims == RowChanges(
        added=("fresh",), removed=("gone",), changed=("label", "proof", "out")
    )
    assert [(c.claim_id, c.before, c.after) for c in changes.relabelled] == [
        ("label", "supported", "unresolved")
    ]
    assert changes.evidence == ("proof",)
    assert changes.withdrawn == ("out",)


def test_equal_rows_are_no_change() -> None:
    changes = _compare([_claim("a")], [_claim("a")])
    assert not changes.claims
    assert not changes.annotations


def test_new_and_lost_columns_are_named() -> None:
    changes = _compare([_claim("a", old=1)], [_claim("a", new=1)])
    assert changes.columns == ("`claims.new` added", "`claims.old` removed")


def test_the_gold_label_of_an_opinion_is_its_checkability() -> None:
    assert gold_label(_claim("a", None, gold_checkability="opinion")) == "opinion"


def _entry(version: str, changes: Changes | None, change: Change = Change.ROWS) -> str:
    counts = {"claims": 1, "articles": 2, "annotations": 3000}
    return changelog_entry(version, change, counts=counts, content_id="ab", changes=changes)


def test_the_first_entry_says_what_there_is() -> None:
    assert _entry("0.1.0", None) == (
        "## 0.1.0\n\n"
        "- First release: 1 claim of 2 articles with 3,000 annotations.\n"
        "- Content id `ab`.\n"
    )


def test_an_entry_names_claims_by_id_and_labels_from_and_to() -> None:
    changes = _compare(
        [_claim("c1"), _claim("c2"), _claim("c3")],
        [_claim("c1", "refuted"), _claim("c2", "refuted"), _claim("c4")],
    )
    entry = _entry("0.2.0", changes)
    assert "- 1 claim added: `c4`.\n" in entry
    assert "- 1 claim removed: `c3`.\n" in entry
    assert "- 2 claims relabelled supported → refuted: `c1`, `c2`.\n" in entry


def test_a_long_list_of_ids_is_cut_and_counted() -> None:
    entry = _entry("0.2.0", _compare([], [_claim(f"c{number}") for number in range(1234)]))
    assert "- 1,234 claims added: `c0`," in entry
    assert entry.count("`c") == 20
    assert "and 1,214 more" in entry


def test_a_new_schema_is_announced_first() -> None:
    changes = _compare([_claim("a")], [_claim("a", extra=1)])
    lines = _entry("0.2.0", changes, Change.SCHEMA).splitlines()
    assert "`claims.extra` added" in lines[2]


def test_older_entries_stay_as_they_are() -> None:
    first = extend_changelog(None, _entry("0.1.0", None))
    edited = first + "\nA note by hand.\n"
    second = extend_changelog(edited, _entry("0.2.0", _compare([], [_claim("a")])))
    assert second.endswith("- Content id `ab`.\n\nA note by hand.\n")
    assert second.index("## 0.2.0") < second.index("## 0.1.0")
    assert second.startswith("# Changelog of the data\n")
    assert second.count("# Changelog") == 1
    assert "\n\n## 0.1.0" in second
