"""What lies beside a result: the same picture in other formats, the atlas of a sheet. Copies, and no assets."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final

from generation.engine.context import GenerationContext
from generation.engine.marks import is_as_left, leave_mark
from generation.engine.pictures import FurtherFile
from generation.processing.sheets import named_after
from generation.specs.model import Spec

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
    leave_mark(context, spec, key, data, "copies")
    return key


def _may_replace(context: GenerationContext, spec: Spec, key: str, data: bytes) -> bool:
    if not context.assets.exists(key):
        return True
    present = context.assets.read(key)
    return present == data or is_as_left(context, spec, key, "copies")
