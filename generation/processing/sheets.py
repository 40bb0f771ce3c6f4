"""Several pictures on one sheet, and the atlas that says where each lies.

The atlas has the form that game engines read (a "JSON hash", as TexturePacker writes it): `{frames: {name: {frame,
rotated, trimmed, spriteSourceSize, sourceSize}}, meta: {app, version, image, format, size, scale}}`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

from PIL import Image

from generation.processing.sizing import padded, resized
from generation.processing.values import LONGEST_SIDE, MOST_PIXELS

Spot = tuple[int, int]
_CLEAR = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet, and for each picture in their order the box it lies in: left, top, width, height."""

    image: Image.Image
    boxes: tuple[tuple[int, int, int, int], ...]

    def atlas(self, names: Sequence[str], image_name: str) -> bytes:
        """The atlas as JSON: the same bytes for the same sheet."""
        body = {
            "frames": {name: _frame(box) for name, box in zip(names, self.boxes, strict=True)},
            "meta": {
                "app": "callsheet",
                "version": "1.0",
                "image": image_name,
                "format": "RGBA8888",
                "size": {"w": self.image.width, "h": self.image.height},
                "scale": "1",
            },
        }
        return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def named_after(atlas: bytes, image_name: str) -> bytes:
    """The atlas of a sheet whose file is called otherwise in the end."""
    body = json.loads(atlas)
    body["meta"]["image"] = image_name
    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def _frame(box: tuple[int, int, int, int]) -> dict[str, Any]:
    left, top, width, height = box
    return {
        "frame": {"x": left, "y": top, "w": width, "h": height},
        "rotated": False,
        "trimmed": False,
        "spriteSourceSize": {"x": 0, "y": 0, "w": width, "h": height},
        "sourceSize": {"w": width, "h": height},
    }


def packed(images: Sequence[Image.Image], options: Mapping[str, Any]) -> Sheet:
    """At least one picture on a sheet, `padding` pixels between them.

    With `dimensions` each is brought to that size first. With `columns`, or where all are of one size, they lie in a
    grid, row by row in their order; else on shelves, the highest first, which leaves less empty.
    Raises `ValueError` for a sheet that would be larger than a picture may be.
    """
    images = [_in_frame(image, options["dimensions"]) for image in images] if "dimensions" in options else list(images)
    padding = options.get("padding", 0)
    sizes = [image.size for image in images]
    if "columns" in options or len(set(sizes)) == 1:
        spots, size = _grid(sizes, min(options.get("columns", ceil(sqrt(len(sizes)))), len(sizes)), padding)
    else:
        spots, size = _shelves(sizes, padding)
    if max(size) > LONGEST_SIDE or size[0] * size[1] > MOST_PIXELS:
        raise ValueError(f"a sheet of {size[0]}x{size[1]} pixels is larger than a picture may be")
    sheet = Image.new("RGBA", size, _CLEAR)
    for image, spot in zip(images, spots, strict=True):
        sheet.paste(image.convert("RGBA"), spot)
    return Sheet(sheet, tuple((*spot, *each) for spot, each in zip(spots, sizes, strict=True)))


def _in_frame(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    within = resized(image, {"dimensions": size, "fit": "contain", "upscale": False})
    return padded(within, size, _CLEAR, (0.5, 0.5))


def _grid(sizes: Sequence[Spot], columns: int, padding: int) -> tuple[list[Spot], Spot]:
    width, height = max(width for width, _ in sizes), max(height for _, height in sizes)
    rows = ceil(len(sizes) / columns)
    spots = [
        (number % columns * (width + padding), number // columns * (height + padding)) for number in range(len(sizes))
    ]
    return spots, (columns * (width + padding) - padding, rows * (height + padding) - padding)


def _shelves(sizes: Sequence[Spot], padding: int) -> tuple[list[Spot], Spot]:
    area = sum((width + padding) * (height + padding) for width, height in sizes)
    widest = max(*(width for width, _ in sizes), ceil(sqrt(area)))
    spots: dict[int, Spot] = {}
    left = top = shelf = used = 0
    for number in sorted(range(len(sizes)), key=lambda number: (-sizes[number][1], -sizes[number][0], number)):
        width, height = sizes[number]
        if left and left + width > widest:
            left, top, shelf = 0, top + shelf + padding, 0
        spots[number] = (left, top)
        used, shelf, left = max(used, left + width), max(shelf, height), left + width + padding
    return [spots[number] for number in range(len(sizes))], (used, top + shelf)
