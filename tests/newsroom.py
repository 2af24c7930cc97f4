"""Ten saved web pages and a table of a hundred rows, as a newcomer has them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

__all__ = ["Newsroom", "write_newsroom"]

_PAGES = Path(__file__).parent / "fixtures" / "newsroom"
_ENCODINGS = {
    "council.html": "utf-16",
    "flood-letter.htm": "cp1252",
    "ferries.xhtml.html": "iso-8859-1",
}
"""Pages that are not UTF-8; here they lie as text that can be read, and are written as received."""
_TOWNS = ("Niederfeld", "Harbourtown", "Oststrand", "Kirkby", "Lunden")


class Newsroom(NamedTuple):
    """Where they lie."""

    pages: Path
    table: Path


def write_newsroom(folder: Path) -> Newsroom:
    """Write the pages and the table into a folder."""
    found = Newsroom(folder / "pages", folder / "rows.csv")
    found.pages.mkdir(parents=True)
    for page in _PAGES.iterdir():
        encoding = _ENCODINGS.get(page.name, "utf-8")
        (found.pages / page.name).write_bytes(page.read_text("utf-8").encode(encoding))
    with found.table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "headline", "body", "date", "source", "topic"])
        for number in range(100):
            town = _TOWNS[number % 5]
            year = 1990 + number % 35
            body = (
                f"The town of {town} spent {number + 3} million euros on its schools in {year}, "
                f"the treasurer said.\nThat was {number % 30 + 2} per cent more than before."
                f"\n“We had to act,” said mayor Ida Berg-{number}."
            )
            writer.writerow(
                [
                    f"row-{number:03}",
                    f"{town}: the budget of {year} ({number})",
                    body,
                    f"2026-01-{1 + number % 28:02}",
                    "City Wire",
                    f"budget-{town.lower()}",
                ]
            )
    return found
