"""The scenes of a project: `scenes.yaml`, whose form is in `docs/resolver.md`."""

from pathlib import Path
from typing import Any

from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError
from ontology.nodes import Findings, Place
from ontology.plain_data import plain_data
from ontology.terms import Ontology
from ontology.yaml_source import read_yaml
from resolver import Scene, scenes_from_mapping


class SceneFileError(InvalidInputError):
    """A scenes file that is no sound YAML; `diagnostics` has every fault of it."""

    code = "invalid_scenes"

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__(
            "; ".join(map(str, diagnostics)), hint="mend the file; docs/resolver.md shows the form of scenes"
        )


def load_scenes(path: Path, ontology: Ontology) -> dict[str, Scene]:
    """The scenes of a file by id, in their order; {} where there is no file.

    Raises SceneFileError for YAML that cannot be read, SceneError with every fault of all scenes.
    """
    if not path.exists() and not path.is_symlink():
        return {}
    findings = Findings(path.name)
    if not path.is_file():
        findings.add("unreadable", Place(1, 1), "this is not a plain file", "write the scenes into a file")
        raise SceneFileError(tuple(findings.diagnostics))
    return read_scenes(path.read_bytes(), path.name, ontology)


def read_scenes(data: bytes, name: str, ontology: Ontology) -> dict[str, Scene]:
    """The scenes that bytes hold, YAML or JSON; `name` stands in errors. Raises as `load_scenes`."""
    findings = Findings(name)
    root = read_yaml(data, findings).root
    content: Any = None if root is None else plain_data(root, findings)
    if findings.diagnostics:
        raise SceneFileError(tuple(findings.diagnostics))
    return {} if content is None else {scene.id: scene for scene in scenes_from_mapping(content, ontology)}
