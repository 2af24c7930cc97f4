"""Tables of answers of an earlier label set, as the present one calls them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from claimset.aggregation import refuse_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimset.models import LabelSet

__all__ = ["answer_tables_under"]


def answer_tables_under(labels: LabelSet, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """What :func:`claimset.aggregation.answers_under` does, for answers as columns.

    Args:
        labels: The label set, which says what earlier verdicts are called now.
        tables: Answers that may have been given under an earlier one.

    Raises:
        ContractError: As there, once all answers were looked at.
    """
    unknown: Counter[str] = Counter()
    for table in tables:
        verdicts = table["verdict"].combine_chunks()
        given = verdicts.drop_null().unique().to_pylist()
        if set(given) <= set(labels.names):
            yield table
            continue
        called = {name: name for name in labels.names} | dict(labels.earlier)
        for name in given:
            if name not in called:
                unknown[name] += pc.sum(pc.equal(verdicts, name)).as_py()
        left_out = [name for name in given if not called.get(name)]
        now = pa.array([called.get(name) or None for name in given], pa.string())
        renamed = now.take(pc.index_in(verdicts, pa.array(given, pa.string())))
        place = table.schema.get_field_index("verdict")
        kept = pc.invert(pc.is_in(verdicts, pa.array(left_out, pa.string())))
        yield table.set_column(place, table.schema.field(place), renamed).filter(kept)
    refuse_unknown(labels, unknown, "answers")
