"""The frozen values that leave the gallery, and their JSON (contract, command line and HTTP)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gallery.store.moments import rfc3339
from ontology.errors import CallsheetError

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AssetView:
    """One asset as everybody sees it, and a candidate for the resolver.

    `tags` in tag order, as stored. `width` and `height` in pixels after EXIF orientation. `duration` of a sound in
    seconds, to the millisecond. `created_at` aware, UTC. `rating` 0-5 or None. `version` is the ETag. `edited_at`: its
    file was edited in place then, and nobody has looked at its tags since.
    """

    id: str
    path: str
    url: str
    tags: tuple[str, ...]
    media_type: str
    rating: int | None
    width: int | None
    height: int | None
    created_at: datetime
    version: int
    edited_at: datetime | None = None
    duration: float | None = None

    def __hash__(self) -> int:
        return hash(self.id)  # views are looked up for every answer, and few of one id are kept at once

    def to_json(self) -> Json:
        """`{id, path, url, tags, media_type, rating, width, height, duration, created_at, version, edited_at}`."""
        return {
            "id": self.id,
            "path": self.path,
            "url": self.url,
            "tags": list(self.tags),
            "media_type": self.media_type,
            "rating": self.rating,
            "width": self.width,
            "height": self.height,
            "duration": self.duration,
            "created_at": rfc3339(self.created_at),
            "version": self.version,
            "edited_at": None if self.edited_at is None else rfc3339(self.edited_at),
        }


@dataclass(frozen=True, slots=True)
class RecordView:
    """What a batch did to something that is no asset: a `collection`, a `search`, a `file`.

    `change` is `created`, `changed` or `removed`.
    """

    kind: str
    name: str
    change: str

    def to_json(self) -> Json:
        """`{kind, name, change}`."""
        return {"kind": self.kind, "name": self.name, "change": self.change}


@dataclass(frozen=True, slots=True)
class BatchView:
    """One line of the journal. `size` counts what it changed: assets, and `records` of what is none.

    `undone_by` is the batch that took it back. `run` is the first batch of the same call, None in that one itself: the
    batches of a run are undone together.
    """

    seq: int
    kind: str
    at: datetime
    actor: str
    origin: str
    reverts: int | None
    undone_by: int | None
    size: int
    run: int | None = None
    records: tuple[RecordView, ...] = ()

    @property
    def assets(self) -> int:
        """How many assets it changed."""
        return self.size - len(self.records)

    def to_json(self) -> Json:
        """`{batch, kind, at, actor, origin, reverts, undone_by, size, run, records}`."""
        return {
            "batch": self.seq,
            "kind": self.kind,
            "at": rfc3339(self.at),
            "actor": self.actor,
            "origin": self.origin,
            "reverts": self.reverts,
            "undone_by": self.undone_by,
            "size": self.size,
            "run": self.run,
            "records": [record.to_json() for record in self.records],
        }


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What one batch did to one asset: the touched fields before and after."""

    batch: BatchView
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def to_json(self) -> Json:
        """The batch, and `before` and `after`."""
        return {**self.batch.to_json(), "before": dict(self.before), "after": dict(self.after)}


@dataclass(frozen=True, slots=True)
class AssetDetail:
    """One asset with all that is known of it. `history` newest first; `trashed` and `missing` since when, or None.

    `parents`: ids of what it was made from, in order, which this gallery need not know; `operation`: what made it.
    `rejected`: suggested tags that somebody turned down. `sample_rate` (Hz) and `channels` of a sound.
    """

    asset: AssetView
    sha256: str
    paths: tuple[str, ...]
    history: tuple[ChangeView, ...]
    trashed: datetime | None = None
    missing: datetime | None = None
    parents: tuple[str, ...] = ()
    generation: Mapping[str, Any] | None = None
    operation: str | None = None
    note: str | None = None
    rejected: tuple[str, ...] = ()
    sample_rate: int | None = None
    channels: int | None = None

    def to_json(self) -> Json:
        """The asset's JSON plus the other fields under their names."""
        return {
            **self.asset.to_json(),
            "sample_rate": self.sample_rate,
            "channels": self.channels,
            "generation": None if self.generation is None else dict(self.generation),
            "parents": list(self.parents),
            "operation": self.operation,
            "note": self.note,
            "rejected": list(self.rejected),
            "history": [change.to_json() for change in self.history],
            "paths": list(self.paths),
            "sha256": self.sha256,
            "trashed": None if self.trashed is None else rfc3339(self.trashed),
            "missing": None if self.missing is None else rfc3339(self.missing),
        }


@dataclass(frozen=True, slots=True)
class ItemError:
    """Why one item of many was not done."""

    code: str
    message: str
    hint: str | None = None

    @classmethod
    def of(cls, error: CallsheetError) -> "ItemError":
        """The same for one that would have been raised, had it been the only item."""
        return cls(error.code, error.message, error.hint)

    def to_json(self) -> Json:
        """`{code, message, hint}`."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one asset of a bulk change. `id` is as it was given where no asset was found for it."""

    id: str
    outcome: str
    error: ItemError | None = None

    def to_json(self) -> Json:
        """`{id, outcome, error}`."""
        return {"id": self.id, "outcome": self.outcome, "error": self.error and self.error.to_json()}


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A newer batch that an undo could not take back, as nothing of it can be (any more)."""

    batch: int
    kind: str

    def to_json(self) -> Json:
        """`{batch, kind}`."""
        return {"batch": self.batch, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class BulkResult:
    """Results in the order the assets were given; `batch` is None when nothing changed, the last of several.

    `passed_over`: of an undo that was to find the newest change by itself, the newest first.
    """

    results: tuple[ItemResult, ...]
    batch: int | None
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def failed(self) -> tuple[ItemResult, ...]:
        """Those that were not done."""
        return tuple(item for item in self.results if item.outcome == "failed")

    def to_json(self) -> Json:
        """`{results, batch}`; of an undo that passed over batches also `passed_over`."""
        body: Json = {"results": [item.to_json() for item in self.results], "batch": self.batch}
        return body | ({"passed_over": [item.to_json() for item in self.passed_over]} if self.passed_over else {})


@dataclass(frozen=True, slots=True)
class AddItem:
    """What became of one file. `id` is None when no asset stands for it.

    `error` says why it failed, or why it was skipped: the outcome `failed` alone is a failure. `notice`: it was taken,
    yet something about it could not be read.
    """

    path: str
    id: str | None
    outcome: str
    error: ItemError | None = None
    notice: ItemError | None = None

    def to_json(self) -> Json:
        """`{path, id, outcome, error, notice}`."""
        return {
            "path": self.path,
            "id": self.id,
            "outcome": self.outcome,
            "error": self.error and self.error.to_json(),
            "notice": self.notice and self.notice.to_json(),
        }


@dataclass(frozen=True, slots=True)
class AddResult:
    """Results in the order the files were found. `batches` are those that were written, `batch` the last or None."""

    results: tuple[AddItem, ...]
    batches: tuple[int, ...] = field(default=())

    @property
    def batch(self) -> int | None:
        """The number of the last batch written."""
        return self.batches[-1] if self.batches else None

    @property
    def failed(self) -> tuple[AddItem, ...]:
        """The files that could not be added; those that were skipped with a reason are none of them."""
        return tuple(item for item in self.results if item.outcome == "failed")

    def to_json(self) -> Json:
        """`{results, batch, batches}`."""
        return {
            "results": [item.to_json() for item in self.results],
            "batch": self.batch,
            "batches": list(self.batches),
        }


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query by name, as it was saved last."""

    name: str
    query: str
    saved_at: datetime

    def to_json(self) -> Json:
        """`{name, query, saved_at}`."""
        return {"name": self.name, "query": self.query, "saved_at": rfc3339(self.saved_at)}


@dataclass(frozen=True, slots=True)
class Page:
    """In the order asked for. `total` (first page only) counts all matches; `cursor` leads on, None at the end."""

    assets: tuple[AssetView, ...]
    total: int | None
    cursor: str | None

    def to_json(self) -> Json:
        """`{assets, total, cursor}`."""
        return {"assets": [asset.to_json() for asset in self.assets], "total": self.total, "cursor": self.cursor}


@dataclass(frozen=True, slots=True)
class SimilarAsset:
    """An asset that looks like another one; `distance` is the number of 64 bits in which their hashes differ."""

    asset: AssetView
    distance: int

    def to_json(self) -> Json:
        """The asset's JSON and `distance`."""
        return {**self.asset.to_json(), "distance": self.distance}


@dataclass(frozen=True, slots=True)
class Similar:
    """What looks like the asset `id`, nearest first, at most `distance` bits away.

    `comparable` is False for a picture without features, and for one without hash whose thumbnail is gone.
    """

    id: str
    distance: int
    comparable: bool
    assets: tuple[SimilarAsset, ...] = ()

    def to_json(self) -> Json:
        """`{id, distance, comparable, assets}`."""
        return {
            "id": self.id,
            "distance": self.distance,
            "comparable": self.comparable,
            "assets": [item.to_json() for item in self.assets],
        }


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A collection. `size` counts the live members, `hidden` those in the trash or with their files gone."""

    name: str
    label: str
    created_at: datetime
    size: int
    hidden: int

    def to_json(self) -> Json:
        """`{name, label, created_at, size, hidden}`."""
        return {
            "name": self.name,
            "label": self.label,
            "created_at": rfc3339(self.created_at),
            "size": self.size,
            "hidden": self.hidden,
        }


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """Live members of a collection in their order; `cursor` fetches the next page, None at the end."""

    collection: CollectionView
    assets: tuple[AssetView, ...]
    cursor: str | None

    def to_json(self) -> Json:
        """The collection's own fields and `assets, cursor`."""
        assets = [asset.to_json() for asset in self.assets]
        return {**self.collection.to_json(), "assets": assets, "cursor": self.cursor}


@dataclass(frozen=True, slots=True)
class Relative:
    """One asset in a tree of lineage, with its next `relatives`: all parents or all children, in order.

    `state` is `live`, `trashed`, `missing` or `unknown` (not of this gallery: `path` and `operation` are None then).
    `repeated`: it stands in full elsewhere in the tree. `has_more`: not all of its relatives are shown.
    """

    id: str
    path: str | None
    state: str
    operation: str | None
    relatives: tuple["Relative", ...] = ()
    repeated: bool = False
    has_more: bool = False

    def to_json(self, name: str) -> Json:
        """`{id, path, state, operation, repeated, has_more}` and the relatives under this name."""
        return {
            "id": self.id,
            "path": self.path,
            "state": self.state,
            "operation": self.operation,
            "repeated": self.repeated,
            "has_more": self.has_more,
            name: [relative.to_json(name) for relative in self.relatives],
        }


@dataclass(frozen=True, slots=True)
class FamilyTree:
    """An asset as the root of its ancestors, and as the root of its descendants."""

    ancestors: Relative
    descendants: Relative

    def to_json(self) -> Json:
        """`{ancestors, more_ancestors, descendants, more_descendants}`; each has its own `parents` or `children`."""
        up, down = self.ancestors.to_json("parents"), self.descendants.to_json("children")
        return {
            "ancestors": up["parents"],
            "more_ancestors": up["has_more"],
            "descendants": down["children"],
            "more_descendants": down["has_more"],
        }
