"""The demo project: real pictures, a small story, twelve action blocks; made with the same services as any project."""

import os
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

from callsheet.project import SETTINGS_FILE, start_project
from callsheet.settings import user_data_dir
from callsheet.workspace import Workspace
from gallery.journal.editing import Edit
from ontology.errors import ConflictError, IntegrityError
from ontology.nodes import Findings
from ontology.plain_data import plain_data
from ontology.yaml_source import read_yaml

NAME = "Dungeon School"
SAMPLE_BLOCK = "alex_faces_gravelord"
PICTURES = "assets"
FIRST_DRAWN = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""The date of the first picture; the others follow by the hour, so that the demo looks the same wherever it is made."""

ReportProgress = Callable[[int, int, str], None]


def default_folder() -> Path:
    """Where the demo lies when nobody names a folder."""
    return user_data_dir() / "demo"


def demo_project(folder: Path | None, *, progress: ReportProgress | None = None) -> tuple[Path, bool]:
    """The demo project's folder, and whether it was made just now. One that is there already is left as it is.

    It is built beside its place and moved there when it is complete. Raises ConflictError for a folder that holds
    something else.
    """
    target, is_there = demo_place(folder)
    if is_there:
        return target, False
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    try:
        _build(draft, progress)
        if target.exists():
            target.rmdir()
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target, True


def demo_place(folder: Path | None) -> tuple[Path, bool]:
    """Where the demo lies or would lie, and whether it is there already. Raises ConflictError as `demo_project`."""
    target = (folder if folder is not None else default_folder()).expanduser().absolute()
    if (target / SETTINGS_FILE).is_file():
        if not (target / "blocks" / f"{SAMPLE_BLOCK}.yaml").is_file():
            raise ConflictError(f"{target} is another project", hint="name an empty or a new folder for the demo")
        return target, True
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConflictError(f"{target} exists and is no Callsheet project", hint="name an empty or a new folder")
    return target, False


def _build(folder: Path, progress: ReportProgress | None) -> None:
    with as_file(files("callsheet") / "demo_project") as source:
        shutil.copytree(source / "pictures", folder / PICTURES, copy_function=shutil.copyfile)
        for part in ("ontology", "blocks", "specs"):
            shutil.copytree(source / part, folder / part, copy_function=shutil.copyfile)
        for part in ("CREDITS", "scenes.yaml"):
            shutil.copyfile(source / part, folder / part)
        tags = (source / "tags.yaml").read_bytes()
    for number, path in enumerate(sorted((folder / PICTURES).iterdir())):
        moment = (FIRST_DRAWN + timedelta(hours=number)).timestamp()
        os.utime(path, (moment, moment))
    start_project(folder, name=NAME, only=(SETTINGS_FILE, ".gitignore"))
    with Workspace.open(folder) as ws:
        added = ws.gallery.add([folder / PICTURES], progress=progress)
        ids = {Path(item.path).name: item.id for item in added.results if item.id is not None}
        ws.gallery.edit({ids[name]: edit for name, edit in _edits(tags).items()})


def _edits(data: bytes) -> dict[str, Edit]:
    """File name → its tags and rating, from the shipped tags.yaml."""
    findings = Findings("tags.yaml")
    root = read_yaml(data, findings).root
    if root is None or findings.diagnostics:
        raise IntegrityError("the demo's tags.yaml is damaged", hint="install Callsheet again")
    content = plain_data(root, findings)
    return {name: Edit(add=tuple(said["tags"]), rating=said.get("rating")) for name, said in content.items()}
