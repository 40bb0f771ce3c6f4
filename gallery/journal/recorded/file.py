"""Text files of the project as the journal sees them: by their path, relative to the project, `{text}`.

What is written here reaches the disk at the very end of the transaction, see `gallery.store.drafts`.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection

from gallery.context import GalleryContext
from gallery.store.drafts import drafts_of, text_of
from gallery.store.paths import ProjectPaths
from ontology.errors import ConflictError, InvalidInputError
from ontology.escaping import visible


def read(
    connection: Connection,
    context: GalleryContext,
    name: str,
    elements: Collection[str] | None = None,  # noqa: ARG001  # every kind is asked alike
) -> dict[str, Any] | None:
    """`{text}`, or None where there is no such file.

    Raises as `gallery.store.drafts.text_of`, and `InvalidInputError` for a path outside of the project.
    """
    path = _place(context, name)
    drafts = drafts_of(connection)
    text = drafts.text(path) if drafts is not None and path in drafts else text_of(path)
    return None if text is None else {"text": text}


def write(
    connection: Connection,
    context: GalleryContext,
    name: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """Plan the new text. Raises `ConflictError` when the file is not as `before` says."""
    present = read(connection, context, name)
    if present != before:
        raise ConflictError(
            f"{visible(name)} was changed by somebody else meanwhile", hint="look at the file, then try again"
        )
    drafts = drafts_of(connection)
    if drafts is None:
        raise RuntimeError("files are written within `Database.write` only")
    drafts.plan(_place(context, name), None if after is None else after["text"])


def _place(context: GalleryContext, name: str) -> Any:
    paths = ProjectPaths(context.root)
    if not paths.is_inside(paths.stored(str(paths.absolute(name)))):
        raise InvalidInputError(f"{visible(name)} is no file of this project", hint="name one inside its folder")
    return paths.absolute(name)
