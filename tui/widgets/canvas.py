"""What the lists and tables of the newer screens share: drawing their own lines, in named looks of the theme."""

from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.scroll_view import ScrollView


class Canvas(ScrollView, inherit_bindings=False):
    """Something with a cursor that is drawn line by line, and only where it is seen. The screen's commands move it."""

    BINDINGS: ClassVar[list[BindingType]] = []
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "canvas--cursor", "canvas--mark", "canvas--dim", "canvas--head", "canvas--good", "canvas--bad", "canvas--text",
        "canvas--character", "canvas--location", "canvas--role", "canvas--camera", "canvas--free",
    }  # fmt: skip
    DEFAULT_CSS = """
    Canvas { background: $background; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; }
    Canvas .canvas--cursor { background: $primary-muted; color: $text; text-style: bold; }
    Canvas .canvas--mark { color: $text-warning; text-style: bold; }
    Canvas .canvas--dim { color: $foreground-muted; }
    Canvas .canvas--head { color: $text-accent; text-style: bold; }
    Canvas .canvas--good { color: $text-success; }
    Canvas .canvas--bad { color: $text-error; text-style: bold; }
    Canvas .canvas--text { color: $text; }
    Canvas .canvas--character { color: $text-primary; }
    Canvas .canvas--location { color: $text-success; }
    Canvas .canvas--role { color: $text-warning; }
    Canvas .canvas--camera { color: $text-accent; }
    Canvas .canvas--free { color: $text; }
    """
    can_focus = True

    # Not marked as abstract: screens look their canvas up by this class, and type checkers want a concrete one there.

    def move(self, rows: int = 0, columns: int = 0) -> None:
        """Move the cursor."""
        raise NotImplementedError

    def to_end(self, *, last: bool) -> None:
        """Move the cursor to the first or the last place."""
        raise NotImplementedError

    @property
    def page(self) -> int:
        """How many rows are seen at once."""
        return max(1, self.scrollable_content_region.height - 1)

    def look(self, name: str) -> Style:
        """The style of a part, in the colours of the theme."""
        return self.get_component_rich_style(f"canvas--{name}", partial=True)

    def ground(self, *, below_cursor: bool) -> Style:
        """The background of a line or cell."""
        return self.rich_style + self.look("cursor") if below_cursor else self.rich_style
