"""What Browse says where there are no finds to show: the next act."""

from pathlib import Path

from ontology.errors import CallsheetError, OntologyError

MOST_FAULTS = 5

EMPTY = (
    "The gallery is empty.",
    "",
    "In another terminal, in this folder:",
    "  callsheet add assets            pictures and sounds of a folder; they stay there",
    "  callsheet import FILE           a library, a table, sidecars",
    "They appear here by themselves. Then T tags one after the other.",
)


def unread(error: CallsheetError, root: Path) -> tuple[str, ...]:
    """Why the gallery cannot be read, and the way out. Paths below `root` are told from there on."""
    if not isinstance(error, OntologyError):
        return ("The gallery cannot be read.", "", error.message, *([f"→ {error.hint}"] if error.hint else []))
    faults = error.diagnostics
    told = [str(item).replace(f"{root}/", "") for item in faults[:MOST_FAULTS]] or [error.message]
    more = len(faults) - MOST_FAULTS
    return (
        "The vocabulary cannot be used as it is:",
        "",
        *told,
        *([f"and {more:,} more: `callsheet ontology check` shows them all"] if more > 0 else []),
        "",
        "→ mend it in an editor and save: the gallery appears here by itself",
    )
