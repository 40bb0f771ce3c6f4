"""Which screens there are. Another one is a line here: it gets its key, its place in palette, `?` and docs by that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenEntry:
    """`home` is `module:class` of a `tui.screens.base.CallsheetScreen`, imported when it is first opened.

    `within`: it is opened from that screen alone, and stands above it.
    """

    name: str
    title: str
    home: str
    keys: str = ""
    footer: str = ""
    help: str = ""
    within: str = ""


SCREENS: tuple[ScreenEntry, ...] = (
    ScreenEntry("browse", "Browse", "tui.screens.browse:BrowseScreen", "B", help="List and grid of the gallery."),
    ScreenEntry("tag", "Tag mode", "tui.screens.tag:TagScreen", "T", help="One picture after the other, by keys."),
    ScreenEntry(
        "resolve", "Resolve", "tui.screens.resolve:ResolveScreen", "R", help="Who, where, against whom: what fits."
    ),
    ScreenEntry("prefill", "Prefill", "tui.screens.prefill:PrefillScreen", within="resolve"),
    ScreenEntry(
        "coverage", "Coverage", "tui.screens.coverage:CoverageScreen", "C", help="What there is, and what is missing."
    ),
    ScreenEntry("queue", "Queue", "tui.screens.queue:QueueScreen", "Q", help="What is made, and what it costs."),
    ScreenEntry("history", "History", "tui.screens.history:HistoryScreen", "H", help="Every change, newest first."),
    ScreenEntry("ontology", "Ontology", "tui.screens.ontology:OntologyScreen", "O", help="The terms and their uses."),
    ScreenEntry("doctor", "Doctor", "tui.screens.doctor:DoctorScreen", "D", help="Whether the project is well."),
)
