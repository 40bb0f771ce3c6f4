"""Who left a file below `assets/`, and its bytes then: so that a later run knows what it may replace.

The gallery names one spec for an asset. A copy in another format is no asset; and where two specs make the same bytes,
the one asset names the first, and the file of the second is told by its mark.
"""

import json
from hashlib import sha256
from typing import Final, Literal

from generation.engine.context import GenerationContext
from generation.specs.model import Spec
from ontology.errors import CallsheetError

Kind = Literal["copies", "results"]
"""A copy that is no asset, or the file of an asset."""

_FOLDERS: Final = {"copies": "copies", "results": "places"}


def leave_mark(context: GenerationContext, spec: Spec, key: str, data: bytes, kind: Kind) -> None:
    """Note that the file of this key holds these bytes of the spec. Raises `CallsheetError` where it cannot be."""
    context.results.store_json(_place(key, kind), {"spec_id": spec.id, "sha256": sha256(data).hexdigest()})


def is_as_left(context: GenerationContext, spec: Spec, key: str, kind: Kind) -> bool:
    """Whether the file that is there was left by this spec, and is as it left it."""
    try:
        left = json.loads(context.results.read(_place(key, kind)))
    except (ValueError, CallsheetError):  # nobody left one
        return False
    present = sha256(context.assets.read(key)).hexdigest()
    return bool(left == {"spec_id": spec.id, "sha256": present})


def _place(key: str, kind: Kind) -> str:
    return f"{_FOLDERS[kind]}/{sha256(key.encode()).hexdigest()}.json"
