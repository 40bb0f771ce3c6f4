"""The formats of exchange: what each can do, and the two doors through which every face goes."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from gallery.context import GalleryContext
from gallery.embedded.sidecar import SUFFIX
from gallery.exchange.beside import BesideSource, Reads, files_below
from gallery.exchange.captions import CaptionOptions, write_captions
from gallery.exchange.importing import ImportRun, Progress, Source
from gallery.exchange.library import open_library, write_library
from gallery.exchange.results import ExportResult, ImportResult
from gallery.exchange.sheets import open_sheet, write_sheet
from gallery.exchange.sidecar_files import open_sidecars, write_sidecars
from gallery.exchange.tag_files import read_booru, read_caption, read_hydrus
from gallery.exchange.tag_reading import TagReading
from gallery.exchange.writing import whole_file
from gallery.store.targets import refuse_target
from ontology.errors import InvalidInputError, NotFoundError
from ontology.escaping import visible
from ontology.writing import to_yaml

Place = Path | BinaryIO
"""A path, or an open stream of bytes (standard input, standard output)."""

WRITTEN: Final = ("jsonl", "csv", "kohya", "sidecars")
READ: Final = ("jsonl", "csv", "kohya", "sidecars", "hydrus", "booru")
_BY_SUFFIX: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}
_FILES: Final[Mapping[str, Callable[[GalleryContext, BinaryIO, str | None, str], ExportResult]]] = {
    "jsonl": write_library,
    "csv": write_sheet,
}
_BESIDE: Final[Mapping[str, tuple[Reads, tuple[str, ...]]]] = {
    "kohya": (read_caption, (".txt", ".caption")),
    "hydrus": (read_hydrus, (".txt", ".json")),
    "booru": (read_booru, (".txt", ".json")),
}


_WORDS_ONLY = frozenset({"kohya", "booru"})
"""Formats in which a colon is mostly a part of a name."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is to be written (`query`; None: the format's own scope), how captions look, what may be written over."""

    query: str | None = None
    captions: CaptionOptions = field(default_factory=CaptionOptions)
    force: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`mapping`: foreign namespace → ours (to an empty text: leave out; of an empty one: words without namespace).

    `replace`: the file wins where both say something. `incomplete`: take a library that was cut off. `declare`: a
    file for terms that closed namespaces lack. `force`: it may be written over.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    replace: bool = False
    incomplete: bool = False
    declare: Path | None = None
    force: bool = False
    dry_run: bool = False


def format_of(given: str | None, place: Place | None, known: tuple[str, ...]) -> str:
    """The format that is asked for, or that the name of the file tells. Raises `InvalidInputError`."""
    if given is not None:
        if given not in known:
            hint = f"one of {', '.join(known)}"
            raise InvalidInputError(f"there is no format `{visible(given, limit=40)}` here", hint=hint, code="usage")
        return given
    if isinstance(place, Path) and place.suffix.lower() in _BY_SUFFIX:
        return _BY_SUFFIX[place.suffix.lower()]
    if isinstance(place, Path) and place.name.endswith(SUFFIX):
        return "sidecars"
    hint = f"name a file .jsonl or .csv, or give --format, one of {', '.join(known)}"
    if place is None:
        message = "it is not said what is to be written"
        hint = "export game.jsonl (all that is known), sheet.csv, FOLDER --format kohya, or --format sidecars alone"
    elif isinstance(place, Path):
        message = f"the name {visible(str(place), limit=80)} does not tell which format is meant"
    else:
        message = "a stream does not tell which format it is in"
        streams = ", ".join(name for name in known if name in _FILES)
        hint = f"--format, one of {streams}; the others are files in a folder"
    raise InvalidInputError(message, hint=hint, code="usage")


def export(
    context: GalleryContext, target: Place | None, name: str | None = None, options: ExportOptions | None = None
) -> ExportResult:
    """Write assets in a format: `jsonl` and `csv` into a file or stream, `kohya` into a folder, `sidecars` beside.

    Nothing that is there is written over without `force`, and no file is left half written. Raises
    `InvalidInputError`, `ConflictError` (`exists`), `NotFoundError`, `OSError`, and what the database raises.
    """
    wanted = options or ExportOptions()
    kind = format_of(name, target, WRITTEN)
    if kind == "sidecars":
        if target is not None:
            raise InvalidInputError("sidecars are written beside the pictures", hint="leave the name out", code="usage")
        return write_sidecars(context, wanted.query, force=wanted.force, dry_run=wanted.dry_run)
    if target is None:
        raise InvalidInputError("no file is named to write into", hint="callsheet export FILE.jsonl", code="usage")
    if kind == "kohya":
        if not isinstance(target, Path):
            raise InvalidInputError("a data set is a folder, no stream", hint="name a folder", code="usage")
        return write_captions(context, target, wanted.query, wanted.captions)
    if not isinstance(target, Path):
        return _FILES[kind](context, target, wanted.query, "-")
    if wanted.dry_run:
        refuse_target(target, force=wanted.force)
        with tempfile.TemporaryFile() as nowhere:
            return _FILES[kind](context, nowhere, wanted.query, str(target))
    with whole_file(target, force=wanted.force) as file:
        return _FILES[kind](context, file, wanted.query, str(target))


def import_from(
    context: GalleryContext,
    place: Place,
    name: str | None = None,
    options: ImportOptions | None = None,
    *,
    progress: Progress | None = None,
) -> ImportResult:
    """Take in what a file, a stream or a folder says of assets. One run of batches, which undo takes back as one.

    What cannot be held is told in the results, and the rest goes in. Raises before anything is written
    `InvalidInputError` (another format, an unknown version, cut off, a bad mapping), `NotFoundError`, `ConflictError`
    (the file for terms exists), and what the database raises.
    """
    wanted = options or ImportOptions()
    kind = format_of(name, place, READ)
    if wanted.declare is not None:
        refuse_target(wanted.declare, force=wanted.force)
    tags = TagReading(context.ontology, context.tag_policy, wanted.mapping, has_namespaces=kind not in _WORDS_ONLY)
    with _source(context, kind, place, wanted) as source:
        run = ImportRun(context, source, tags, wanted.replace, wanted.dry_run, progress)
        run.carry_out()
    declared = None
    if wanted.declare is not None and tags.undeclared and not wanted.dry_run:
        with whole_file(wanted.declare, force=wanted.force) as file:
            file.write(to_yaml(tags.undeclared[term] for term in sorted(tags.undeclared)).encode())
        declared = str(wanted.declare)
    undeclared = tuple(sorted(tags.undeclared))
    return ImportResult(tuple(run.results), tuple(run.batches), undeclared, declared, dict(tags.unmapped))


@contextmanager
def _source(context: GalleryContext, kind: str, place: Place, options: ImportOptions) -> Iterator[Source]:
    if kind in ("jsonl", "csv"):
        shown_name = str(place) if isinstance(place, Path) else "-"
        with _seekable(place) as file:
            if kind == "jsonl":
                yield open_library(file, shown_name, incomplete=options.incomplete)
            else:
                yield open_sheet(file, shown_name)
        return
    if not isinstance(place, Path):
        raise InvalidInputError("this format is files in a folder, no stream", hint="name the folder", code="usage")
    if kind == "sidecars":
        yield open_sidecars(context, place)
        return
    reads, suffixes = _BESIDE[kind]
    files = [path for path in files_below(place, suffixes) if not path.name.endswith(SUFFIX)]
    yield BesideSource(context, files, reads)


@contextmanager
def _seekable(place: Place) -> Iterator[BinaryIO]:
    """The file, open; a stream is kept in a file of its own first, as it is read more than once."""
    if isinstance(place, Path):
        if not place.is_file():
            raise NotFoundError(f"there is no file {visible(str(place))}", hint="check the path")
        with place.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(place, kept)
        yield kept
