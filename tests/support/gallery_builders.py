"""Pictures, projects and galleries for tests: real files, a real database, a clock that stands still."""

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from needs import cannot
from PIL import Image

from callsheet.upgrade import SCHEMA
from gallery.context import GalleryContext
from gallery.store.database import DATABASE_NAME, Database
from ontology.terms import Namespace, Ontology, Term

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

SMALL_ONTOLOGY = Ontology(
    terms=[
        Term("npc:alex", "Alex", kind="hero", aliases=("npc:alexander",)),
        Term("npc:boss_01", "Gravelord", kind="monster"),
        Term("npc:old_name", "Old", deprecated=True, replaced_by="npc:alex"),
        Term("loc:dungeon", "The dungeon"),
        Term("loc:dungeon_entrance", "Dungeon entrance", broader=("loc:dungeon",)),
        Term("loc:park", "Park"),
        Term("camera:view:pov", "Point of view", aliases=("cam:pov",)),
        Term("role:bg", "Background"),
        Term("role:char:hero", "Hero"),
    ],
    namespaces=[
        Namespace("npc", "Characters", closed=True),
        Namespace("loc", "Locations", closed=True),
        Namespace("camera", "Cameras", closed=True),
        Namespace("role", "Roles", closed=True),
        Namespace("mood", "Moods", closed=False),
    ],
    label="Small",
)


def picture_bytes(
    colour: Any = "red", size: tuple[int, int] = (8, 8), file_format: str = "PNG", mode: str = "RGB", **options: Any
) -> bytes:
    """The bytes of a picture of one colour; options go to Pillow's `save`."""
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, file_format, **options)
    return buffer.getvalue()


def make_picture(path: Path, colour: Any = "red", **options: Any) -> Path:
    """A picture file; its format follows the name unless `file_format` says otherwise."""
    known = {".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".gif": "GIF", ".avif": "AVIF"}
    options.setdefault("file_format", known.get(path.suffix.lower(), "PNG"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture_bytes(colour, **options))
    return path


def make_pictures(folder: Path, count: int) -> list[Path]:
    """So many pictures, no two with the same bytes, named `000.png`, `001.png`, …"""
    return [make_picture(folder / f"{n:03}.png", (n % 256, n // 256 % 256, 7)) for n in range(count)]


@contextmanager
def open_context(
    root: Path,
    *,
    ontology: Ontology = SMALL_ONTOLOGY,
    now: Callable[[], datetime] = lambda: NOON,
    actor: str = "tester",
    **database_options: Any,
) -> Iterator[GalleryContext]:
    """The context of a project in `root`; its database is closed at the end."""
    data_dir = root / ".callsheet"
    with Database(data_dir / DATABASE_NAME, SCHEMA, **database_options) as database:
        yield GalleryContext(root=root, data_dir=data_dir, database=database, ontology=ontology, actor=actor, now=now)


@contextmanager
def mount_disk(place: Path, megabytes: int = 4) -> Iterator[None]:
    """A disk of its own at this folder; the test is skipped where none can be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(command, check=False).returncode:
        cannot("mounting a disk")
    try:
        yield
    finally:
        if os.path.ismount(place):
            subprocess.run(["umount", str(place)], check=True)


_NOBODY = 65534


@contextmanager
def ordinary_user() -> Iterator[None]:
    """The block runs as a user whom permissions bind: they do not bind root, as whom containers run their tests.

    The test is skipped where root may not become anybody else.
    """
    if os.geteuid() != 0:
        yield
        return
    try:
        os.setegid(_NOBODY)
        os.seteuid(_NOBODY)
    except OSError:
        os.setegid(0)
        cannot("becoming the user `nobody`")
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike those of pytest; gone at the end, whatever its permissions are."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(folder)


def change_modes(folder: Path, *, folders: int, files: int) -> None:
    """Give everything below the folder, and itself, these permissions."""
    for path in [*folder.rglob("*"), folder]:
        path.chmod(folders if path.is_dir() else files)
