"""Pictures in the folders that the gallery looks after which stand for no asset. None is removed."""

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import select

from gallery.checks.database import REPAIR
from gallery.checks.findings import Finding
from gallery.context import GalleryContext
from gallery.following.roots import identity_of, remembered_roots
from gallery.intake.inspecting import is_media
from gallery.intake.media import read_head
from gallery.intake.walking import File, walk_folder
from gallery.store.chunks import STATEMENT_ITEMS
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset_path
from ontology.escaping import visible

OURS = ("assets/generated", "assets/uploads")
"""Where the program itself puts pictures: one without an asset is what it was killed over."""

_ASSETS = "assets"


def check_unlisted(context: GalleryContext) -> Iterator[Finding]:
    """Pictures without an asset in `assets/` and in the folders that are kept in step. Memory does not grow."""
    paths = ProjectPaths(context.root)
    for folder in _folders(context, paths):
        files = (found for found in walk_folder(context, paths, folder) if isinstance(found, File))
        while some := list(islice(files, STATEMENT_ITEMS)):
            for file in _unknown(context, some):
                yield _finding(file.stored)


def _folders(context: GalleryContext, paths: ProjectPaths) -> list[str]:
    """Absolute paths of the folders, none within another."""
    with context.database.read() as connection:
        names = [_ASSETS, *(one.path for one in remembered_roots(connection))]
    places = sorted({paths.absolute(name) for name in names if identity_of(paths.absolute(name)) is not None})
    tops = [place for place in places if not any(other in place.parents for other in places)]
    return [str(place) for place in tops]


def _unknown(context: GalleryContext, files: Sequence[File]) -> list[File]:
    names = [file.stored for file in files]
    with context.database.read() as connection:
        known = set(connection.execute(select(asset_path.c.path).where(asset_path.c.path.in_(names))).scalars())
    return [file for file in files if file.stored not in known and _is_picture(file.path)]


def _is_picture(path: str) -> bool:
    try:
        return is_media(read_head(path))
    except OSError:
        return False


def _finding(path: str) -> Finding:
    name = visible(path)
    if path.startswith(tuple(f"{folder}/" for folder in OURS)):
        return Finding("orphan_file", "warning", f"{name} was put there and not taken in", REPAIR, path=path)
    hint = f"`callsheet add {name}` takes it in; nothing removes it"
    return Finding("unlisted_file", "info", f"{name} is no file of an asset", hint, path=path)
