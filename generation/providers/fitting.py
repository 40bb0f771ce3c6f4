"""A request made to fit what a model takes. What cannot be honoured is told, never silently dropped. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from math import sqrt
from typing import Any, Final

from generation.catalogue.model import Model
from generation.request import GenerationRequest, InputAsset
from generation.result import Adjustment

_OPTIONAL: Final = ("seed", "strength", "negative_prompt", "duration", "loop", "voice", "speed", "language")
_FORMATS: Final = {"jpg": "jpeg"}
_QUALITIES: Final = {"hd": "high", "standard": "medium", "best": "high", "draft": "low"}
"""Words of older models and of people."""
_WITH_ALPHA: Final = frozenset({"png", "webp"})

SIDE_STEP, LONGEST_SIDE, WIDEST_RATIO = 16, 3840, 3.0
LEAST_PIXELS, MOST_PIXELS = 655_360, 8_294_400
"""What OpenAI's models of free sizes take."""


class Fit:
    """A request on its way to the wire, with what was changed."""

    def __init__(self, model: Model, request: GenerationRequest) -> None:
        self.model, self.request = model, request
        self.adjustments: list[Adjustment] = []

    def change(self, field: str, used: Any, reason: str) -> None:
        """Use another value, and tell."""
        asked = getattr(self.request, field)
        self.request = replace(self.request, **{field: used})
        self.tell(field, asked, used, reason)

    def tell(self, field: str, asked: Any, used: Any, reason: str) -> None:
        """Note what was asked and what was used."""
        self.adjustments.append(Adjustment(field, asked, used, reason))

    def leave_out(self, *, in_words: Iterable[str] = ()) -> None:
        """Everything that the model does not take; `in_words` says which of it the prompt says instead."""
        for field in _OPTIONAL:
            asked = getattr(self.request, field)
            if asked in (None, False) or field in self.model.accepts:
                continue
            if field in in_words:
                self.tell(field, asked, "in the prompt", f"{self.model.id} has no such parameter")
            else:
                self.change(field, False if field == "loop" else None, f"{self.model.id} has no such parameter")

    def limit_n(self) -> None:
        """No more at a time than the model makes."""
        if self.request.n > self.model.max_n:
            self.change("n", self.model.max_n, f"{self.model.id} makes {self.model.max_n} a call")

    def choose_quality(self) -> None:
        """A quality of the model's, or its own choice."""
        asked = self.request.quality
        if asked in (None, "auto"):
            self.request = replace(self.request, quality=None)
            return
        meant: str | None = _QUALITIES.get(asked, asked)
        if meant not in self.model.qualities:
            meant = self.model.qualities[-1] if meant in {"xhigh", "max"} and self.model.qualities else None
        if meant != asked:
            known = ", ".join(self.model.qualities) or "none to choose"
            self.change("quality", meant, f"{self.model.id} knows {known}")

    def choose_format(self) -> None:
        """A format of the model's, one with transparency where that is asked for."""
        asked = self.request.format
        if asked is not None:
            meant = _FORMATS.get(asked.lower(), asked.lower())
            if meant not in self.model.formats:
                self.change("format", None, f"{self.model.id} gives {', '.join(self.model.formats)}")
            elif "format" not in self.model.accepts:
                self.request = replace(self.request, format=None)  # it gives that one, and cannot be asked for it
            else:
                self.request = replace(self.request, format=meant)
        if self.request.background == "transparent" and self.request.format not in {None, *_WITH_ALPHA}:
            self.change("format", "png", f"{self.request.format} holds no transparency")

    def choose_listed_size(self) -> None:
        """The nearest of the model's sizes: by shape, then by pixels."""
        wanted = self._wanted_size()
        if wanted is not None:
            self._use_size(min(self.model.sizes, key=lambda size: (_unlikeness(size, wanted), _apart(size, wanted))))

    def choose_free_size(self) -> None:
        """The nearest size of whole steps, within what is allowed."""
        wanted = self._wanted_size()
        if wanted is not None:
            self._use_size(free_size(*wanted))

    def choose_stepped_size(self, step: int, *, most_pixels: int = MOST_PIXELS, longest: int = LONGEST_SIDE) -> None:
        """The nearest size of whole steps that is no larger than the model makes; the same shape, as far as may be."""
        wanted = self._wanted_size()
        if wanted is not None:
            self._use_size(stepped_size(wanted, step, most_pixels, longest))

    def choose_shape(self) -> None:
        """One of the model's shapes, in place of a size in pixels, too."""
        asked, size = self.request.aspect_ratio, self.request.size
        wanted = ratio_of(asked) or (size[0] / size[1] if size is not None else None)
        if wanted is None or (asked in self.model.aspect_ratios and size is None):
            return
        used = nearest_ratio((round(wanted * 1000), 1000), self.model.aspect_ratios)
        if asked != used and asked is not None:
            self.change("aspect_ratio", used, f"the nearest shape that {self.model.id} makes")
        if size is not None:
            self.change("size", None, f"{self.model.id} has no sizes in pixels, but shapes: {used or 'its own'}")
        self.request = replace(self.request, aspect_ratio=used)

    def _wanted_size(self) -> tuple[int, int] | None:
        if self.request.size is not None:
            return self.request.size
        shape = ratio_of(self.request.aspect_ratio)
        if shape is None:
            return None
        side = 1024
        return max(1, round(side * sqrt(shape))), max(1, round(side / sqrt(shape)))

    def _use_size(self, used: tuple[int, int]) -> None:
        if self.request.size not in (None, used):
            self.change("size", used, f"the nearest that {self.model.id} makes")
        self.request = replace(self.request, size=used)


def fitted_picture(model: Model, request: GenerationRequest) -> Fit:
    """What models have in common that take neither qualities nor transparency; sizes and shapes are still to choose."""
    fit = Fit(model, request)
    fit.leave_out(in_words=("negative_prompt", "strength") if request.inputs else ("negative_prompt",))
    fit.limit_n()
    if request.quality not in (None, "auto"):
        fit.change("quality", None, f"{model.id} has no such parameter")
    fit.choose_format()
    if request.background == "transparent":
        fit.change("background", None, f"{model.id} makes no transparency")
    return fit


def ratio_of(text: str | None) -> float | None:
    """`16:9` as a number; None for what is none."""
    across, colon, down = (text or "").partition(":")
    if not (colon and across.isdecimal() and down.isdecimal() and int(across) and int(down)):
        return None
    return int(across) / int(down)


def nearest_ratio(size: tuple[int, int], known: Iterable[str]) -> str | None:
    """The shape of the list that is most like a size."""
    shapes = [(text, shape) for text in known if (shape := ratio_of(text)) is not None]
    if not shapes:
        return None
    mine = size[0] / size[1]
    return min(shapes, key=lambda item: max(item[1] / mine, mine / item[1]))[0]


def stepped_size(wanted: tuple[int, int], step: int, most_pixels: int, longest: int) -> tuple[int, int]:
    """The nearest size of whole steps; where it is too large, smaller by the same shape."""
    shrink = min(1.0, longest / max(wanted), sqrt(most_pixels / (wanted[0] * wanted[1])))
    least = 256 // step * step
    across, down = (max(least, min(longest, round(side * shrink / step) * step)) for side in wanted)
    while across * down > most_pixels and max(across, down) > least:
        across, down = (across - step, down) if across >= down else (across, down - step)
    return across, down


def free_size(width: int, height: int) -> tuple[int, int]:
    """The nearest size of steps of 16, ratio up to 3:1, sides up to 3840, pixels within the limits."""
    ratio = min(max(width / height, 1 / WIDEST_RATIO), WIDEST_RATIO)
    area = min(max(float(width * height), LEAST_PIXELS), MOST_PIXELS)
    across = min(sqrt(area * ratio), LONGEST_SIDE, LONGEST_SIDE * ratio)
    return _in_bounds(_step(across), _step(across / ratio))


def _in_bounds(width: int, height: int) -> tuple[int, int]:
    """After rounding: shrink or grow a side by a step while a limit is broken."""
    while width > WIDEST_RATIO * height:
        width -= SIDE_STEP
    while height > WIDEST_RATIO * width:
        height -= SIDE_STEP
    while width * height > MOST_PIXELS:
        width, height = (width - SIDE_STEP, height) if width >= height else (width, height - SIDE_STEP)
    while width * height < LEAST_PIXELS:
        width, height = (width + SIDE_STEP, height) if width <= height else (width, height + SIDE_STEP)
    return width, height


def _step(length: float) -> int:
    return max(SIDE_STEP, min(LONGEST_SIDE, round(length / SIDE_STEP) * SIDE_STEP))


def _unlikeness(size: tuple[int, int], wanted: tuple[int, int]) -> float:
    mine, theirs = size[0] / size[1], wanted[0] / wanted[1]
    return max(mine / theirs, theirs / mine)


def _apart(size: tuple[int, int], wanted: tuple[int, int]) -> float:
    """How many times larger or smaller."""
    mine, theirs = size[0] * size[1], wanted[0] * wanted[1]
    return max(mine / theirs, theirs / mine)


def in_order(inputs: Iterable[InputAsset]) -> list[InputAsset]:
    """The pictures as they are sent: what is changed first, then from back to front; masks stand aside."""
    return sorted((item for item in inputs if item.role != "mask"), key=lambda item: (item.role != "base", item.layer))
