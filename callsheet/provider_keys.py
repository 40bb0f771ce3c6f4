"""Keys and addresses of providers, from where they are kept: the environment, the project's `.env`, or key files."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from callsheet.settings import dotenv_variables
from ontology.errors import CallsheetError

FILE_SUFFIX = "_FILE"
LARGEST_KEY_FILE = 64 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class OutsideValues:
    """Variables by name. The environment wins; `NAME_FILE` names a file that holds the value of `NAME`."""

    environment: Mapping[str, str]
    dotenv: Mapping[str, str]

    @classmethod
    def of(cls, env_file: Path) -> "OutsideValues":
        """Those of this process and of a project. Raises as reading `.env` does."""
        return cls(os.environ, dotenv_variables(env_file))

    def first(self, names: Sequence[str]) -> str | None:
        """The first that is set and not empty. Raises CallsheetError where a key file cannot be read."""
        for place in (self.environment, self.dotenv):
            for name in names:
                found = place.get(name, "").strip() or _from_file(place.get(name + FILE_SUFFIX, "").strip(), name)
                if found:
                    return found
        return None


def _from_file(path: str, name: str) -> str:
    if not path:
        return ""
    try:
        with Path(path).expanduser().open(encoding="utf-8-sig") as file:
            return file.read(LARGEST_KEY_FILE).strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is no text"
        message = f"the file that {name}{FILE_SUFFIX} names cannot be read: {why}"
        raise CallsheetError(message, hint="check the path and its permissions", code="storage") from error
