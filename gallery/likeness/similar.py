"""Near duplicates of one picture, without looking at all the others: multi-index hashing (decision 16).

Two hashes that differ in at most `4a + b` of 64 bits (b < 4) differ by at most `a` bits in one of their first `b + 1`
groups of 16 bits, or by at most `a - 1` in one of the others; otherwise they would differ by more in all. So whoever
looks up, in the index of each group, the values so near to its own finds every picture that is near enough as a whole.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Select, literal_column, select

from gallery.context import GalleryContext
from gallery.likeness.dhash import BAND_BITS, BANDS, band_of, dhash_of_thumbnail, differing_bits
from gallery.reading.arguments import whole_number
from gallery.reading.identifiers import find_id
from gallery.reading.rows import VIEW_COLUMNS, is_live, view_of
from gallery.store.chunks import chunked
from gallery.store.paths import ProjectPaths
from gallery.store.tables import LIKENESS_BANDS, asset
from gallery.store.thumbnails import find_thumbnail
from gallery.views import AssetView, Similar, SimilarAsset
from ontology.errors import InvalidInputError

MAX_DISTANCE: Final = 15
"""Beyond this the groups of 16 bits no longer narrow the search down, and pictures have nothing in common."""

DEFAULT_DISTANCE: Final = 8
MAX_LIMIT: Final = 500
DEFAULT_LIMIT: Final = 20

Near = tuple[int, int]
"""The key of an asset and its distance."""


def similar(
    context: GalleryContext, asset_id: str, *, distance: int = DEFAULT_DISTANCE, limit: int = DEFAULT_LIMIT
) -> Similar:
    """Live assets that look like this one, which may be trashed or missing: nearest first, then newest, then by id.

    `distance`: how many of 64 bits may differ, 0-15. `limit`: 1-500. A picture without features is like
    no other, and so is a sound.
    Raises `NotFoundError`, and `InvalidInputError` for an ambiguous id or a number out of range.
    """
    check_distance(distance)
    if not 1 <= whole_number("limit", limit) <= MAX_LIMIT:
        raise InvalidInputError(f"`limit` is 1 to {MAX_LIMIT}, not {limit}", hint="the nearest come first")
    with context.database.read() as connection:
        found = find_id(connection, asset_id)
        columns = (asset.c.key, asset.c.sha256, asset.c.dhash, asset.c.media_type)
        row = connection.execute(select(*columns).where(asset.c.id == found)).one()
        own = row.dhash
        if own is None and row.media_type != "audio":
            own = _of_thumbnail(context, row.sha256)
        if own is None:
            return Similar(found, distance, comparable=False)
        near = [item for item in near_duplicates(connection, own, distance) if item[0] != row.key]
        assets = tuple(SimilarAsset(view, bits) for view, bits in _views(context, connection, near, limit))
    return Similar(found, distance, comparable=True, assets=assets)


def check_distance(value: int) -> None:
    """Raise `InvalidInputError` unless it is 0 to 15."""
    if not 0 <= whole_number("distance", value) <= MAX_DISTANCE:
        raise InvalidInputError(
            f"`distance` is 0 to {MAX_DISTANCE}, not {value}", hint="4 finds copies, 8 variations, more finds chance"
        )


def near_duplicates(connection: Connection, value: int, radius: int) -> list[Near]:
    """Every live asset whose hash differs from `value` in at most `radius` bits (0-15), in no order."""
    near = ((key, differing_bits(value, other)) for key, other in candidates(connection, value, radius).items())
    return [(key, bits) for key, bits in near if bits <= radius]


def near_each(connection: Connection, values: Collection[int], radius: int) -> dict[int, list[Near]]:
    """As `near_duplicates` for many hashes at once: a statement looks up what several of them ask for."""
    found: dict[int, dict[int, int]] = {value: {} for value in values}
    for band, flips in enumerate(flips_of(radius)):
        asking: dict[int, list[int]] = {}
        for value in found:
            for probe in neighbours(band_of(value, band), flips):
                asking.setdefault(probe, []).append(value)
        for probes in chunked(sorted(asking)):
            for key, other in connection.execute(_with_group(band, probes)):
                for value in asking[band_of(other, band)]:
                    bits = differing_bits(value, other)
                    if bits <= radius:
                        found[value][key] = bits
    return {value: list(near.items()) for value, near in found.items()}


def candidates(connection: Connection, value: int, radius: int) -> dict[int, int]:
    """Key → hash of the live assets that have to be compared bit by bit: the near ones and few others."""
    found: dict[int, int] = {}
    for band, flips in enumerate(flips_of(radius)):
        for probes in chunked(sorted(neighbours(band_of(value, band), flips))):
            found.update((row.key, row.dhash) for row in connection.execute(_with_group(band, probes)))
    return found


def _with_group(band: int, values: Sequence[int]) -> Select[Any]:
    group = literal_column(LIKENESS_BANDS[band], BigInteger)
    return select(asset.c.key, asset.c.dhash).where(group.in_(values) & is_live())


def flips_of(radius: int) -> list[int]:
    """How many bits of each group may be flipped in a probe, -1 where the group need not be looked into."""
    fewest, more = divmod(radius, BANDS)
    return [fewest if band <= more else fewest - 1 for band in range(BANDS)]


def neighbours(value: int, flips: int) -> Iterator[int]:
    """All values of a group that differ from this one in at most so many bits; none for -1."""
    for count in range(flips + 1):
        for bits in combinations(range(BAND_BITS), count):
            yield value ^ sum(1 << bit for bit in bits)


def _of_thumbnail(context: GalleryContext, sha256: str) -> int | None:
    """For assets that came in before hashes were kept, until `doctor --repair` has filled them in."""
    thumbnail = find_thumbnail(context.data_dir, sha256)
    return None if thumbnail is None else dhash_of_thumbnail(thumbnail)


def _views(
    context: GalleryContext, connection: Connection, near: list[Near], limit: int
) -> Iterator[tuple[AssetView, int]]:
    """The first of them in order. Only those that can be among them are fetched."""
    farthest = max(sorted(bits for _, bits in near)[:limit], default=0)
    bits_of = {key: bits for key, bits in near if bits <= farthest}
    paths = ProjectPaths(context.root)
    found: list[tuple[AssetView, int]] = []
    for piece in chunked(list(bits_of)):
        rows = connection.execute(select(*VIEW_COLUMNS, asset.c.key).where(asset.c.key.in_(piece)))
        found += [(view_of(row, paths), bits_of[row.key]) for row in rows]
    found.sort(key=lambda item: (item[1], -item[0].created_at.timestamp(), item[0].id))
    yield from found[:limit]
