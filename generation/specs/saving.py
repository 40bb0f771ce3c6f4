"""Writing spec files into a project: checked first, whole or not at all, never over another file unasked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gallery import ItemError
from gallery.store.files import write_whole
from generation.specs.errors import SpecError
from generation.specs.naming import DEVICES
from generation.specs.reading import Rules, read_specs
from ontology.errors import CallsheetError, ConflictError, InvalidInputError
from ontology.escaping import is_unseen, visible


@dataclass(frozen=True, slots=True)
class SavedSpec:
    """What became of one spec: `created`, `overwritten`, `unchanged` or `failed`; in a dry run, what would.

    `id`: of the spec, or the key of the shot it was to be made of; `path` is relative to the project.
    """

    id: str
    outcome: str
    path: str
    key: str | None = None
    error: ItemError | None = None

    def to_json(self) -> dict[str, Any]:
        """`{id, outcome, path, error}`, and `key` where there is one."""
        body: dict[str, Any] = {"id": self.id, "outcome": self.outcome, "path": self.path}
        body |= {"key": self.key} if self.key is not None else {}
        return body | {"error": None if self.error is None else self.error.to_json()}


def spec_path(folder: Path, name: str) -> Path:
    """The file of a name below the folder of specs. Raises InvalidInputError for one that leads elsewhere."""
    parts = name.split("/")
    fits = all(
        part.strip(". ") and not part.startswith(".") and part.partition(".")[0].lower() not in DEVICES
        for part in parts
    )
    odd = any(is_unseen(char) or char in '\\:*?"<>|' for char in name)
    path = folder.joinpath(*parts)
    if not fits or odd or path.suffix.lower() not in (".yaml", ".yml", ".json"):
        shown = visible(name, limit=60)
        hint = "a name below specs/ that ends in .yaml, for example coin.yaml"
        raise InvalidInputError(f"`{shown}` cannot be the name of a spec file", hint=hint, code="bad_file_name")
    return path


def save_spec(path: Path, text: str, rules: Rules, *, force: bool = False, dry_run: bool = False) -> str:
    """Write a file that holds specs: `created`, `overwritten` or `unchanged`.

    Raises SpecError with every fault of the text, ConflictError for a file that is there unless `force`, and
    CallsheetError (`storage`).
    """
    checked = read_specs(text.encode("utf-8", "surrogatepass"), path.name, rules, is_json=path.suffix == ".json")
    if checked.errors:
        raise SpecError(checked.errors)
    try:
        there = path.read_text(encoding="utf-8") if path.exists() else None
        if there == text:
            return "unchanged"
        if there is not None and not force:
            message = f"{path.name} is there already"
            raise ConflictError(message, hint="--force writes over it; or choose another name", code="file_exists")
        if not dry_run:
            write_whole(path, text)
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or error
        message = f"{path.name} cannot be written: {said}"
        raise CallsheetError(message, hint="check its permissions", code="storage") from error
    return "created" if there is None else "overwritten"
