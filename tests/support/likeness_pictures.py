"""Pictures that look like something: soft blotches from a seed, and slightly changed copies of them."""

from random import Random
from typing import Any

from PIL import Image, ImageEnhance

FIELDS = 12


def blotches(seed: int, size: tuple[int, int] = (320, 320)) -> Image.Image:
    """A picture of soft blotches; another seed gives one that looks nothing like it."""
    fields = Image.frombytes("RGB", (FIELDS, FIELDS), Random(seed).randbytes(FIELDS * FIELDS * 3))
    return fields.resize(size, Image.Resampling.BICUBIC)


def brighter(image: Image.Image, factor: float = 1.1) -> Image.Image:
    """The same picture, as an editor changes it by one slider."""
    return ImageEnhance.Brightness(image).enhance(factor)


def save(image: Image.Image, path: Any, **options: Any) -> Any:
    """Write it where it belongs; the format follows the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path
