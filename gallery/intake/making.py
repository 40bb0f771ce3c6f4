"""Taking in what was made here: file, tags, lineage and how it was made, as one batch of the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from gallery.context import GalleryContext
from gallery.embedded.facts import MADE_HERE, Embedded, GenerationFacts
from gallery.intake.held import Held, Looked
from gallery.intake.inspecting import inspect
from gallery.intake.media import MediaError, Picture
from gallery.intake.placing import Placing
from gallery.intake.stocktaking import take_stock
from gallery.intake.storing import change_of, write_rows
from gallery.journal.batches import Change, Origin, index_parents, record
from gallery.reading.generations import generation_of, write_generations
from gallery.store.faults import unreachable
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset, asset_path, generation
from gallery.store.thumbnails import find_thumbnail, write_thumbnail
from gallery.views import AddItem, AddResult, ItemError
from ontology.normalize import normalize_tags


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: its tags, the ids of the assets it was made from in order, and how it was made.

    `operation` is one of those that there are: it is not checked.
    """

    path: Path
    facts: GenerationFacts
    tags: Sequence[str] = ()
    parents: Sequence[str] = ()
    operation: str | None = None


def take_made(context: GalleryContext, made: Sequence[Made], *, origin: Origin = "generation") -> AddResult:
    """Take these files in, as one batch; outcomes as of `gallery.intake.ingest.add`.

    Lineage and making are written to assets that are new or have none, checks and scores also where the same spec made
    the same again; an asset that is known, with these tags, stays
    as it is, and no batch is written where every one does. Raises `TagError`, `CallsheetError` where a file or a
    thumbnail cannot be written, and what the database raises.
    """
    names = ProjectPaths(context.root)
    seen = [_looked(context, names, item) for item in made]
    results: list[AddItem] = []
    with context.database.write() as connection:
        looked = [item for item in seen if isinstance(item, Looked)]
        stock = take_stock(connection, looked)
        placing = Placing(context, names, stock)
        for item, one in zip(made, seen, strict=True):
            tags = normalize_tags(item.tags, context.ontology, policy=context.tag_policy)
            results.append(placing.place(one, tags) if isinstance(one, Looked) else one)
        touched = write_rows(connection, context, stock)
        by_id = {held.id: held for held in stock.held}
        changes = {held.id: change_of(held) for held in touched}
        described: set[str] = set()
        for item, result in zip(made, results, strict=True):
            if result.id not in described and result.id is not None and result.outcome not in {"failed", "in_trash"}:
                described.add(result.id)  # of the same bytes the first counts
                _describe(connection, by_id[result.id], item, changes)
        seq = record(connection, context, "add", list(changes.values()), origin=origin) if changes else None
    return AddResult(tuple(results), () if seq is None else (seq,))


def _looked(context: GalleryContext, names: ProjectPaths, item: Made) -> Looked | AddItem:
    stored = names.stored(str(item.path))
    try:
        picture = inspect(str(item.path))
        _keep_thumbnail(context, picture)
    except MediaError as error:
        return AddItem(stored, None, "failed", ItemError(error.code, error.message, error.hint))
    except OSError as error:
        raise unreachable(item.path, error) from error
    return Looked(stored, picture.size, picture.mtime_ns, replace(picture, embedded=Embedded(item.facts)))


def _keep_thumbnail(context: GalleryContext, picture: Picture) -> None:
    if find_thumbnail(context.data_dir, picture.sha256) is None:
        write_thumbnail(context.data_dir, picture.sha256, picture.thumbnail_suffix, picture.thumbnail)


def _describe(connection: Connection, held: Held, item: Made, changes: dict[str, Change]) -> None:
    """Lineage and making of one asset, where it has none yet. The lineage goes into the batch."""
    assert held.key is not None  # noqa: S101  # it was written just now
    known = generation_of(connection, held.key)
    if known is None or _is_looked_at_anew(known, item.facts):
        write_generations(connection, [(held.key, item.facts)])
    columns = (asset.c.parents, asset.c.operation)
    row = connection.execute(select(*columns).where(asset.c.key == held.key)).one()
    parents = [name for name in dict.fromkeys(item.parents) if name != held.id]
    wanted = {"parents": parents, "operation": item.operation}
    if row.parents or row.operation or wanted == {"parents": [], "operation": None}:
        return
    change = changes.get(held.id)
    if change is None:  # nothing else of the asset has changed
        change = changes[held.id] = Change(held.key, {}, {})
        wanted_version = {"version": asset.c.version + 1}
    else:
        wanted_version = {}
    connection.execute(update(asset).where(asset.c.key == held.key).values(**wanted, **wanted_version))
    index_parents(connection, [(held.key, row.parents, parents)])
    before = {} if change.after.get("added") else {"parents": list(row.parents), "operation": row.operation}
    changes[held.id] = Change(change.key, {**change.before, **before}, {**change.after, **wanted})


def _is_looked_at_anew(known: Mapping[str, Any], facts: GenerationFacts) -> bool:
    """The same result of the same spec, with other checks or scores than before."""
    now = facts.to_json()
    if known["source"] != MADE_HERE or known["spec_id"] != now["spec_id"]:
        return False
    return any(known[name] != now[name] for name in ("scores", "checks"))


def maker_of(context: GalleryContext, path: Path) -> str | None:
    """The spec by which the picture at this path was made; "" for another that was made here, None for all else."""
    stored = ProjectPaths(context.root).stored(str(path))
    joined = select(generation.c.source, generation.c.spec_id).join(
        asset_path, asset_path.c.asset_key == generation.c.asset_key
    )
    with context.database.read() as connection:
        row = connection.execute(joined.where(asset_path.c.path == stored)).first()
    if row is None or row.source != MADE_HERE:
        return None
    return row.spec_id or ""
