"""Options that say which claims a round asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from claimset.models import Selection, TaskOrder, UnitKind

if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "ArticleOption",
    "EventOption",
    "GoldOption",
    "IdsOption",
    "KindOption",
    "MinWorthOption",
    "OrderOption",
    "RepeatOption",
    "SampleOption",
    "SeedOption",
    "selection_of",
]

_PANEL = "Which claims (recorded when the round begins)"

MinWorthOption = Annotated[
    float | None,
    typer.Option(
        "--min-worth",
        min=0,
        max=1,
        metavar="X",
        help="Only claims with at least this check-worthiness.",
        rich_help_panel=_PANEL,
    ),
]
EventOption = Annotated[
    list[str] | None,
    typer.Option("--event", metavar="ID", help="Only this event.", rich_help_panel=_PANEL),
]
ArticleOption = Annotated[
    list[str] | None,
    typer.Option("--article", metavar="ID", help="Only this article.", rich_help_panel=_PANEL),
]
KindOption = Annotated[
    list[UnitKind] | None,
    typer.Option("--kind", metavar="KIND", help="Only units of this kind.", rich_help_panel=_PANEL),
]
SampleOption = Annotated[
    int | None,
    typer.Option("--sample", min=1, metavar="N", help="Draw N of them.", rich_help_panel=_PANEL),
]
SeedOption = Annotated[
    int | None, typer.Option("--seed", metavar="N", help="Another draw.", rich_help_panel=_PANEL)
]
IdsOption = Annotated[
    Path | None,
    typer.Option(
        "--ids", metavar="FILE", help="Only these claims, one id a line.", rich_help_panel=_PANEL
    ),
]
OrderOption = Annotated[
    TaskOrder | None,
    typer.Option(
        "--order", help="Which article comes first: as listed, or by worth.", rich_help_panel=_PANEL
    ),
]

_QUALITY = "Measuring annotators (kept by later pushes)"
GoldOption = Annotated[
    Path | None,
    typer.Option(
        "--gold",
        metavar="FILE",
        help="Mix in claims whose answer is known; JSON lines or CSV.",
        rich_help_panel=_QUALITY,
    ),
]
RepeatOption = Annotated[
    float | None,
    typer.Option(
        "--repeat",
        min=0,
        max=1,
        metavar="SHARE",
        help="Ask this share of the claims a second time, last.",
        rich_help_panel=_QUALITY,
    ),
]


def selection_of(**given: Any) -> Selection | None:
    """The selection that flags describe; ``None`` when none was given."""
    named = {name: value for name, value in given.items() if value not in (None, [], ())}
    return Selection(**named) if named else None
