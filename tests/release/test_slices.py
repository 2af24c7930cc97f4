"""Slices cut at once are the slices that Python cuts one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from claimset.release.slices import Slices

TEXT = st.text(st.sampled_from("aé€🙂\n") | st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.data(), st.lists(TEXT, min_size=1, max_size=4))
def test_any_slice_is_cut_where_python_cuts_it(data: st.DataObject, texts: list[str]) -> None:
    """Of few bytes and of many, up to the very end, in any order, and twice."""
    names = [f"text {number}" for number in range(len(texts))]
    slices = Slices(dict(zip(names, texts, strict=True)), [*names, "one without a text"])
    assert slices.lengths.tolist() == [*(len(text) for text in texts), 0]
    assert [slices.text(number) for number in range(len(texts) + 1)] == [*texts, ""]
    spans = data.draw(
        st.lists(
            st.integers(0, len(texts) - 1).flatmap(
                lambda number: st.tuples(
                    st.just(number),
                    st.lists(st.integers(0, len(texts[number])), min_size=2, max_size=2),
                )
            ),
            min_size=1,
        )
    )
    articles = np.array([number for number, _ in spans])
    starts, ends = (np.array([f(bounds) for _, bounds in spans]) for f in (min, max))
    begin, stop = slices.bounds(articles, starts, ends)
    wanted = [texts[number][min(bounds) : max(bounds)].encode() for number, bounds in spans]
    assert (stop - begin).tolist() == [len(part) for part in wanted]
    assert bytes(slices.cut(begin, stop)) == b"".join(wanted)
