"""Pictures for the tests of processing, and steps as a spec has them."""

import io
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw


@dataclass(frozen=True)
class Place:
    file: str = "specs/coin.yaml"
    line: int = 9
    column: int = 5


@dataclass(frozen=True)
class Step:
    """As `generation.specs.model.Step`."""

    action: str
    options: dict[str, Any] = field(default_factory=dict)
    place: Place | None = None


def step(action: str, **options: Any) -> Step:
    return Step(action, options, Place())


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def image_of(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def plain(size: tuple[int, int], colour: Any = (200, 40, 40), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def coin(size: tuple[int, int] = (64, 48), ground: Any = (0, 255, 0), mode: str = "RGB") -> Image.Image:
    """A golden disc with a dark edge on one colour."""
    image = Image.new(mode, size, ground)
    width, height = size
    box = (width // 4, height // 4, width - width // 4 - 1, height - height // 4 - 1)
    ImageDraw.Draw(image).ellipse(box, fill=(220, 180, 40), outline=(60, 40, 0))
    return image
