"""The specs of a project, as every face uses them: look up, check, fill templates, draft, import, save."""

import threading
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any

from gallery import ItemError
from generation.catalogue.model import Catalogue
from generation.specs.call_drafts import draft_of_call
from generation.specs.drafting import Gap, SpecDraft, draft_of_gap, parse_gap, starter
from generation.specs.errors import SpecError
from generation.specs.expanding import Expanded, Settings, expand
from generation.specs.loading import Specs, Stamp, joined, load_specs, read_spec_file, stamp_of
from generation.specs.model import AssetType, Spec
from generation.specs.reading import Rules, parsed, read_specs
from generation.specs.references import ReferenceSpec, specs_of_references
from generation.specs.saving import SavedSpec, save_spec, spec_path
from generation.specs.selection import Selected
from generation.specs.shots import ShotMap, ShotSpec, read_shots, shot_map_of, spec_of_shot
from generation.specs.templates import Template
from ontology.diagnostics import Diagnostic
from ontology.errors import CallsheetError, InvalidInputError, NotFoundError
from ontology.escaping import visible
from ontology.loader import MAX_BYTES
from ontology.nodes import Findings
from resolver import MissingReference

SHOTS_FOLDER = "shots"
_SHOT_MAP = "shots.toml"


class ProjectSpecs(Mapping[str, Spec]):
    """The sound specs of a project by id. Files are read when first asked for, and again after `reload`.

    `folder` is where they lie (`specs/`), `root` the project, from which files are shown. Safe to use from many
    threads.
    """

    def __init__(self, folder: Path, root: Path, rules: Rules) -> None:
        self.folder, self.root, self.rules = folder, root, rules
        self._lock = threading.Lock()
        self._loaded: Specs | None = None
        self._stamp: Stamp = ()

    @property
    def loaded(self) -> Specs:
        """What the folder holds."""
        with self._lock:
            if self._loaded is None:
                self._stamp = stamp_of(self.folder)
                self._loaded = load_specs(self.folder, self.rules, shown_from=self.root)
            return self._loaded

    def reload(self) -> None:
        """Read the files anew when they are next asked for."""
        with self._lock:
            self._loaded = None

    def refresh(self) -> bool:
        """Read the files anew where any was added, changed or taken away since; whether that is so."""
        with self._lock:
            if self._loaded is None or stamp_of(self.folder) == self._stamp:
                return False
            self._loaded = None
            return True

    @property
    def templates(self) -> Mapping[str, Template]:
        """The templates by name."""
        return self.loaded.templates

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every finding in all files."""
        return self.loaded.diagnostics

    @property
    def catalogue(self) -> Catalogue | None:
        """The models that the specs are held against."""
        return self.rules.catalogue

    def __getitem__(self, spec_id: str) -> Spec:
        """The spec. Raises NotFoundError naming the nearest ids, SpecError where it is there and has faults."""
        found = self.loaded.specs.get(spec_id)
        if found is None:
            raise self._unknown(spec_id)
        return found

    def __contains__(self, spec_id: object) -> bool:
        return spec_id in self.loaded.specs

    def __iter__(self) -> Iterator[str]:
        return iter(self.loaded.specs)

    def __len__(self) -> int:
        return len(self.loaded.specs)

    def select(
        self, name: str, settings: Settings | None = None, *, output_name: str | None = None
    ) -> tuple[Spec, ...]:
        """The specs of `choose`."""
        return self.choose(name, settings, output_name=output_name).specs

    def choose(self, name: str, settings: Settings | None = None, *, output_name: str | None = None) -> Selected:
        """What somebody names to have it made: a spec, a template with its values, a file of specs, or a folder.

        Of a file or folder of specs the templates are left out, and told.

        A file or folder is named by its path, below the project or from where one stands, or by its name without
        suffix; a folder lies below that of the specs. Raises NotFoundError, SpecError with every fault, and
        TemplateValuesError.
        """
        loaded = self.loaded
        if name in loaded.specs:
            return Selected(self._plain([loaded.specs[name]], name, settings, output_name))
        if name in loaded.templates:
            return Selected(self._filled(loaded.templates[name], settings, output_name))
        held = self._file(name) or self._folder(name)
        if held is None:
            raise self._unknown(name)
        return self._of_file(held, name, settings, output_name)

    def parse(
        self, data: bytes, file: str, settings: Settings | None = None, *, output_name: str | None = None
    ) -> tuple[Spec, ...]:
        """The specs of `choose_of`."""
        return self.choose_of(data, file, settings, output_name=output_name).specs

    def choose_of(
        self, data: bytes, file: str, settings: Settings | None = None, *, output_name: str | None = None
    ) -> Selected:
        """`choose` for the content of a file that somebody sent. Raises SpecError and TemplateValuesError."""
        return self._of_file(self.check_bytes(data, file), file, settings, output_name)

    def check(self, paths: Sequence[Path] = ()) -> Specs:
        """What the files or folders hold, or all of the project, with every finding. Raises NotFoundError."""
        for path in paths:
            if not path.exists():
                raise NotFoundError(f"there is no file or folder {visible(str(path))}", hint="check the path")
        if not paths:
            self.reload()
            return self.loaded
        loaded = [load_specs(path, self.rules) for path in paths]
        specs = {name: spec for each in loaded for name, spec in each.specs.items()}
        templates = {name: template for each in loaded for name, template in each.templates.items()}
        return Specs(specs, tuple(found for each in loaded for found in each.diagnostics), templates)

    def check_bytes(self, data: bytes, file: str) -> Specs:
        """What somebody sent holds, with every finding."""
        return joined([read_specs(data, file, self.rules, is_json=_looks_like_json(data))])

    def check_named(self, name: str) -> Specs:
        """A spec or template of the project by its name, or a file; with the findings about it.

        Raises NotFoundError.
        """
        loaded = self.loaded
        about = tuple(found for found in loaded.diagnostics if found.id == name)
        if name in loaded.specs:
            return Specs({name: loaded.specs[name]}, about)
        if name in loaded.templates:
            return Specs({}, about, {name: loaded.templates[name]})
        held = Specs({}, about) if about else self._file(name)
        if held is None:
            raise self._unknown(name)
        return held

    def fill(self, template: Template, settings: Settings, *, output_name: str | None = None) -> Expanded:
        """The specs of a template, with what is wrong with them. Raises TemplateValuesError."""
        return expand(template, settings, self.rules, output_name=output_name)

    def draft(self, gap: Gap | Mapping[str, Any]) -> SpecDraft:
        """A spec for a missing picture; nothing is written. Raises InvalidInputError and TagError."""
        return draft_of_gap(gap, self.rules.ontology, taken=self._taken())

    def draft_call(self, prefill: Mapping[str, Any]) -> SpecDraft:
        """A spec of a prefilled call (`resolver.prefill_operation`); nothing is written. Raises InvalidInputError."""
        return draft_of_call(prefill, self.rules.ontology, taken=self._taken())

    def of_references(self, missing: Sequence[MissingReference]) -> list[ReferenceSpec]:
        """For each missing picture the spec that makes it, or a draft. See `generation.specs.references`."""
        return specs_of_references(missing, self.loaded.specs, self.rules, taken=self._taken())

    def draft_named(self, said: str) -> SpecDraft:
        """The same for a gap as it is written on a command line, `hero:npc:alex`."""
        return self.draft(parse_gap(said, self.rules.ontology))

    def starter(self, name: str, asset_type: AssetType = "image") -> SpecDraft:
        """A spec to begin with; nothing is written."""
        return starter(name, asset_type)

    def save(self, file_name: str, text: str, *, force: bool = False, dry_run: bool = False) -> SavedSpec:
        """Write a file below `specs/`. See `generation.specs.saving.save_spec` for what it raises."""
        path = spec_path(self.folder, file_name)
        outcome = save_spec(path, text, self.rules, force=force, dry_run=dry_run)
        self.reload()
        return SavedSpec(path.stem, outcome, self._shown(path))

    def import_shots(
        self,
        data: bytes,
        file: str,
        *,
        own_map: Path | None = None,
        provider: str | None = None,
        folder: str = SHOTS_FOLDER,
        force: bool = False,
        dry_run: bool = False,
    ) -> tuple[list[SavedSpec], tuple[Diagnostic, ...]]:
        """Specs of the shots of a JSON or YAML file, a file each below `specs/`; what cannot be one is reported.

        Raises InvalidInputError for a bad map.
        """
        findings = Findings(file)
        roots = parsed(data, findings, is_json=_looks_like_json(data))
        shots = list(read_shots(roots[0], findings)) if roots else []
        how = shot_map(own_map)
        results = [_failed(found) for found in findings.diagnostics if found.severity == "error" and found.id]
        taken: set[str] = set()
        for shot in shots:
            made = spec_of_shot(shot, how, provider=provider)
            name = made.file_name if made.file_name not in taken else f"{made.id}.yaml"
            taken.add(name)
            results.append(self._save_shot(made, f"{folder}/{name}", force=force, dry_run=dry_run))
        self.reload()
        return results, tuple(findings.diagnostics)

    def _save_shot(self, made: ShotSpec, name: str, *, force: bool, dry_run: bool) -> SavedSpec:
        path = spec_path(self.folder, name)
        try:
            outcome = save_spec(path, made.text, self.rules, force=force, dry_run=dry_run)
        except CallsheetError as error:
            return SavedSpec(made.id, "failed", self._shown(path), made.key, ItemError.of(error))
        return SavedSpec(made.id, outcome, self._shown(path), made.key)

    def _of_file(self, held: Specs, name: str, settings: Settings | None, output_name: str | None) -> Selected:
        if held.errors:
            raise SpecError(held.errors)
        templates = list(held.templates.values())
        if len(templates) == 1 and not held.specs:
            return Selected(self._filled(templates[0], settings, output_name))
        if templates and not held.specs:
            names = ", ".join(held.templates)
            raise InvalidInputError(f"{visible(name)} holds several templates", hint=f"name one of {names}")
        return Selected(self._plain(list(held.specs.values()), name, settings, output_name), tuple(templates))

    def _filled(self, template: Template, settings: Settings | None, output_name: str | None) -> tuple[Spec, ...]:
        made = self.fill(template, settings or {}, output_name=output_name)
        errors = [found for found in made.diagnostics if found.severity == "error"]
        if errors:
            raise SpecError(errors)
        return made.specs

    def _plain(
        self, specs: Sequence[Spec], name: str, settings: Settings | None, output_name: str | None
    ) -> tuple[Spec, ...]:
        if settings or output_name:
            hint = f"templates are {', '.join(self.templates)}" if self.templates else "this project has no templates"
            message = f"{visible(name, limit=60)} is no template: it takes no values"
            raise InvalidInputError(message, hint=hint, code="no_template")
        return tuple(specs)

    def _file(self, name: str) -> Specs | None:
        """What the file of that name holds: a path, or the stem of one below `specs/`."""
        if name.endswith((".yaml", ".yml", ".json")) or "/" in name:
            path = next((each for each in (Path(name), self.root / name, self.folder / name) if each.is_file()), None)
            return None if path is None else joined([read_spec_file(path, self.rules, shown_from=self.root)])
        if not self.folder.is_dir():
            return None
        found = sorted(path for path in self.folder.rglob(f"{_escaped(name)}.*") if path.suffix in _SUFFIXES)
        return joined([read_spec_file(found[0], self.rules, shown_from=self.root)]) if found else None

    def _folder(self, name: str) -> Specs | None:
        """What lies in a folder of that name below the folder of specs."""
        path = next((each for each in (Path(name), self.root / name, self.folder / name) if each.is_dir()), None)
        if path is None or not path.resolve().is_relative_to(self.folder.resolve()):
            return None
        return load_specs(path, self.rules, shown_from=self.root)

    def _unknown(self, name: str) -> CallsheetError:
        faults = [found for found in self.loaded.errors if found.id == name]
        if faults:
            return SpecError(faults)
        files = [path.stem for path in sorted(self.folder.rglob("*")) if path.suffix in _SUFFIXES]
        near = get_close_matches(name, dict.fromkeys([*self.loaded.specs, *self.loaded.templates, *files]), n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "`callsheet specs ls` lists them"
        return NotFoundError(f"this project has no spec or template `{visible(name, limit=60)}`", hint=hint)

    def _taken(self) -> set[str]:
        return {*self.loaded.specs, *(found.id for found in self.loaded.errors if found.id)}

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


_SUFFIXES = (".yaml", ".yml", ".json")


def shot_map(own: Path | None = None) -> ShotMap:
    """How shots become specs: what ships, with a file of one's own over it. Raises InvalidInputError."""
    shipped = (resources.files("generation.specs") / _SHOT_MAP).read_text(encoding="utf-8")
    layers: list[tuple[str, Mapping[str, Any]]] = [(f"<built-in>/{_SHOT_MAP}", tomllib.loads(shipped))]
    if own is not None:
        layers.append((str(own), _own_map(own)))
    return shot_map_of(layers)


def _own_map(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInputError(f"{path} is larger than 16 MB", hint="this is no map", code="invalid_shot_map")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {visible(str(path))}", hint="check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{visible(str(path))}: {error}"
        raise InvalidInputError(message, hint="mend the file; it is TOML", code="invalid_shot_map") from error


def _failed(found: Diagnostic) -> SavedSpec:
    where = f"{found.file}:{found.line}:{found.column}"
    return SavedSpec(found.id or "", "failed", where, found.id, ItemError(found.code, found.message, found.hint))


def _looks_like_json(data: bytes) -> bool:
    return data.lstrip()[:1] in (b"{", b"[")


def _escaped(name: str) -> str:
    """A name as it stands in a pattern of files."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)
