"""What steps of processing look up in the project: a picture that is composed with another, and one that is there."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from gallery.intake.originals import original
from gallery.likeness.alike import find_alike
from generation.engine.context import GenerationContext
from generation.engine.inputs import MOST_BYTES, pictures_found, usable_asset
from generation.specs.model import Spec
from generation.storage.folder import FolderStorage
from ontology.errors import NotFoundError

_PATH_SIGNS: Final = ("/", ".")


def picture_of(context: GenerationContext) -> Callable[[Mapping[str, Any]], bytes | None]:
    """What a `composite` asks, by its options; None where there is no such picture.

    `asset` is an id, or a path below the project; of what `query` finds it is the newest. What is handed back raises
    `CallsheetError` for what cannot be read.
    """

    def found(options: Mapping[str, Any]) -> bytes | None:
        query, named = options.get("query"), options.get("asset")
        if query is not None:
            assets = pictures_found(context, str(query), 1)
            return _bytes_of(context, assets[0].id) if assets else None
        if any(sign in str(named) for sign in _PATH_SIGNS):
            return FolderStorage(context.gallery.context.root).read(str(named))
        try:
            return _bytes_of(context, str(named))
        except NotFoundError:
            return None

    return found


def _bytes_of(context: GenerationContext, name: str) -> bytes:
    file = original(context.gallery.context, usable_asset(context, name).id)
    if file.path.stat().st_size > MOST_BYTES:
        raise NotFoundError(f"{name} has more than {MOST_BYTES // 1024 // 1024} MB", hint="use a smaller picture")
    return file.path.read_bytes()


def duplicate_of(context: GenerationContext, spec: Spec) -> Callable[[str, int | None], str | None]:
    """What `not_duplicate` asks: a live asset that is or looks the same, but for what this spec made before."""

    def found(sha256: str, looks: int | None) -> str | None:
        return find_alike(context.gallery.context, sha256, looks, but_of_spec=spec.id)

    return found
