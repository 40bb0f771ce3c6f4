"""The file of an asset as it may be handed to a browser."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.intake.media import is_picture, read_head
from gallery.reading.identifiers import find_id
from gallery.sounds.kinds import sound_kind
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset, asset_path
from ontology.errors import NotFoundError

_BRANDS: Final = (
    (b"\x89PNG", "png", "image/png"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"GIF8", "gif", "image/gif"),
)


@dataclass(frozen=True, slots=True)
class Original:
    """Where the file is, what its bytes are (never what its name says), and the hash of the asset's bytes."""

    path: Path
    media_type: str
    sha256: str


def suffix_and_type(head: bytes) -> tuple[str, str] | None:
    """`("png", "image/png")` for the first bytes of a picture or sound of a kind that we take; None for all else."""
    if not is_picture(head):
        sound = sound_kind(head)
        return None if sound is None else (sound.suffix, sound.media_type)
    known = ((suffix, kind) for brand, suffix, kind in _BRANDS if head.startswith(brand))
    other = ("webp", "image/webp") if head[8:12] == b"WEBP" else ("avif", "image/avif")
    return next(known, other)


def original(context: GalleryContext, asset_id: str) -> Original:
    """The first file of the asset that is there and is a picture or sound. Its id may be shortened.

    Raises `NotFoundError` (`gone` when no file is left), and `InvalidInputError` for an ambiguous id.
    """
    with context.database.read() as connection:
        found = find_id(connection, asset_id)
        joined = select(asset.c.sha256, asset_path.c.path).join(asset_path, asset_path.c.asset_key == asset.c.key)
        rows = connection.execute(joined.where(asset.c.id == found).order_by(asset_path.c.key)).all()
    paths = ProjectPaths(context.root)
    for sha256, stored in rows:
        place = paths.absolute(stored)
        kind = _kind_of(place)
        if kind is not None:
            return Original(place, kind, sha256)
    raise NotFoundError(f"no file of {found} is there", hint="add the folder where it is now", code="gone")


def _kind_of(place: Path) -> str | None:
    try:
        found = suffix_and_type(read_head(str(place))) if place.is_file() else None
    except OSError:
        return None
    return None if found is None else found[1]
