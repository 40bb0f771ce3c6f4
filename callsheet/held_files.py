"""The vocabulary, the action blocks and the scenes of a project as they were read, kept in step with their files.

Each is read when it is first asked for. A look compares paths, sizes and times; what cannot be used after a change
leaves what was read before in use.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast, get_args

from callsheet.block_files import BlockFiles, files_of_blocks, load_blocks
from callsheet.project import Project
from callsheet.scene_files import load_scenes
from gallery.project_files import FileFault, Part, Refreshed
from ontology.diagnostics import Diagnostic
from ontology.errors import CallsheetError
from ontology.loader import ontology_files
from ontology.terms import Ontology
from resolver import Scene

PARTS: Final[tuple[Part, ...]] = get_args(Part)

Mark = tuple[object, ...]
"""What differs when files have changed: path, size, time and number of each."""


class HeldFiles:
    """What the files of a project say. Thread-safe: a look never keeps those waiting who read what is held."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = threading.RLock()
        self._held: dict[Part, Any] = {}
        self._marks: dict[Part, Mark] = {}
        self._faults: dict[Part, FileFault] = {}

    @property
    def ontology(self) -> Ontology:
        """The vocabulary. Raises `OntologyError` with every fault."""
        return cast("Ontology", self._get("ontology"))

    @property
    def blocks(self) -> BlockFiles:
        """The action blocks, with every fault of their files."""
        return cast("BlockFiles", self._get("blocks"))

    @property
    def scenes(self) -> Mapping[str, Scene]:
        """The scenes by id. Raises `SceneFileError` and `SceneError`."""
        return cast("Mapping[str, Scene]", self._get("scenes"))

    @property
    def faults(self) -> tuple[FileFault, ...]:
        """What is wrong with files that were changed since they were read."""
        return tuple(self._faults.values())

    def forget(self) -> None:
        """Read everything anew when it is next asked for."""
        with self._lock:
            self._held.clear()
            self._marks.clear()
            self._faults.clear()

    def refresh(self) -> Refreshed:
        """Look at the files, and take in what was changed. Raises nothing for what they hold."""
        with self._lock:
            before = dict(self._faults)
            taken = [part for part in PARTS if self._was_changed(part) and self._take(part)]
            if "ontology" in taken and "scenes" in self._held and "scenes" not in taken and self._take("scenes"):
                taken.append("scenes")  # they are read with the vocabulary
            new = tuple(fault for part, fault in self._faults.items() if before.get(part) != fault)
        return Refreshed(tuple(taken), new)

    def _get(self, part: Part) -> Any:
        held = self._held.get(part)
        if held is not None:
            return held
        with self._lock:
            if part not in self._held:
                mark = self._mark(part)
                self._held[part] = self._read(part)
                self._marks[part] = mark
            return self._held[part]

    def _was_changed(self, part: Part) -> bool:
        return part in self._held and self._mark(part) != self._marks[part]

    def _take(self, part: Part) -> bool:
        """Hold what the files say now; whether that could be done."""
        mark, fault, read = self._mark(part), None, None
        try:
            read = self._read(part)
            fault = self._fault_of_blocks(read) if isinstance(read, BlockFiles) else None
        except CallsheetError as error:
            found = tuple(item for item in getattr(error, "diagnostics", ()) if isinstance(item, Diagnostic))
            fault = FileFault(part, error.code, error.message, error.hint, found)
        except OSError as error:
            fault = FileFault(part, "unreadable", f"a file cannot be read: {error.strerror}", "check its permissions")
        if self._mark(part) != mark:
            return False  # somebody is writing them: the next look sees what came of it
        self._marks[part] = mark
        if fault is not None:
            self._faults[part] = fault
            return False
        self._faults.pop(part, None)
        self._held[part] = read
        return True

    def _fault_of_blocks(self, read: BlockFiles) -> FileFault | None:
        """New faults leave the blocks of before in use. Those there were when they were first read do not."""
        errors = tuple(item for item in read.diagnostics if item.severity == "error")
        held = self._held["blocks"]
        if not errors or any(item.severity == "error" for item in held.diagnostics):
            return None
        hint = "`callsheet blocks check` shows them all"
        return FileFault("blocks", "invalid_action_block", f"the action blocks have a fault: {errors[0]}", hint, errors)

    def _read(self, part: Part) -> object:
        if part == "ontology":
            from callsheet.wiring import build_ontology  # noqa: PLC0415  # YAML, which not every command needs

            return build_ontology(self._project)
        if part == "blocks":
            return load_blocks(self._project.blocks_dir, shown_from=self._project.root)
        return load_scenes(self._project.scenes_file, self.ontology)

    def _mark(self, part: Part) -> Mark:
        try:
            return tuple(map(_state_of, self._files(part)))
        except (CallsheetError, OSError):
            return ("gone",)  # between two steps; the next look finds it so, or there again

    def _files(self, part: Part) -> list[Path]:
        project = self._project
        if part == "ontology":
            return ontology_files(project.ontology_dir) if project.ontology_dir.exists() else []
        return files_of_blocks(project.blocks_dir) if part == "blocks" else [project.scenes_file]


def _state_of(path: Path) -> tuple[object, ...]:
    try:
        found = path.stat()
    except OSError as error:
        return (path, error.errno)
    return (path, found.st_mtime_ns, found.st_size, found.st_ino)
