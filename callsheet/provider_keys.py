"""Keys and addresses of providers, from where they are kept: the environment, the project's `.env`, or key files."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from callsheet.project import Project
from callsheet.settings import LoadedSettings, dotenv_variables, user_settings_file
from generation.providers.access import Access, ProjectAddress, Secret
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
        return self._of(self.environment, names) or self._of(self.dotenv, names)

    def of_user(self, names: Sequence[str]) -> str | None:
        """The same of the environment alone: `.env` is a file of the project."""
        return self._of(self.environment, names)

    def _of(self, place: Mapping[str, str], names: Sequence[str]) -> str | None:
        for name in names:
            found = place.get(name, "").strip() or _from_file(place.get(name + FILE_SUFFIX, "").strip(), name)
            if found:
                return found
        return None


@dataclass(frozen=True, slots=True)
class ProviderAccess:
    """How each provider of a project is reached, of its settings and of what stands outside them."""

    project: Project
    loaded: LoadedSettings
    outside: OutsideValues

    def of(
        self, name: str, usual: str, *, keys: Sequence[str], variables: Sequence[str], headers: Mapping[str, str]
    ) -> Access:
        """The access to one provider, whose own address is `usual`. The settings win over the variables.

        `headers`: header → the variable that holds it. Raises CallsheetError where a key file cannot be read.
        """
        key = self.outside.first(keys)
        address, file = self._address(name, variables)
        sent = {header: value for header, variable in headers.items() if (value := self.outside.first([variable]))}
        said_by = None if file is None else ProjectAddress(file, self._allowed(usual), _way_out())
        return Access(address or usual, None if key is None else Secret(key), " or ".join(keys), sent, said_by=said_by)

    def _address(self, name: str, variables: Sequence[str]) -> tuple[str | None, str | None]:
        """(address, the file of the project that names it), None where nobody, or the user, does."""
        said = self.loaded.values.providers.get(name)
        if said is not None and said.base_url:
            source = self.loaded.source_of(f"providers.{name}.base_url")
            ours = source in {str(self.project.settings_file), str(self.project.env_file)}
            return said.base_url, source if ours else None
        found = self.outside.of_user(variables)
        if found is not None:
            return found, None
        found = self.outside.first(variables)
        return found, None if found is None else str(self.project.env_file)

    def _allowed(self, usual: str) -> tuple[str, ...]:
        return (urlsplit(usual).hostname or "", *self.loaded.values.trust.hosts)


def _way_out() -> str:
    file = str(user_settings_file()).replace("{", "{{").replace("}", "}}")
    return f'if you trust it, add "{{host}}" to `hosts` under [trust] in {file}; else take the address out'


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
