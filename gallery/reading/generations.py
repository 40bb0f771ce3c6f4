"""How assets were made, as the database keeps it: one row for each asset that says anything."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from gallery.embedded.facts import GenerationFacts
from gallery.store.chunks import chunked
from gallery.store.folding import folded
from gallery.store.tables import generation

_COLUMNS = (
    *("tool", "source", "certainty", "reason", "prompt", "negative_prompt", "model", "seed", "steps", "cfg", "sampler"),
    *("width", "height", "loras", "raw"),
    *("provider", "revised_prompt", "cost", "stand_in", "scores", "checks", "spec_id", "job"),
)


def write_generations(connection: Connection, found: Iterable[tuple[int, GenerationFacts | None]]) -> None:
    """Keep these facts for these assets (by key) instead of what was known before; None forgets."""
    by_key = dict(found)
    for piece in chunked(list(by_key)):
        connection.execute(delete(generation).where(generation.c.asset_key.in_(piece)))
    rows = [_row(key, facts) for key, facts in by_key.items() if facts is not None]
    if rows:
        connection.execute(insert(generation), rows)


def _row(key: int, facts: GenerationFacts) -> dict[str, Any]:
    body = facts.to_json()
    words = "\n".join(part for part in (facts.prompt, facts.model) if part)
    return {"asset_key": key, "words": folded(words), **{name: body[name] for name in _COLUMNS}}


def generation_of(connection: Connection, key: int) -> dict[str, Any] | None:
    """What is known of one asset, as `GenerationFacts.to_json` words it; None when nothing is."""
    return generations_of(connection, [key]).get(key)


def generations_of(connection: Connection, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The same for many, by asset key."""
    columns = (generation.c.asset_key, *(generation.c[name] for name in _COLUMNS))
    found: dict[int, dict[str, Any]] = {}
    for piece in chunked(keys):
        for row in connection.execute(select(*columns).where(generation.c.asset_key.in_(piece))):
            found[row.asset_key] = _body(row)
    return found


def _body(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _COLUMNS}
