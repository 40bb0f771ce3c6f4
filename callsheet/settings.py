"""Settings: flags > `CALLSHEET_*` variables > `.env` > `callsheet.toml` > user file > defaults (contract §8)."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_config_path, user_data_path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings.exceptions import SettingsError

from callsheet.project import SETTINGS_FILE, Project
from generation.money import text_of, usd
from ontology.errors import CallsheetError, InvalidInputError

ENV_PREFIX = "CALLSHEET_"
ENV_NESTING = "__"


class TagSettings(BaseModel):
    """`[tags]`."""

    model_config = ConfigDict(frozen=True)

    policy: Literal["warn", "strict", "open"] = "warn"
    """What happens to a word that resembles a known id: a notice, an error, or nothing."""


class ResolveSettings(BaseModel):
    """`[resolve]`."""

    model_config = ConfigDict(frozen=True)

    max_results: int = Field(default=5, ge=1, le=500)
    """How many pictures a slot offers when nobody asks for another number."""


class SearchSettings(BaseModel):
    """`[search]`."""

    model_config = ConfigDict(frozen=True)

    deadline: float = Field(default=5, gt=0, le=3600)
    """How many seconds a search may take before it is given up."""


class ServeSettings(BaseModel):
    """`[serve]`."""

    model_config = ConfigDict(frozen=True)

    host: str = "127.0.0.1"
    """The address that `callsheet serve` listens at; others than this machine's own need a token."""
    port: int = Field(default=8000, ge=0, le=65535)
    """The port; 0 takes any that is free."""
    hosts: tuple[str, ...] = ()
    """Further names under which the server may be addressed."""
    origins: tuple[str, ...] = ()
    """Pages of other origins that may call it from a browser, e.g. https://editor.example."""
    public_url: str = ""
    """What leads the URL of every asset, e.g. https://pictures.example; empty: they begin with /v1."""


def _amount(value: Any) -> Any:
    """An amount of dollars as text, however it was written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError('write an amount of US dollars, e.g. "25.00"')  # noqa: TRY004  # pydantic's own
    try:
        return text_of(usd(value, what="it"))
    except InvalidInputError as error:
        raise ValueError(error.message) from error


Amount = Annotated[str, BeforeValidator(_amount)]
"""US dollars with 2 to 6 decimals."""


class ConstantsSettings(BaseModel):
    """`[generation.constants]`."""

    model_config = ConfigDict(frozen=True)

    folder: str | None = None
    """Where the constants of the manifest go, e.g. "src/generated"; none: they are not written."""
    languages: tuple[Literal["javascript", "typescript", "python"], ...] = ("javascript",)
    """In which languages."""


class GenerationSettings(BaseModel):
    """`[generation]`."""

    model_config = ConfigDict(frozen=True)

    budget: Amount = "100.00"
    """The most that may be spent in a UTC month, in US dollars."""
    providers: tuple[str, ...] = ("local",)
    """Who is asked where nothing says so, in turn, e.g. ["gemini", "openai"]."""
    stand_ins: bool = True
    """Whether this machine draws a stand-in where all that lacks is a provider's key."""
    style: str = Field(default="", max_length=2000)
    """What is said in the prompt of every picture, once, e.g. "flat 2D art, bold outlines"."""
    workers: int = Field(default=4, ge=1, le=64)
    """How many things are made at a time."""
    call_seconds: float = Field(default=600, gt=0, le=86_400)
    """How many seconds one call may take."""
    manifest: str = Field(default="assets/manifest.json", min_length=1)
    """The file in which a game finds its pictures and sounds."""
    constants: ConstantsSettings = ConstantsSettings()
    command: tuple[str, ...] = ()
    """What is run when a run has changed the manifest or the constants, e.g. ["npm", "run", "build"]."""


class ProviderSettings(BaseModel):
    """`[providers.NAME]`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    budget: Amount | None = None
    """The most that may be spent with this provider in a UTC month, in US dollars."""
    at_once: int = Field(default=4, ge=1, le=64)
    """How many calls at a time."""
    per_minute: float | None = Field(default=None, gt=0)
    """How many calls in a minute; none: any number."""
    base_url: str | None = None
    """Where its API is, in place of its own address."""


class TrustSettings(BaseModel):
    """`[trust]`: what a person allows the files of projects to do. No project can say it itself."""

    model_config = ConfigDict(frozen=True)

    hosts: tuple[str, ...] = ()
    """Hosts to which a project may have keys sent, e.g. ["gateway.example", ".proxy.example"]."""


class TuiSettings(BaseModel):
    """`[tui]`."""

    model_config = ConfigDict(frozen=True)

    theme: str = "callsheet-dark"
    """The colours of `callsheet tui` until another theme is chosen there."""
    keys: dict[str, str] = Field(default_factory=dict)
    """Other keys for commands, by id, e.g. `"browse.trash" = "delete"`; docs/tui.md lists the ids."""
    untagged: str = "-role:* or (-npc:* -player -loc:*)"
    """The query for what still needs tags."""
    plain: bool = False
    """Without boxes and motion."""
    pictures: Literal["auto", "blocks", "kitty", "sixel", "none"] = "auto"
    """How pictures are drawn: in the terminal's pixels where it is known to have them, else in half blocks."""


class Settings(BaseSettings):
    """Every setting with its default. Nested ones are written `[tags]` in TOML, `CALLSHEET_TAGS__POLICY` outside."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")  # .env also holds providers' keys

    name: str = ""
    """What the project is called."""
    actor: str = ""
    """Who the journal says made a change; empty means the account's name."""
    tags: TagSettings = TagSettings()
    resolve: ResolveSettings = ResolveSettings()
    search: SearchSettings = SearchSettings()
    serve: ServeSettings = ServeSettings()
    generation: GenerationSettings = GenerationSettings()
    providers: dict[str, ProviderSettings] = {}
    trust: TrustSettings = TrustSettings()
    tui: TuiSettings = TuiSettings()
    models: dict[str, Any] = {}
    """Entries of the catalogue of models that this project has otherwise, as in `models.toml`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # as the base class has it
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing but what is passed in: `load_settings` merges the layers, where their origin is known."""
        return (init_settings,)


@dataclass(frozen=True, slots=True)
class Setting:
    """One effective setting: dotted name, value, and the place it came from."""

    name: str
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The effective settings and where each came from."""

    values: Settings
    effective: tuple[Setting, ...]

    def source_of(self, name: str) -> str:
        """Where a setting came from, e.g. that of `providers.openai.base_url`; `default` where nobody set it."""
        return next((one.source for one in self.effective if one.name == name), "default")


def user_settings_file() -> Path:
    """The settings of this person for every project."""
    return user_config_path("callsheet", appauthor=False) / SETTINGS_FILE


def user_data_dir() -> Path:
    """Where data of this person lies that belongs to no project, e.g. the demo."""
    return user_data_path("callsheet", appauthor=False)


def load_settings(project: Project | None, flags: Mapping[str, Any] | None = None) -> LoadedSettings:
    """The effective settings. Raises InvalidInputError naming the setting, its place and what is allowed."""
    try:
        layers = list(_layers(project, dict(flags or {})))
    except SettingsError as error:
        raise InvalidInputError(
            f"a {ENV_PREFIX}* variable cannot be read: {error}",
            hint=f"a table is set key by key, e.g. {ENV_PREFIX}TAGS__POLICY=strict",
            code="invalid_settings",
        ) from error
    merged: dict[str, Any] = {}
    for _, layer in reversed(layers):
        merged = _merged(merged, layer)
    try:
        values = Settings(**merged)
    except ValidationError as error:
        raise _invalid(error, layers) from error
    return LoadedSettings(values, tuple(_effective(values, layers)))


Layer = tuple[str, dict[str, Any]]


def _layers(project: Project | None, flags: dict[str, Any]) -> Iterator[Layer]:
    """(where, values) of every layer, strongest first."""
    yield "flag", InitSettingsSource(Settings, flags)()
    _refuse_unknown_variables()
    yield "environment", _known(EnvSettingsSource(Settings, env_prefix=ENV_PREFIX, env_nested_delimiter=ENV_NESTING)())
    if project is not None:
        for file, read in ((project.env_file, _dotenv), (project.settings_file, _toml)):
            values = read(file)
            _refuse_trust(file, values)
            yield str(file), values
    yield str(user_settings_file()), _toml(user_settings_file())


def _refuse_trust(path: Path, values: Mapping[str, Any]) -> None:
    """What a project may do is not for its own files to say: they may be a stranger's."""
    if "trust" in values:
        hint = f"say it in {user_settings_file()}, or with the variable {ENV_PREFIX}TRUST{ENV_NESTING}HOSTS"
        raise InvalidInputError(f"{path}: a project cannot set trust", hint=hint, code="invalid_settings")


def dotenv_variables(path: Path) -> dict[str, str]:
    """Every variable of `.env`, keys of providers too; names in upper case. Raises as `load_settings` does."""
    found = _dotenv_source(path).env_vars
    return {name.upper(): value for name, value in found.items() if value is not None}


def _dotenv(path: Path) -> dict[str, Any]:
    """The settings in `.env`."""
    return _known(_dotenv_source(path)())


def _dotenv_source(path: Path) -> DotEnvSettingsSource:
    """Raises InvalidInputError where it is no text."""
    try:
        return DotEnvSettingsSource(Settings, env_file=path, env_prefix=ENV_PREFIX, env_nested_delimiter=ENV_NESTING)
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{path}: {error}", hint="write it in UTF-8", code="invalid_settings") from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> CallsheetError:
    return CallsheetError(
        f"{path} cannot be read: {error.strerror or error}", hint="check its permissions", code="storage"
    )


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in Settings.model_fields}


def _toml(path: Path) -> dict[str, Any]:
    """A settings file; {} where there is none. Raises InvalidInputError for bad TOML and for keys that do not exist."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"{path}: {error}", hint="mend the file; it is TOML", code="invalid_settings"
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    _refuse_unknown(values, Settings, str(path), "")
    return values


def _refuse_unknown_variables() -> None:
    """A slip in `CALLSHEET_TAGS__POLICY` is an error like one in a file. Names without `__` may mean other things."""
    for name, value in os.environ.items():
        section, nested, key = name.removeprefix(ENV_PREFIX).lower().partition(ENV_NESTING)
        if name.startswith(ENV_PREFIX) and nested:
            _refuse_unknown({section: {key: value}}, Settings, f"variable {name}", "")


def _refuse_unknown(values: Mapping[str, Any], model: type[BaseModel], path: str, prefix: str) -> None:
    for name, value in values.items():
        if name not in model.model_fields:
            near = get_close_matches(name, list(model.model_fields), n=1)
            raise InvalidInputError(
                f"{path}: there is no setting {prefix}{name}",
                hint=f"did you mean {prefix}{near[0]}?" if near else "`callsheet config` lists every setting",
                code="invalid_settings",
            )
        inner = model.model_fields[name].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel) and isinstance(value, Mapping):
            _refuse_unknown(value, inner, path, f"{prefix}{name}.")


def _merged(weaker: Mapping[str, Any], stronger: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(weaker)
    for name, value in stronger.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(name), Mapping)
        merged[name] = _merged(merged[name], value) if both else value
    return merged


def _dotted(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _dotted(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _place(name: str, layers: list[Layer]) -> str:
    return next((where for where, values in layers if name in dict(_dotted(values))), "default")


def _effective(values: Settings, layers: list[Layer]) -> Iterator[Setting]:
    for name, value in _dotted(values.model_dump()):
        yield Setting(name, value, _place(name, layers))


def _invalid(error: ValidationError, layers: list[Layer]) -> InvalidInputError:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    return InvalidInputError(
        f"setting {name} is {first['input']!r:.60} (from {_place(name, layers)})",
        hint=first["msg"],
        code="invalid_settings",
    )
