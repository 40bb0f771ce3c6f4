"""Reading the catalogue: what ships, a project's `models.toml`, and `[models]` of its settings."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from generation.catalogue.document import catalogue_of
from generation.catalogue.model import Catalogue
from ontology.errors import CallsheetError, InvalidInputError

FILE_NAME = "models.toml"


def load_catalogue(
    own: Path | None = None, settings: Mapping[str, Any] | None = None, *, settings_from: str = "callsheet.toml"
) -> Catalogue:
    """The shipped catalogue, with a project's `models.toml` over it (if it is there), and its `[models]` over both.

    Raises InvalidInputError (`invalid_catalogue`) naming file and entry, CallsheetError (`storage`).
    """
    layers: list[tuple[str, Mapping[str, Any]]] = []
    if own is not None and own.exists():
        layers.append((str(own), _read(own)))
    if settings:
        layers.append((settings_from, {"models": settings}))
    return catalogue_of([(f"<built-in>/{FILE_NAME}", _shipped()), *layers]) if layers else shipped_catalogue()


@cache
def shipped_catalogue() -> Catalogue:
    """What comes with the package."""
    return catalogue_of([(f"<built-in>/{FILE_NAME}", _shipped())])


@cache
def _shipped() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("generation.catalogue") / FILE_NAME).read_text(encoding="utf-8"))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        hint = "mend the file; it is TOML"
        raise InvalidInputError(f"{path}: {error}", hint=hint, code="invalid_catalogue") from error
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise CallsheetError(message, hint="check its permissions", code="storage") from error
