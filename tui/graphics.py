"""Pictures in the pixels of the terminal, by Kitty's protocol or Sixel, through the optional package textual-image.

That package asks the terminal what it can do when it is imported, so it is imported before the screen is taken over,
and only for a terminal that is said to know one of the two.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

from textual.app import App
from textual.widget import Widget

if TYPE_CHECKING:
    from textual_image.widget import SixelImage, TGPImage

Wish = Literal["auto", "blocks", "kitty", "sixel", "none"]
Drawing = Literal["blocks", "kitty", "sixel", "none"]
MISSING = (
    "pictures = \"{wish}\" needs the package textual-image\n→ pip install 'callsheet[images]'; until then, half blocks"
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """How pictures are drawn, and what to tell about it, or ""."""

    drawing: Drawing
    notice: str = ""


def choose_drawing(wish: Wish, *, terminal_may: bool) -> Chosen:
    """What a setting comes to here. `terminal_may`: whether the terminal is one that knows pixels.

    To be called before Textual runs, with a terminal on both sides: it may ask the terminal, and reads its answer.
    """
    if wish in ("blocks", "none") or (wish == "auto" and not terminal_may):
        return Chosen("none" if wish == "none" else "blocks")
    try:
        from textual_image import renderable  # noqa: PLC0415  # optional, and it asks the terminal
    except ImportError:
        return Chosen("blocks", "" if wish == "auto" else MISSING.format(wish=wish))
    except Exception as error:  # noqa: BLE001  # the seam: it asks foreign terminals, and some answer strangely
        return Chosen("blocks", "" if wish == "auto" else f"the terminal does not say what it can draw: {error}")
    if wish != "auto":
        return Chosen(wish)
    found: dict[object, Drawing] = {renderable.SixelImage: "sixel", renderable.TGPImage: "kitty"}
    return Chosen(found.get(renderable.Image, "blocks"))


@cache
def pixel_image(drawing: Drawing) -> "type[TGPImage | SixelImage]":
    """The widget that draws in pixels."""
    from textual_image import widget  # noqa: PLC0415  # optional

    return widget.SixelImage if drawing == "sixel" else widget.TGPImage


def is_in_pixels(drawing: Drawing) -> bool:
    """Whether the terminal draws pixels rather than cells."""
    return drawing in ("kitty", "sixel")


def drawing_in(app: App[None]) -> Drawing:
    """How an app draws pictures: it says so in `drawing`."""
    return cast("Drawing", getattr(app, "drawing", "blocks"))


def pixel_child(drawing: Drawing) -> Widget:
    """A new one, which is given its picture later."""
    return pixel_image(drawing)(id="pixels")
