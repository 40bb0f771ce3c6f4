"""Which screens there are. Another one is a line here: it gets its key, its place in palette, `?` and docs by that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenEntry:
    """`home` is `module:class` of a `tui.screens.base.CallsheetScreen`, imported when it is first opened."""

    name: str
    title: str
    home: str
    keys: str = ""
    footer: str = ""
    help: str = ""


SCREENS: tuple[ScreenEntry, ...] = (
    ScreenEntry("browse", "Browse", "tui.screens.browse:BrowseScreen", "B", help="List and grid of the gallery."),
    ScreenEntry("tag", "Tag mode", "tui.screens.tag:TagScreen", "T", help="One picture after the other, by keys."),
)
