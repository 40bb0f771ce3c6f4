"""What lies beside a result: the same picture in other formats, the atlas of a sheet. Copies, and no assets."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Final

from generation.engine.context import GenerationContext
from generation.engine.pictures import FurtherFile
from generation.processing.sheets import named_after
from generation.specs.model import Spec
from ontology.errors import CallsheetError

_ATLAS: Final = "json"
_HASH_DIGITS: Final = 8


def put_beside(context: GenerationContext, spec: Spec, main: str, files: Sequence[FurtherFile]) -> tuple[str, ...]:
    """Write them under the name of the file `main`, a key below `assets/`; their keys.

    A copy is replaced where it is as this spec left it; any other file is left alone, and the copy gets a name with its
    hash. Raises `CallsheetError` where files cannot be used.
    """
    return tuple(_put(context, spec, PurePosixPath(main), file) for file in files)


def _put(context: GenerationContext, spec: Spec, main: PurePosixPath, file: FurtherFile) -> str:
    data = named_after(file.data, main.name) if file.suffix == _ATLAS else file.data
    key = str(main.with_suffix(f".{file.suffix}"))
    if not _may_replace(context, spec, key, data):
        digits = sha256(data).hexdigest()[:_HASH_DIGITS]
        key = str(main.with_name(f"{main.stem}.{digits}.{file.suffix}"))
    if not context.assets.exists(key) or context.assets.read(key) != data:
        context.assets.store(key, data)
    context.results.store_json(_mark(key), {"spec_id": spec.id, "sha256": sha256(data).hexdigest()})
    return key


def _may_replace(context: GenerationContext, spec: Spec, key: str, data: bytes) -> bool:
    if not context.assets.exists(key):
        return True
    present = context.assets.read(key)
    return present == data or is_own_copy(context, spec, key)


def is_own_copy(context: GenerationContext, spec: Spec, key: str) -> bool:
    """Whether the file there is a copy that this spec left, as it left it."""
    present = sha256(context.assets.read(key)).hexdigest()
    return bool(_left(context, key) == {"spec_id": spec.id, "sha256": present})


def _left(context: GenerationContext, key: str) -> Any:
    """Who wrote the copy, and its bytes then; None where that is not known."""
    try:
        return json.loads(context.results.read(_mark(key)))
    except (ValueError, CallsheetError):
        return None


def _mark(key: str) -> str:
    return f"copies/{sha256(key.encode()).hexdigest()}.json"
