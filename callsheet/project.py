"""A project on disk: where its files lie (contract §8), finding one, and starting a new one."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from gallery.store.files import DRAFTS_NAME, write_whole
from ontology.errors import ConflictError, InvalidInputError, NotFoundError

SETTINGS_FILE = "callsheet.toml"
DATA_DIR = ".callsheet"


@dataclass(frozen=True, slots=True)
class Project:
    """The places of a project. Nothing here touches the disk but `find` and `start`."""

    root: Path

    @property
    def settings_file(self) -> Path:
        """`callsheet.toml`, whose presence makes a folder a project."""
        return self.root / SETTINGS_FILE

    @property
    def env_file(self) -> Path:
        """`.env`, git-ignored: keys and personal settings."""
        return self.root / ".env"

    @property
    def tokens_file(self) -> Path:
        """Hashes of the server's tokens."""
        return self.data_dir / "tokens.json"

    @property
    def ontology_dir(self) -> Path:
        """The project's vocabulary."""
        return self.root / "ontology"

    @property
    def blocks_dir(self) -> Path:
        """The project's action blocks."""
        return self.root / "blocks"

    @property
    def scenes_file(self) -> Path:
        """The project's scenes: who, where, against whom, shots."""
        return self.root / "scenes.yaml"

    @property
    def specs_dir(self) -> Path:
        """What is to be generated."""
        return self.root / "specs"

    @property
    def models_file(self) -> Path:
        """What the project knows of models otherwise than the shipped catalogue."""
        return self.root / "models.toml"

    @property
    def assets_dir(self) -> Path:
        """Where pictures and sounds usually lie."""
        return self.root / "assets"

    @property
    def data_dir(self) -> Path:
        """What is ours: database, backups, thumbnails, cache, locks. Git-ignored."""
        return self.root / DATA_DIR

    @property
    def database_file(self) -> Path:
        """The gallery's database."""
        return self.data_dir / "callsheet.db"

    @property
    def drafts_file(self) -> Path:
        """Only there while files and database change together, or after a program was killed meanwhile."""
        return self.data_dir / DRAFTS_NAME

    @property
    def cache_dir(self) -> Path:
        """What can be made again at any time."""
        return self.data_dir / "cache"

    @property
    def logs_dir(self) -> Path:
        """What is told while things are made."""
        return self.data_dir / "logs"

    @property
    def backups_dir(self) -> Path:
        """Copies of the database, made before an upgrade."""
        return self.data_dir / "backups"


def find_project(start: Path) -> Project:
    """The project that a folder (or file) lies in: the nearest `callsheet.toml` upwards. Raises NotFoundError."""
    here = start.expanduser().absolute()
    if not here.exists():
        raise NotFoundError(f"there is no folder {start}", hint="give an existing project folder")
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Project(folder)
    raise NotFoundError(
        f"no {SETTINGS_FILE} in {here} or any folder above it",
        hint="run `callsheet init` here, or `callsheet demo` to look at a finished project",
        code="no_project",
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What starting a project did (or, in a dry run, would do) with one file: `created`, `extended` or `kept`."""

    path: str
    outcome: str


def start_project(
    root: Path, *, name: str | None = None, dry_run: bool = False, only: Collection[str] | None = None
) -> list[Written]:
    """Make a folder a project: settings, a starter vocabulary, a sample block, `.gitignore`, `assets/`.

    Files that are already there are kept, but for a `.gitignore`, which gets the lines it lacks; `only` names the ones
    to write. Raises ConflictError where it is a project already, OSError where the disk refuses.
    """
    root = root.expanduser().absolute()
    project = Project(root)
    if project.settings_file.exists():
        raise ConflictError(f"{root} is a Callsheet project already", hint="look at it with `callsheet doctor`")
    if root.exists() and not root.is_dir():
        raise InvalidInputError(f"{root} is a file", hint="give a folder")
    label = name if name is not None else root.name
    if not dry_run:
        project.assets_dir.mkdir(parents=True, exist_ok=True)
    # callsheet.toml makes the folder a project, so it is written last.
    starters = sorted(_starter_files(label), key=lambda entry: (entry[0] == SETTINGS_FILE, entry[0]))
    return [
        _start_file(root / relative, relative, text, dry_run=dry_run)
        for relative, text in starters
        if only is None or relative in only
    ]


def _start_file(target: Path, relative: str, text: str, *, dry_run: bool) -> Written:
    """Write one starter file. An existing `.gitignore` gets the lines it lacks, lest keys be committed."""
    outcome = "created"
    if target.exists():
        missing = _lines_missing(target, text) if target.name == ".gitignore" else []
        if not missing:
            return Written(relative, "kept")
        outcome = "extended"
        present = target.read_text(encoding="utf-8")
        text = "".join((present, "" if present.endswith("\n") or not present else "\n", *missing))
    if not dry_run:
        write_whole(target, text)
    return Written(relative, outcome)


def _lines_missing(target: Path, text: str) -> list[str]:
    """The rules of a `.gitignore` that an existing one does not have, each with its line end."""
    present = {line.strip().rstrip("/") for line in target.read_text(encoding="utf-8").splitlines()}
    rules = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [f"{rule}\n" for rule in rules if rule.rstrip("/") not in present]


def _starter_files(label: str) -> Iterator[tuple[str, str]]:
    """(path in the project, text) of every file of a new project, in no order."""
    quoted = '"' + "".join(char if char.isprintable() and char not in '"\\' else " " for char in label) + '"'
    for relative, source in _walk(files("callsheet") / "starter", ""):
        yield relative.replace("dot-", "."), source.read_text(encoding="utf-8").replace('"@LABEL@"', quoted)


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif not entry.name.endswith((".py", ".pyc")):
            yield prefix + entry.name, entry
