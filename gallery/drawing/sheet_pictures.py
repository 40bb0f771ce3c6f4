"""The small picture of an asset, to be drawn on a sheet."""

from pathlib import Path
from typing import Final

from PIL import Image

from gallery.context import GalleryContext
from gallery.details import thumbnail
from gallery.intake.rebuilding import rebuild_thumbnail
from ontology.errors import NotFoundError

MAX_SIZE: Final = 256
"""Pixels of the longer side."""


def small_picture(context: GalleryContext, asset_id: str) -> Image.Image | None:
    """The thumbnail; made anew when it is gone, or cannot be read. None where nothing is left to make it of."""
    try:
        return _opened(thumbnail(context, asset_id))
    except (NotFoundError, OSError):
        pass
    try:
        made = rebuild_thumbnail(context, asset_id)
        return None if made is None else _opened(made)
    except OSError:
        return None


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.draft("RGB", (MAX_SIZE, MAX_SIZE))  # where the picture itself stands in
        opened = image.convert("RGBA" if image.has_transparency_data else "RGB")
    opened.thumbnail((MAX_SIZE, MAX_SIZE))
    return opened
