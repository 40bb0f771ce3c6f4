"""The text of a sidecar: JSON with sorted keys, one tag a line, nothing that changes without somebody's doing.

It holds the bytes' hash and id, so that it finds its picture again after a move, and everything that people said. How
the picture was made stands in it where that is certain.
"""

import hashlib
import json
from typing import Any, Final

from gallery.exchange.stored import StoredAsset

FORMAT: Final = "callsheet-sidecar"
VERSION: Final = 1

_SAID = ("id", "sha256", "tags", "rejected", "rating", "note", "parents", "operation")
_OF_THE_READING = ("source", "certainty", "reason", "raw")
_OF_MADE = ("provider", "revised_prompt", "cost", "stand_in", "scores", "checks", "spec_id", "job")
"""Of pictures made elsewhere nothing of this is known: their sidecars stay short."""
_CERTAIN = 1.0


def sidecar_text(item: StoredAsset) -> str:
    """The whole file."""
    body: dict[str, Any] = {"format": FORMAT, "version": VERSION}
    known = item.to_json()
    body |= {name: known[name] for name in _SAID}
    made = item.generation
    if made is not None and made["certainty"] >= _CERTAIN:
        body["generation"] = {
            name: value
            for name, value in made.items()
            if name not in _OF_THE_READING and not (name in _OF_MADE and value in (None, False))
        }
    return json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def digest_of(text: str) -> str:
    """What tells one text from another, whatever the line ends: version control may change them."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()
