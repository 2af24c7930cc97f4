"""The page of a difference shows hostile text and never obeys it."""

from __future__ import annotations

from claimset.release.changes import Changes, RowChanges
from claimset.release.difference import ClaimChange, ColumnChange, Difference, FactChange
from claimset.reporting.diff_page import render_difference

HOSTILE = "</section><script>alert(1)</script><img src=x onerror=alert(1)> =HYPERLINK(1) {{ 7*7 }}"


def _difference(text: str) -> Difference:
    change = ClaimChange(
        claim_id="c_0",
        change="changed",
        article_id=text,
        text=text,
        label_before=text,
        label_after="refuted",
        columns=(
            ColumnChange(column=text, before=[{"text": text}], after={"text": "new " + text}),
        ),
    )
    return Difference(
        version_before="0.1.0",
        version_after="0.2.0",
        content_id_before="a" * 64,
        content_id_after="b" * 64,
        counts_before={"claims": 1},
        counts_after={"claims": 2},
        changes=Changes(claims=RowChanges(changed=("c_0",)), columns=(text,)),
        claims=(change,),
        moved=(),
        facts=(FactChange(field=text, before=text, after=[text, "new"]),),
    )


def test_hostile_text_is_escaped_everywhere() -> None:
    page = render_difference(_difference(HOSTILE))
    assert "<script" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    assert page.count("&lt;script&gt;") >= 9


def test_the_page_needs_nothing_else_and_runs_nothing() -> None:
    page = render_difference(_difference("plain"))
    assert "default-src 'none'" in page
    assert "http://" not in page.replace("http-equiv", "")
    assert "https://" not in page


def test_what_differs_is_marked_word_by_word() -> None:
    page = render_difference(_difference("a few words"))
    assert "<ins>" in page
    assert "<del>" in page
    assert "with another change" in page


def test_equal_releases_say_so() -> None:
    same = _difference("x").model_copy(update={"content_id_after": "a" * 64, "facts": ()})
    assert "both hold the same rows" in render_difference(same)
