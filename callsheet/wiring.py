"""Where things are built: settings and a project's files become the contexts that every other room is handed."""

import getpass
from datetime import UTC, datetime

from callsheet.project import Project
from callsheet.settings import Settings
from callsheet.upgrade import SCHEMA
from gallery.context import GalleryContext
from gallery.database import Database
from ontology.loader import load_ontology
from ontology.terms import Ontology


def build_ontology(project: Project) -> Ontology:
    """The project's vocabulary over the built-in one. Raises OntologyError with every fault."""
    return load_ontology(project.ontology_dir if project.ontology_dir.exists() else None)


def build_gallery_context(project: Project, settings: Settings, ontology: Ontology) -> GalleryContext:
    """What the gallery works with. Opens nothing yet; the first write makes or upgrades the database."""
    return GalleryContext(
        root=project.root,
        data_dir=project.data_dir,
        database=Database(project.database_file, SCHEMA, backups=project.backups_dir),
        ontology=ontology,
        tag_policy=settings.tags.policy,
        actor=settings.actor or account_name(),
        now=lambda: datetime.now(UTC),
    )


def account_name() -> str:
    """The account that runs this program, for the journal; empty where the system does not say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
