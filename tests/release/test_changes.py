"""The changelog says in words and ids what changed."""

from __future__ import annotations

from claimset.models import Withdrawal, WithdrawalKind
from claimset.release.changelog import changelog_entry, extend_changelog
from claimset.release.changes import Changes, Relabelled, RowChanges
from claimset.release.version import Change


def _compare(relabelled: int = 0, added: int = 0, removed: int = 0) -> Changes:
    return Changes(
        claims=RowChanges(
            added=tuple(f"n{number}" for number in range(added)),
            removed=tuple(f"r{number}" for number in range(removed)),
            changed=tuple(f"c{number}" for number in range(relabelled)),
        ),
        relabelled=tuple(
            Relabelled(claim_id=f"c{number}", before="supported", after="refuted")
            for number in range(relabelled)
        ),
    )


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
    entry = _entry("0.2.0", _compare(relabelled=2, added=1, removed=1))
    assert "- 1 claim added: `n0`.\n" in entry
    assert "- 1 claim removed: `r0`.\n" in entry
    assert "- 2 claims relabelled supported → refuted: `c0`, `c1`.\n" in entry


def test_a_long_list_of_ids_is_cut_and_counted() -> None:
    entry = _entry("0.2.0", _compare(added=1234))
    assert "- 1,234 claims added: `n0`," in entry
    assert entry.count("`n") == 200
    assert "and 1,034 more" in entry


def test_a_new_schema_is_announced_first() -> None:
    changes = Changes(columns=("`claims.extra` added",))
    lines = _entry("0.2.0", changes, Change.SCHEMA).splitlines()
    assert "`claims.extra` added" in lines[2]


def test_older_entries_stay_as_they_are() -> None:
    first = extend_changelog(None, _entry("0.1.0", None))
    edited = first + "\nA note by hand.\n"
    second = extend_changelog(edited, _entry("0.2.0", _compare(added=1)))
    assert second.endswith("- Content id `ab`.\n\nA note by hand.\n")
    assert second.index("## 0.2.0") < second.index("## 0.1.0")
    assert second.startswith("# Changelog of the data\n")
    assert second.count("# Changelog") == 1
    assert "\n\n## 0.1.0" in second


def test_a_hostile_reason_stays_words_of_one_line() -> None:
    record = Withdrawal(
        kind=WithdrawalKind.CLAIM,
        id="c_1`\n# evil",
        reason="<b>x</b>\n## 9.9.9\n[a](javascript:1)",
        since="0.2.0",
    )
    entry = changelog_entry(
        "0.2.0",
        Change.ROWS,
        counts={},
        content_id="ab",
        changes=Changes(withdrawn=("c_1",)),
        withdrawn=[record],
    )
    assert "<b>" not in entry
    assert "\n# evil" not in entry
    assert "\n## 9.9.9" not in entry
    assert "](javascript" not in entry.replace("\\]", "")


def test_erasing_a_name_names_nobody() -> None:
    record = Withdrawal(
        kind=WithdrawalKind.ANNOTATOR,
        id="0" * 16,
        reason="asked for",
        since="0.2.0",
        renamed="erased-1",
    )
    entry = changelog_entry(
        "0.2.0",
        Change.ROWS,
        counts={},
        content_id="ab",
        changes=Changes(annotations=RowChanges(added=("c_1 erased-1 0",), removed=("c_1 p_x 0",))),
        withdrawn=[record],
    )
    assert "The name of an annotator was erased: asked for." in entry
    assert "p_x" not in entry
