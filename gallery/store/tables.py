"""The tables. They stay inside this room: frozen views leave it. What they share: `gallery.store.model`."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Text,
    desc,
    false,
    text,
)
from sqlmodel import Field

from gallery.store.model import Base, UtcDateTime, json_type, nullable_json_type, sorted_text_type, table_of


def _live_index(name: str, column: str) -> Index:
    """Live assets in one order: falling, then by id. Walked backwards it serves the reversed order."""
    live = Column("trashed_at").is_(None) & Column("missing_since").is_(None)
    return Index(name, desc(column), "id", sqlite_where=live, postgresql_where=live)


def _few_index(column: str) -> Index:
    """The few assets that have something; the others cost nothing."""
    having = Column(column).is_not(None)
    return Index(f"ix_asset_having_{column}", "key", sqlite_where=having, postgresql_where=having)


LIKENESS_BANDS = tuple(f"((dhash >> {shift}) & 65535)" for shift in (0, 16, 32, 48))
"""The four 16-bit groups of `asset.dhash`, as SQL of SQLite and PostgreSQL, each of which has an index.

A query must say it letter by letter, or the index is not used.
"""

FOLDER_OF_ASSET = "rtrim(path, replace(path, '/', ''))"
"""The folder of `asset.path` with its last `/`, as SQL of SQLite and PostgreSQL, which has an index.

A query must say it letter by letter, or the index is not used.
"""


class AssetRow(Base, table=True):
    """One picture or sound: identity, facts about its present bytes, and what people said about it.

    `tags` is the truth, in tag order; `asset_tag` is its index. `path` is the first of its files, or the last one known
    when none is left. No two assets have the same present bytes.

    `rejected`: suggested tags that somebody turned down. `parents`: ids of the assets it was made from, in the order of
    the call, and `operation` what made it; `asset_parent` is their index. `edited_at`: when its file was edited in
    place, until somebody has looked at its tags again. `dhash`: 64 bits of likeness, signed; None where a picture
    has no features, and for sounds.

    `width` and `height` in pixels, of pictures. Of sounds: `duration_ms` by the decoded frames, `sample_rate` in Hz,
    `channels`.
    """

    __tablename__ = "asset"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 0 AND 5", name="rating_range"),
        _live_index("ix_asset_live", "created_at"),
        _live_index("ix_asset_live_added", "added_at"),
        _live_index("ix_asset_live_rating", "rating"),
        _live_index("ix_asset_live_path", "path"),
        *map(_few_index, ("note", "edited_at", "trashed_at", "missing_since")),
        Index(
            "ix_asset_duration",
            "duration_ms",
            "key",
            sqlite_where=Column("duration_ms").is_not(None),
            postgresql_where=Column("duration_ms").is_not(None),
        ),
        *(Index(f"ix_asset_dhash_{number}", text(band)) for number, band in enumerate(LIKENESS_BANDS)),
        Index(
            "ix_asset_folder",
            text(FOLDER_OF_ASSET),
            "key",
            sqlite_where=Column("trashed_at").is_(None) & Column("missing_since").is_(None),
            postgresql_where=Column("trashed_at").is_(None) & Column("missing_since").is_(None),
        ),
    )

    key: int | None = Field(default=None, primary_key=True)
    id: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    sha256: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    version: int
    path: str = Field(sa_column=Column(Text, nullable=False))
    media_type: str = Field(sa_column=Column(Text, nullable=False))
    format: str = Field(sa_column=Column(Text, nullable=False))
    bytes: int = Field(sa_column=Column(BigInteger, nullable=False))
    width: int | None = None
    height: int | None = None
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    added_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    rating: int | None = None
    trashed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    missing_since: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    tags: list[str] = Field(sa_column=Column(json_type(), nullable=False))
    note: str | None = Field(default=None, sa_column=Column(Text))
    rejected: list[str] = Field(sa_column=Column(json_type(), nullable=False, server_default="[]"))
    parents: list[str] = Field(sa_column=Column(json_type(), nullable=False, server_default="[]"))
    operation: str | None = Field(default=None, sa_column=Column(Text))
    edited_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    dhash: int | None = Field(default=None, sa_column=Column(BigInteger))
    duration_ms: int | None = Field(default=None, sa_column=Column(BigInteger))
    sample_rate: int | None = None
    channels: int | None = None


class AssetPathRow(Base, table=True):
    """One file of an asset. `words` is the path folded for search; size (bytes) and mtime let a re-add skip hashing.

    `checked_at`: when its bytes were last compared with the hash.
    """

    __tablename__ = "asset_path"

    key: int | None = Field(default=None, primary_key=True)
    path: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    asset_key: int = Field(foreign_key="asset.key", index=True)
    words: str = Field(sa_column=Column(Text, nullable=False))
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    mtime_ns: int = Field(sa_column=Column(BigInteger, nullable=False))
    checked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


class AssetTagRow(Base, table=True):
    """An index of `asset.tags` and nothing more: `doctor` can rebuild it."""

    __tablename__ = "asset_tag"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    tag: str = Field(sa_column=Column(Text, primary_key=True))
    asset_key: int = Field(foreign_key="asset.key", primary_key=True, index=True)


class AssetParentRow(Base, table=True):
    """An index of `asset.parents`. A parent is named by its id: it may have been left behind in another library."""

    __tablename__ = "asset_parent"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    parent_id: str = Field(sa_column=Column(Text, primary_key=True))
    asset_key: int = Field(foreign_key="asset.key", primary_key=True, index=True)


class GenerationRow(Base, table=True):
    """How a picture says it was made: read from its bytes, from a sidecar, or known because it was made here.

    `seed` is text, as some tools count beyond 64 bits. `words` is prompt and model folded for search. `certainty` (0-1)
    tells how sure the reading is, `reason` why; `source` where it stood. `raw` is what was found, without secrets.

    Of what was made here also: `provider`, the prompt as the provider revised it, `cost` in dollars as text, `stand_in`
    (made offline in place of the real thing), `scores` (name → 0-1), `checks` (`[{code, passed, detail}]`), the spec
    and the job.
    """

    __tablename__ = "generation"

    asset_key: int = Field(foreign_key="asset.key", primary_key=True)
    tool: str = Field(sa_column=Column(Text, nullable=False))
    source: str = Field(sa_column=Column(Text, nullable=False))
    certainty: float
    reason: str = Field(sa_column=Column(Text, nullable=False))
    prompt: str | None = Field(default=None, sa_column=Column(Text))
    negative_prompt: str | None = Field(default=None, sa_column=Column(Text))
    model: str | None = Field(default=None, sa_column=Column(Text, index=True))
    seed: str | None = Field(default=None, sa_column=Column(Text, index=True))
    steps: int | None = None
    cfg: float | None = None
    sampler: str | None = Field(default=None, sa_column=Column(Text))
    width: int | None = None
    height: int | None = None
    loras: list[dict[str, Any]] = Field(sa_column=Column(json_type(), nullable=False))
    words: str = Field(sa_column=Column(Text, nullable=False))
    raw: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    provider: str | None = Field(default=None, sa_column=Column(Text))
    revised_prompt: str | None = Field(default=None, sa_column=Column(Text))
    cost: str | None = Field(default=None, sa_column=Column(Text))
    stand_in: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    scores: dict[str, float] | None = Field(default=None, sa_column=Column(nullable_json_type()))
    checks: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(nullable_json_type()))
    spec_id: str | None = Field(default=None, sa_column=Column(Text, index=True))
    job: str | None = Field(default=None, sa_column=Column(Text))


class CollectionRow(Base, table=True):
    """A named, ordered set of assets, e.g. the approved references of a character. Keys are never used twice."""

    __tablename__ = "collection"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_autoincrement": True}

    key: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    label: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class CollectionMemberRow(Base, table=True):
    """One asset in a collection, ordered by `position` (see `gallery.relations.ordering`), then by `asset_key`."""

    __tablename__ = "collection_member"
    __table_args__ = (Index("ix_collection_member_collection_key_position", "collection_key", "position"),)

    collection_key: int = Field(foreign_key="collection.key", primary_key=True)
    asset_key: int = Field(foreign_key="asset.key", primary_key=True, index=True)
    position: str = Field(sa_column=Column(sorted_text_type(), nullable=False))


class SavedSearchRow(Base, table=True):
    """A query by name."""

    __tablename__ = "saved_search"

    name: str = Field(sa_column=Column(Text, primary_key=True))
    query: str = Field(sa_column=Column(Text, nullable=False))
    saved_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class RootRow(Base, table=True):
    """A folder that is watched. `identity` tells the mounted folder from the empty one below it."""

    __tablename__ = "root"

    path: str = Field(sa_column=Column(Text, primary_key=True))
    identity: str = Field(sa_column=Column(Text, nullable=False))
    seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))


class SidecarRow(Base, table=True):
    """What the sidecar of the picture at `path` held when it was last read or written, see `gallery.exchange`."""

    __tablename__ = "sidecar"

    path: str = Field(sa_column=Column(Text, primary_key=True))
    digest: str = Field(sa_column=Column(Text, nullable=False))


class BatchRow(Base, table=True):
    """One change as a person sees it. Sequence numbers rise and are never used twice, even after a deletion.

    A call that writes several batches makes a run of them: `run` is the number of its first batch in all the others.
    """

    __tablename__ = "batch"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_autoincrement": True}

    seq: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    actor: str = Field(sa_column=Column(Text, nullable=False))
    origin: str = Field(sa_column=Column(Text, nullable=False))
    reverts: int | None = Field(default=None, foreign_key="batch.seq")
    undone_by: int | None = Field(default=None, foreign_key="batch.seq")
    run: int | None = Field(default=None, foreign_key="batch.seq", index=True)


class ChangeRow(Base, table=True):
    """What a batch did to one asset: the touched fields before and after, enough to take back this very delta."""

    __tablename__ = "change"

    batch_seq: int = Field(foreign_key="batch.seq", primary_key=True)
    asset_key: int = Field(foreign_key="asset.key", primary_key=True, index=True)
    before: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))
    after: dict[str, Any] = Field(sa_column=Column(json_type(), nullable=False))


class RecordChangeRow(Base, table=True):
    """What a batch did to something that is no asset: a collection, a saved search, a file of the project.

    `before` and `after` are the touched fields, or the whole thing where the other is null: it did not exist. `label`
    is how the history names it. See `gallery.journal.records`.
    """

    __tablename__ = "record_change"
    __table_args__ = (Index("ix_record_change_kind_name", "kind", "name"),)

    batch_seq: int = Field(foreign_key="batch.seq", primary_key=True)
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    label: str = Field(sa_column=Column(Text, nullable=False))
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(nullable_json_type()))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(nullable_json_type()))


asset = table_of(AssetRow)
asset_path = table_of(AssetPathRow)
asset_tag = table_of(AssetTagRow)
asset_parent = table_of(AssetParentRow)
generation = table_of(GenerationRow)
collection = table_of(CollectionRow)
collection_member = table_of(CollectionMemberRow)
saved_search = table_of(SavedSearchRow)
root = table_of(RootRow)
sidecar = table_of(SidecarRow)
batch = table_of(BatchRow)
change = table_of(ChangeRow)
record_change = table_of(RecordChangeRow)
