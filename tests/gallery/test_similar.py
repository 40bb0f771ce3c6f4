"""Near duplicates of one picture: the same as by comparing with all of them, found by looking at few."""

from random import Random

import pytest
from gallery_builders import NOON, make_picture, open_context
from hypothesis import given, settings
from hypothesis import strategies as st
from likeness_pictures import blotches, brighter, save
from sqlalchemy import insert, update

from gallery import Gallery
from gallery.likeness import similar
from gallery.likeness.dhash import differing_bits
from gallery.store.engine import memory_engine
from gallery.store.model import metadata
from gallery.store.tables import asset
from gallery.store.thumbnails import find_thumbnail
from ontology.errors import InvalidInputError, NotFoundError

HASHES = st.integers(-(2**63), 2**63 - 1)


def rows_of(hashes):
    return [
        {
            "id": f"a{number:016x}",
            "sha256": f"{number:064x}",
            "version": 1,
            "path": f"{number}.png",
            "media_type": "image",
            "format": "png",
            "bytes": 1,
            "created_at": NOON,
            "added_at": NOON,
            "tags": [],
            "dhash": value,
        }
        for number, value in enumerate(hashes, 1)
    ]


@pytest.fixture
def connection():
    engine = memory_engine()
    with engine.connect() as connection:
        metadata.create_all(connection)
        yield connection
    engine.dispose()


def nearby(value, flips):
    """The value with these bits flipped, signed."""
    for bit in flips:
        value ^= 1 << bit
    value %= 2**64
    return value - 2**64 if value >= 2**63 else value


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(HASHES, st.none()), max_size=10),
    HASHES,
    st.lists(st.sets(st.integers(0, 63), max_size=18), max_size=20),
    st.integers(0, 15),
)
def test_the_near_ones_are_those_that_a_comparison_with_all_finds(others, value, flips, radius):
    hashes = [*others, *(nearby(value, bits) for bits in flips)]
    engine = memory_engine()
    with engine.connect() as connection:
        metadata.create_all(connection)
        if hashes:
            connection.execute(insert(asset), rows_of(hashes))
        found = dict(similar.near_duplicates(connection, value, radius))
    engine.dispose()
    expected = {
        key: differing_bits(value, other)
        for key, other in enumerate(hashes, 1)
        if other is not None and differing_bits(value, other) <= radius
    }
    assert found == expected


@given(st.lists(HASHES, max_size=6), st.lists(st.sets(st.integers(0, 63), max_size=8), max_size=6), st.integers(0, 8))
def test_many_are_answered_as_each_alone(values, flips, radius):
    hashes = [*values, *(nearby(value, bits) for value, bits in zip(values, flips, strict=False))]
    engine = memory_engine()
    with engine.connect() as connection:
        metadata.create_all(connection)
        if hashes:
            connection.execute(insert(asset), rows_of(hashes))
        found = similar.near_each(connection, values, radius)
        assert {value: dict(near) for value, near in found.items()} == {
            value: dict(similar.near_duplicates(connection, value, radius)) for value in values
        }
    engine.dispose()


@pytest.mark.parametrize("radius", range(16))
def test_the_groups_that_are_looked_into_cannot_miss_a_near_one(radius):
    flips = similar.flips_of(radius)
    assert sum(flip + 1 for flip in flips) == radius + 1  # one more than can differ: pigeonhole


@pytest.mark.parametrize(("flips", "count"), [(-1, 0), (0, 1), (1, 17), (2, 137), (3, 697)])
def test_a_group_is_asked_for_every_value_so_near_once(flips, count):
    probes = list(similar.neighbours(0xA5A5, flips))
    assert len(set(probes)) == len(probes) == count
    assert all(0 <= probe < 2**16 and (probe ^ 0xA5A5).bit_count() <= flips for probe in probes)


@pytest.mark.parametrize("band", range(4))
def test_every_group_is_answered_from_its_index(connection, band):
    compiled = similar._with_group(band, [1, 2, 3]).compile(connection, compile_kwargs={"literal_binds": True})
    plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").fetchall())
    assert f"USING INDEX ix_asset_dhash_{band}" in plan


@pytest.mark.parametrize(("radius", "share"), [(3, 0.003), (4, 0.003), (8, 0.02)])
def test_few_are_compared_bit_by_bit(connection, radius, share):
    chance = Random(1)
    hashes = [chance.getrandbits(64) - 2**63 for _ in range(5000)]
    connection.execute(insert(asset), rows_of(hashes))
    compared = [len(similar.candidates(connection, value, radius)) for value in hashes[:20]]
    assert max(compared) <= share * len(hashes)


@pytest.fixture
def family(gallery, root):
    """Ids by name: an original, copies of it, and a stranger."""
    original = blotches(1)
    save(original, root / "original.png")
    save(original, root / "small.jpg", quality=80)
    save(brighter(original, 1.3), root / "bright.png")
    save(blotches(2), root / "stranger.png")
    make_picture(root / "flat.png", "red", size=(300, 300))
    return {item.path.partition(".")[0]: item.id for item in gallery.add([root]).results}


def test_copies_are_found_nearest_first_and_strangers_are_not(gallery, family):
    found = gallery.similar(family["original"])
    assert {item.asset.id for item in found.assets} == {family["small"], family["bright"]}
    assert [item.distance for item in found.assets] == sorted(item.distance for item in found.assets)
    assert found.comparable
    body = found.to_json()
    assert (body["id"], body["distance"], body["comparable"]) == (family["original"], 8, True)
    assert set(body["assets"][0]) == {*found.assets[0].asset.to_json(), "distance"}


def test_equally_near_ones_stand_newest_first_and_the_limit_keeps_those(gallery, context, family):
    with context.database.write() as connection:
        connection.execute(update(asset).values(dhash=5))
    everything = [item.asset for item in gallery.similar(family["original"]).assets]
    assert everything == sorted(everything, key=lambda found: (-found.created_at.timestamp(), found.id))
    assert len(everything) == 4
    assert [item.asset for item in gallery.similar(family["original"], limit=2).assets] == everything[:2]


def test_the_trash_is_not_searched_but_may_be_asked_about(gallery, family):
    gallery.trash([family["small"]])
    assert family["small"] not in {item.asset.id for item in gallery.similar(family["original"]).assets}
    assert family["original"] in {item.asset.id for item in gallery.similar(family["small"]).assets}


def test_a_picture_without_features_is_like_no_other(gallery, family):
    found = gallery.similar(family["flat"])
    assert (found.comparable, found.assets) == (False, ())


def test_an_edited_file_is_compared_as_it_is_now(gallery, root, family):
    save(blotches(2).resize((200, 200)), root / "bright.png")
    assert [item.outcome for item in gallery.add([root / "bright.png"]).results] == ["changed"]
    assert [item.asset.id for item in gallery.similar(family["stranger"]).assets] == [family["bright"]]


@pytest.mark.parametrize("asked", [{"distance": -1}, {"distance": 16}, {"limit": 0}, {"limit": 501}])
def test_numbers_out_of_range_are_refused(gallery, family, asked):
    with pytest.raises(InvalidInputError):
        gallery.similar(family["original"], **asked)


def test_an_unknown_id_is_not_found(gallery):
    with pytest.raises(NotFoundError):
        gallery.similar("abc")


def forget(context):
    with context.database.write() as connection:
        connection.execute(update(asset).values(dhash=None))


def test_pictures_from_before_hashes_are_noticed_and_filled_in_by_a_repair(gallery, context, family):
    before = gallery.similar(family["original"]).to_json()
    assert "no_likeness" not in {finding.code for finding in gallery.doctor()}
    forget(context)
    assert "no_likeness" in {finding.code for finding in gallery.doctor()}
    batch = gallery.last_batch()
    repaired = gallery.repair()
    assert "no_likeness" in {finding.code for finding in repaired.fixed}
    assert "no_likeness" not in {finding.code for finding in gallery.doctor()}
    assert gallery.last_batch() == batch
    after = gallery.similar(family["original"]).to_json()
    assert {item["id"] for item in after["assets"]} == {item["id"] for item in before["assets"]}
    assert [item["version"] for item in after["assets"]] == [item["version"] for item in before["assets"]]


def test_without_a_repair_the_picture_itself_is_compared_from_its_thumbnail(gallery, context, family):
    with context.database.write() as connection:
        connection.execute(update(asset).where(asset.c.id == family["original"]).values(dhash=None))
    assert gallery.similar(family["original"]).assets
    find_thumbnail(context.data_dir, gallery.get(family["original"]).sha256).unlink()
    assert not gallery.similar(family["original"]).comparable


def test_a_gallery_without_a_file_has_nothing_similar(root):
    with open_context(root) as context, pytest.raises(NotFoundError):
        Gallery(context).similar("a1")
