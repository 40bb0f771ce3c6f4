"""How a project is set up: what `/settings` shows. Secrets are left out here, not where it is shown."""

import platform
import re
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from callsheet import __version__
from callsheet.project import Project
from callsheet.settings import LoadedSettings, Setting, user_settings_file
from callsheet.tokens import TokenFile
from callsheet.upgrade import HEAD
from gallery.context import GalleryContext
from gallery.following.roots import remembered_roots, unavailable
from gallery.setup import EffectiveSetting, FollowedFolder, NamedPlace, NamedToken, Setup
from gallery.store.paths import ProjectPaths
from gallery.store.schema import current_revision
from ontology.errors import CallsheetError

HIDDEN: Final = "(hidden)"
_SECRET: Final = re.compile(r"(^|[._])(api_?key|key|token|secret|password|passphrase|credentials?)$", re.IGNORECASE)


def describe(project: Project, loaded: LoadedSettings, context: GalleryContext) -> Setup:
    """The settings in effect, the places, versions, tokens and followed folders of a project."""
    return Setup(
        settings=tuple(_shown(one) for one in loaded.effective),
        places=_places(project),
        versions=_versions(project, context),
        tokens=_tokens(project),
        folders=_folders(context),
    )


def _shown(setting: Setting) -> EffectiveSetting:
    return EffectiveSetting(setting.name, without_secrets(setting.name, setting.value), setting.source)


def without_secrets(name: str, value: Any) -> Any:
    """The value of a setting as it may be shown: what is called a secret is hidden, and who logs in within a URL."""
    if _SECRET.search(name) and value not in ("", None):
        return HIDDEN
    if isinstance(value, list | tuple):
        return [without_secrets(name, item) for item in value]
    if isinstance(value, str) and "@" in value and "://" in value:
        return _without_login(value)
    return value


def _without_login(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    _, login, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{HIDDEN}@{host}")) if login else url


def _places(project: Project) -> tuple[NamedPlace, ...]:
    named = {
        "project": project.root,
        "settings": project.settings_file,
        "settings of this person": user_settings_file(),
        "vocabulary": project.ontology_dir,
        "action blocks": project.blocks_dir,
        "scenes": project.scenes_file,
        "specs": project.specs_dir,
        "assets": project.assets_dir,
        "database": project.database_file,
        "backups": project.backups_dir,
        "cache": project.cache_dir,
    }
    return tuple(NamedPlace(name, str(path), path.exists()) for name, path in named.items())


def _versions(project: Project, context: GalleryContext) -> dict[str, str]:
    driver = context.database.driver
    return {
        "Callsheet": __version__,
        "Python": platform.python_version(),
        "SQLite": f"{driver.sqlite_version} ({driver.__name__})",
        "database revision": _revision(project, context),
        "revision of this program": HEAD,
    }


def _revision(project: Project, context: GalleryContext) -> str:
    try:
        return current_revision(project.database_file) or "no database yet"
    except (CallsheetError, context.database.driver.DatabaseError) as error:
        return f"cannot be read: {error}"


def _tokens(project: Project) -> tuple[NamedToken, ...]:
    return tuple(NamedToken(one.name, one.scopes, one.created_at) for one in TokenFile(project).tokens())


def _folders(context: GalleryContext) -> tuple[FollowedFolder, ...]:
    if not context.database.exists():
        return ()
    try:
        with context.database.read() as connection:
            known = remembered_roots(connection)
            faults = unavailable(connection, ProjectPaths(context.root))
    except CallsheetError as error:  # a locked or damaged database must not hide the settings
        return (FollowedFolder("", error.message),)
    return tuple(FollowedFolder(one.path, faults[one.path].message if one.path in faults else None) for one in known)
