"""Where things are built: settings and a project's files become the contexts that every other room is handed."""

import getpass
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from callsheet.project import Project
from callsheet.settings import Settings
from callsheet.upgrade import SCHEMA
from gallery.index.live_index import LiveIndex
from gallery.index.plain_reading import PlainReader
from ontology.errors import CallsheetError
from ontology.loader import load_ontology
from ontology.terms import Ontology

if TYPE_CHECKING:
    from gallery.context import GalleryContext
    from gallery.vocabulary.service import Vocabulary
    from generation.catalogue.model import Catalogue
    from generation.specs.service import ProjectSpecs


def build_ontology(project: Project) -> Ontology:
    """The project's vocabulary over the built-in one, compiled once for each state of its files.

    Raises OntologyError with every fault.
    """
    folder = project.ontology_dir
    return load_ontology(folder if folder.exists() else None, cache=project.cache_dir / "ontology.compiled")


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
