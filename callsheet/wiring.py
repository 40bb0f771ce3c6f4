"""Where things are built: settings and a project's files become the contexts that every other room is handed."""

import getpass
import os
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet.project import Project
from callsheet.settings import LoadedSettings, Settings
from callsheet.upgrade import SCHEMA
from gallery.index.live_index import LiveIndex
from gallery.index.plain_reading import PlainReader
from generation.money import usd
from ontology.diagnostics import Diagnostic
from ontology.errors import CallsheetError, OntologyError
from ontology.escaping import visible
from ontology.loader import load_ontology
from ontology.terms import Ontology

if TYPE_CHECKING:
    from gallery.context import GalleryContext
    from gallery.service import Gallery
    from gallery.vocabulary.service import Vocabulary
    from generation.catalogue.model import Catalogue
    from generation.events import Hook
    from generation.manifest.integrating import ManifestPlan
    from generation.providers.access import Access
    from generation.providers.base import Provider
    from generation.service import Generation
    from generation.specs.service import ProjectSpecs
    from resolver import AssetResolutionResult


def build_ontology(project: Project) -> Ontology:
    """The project's vocabulary over the built-in one, compiled once for each state of its files.

    Raises OntologyError with every fault; it names files from the project on, since others may read it over HTTP.
    """
    folder = project.ontology_dir
    try:
        return load_ontology(folder if folder.exists() else None, cache=project.cache_dir / "ontology.compiled")
    except OntologyError as error:
        raise OntologyError([_from_root(found, project.root) for found in error.diagnostics]) from error


def _from_root(found: Diagnostic, root: Path) -> Diagnostic:
    """The finding, with every file below the root as it is named from there."""

    def short(text: str | None) -> str | None:
        for written in (f"{root}{os.sep}", f"{visible(str(root))}{os.sep}"):
            text = text and text.replace(written, "")
        return text

    return replace(found, file=short(found.file), message=short(found.message) or "", hint=short(found.hint))


def build_gallery_context(
    project: Project, settings: Settings, ontology: Ontology, live_index: LiveIndex | None = None
) -> "GalleryContext":
    """What the gallery works with. Opens nothing yet; the first write makes or upgrades the database."""
    from gallery.context import GalleryContext  # noqa: PLC0415  # loads SQLAlchemy, which resolving never needs
    from gallery.store.database import Database  # noqa: PLC0415  # see above

    return GalleryContext(
        root=project.root,
        data_dir=project.data_dir,
        database=Database(project.database_file, SCHEMA, backups=project.backups_dir),
        ontology=ontology,
        tag_policy=settings.tags.policy,
        actor=settings.actor or account_name(),
        now=lambda: datetime.now(UTC),
        search_seconds=settings.search.deadline,
        live_index=live_index,
    )


def build_generation(
    project: Project,
    loaded: LoadedSettings,
    gallery: "Gallery",
    resolve: "Callable[[Mapping[str, Any]], AssetResolutionResult]",
    hook: "Hook | None" = None,
) -> "Generation":
    """What makes assets. Opens nothing yet."""
    from callsheet.event_log import EventLog  # noqa: PLC0415  # only where something is made
    from generation.engine.context import GenerationContext  # noqa: PLC0415  # see above
    from generation.engine.gates import Gates, Pace  # noqa: PLC0415  # see above
    from generation.engine.naming import route_of  # noqa: PLC0415  # see above
    from generation.engine.owners import Owner  # noqa: PLC0415  # see above
    from generation.events import all_of  # noqa: PLC0415  # see above
    from generation.ledger.book import Book  # noqa: PLC0415  # see above
    from generation.service import Generation  # noqa: PLC0415  # see above
    from generation.storage.folder import FolderStorage  # noqa: PLC0415  # see above

    def now() -> datetime:
        return datetime.now(UTC)

    settings = loaded.values
    catalogue = build_catalogue(project, settings)
    owner = Owner(project.data_dir / "owners")
    chosen = settings.generation
    paces = {name: Pace(said.at_once, said.per_minute) for name, said in settings.providers.items()}
    budgets = {name: usd(said.budget) for name, said in settings.providers.items() if said.budget is not None}
    context = GenerationContext(
        gallery=gallery,
        book=Book(gallery.context.database, now, owner),
        owner=owner,
        providers=build_providers(project, loaded, catalogue),
        route=lambda name, operation: route_of(catalogue, name, operation, now().date()),
        results=FolderStorage(project.data_dir / "results"),
        assets=FolderStorage(project.assets_dir),
        gates=Gates(paces, time.monotonic),
        monotonic=time.monotonic,
        chance=random.random,
        resolve=resolve,
        month_budget=usd(chosen.budget),
        provider_budgets=budgets,
        default_chain=chosen.providers,
        workers=chosen.workers,
        stand_ins=chosen.stand_ins,
        style=chosen.style,
        call_seconds=chosen.call_seconds,
        manifest=manifest_plan(project, settings),
        reports=FolderStorage(project.data_dir / "reports"),
    )
    log = EventLog(project.logs_dir / "generation.jsonl")
    return Generation(replace(context, hook=log if hook is None else all_of(log, hook)))


def manifest_plan(project: Project, settings: Settings) -> "ManifestPlan":
    """Where results are listed, and what follows. Paths of settings are below the project, unless they are absolute."""
    from generation.manifest.integrating import ManifestPlan  # noqa: PLC0415  # see above

    chosen = settings.generation
    folder = chosen.constants.folder
    return ManifestPlan(
        path=project.root / chosen.manifest,
        lock_file=project.data_dir / "manifest.lock",
        folder=project.root,
        constants=None if folder is None else project.root / folder,
        languages=chosen.constants.languages,
        command=chosen.command,
    )


def build_providers(project: Project, loaded: LoadedSettings, catalogue: "Catalogue") -> "dict[str, Provider]":
    """Everybody who makes things, by name. A missing key matters when its provider is asked."""
    from callsheet.image_makers import image_makers  # noqa: PLC0415  # only where something is made
    from callsheet.provider_keys import OutsideValues, ProviderAccess  # noqa: PLC0415  # see above
    from callsheet.sound_makers import sound_makers  # noqa: PLC0415  # see above
    from generation.providers.gemini import BASE_URL as GEMINI_URL  # noqa: PLC0415  # loads an HTTP client
    from generation.providers.gemini import GeminiProvider  # noqa: PLC0415  # loads an HTTP client
    from generation.providers.local import LocalProvider  # noqa: PLC0415  # loads Pillow
    from generation.providers.openai import BASE_URL as OPENAI_URL  # noqa: PLC0415  # loads an HTTP client
    from generation.providers.openai import OpenAIProvider  # noqa: PLC0415  # loads an HTTP client

    reach = ProviderAccess(project, loaded, OutsideValues.of(project.env_file))

    def access(name: str, usual: str, variables: tuple[str, ...], headers: Mapping[str, str]) -> "Access":
        return reach.of(name, usual, keys=catalogue.makers[name].keys, variables=variables, headers=headers)

    models = tuple(catalogue.models.values())
    openai_headers = {"OpenAI-Organization": "OPENAI_ORG_ID", "OpenAI-Project": "OPENAI_PROJECT_ID"}
    made: tuple[Provider, ...] = (
        LocalProvider(),
        OpenAIProvider(models, access("openai", OPENAI_URL, ("OPENAI_BASE_URL",), openai_headers)),
        GeminiProvider(models, access("gemini", GEMINI_URL, ("GOOGLE_GEMINI_BASE_URL", "GEMINI_BASE_URL"), {})),
        *image_makers(models, access, reach),
        *sound_makers(models, access),
    )
    return {provider.name: provider for provider in made}


def build_vocabulary(project: Project, context: "GalleryContext", changed: Callable[[], None]) -> "Vocabulary":
    """The work on the vocabulary. `changed` is called when its files have changed."""
    from gallery.vocabulary.places import Places  # noqa: PLC0415  # see above
    from gallery.vocabulary.service import Vocabulary  # noqa: PLC0415  # see above

    folders = (project.ontology_dir, project.blocks_dir, project.scenes_file, project.specs_dir)
    return Vocabulary(context, Places(project.root, *folders), changed)


def build_catalogue(project: Project, settings: Settings) -> "Catalogue":
    """The models that there are: what ships, the project's `models.toml`, and `[models]` of its settings."""
    from generation.catalogue.loading import load_catalogue  # noqa: PLC0415  # pydantic and TOML, only to generate

    return load_catalogue(project.models_file, settings.models)


def build_specs(project: Project, settings: Settings, ontology: Ontology) -> "ProjectSpecs":
    """The project's specs. Reads nothing yet but the catalogue."""
    from generation.specs.reading import Rules  # noqa: PLC0415  # see above
    from generation.specs.service import ProjectSpecs  # noqa: PLC0415  # see above

    catalogue = build_catalogue(project, settings)
    rules = Rules(ontology, settings.tags.policy, catalogue, lambda: datetime.now(UTC))
    return ProjectSpecs(project.specs_dir, project.root, rules)


def finish_drafts(project: Project) -> None:
    """Settle what a killed program left half-written. Where that cannot be now, whoever writes next does it."""
    from gallery.store.database import Database  # noqa: PLC0415  # see above

    with (
        suppress(CallsheetError),
        Database(project.database_file, SCHEMA, backups=project.backups_dir) as database,
        database.write(),
    ):
        pass


def build_live_index(project: Project, asset_url: Callable[[str], str] | None = None) -> LiveIndex:
    """The resolver's index of the project's gallery. Reads nothing yet, and needs no SQLAlchemy."""
    reader = PlainReader(project.database_file, project.backups_dir, project.root, SCHEMA, asset_url=asset_url)
    return LiveIndex(reader, project.cache_dir)


def account_name() -> str:
    """The account that runs this program, for the journal; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
