"""The assets that suggestions are asked for, as the sources see them; read from the database some hundreds at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from gallery.store.chunks import chunked
from gallery.store.tables import asset, asset_path, generation
from ontology.terms import Ontology

MOST_PATHS = 8
"""Copies of one picture whose names are read; more say nothing new."""

MOST_OF_PROMPT = 20_000
"""Characters of a prompt that are read: the first ones say what a picture shows."""

_COLUMNS = (asset.c.key, asset.c.id, asset.c.path, asset.c.tags, asset.c.rejected, asset.c.dhash, asset.c.media_type)


@dataclass(frozen=True, slots=True)
class Subject:
    """One asset. `canonical`: the ids that its tags stand for. `paths` are stored paths, the oldest first.

    `dhash` is None where the picture has no features; `prompt` where it does not say how it was made. `certainty` (0-1)
    tells how sure the prompt is.
    """

    key: int
    id: str
    path: str
    paths: tuple[str, ...]
    tags: tuple[str, ...]
    canonical: frozenset[str]
    rejected: tuple[str, ...]
    dhash: int | None
    media_type: str = "image"
    prompt: str | None = None
    certainty: float = 0.0


def load_subjects(connection: Connection, keys: Sequence[int], ontology: Ontology) -> list[Subject]:
    """The assets of these keys, in their order: three statements for each few hundred of them."""
    found: dict[int, Subject] = {}
    for piece in chunked(keys):
        paths = _paths(connection, piece)
        prompts = _prompts(connection, piece)
        for row in connection.execute(select(*_COLUMNS).where(asset.c.key.in_(piece))):
            found[row.key] = _subject(row, paths.get(row.key, []), prompts.get(row.key, (None, 0.0)), ontology)
    return [found[key] for key in keys if key in found]


def _subject(row: Any, paths: list[str], made: tuple[str | None, float], ontology: Ontology) -> Subject:
    named = tuple(paths[:MOST_PATHS]) or (row.path,)
    canonical = frozenset(map(ontology.canonical, row.tags))
    tags, rejected = tuple(row.tags), tuple(row.rejected)
    return Subject(row.key, row.id, row.path, named, tags, canonical, rejected, row.dhash, row.media_type, *made)


def _paths(connection: Connection, keys: Sequence[int]) -> dict[int, list[str]]:
    """The paths of some assets: those of files that are there."""
    columns = select(asset_path.c.asset_key, asset_path.c.path).where(asset_path.c.asset_key.in_(keys))
    found: dict[int, list[str]] = {}
    for key, path in connection.execute(columns.order_by(asset_path.c.key)):
        found.setdefault(key, []).append(path)
    return found


def _prompts(connection: Connection, keys: Sequence[int]) -> dict[int, tuple[str | None, float]]:
    beginning = func.substr(generation.c.prompt, 1, MOST_OF_PROMPT)
    made = select(generation.c.asset_key, beginning, generation.c.certainty)
    rows = connection.execute(made.where(generation.c.asset_key.in_(keys), generation.c.prompt.is_not(None)))
    return {key: (prompt, certainty) for key, prompt, certainty in rows}
