"""Beginning: a mark in a PostgreSQL database that is being prepared.

Some of Label Studio's migrations are recorded after the transaction that makes their tables, so a
preparation that was cut off cannot always go on. The mark says that the database was empty when
the preparation began: then what stands in it can go, and the next one begins anew.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MARK", "begun"]

MARK = "claimset_preparing"
"""A table that is there as long as a preparation is not complete."""

_LEFT = """
SELECT format('DROP TABLE IF EXISTS %%I.%%I CASCADE', schemaname, tablename) FROM pg_tables
WHERE schemaname = current_schema() AND tableowner = current_user AND tablename != %s
"""


@contextlib.contextmanager
def begun(connection: Any) -> Iterator[None]:
    """Mark a database as being prepared; the mark goes when the block ends well.

    What an earlier preparation left under its mark is removed first.

    Args:
        connection: To a database that is empty or carries the mark.
    """
    with connection.transaction():
        if connection.execute("SELECT to_regclass(%s)", (MARK,)).fetchone()[0] is not None:
            for (statement,) in connection.execute(_LEFT, (MARK,)).fetchall():
                connection.execute(statement)
        connection.execute(f"CREATE TABLE IF NOT EXISTS {MARK} ()")
    yield
    connection.execute(f"DROP TABLE {MARK}")
