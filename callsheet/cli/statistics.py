"""`stats`: the gallery in numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli import output
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson

if TYPE_CHECKING:
    from gallery.statistics.views import Ranking, Share, Statistics

BAR = 24
"""Characters of the longest bar."""

FACET_NAMES = {"npc": "characters", "loc": "locations", "role": "roles", "camera": "cameras", "": "free words"}
_KILO = 1000


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("stats")(stats)


def stats(
    query: Annotated[str | None, typer.Option("--query", help="Count what this query finds, not everything.")] = None,
    top: Annotated[
        int, typer.Option("--top", min=1, max=1000, help="So many tags of each namespace, tools, models.")
    ] = 5,
    as_json: AsJson = False,
) -> None:
    """Show the gallery in numbers.

    How many pictures there are, of which kind, how big, rated, tagged with what, from when, and made with what.

    Example: callsheet stats --query role:bg --top 10
    """
    with workspace() as ws:
        found = ws.gallery.statistics(query or "", top=top)
    if as_json:
        output.data(found.to_json())
        return
    _show_totals(found)
    if found.assets:
        _show_kinds(found)
        _show_facets(found)
        _show_months(found.months)
        _show_makers(found)


def size_text(size: int) -> str:
    """Bytes as a person reads them, in powers of 1000."""
    value, units = float(size), ["bytes", "kB", "MB", "GB", "TB"]
    while value >= _KILO and len(units) > 1:
        value, units = value / _KILO, units[1:]
    return f"{size} bytes" if units[0] == "bytes" else f"{value:.1f} {units[0]}"


def _show_totals(found: "Statistics") -> None:
    hidden = [
        f"{found.states[state]} {words}" for state, words in (("trashed", "in the trash"), ("missing", "missing"))
    ]
    output.line(f"{found.assets} assets, {size_text(found.bytes)} · {' · '.join(hidden)}")
    output.line(f"{found.tagged} tagged · {found.assets - found.tagged} untagged")
    if found.copies:
        output.line(f"{found.copies} further files with the same bytes, {size_text(found.copied_bytes)}")
    if found.alike:
        output.line(f"{found.alike} look the same as another")


def _show_kinds(found: "Statistics") -> None:
    output.line()
    rows = [(str(share.value), str(share.assets), size_text(share.bytes or 0)) for share in found.media_types]
    rows += [(f"  {share.value}", str(share.assets), size_text(share.bytes or 0)) for share in found.formats]
    output.table(("KIND", "ASSETS", "SIZE"), rows)
    output.line()
    ratings = [(_stars(share.value), str(share.assets), _bar(share, found.ratings)) for share in found.ratings]
    output.table(("RATING", "ASSETS", ""), ratings)


def _stars(rating: str | int | None) -> str:
    return "unrated" if rating is None else "★" * int(rating) or "0"


def _show_facets(found: "Statistics") -> None:
    output.line()
    rows = [
        (
            FACET_NAMES.get(name, name),
            str(ranking.assets),
            str(found.assets - ranking.assets),
            str(ranking.different),
            " ".join(f"{share.value}×{share.assets}" for share in ranking.top),
        )
        for name, ranking in found.facets.items()
    ]
    output.table(("FACET", "WITH", "WITHOUT", "TAGS", "MOST USED"), rows)


def _show_months(months: "Sequence[Share]") -> None:
    output.line()
    rows = [(str(share.value), str(share.assets), size_text(share.bytes or 0), _bar(share, months)) for share in months]
    output.table(("MONTH", "ASSETS", "SIZE", ""), rows)


def _show_makers(found: "Statistics") -> None:
    for heading, ranking in (("TOOL", found.tools), ("MODEL", found.models)):
        if ranking.different:
            output.line()
            _show_ranking(heading, ranking)


def _show_ranking(heading: str, ranking: "Ranking") -> None:
    output.table(
        (heading, "ASSETS", ""), [(str(one.value), str(one.assets), _bar(one, ranking.top)) for one in ranking.top]
    )
    if ranking.different > len(ranking.top):
        output.note(f"and {ranking.different - len(ranking.top)} more; --top {ranking.different} lists them")


def _bar(share: "Share", of: "Sequence[Share]") -> str:
    most = max(one.assets for one in of)
    return "█" * max(1, round(BAR * share.assets / most))
