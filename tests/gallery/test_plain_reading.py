"""Reading by plain SQL sees what the gallery itself sees."""

import hashlib
from datetime import datetime

import pytest
from gallery_builders import make_picture, make_pictures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sounds import sound, tone
from sqlalchemy import delete, insert

from callsheet.upgrade import SCHEMA
from gallery.index import live_index, plain_reading
from gallery.index.live_index import LiveIndex
from gallery.index.plain_reading import NOTHING_YET, Mark, PlainReader
from gallery.journal.editing import Edit
from gallery.store.tables import asset, asset_tag
from ontology.errors import ConflictError, IntegrityError
from resolver import AssetResolutionRequest, CandidateError, CandidateIndex, resolve_assets_for_action
from resolver.ranks import TOP


@pytest.fixture
def reader(context):
    return PlainReader(context.database.path, context.database.backups, context.root, SCHEMA)


def add(gallery, root, count=4):
    make_pictures(root / "assets", count)
    return [item.id for item in gallery.add([root / "assets"]).results]


def test_live_assets_are_the_same_views_as_through_sqlalchemy(gallery, root, reader):
    ids = add(gallery, root)
    gallery.tag(ids[:2], add=["npc:alex", "role:char:hero"])
    gallery.trash(ids[3:])

    with reader.moment() as moment:
        found = {asset.id: asset for asset in moment.live()}
        assert found == {asset.id: asset for asset in gallery.candidates()}
        assert moment.of_ids(ids[:1]) == {ids[0]: found[ids[0]]}
        assert moment.live_count() == 3


def test_a_sound_is_the_same_view_as_through_sqlalchemy(gallery, root, reader):
    (root / "jump.wav").write_bytes(sound(tone(0.4)))
    (item,) = gallery.add([root / "jump.wav"]).results

    with reader.moment() as moment:
        assert moment.of_ids([item.id]) == {item.id: gallery.get(item.id).asset}
        assert moment.of_ids([item.id])[item.id].duration == 0.4


def test_before_the_first_picture_there_is_no_moment_and_nothing_is_made(context, reader):
    with reader.moment() as moment:
        assert moment is None
    assert not context.data_dir.exists()


def test_what_later_batches_touched_is_told_with_what_became_of_it(gallery, root, reader):
    ids = add(gallery, root)
    seen = gallery.last_batch()
    gallery.tag(ids[:1], add=["npc:alex"])
    gallery.trash(ids[1:2])

    with reader.moment() as moment:
        touched = dict(moment.touched_since(seen))
        assert touched[ids[0]].tags == ("npc:alex",)
        assert touched[ids[1]] is None
        assert set(touched) == set(ids[:2])


def test_a_batch_of_another_history_is_not_known(gallery, root, reader):
    add(gallery, root)

    with reader.moment() as moment:
        assert moment.knows(moment.mark())
        assert moment.knows(NOTHING_YET)
        assert not moment.knows(Mark(moment.mark().batch, "2020-01-01 00:00:00"))
        assert not moment.knows(Mark(99, "2026-11-21 12:00:00"))


def test_a_newer_or_a_damaged_database_is_one_of_our_errors(gallery, root, reader, context):
    add(gallery, root)
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConflictError), reader.moment():
        pass
    context.database.close()
    context.database.path.write_bytes(b"not a database at all, but long enough to be one" * 100)
    with pytest.raises(IntegrityError), reader.moment():
        pass


def test_the_revision_and_the_newest_batch_are_read_anew_once_somebody_wrote_and_only_then(
    gallery, root, reader, context
):
    def asked():
        statements = []
        with reader.moment() as moment:
            moment.mark()  # the connection is open now, and is kept
        reader._kept.connection.set_trace_callback(statements.append)
        with reader.moment() as moment:
            mark = moment.mark()
        reader._kept.connection.set_trace_callback(None)
        return mark.batch, [text.split()[0] for text in statements]

    ids = add(gallery, root)
    batch, statements = asked()
    assert statements == ["BEGIN", "PRAGMA", "COMMIT"]
    gallery.tag(ids[:1], add=["npc:alex"])
    with reader.moment() as moment:
        assert moment.mark().batch == batch + 1
    with plain_reading.connect(context.database.path, create=False) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
    with pytest.raises(ConflictError), reader.moment():
        pass


# The live index


@pytest.fixture
def live(context, reader):
    return LiveIndex(reader, context.data_dir / "cache")


def ask(live, ontology, **fields):
    with live.current() as index:
        result = resolve_assets_for_action(AssetResolutionRequest(**fields), index, ontology=ontology)
    return result.to_json()


def plain(gallery, ontology, **fields):
    request = AssetResolutionRequest(**fields)
    return resolve_assets_for_action(request, gallery.candidates(), ontology=ontology).to_json()


def test_every_change_is_seen_by_the_next_answer(gallery, root, live, context):
    ids = add(gallery, root)
    question = {"hero_id": "npc:alex", "need_background": True, "fill": True}
    steps = [
        lambda: gallery.tag(ids, add=["role:bg"]),
        lambda: gallery.tag(ids[:2], add=["npc:alex", "role:char:hero"], remove=["role:bg"]),
        lambda: gallery.trash(ids[:1]),
        gallery.undo,
        lambda: gallery.add([make_picture(root / "late.png", "purple")], tags=["npc:alex"]),
        lambda: gallery.restore(ids[:1]),
        lambda: gallery.edit_all(ids[:1], Edit(rating=4)),
        lambda: gallery.link(ids[0], parents=ids[1:2]),
        lambda: (root / "assets" / "000.png").rename(root / "assets" / "moved.png"),
        lambda: gallery.sync(root / "assets"),
        lambda: make_picture(root / "assets" / "moved.png", "pink", size=(40, 30)),
        lambda: gallery.sync(root / "assets"),
        lambda: gallery.duplicates(apply=True),
        (root / "assets" / "001.png").unlink,
        lambda: gallery.sync(root / "assets"),
    ]

    assert ask(live, context.ontology, **question) == plain(gallery, context.ontology, **question)
    for step in steps:
        step()
        assert ask(live, context.ontology, **question) == plain(gallery, context.ontology, **question)
    assert live.rebuilt_because == "there was no snapshot"


def test_what_did_not_change_is_read_once(gallery, root, live, context):
    ids = add(gallery, root)
    gallery.tag(ids, add=["npc:alex"])
    ask(live, context.ontology, hero_id="npc:alex")
    read = []
    of_ids = plain_reading.Moment.of_ids

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plain_reading.Moment, "of_ids", lambda self, asked: read.extend(asked) or of_ids(self, asked))
        ask(live, context.ontology, hero_id="npc:alex")
        assert read == []
        gallery.tag(ids[1:2], add=["mood:tense"])
        ask(live, context.ontology, hero_id="npc:alex")

    assert read == ids[1:2]


def test_no_more_views_are_kept_than_the_limit(gallery, root, live, context, monkeypatch):
    monkeypatch.setattr(live_index, "MOST_KEPT", 3)
    ids = add(gallery, root)
    gallery.tag(ids[:2], add=["npc:alex"])
    gallery.tag(ids[1:3], add=["npc:boss_01"])

    for who in ("npc:alex", "npc:boss_01", "npc:alex"):
        assert ask(live, context.ontology, hero_id=who) == plain(gallery, context.ontology, hero_id=who)
        assert len(live._views) <= 3


def test_a_start_uses_the_snapshot_and_follows_from_there(gallery, root, live, context, reader):
    ids = add(gallery, root)
    ask(live, context.ontology, hero_id="npc:alex")
    gallery.tag(ids[:1], add=["npc:alex", "role:char:hero"])

    later = LiveIndex(reader, context.data_dir / "cache")

    assert ask(later, context.ontology, hero_id="npc:alex") == plain(gallery, context.ontology, hero_id="npc:alex")
    assert later.rebuilt_because is None


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"something else" + data,
        lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
        lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    ],
    ids=["empty", "torn", "foreign", "flipped header", "flipped body"],
)
def test_a_snapshot_that_cannot_be_trusted_is_built_again(gallery, root, live, context, reader, harm):
    ids = add(gallery, root)
    gallery.tag(ids[:1], add=["npc:alex", "role:char:hero"])
    ask(live, context.ontology, hero_id="npc:alex")
    path = context.data_dir / "cache" / "index.snapshot"
    path.write_bytes(harm(path.read_bytes()))

    later = LiveIndex(reader, context.data_dir / "cache")

    assert ask(later, context.ontology, hero_id="npc:alex") == plain(gallery, context.ontology, hero_id="npc:alex")
    assert later.rebuilt_because
    third = LiveIndex(reader, context.data_dir / "cache")
    ask(third, context.ontology, hero_id="npc:alex")
    assert third.rebuilt_because is None


@pytest.mark.parametrize("header", [b"{}", b"[]", b"null", b'{"x": 1}', b"\xff"])
def test_a_sealed_snapshot_of_another_version_is_built_again(gallery, root, live, context, reader, header):
    add(gallery, root)
    ask(live, context.ontology, hero_id="npc:alex")
    path = context.data_dir / "cache" / "index.snapshot"
    sealed = live_index._HEADER.pack(len(header)) + header + hashlib.sha256(header).digest()
    path.write_bytes(live_index._MAGIC + sealed + b"body")

    later = LiveIndex(reader, context.data_dir / "cache")
    ask(later, context.ontology, hero_id="npc:alex")

    assert "another version" in later.distrusted


def test_a_snapshot_of_another_history_is_not_used(gallery, root, live, context, reader):
    add(gallery, root)
    ask(live, context.ontology, hero_id="npc:alex")
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE batch SET at = '2020-01-01 00:00:00.000000'")

    later = LiveIndex(reader, context.data_dir / "cache")
    ask(later, context.ontology, hero_id="npc:alex")

    assert "another history" in later.rebuilt_because


def test_the_snapshot_is_written_anew_when_it_has_fallen_far_behind(gallery, root, live, context, monkeypatch):
    monkeypatch.setattr("gallery.index.live_index.BATCHES_PER_SNAPSHOT", 3)
    ids = add(gallery, root)
    ask(live, context.ontology, hero_id="npc:alex")
    path = context.data_dir / "cache" / "index.snapshot"
    first = path.read_bytes()

    gallery.tag(ids[:1], add=["role:bg"])
    ask(live, context.ontology, hero_id="npc:alex")
    assert path.read_bytes() == first
    for number in range(3):
        gallery.tag(ids[:1], add=[f"word{number}"])
    ask(live, context.ontology, hero_id="npc:alex")
    assert path.read_bytes() != first


def test_a_cache_that_cannot_be_written_is_no_error(gallery, root, context, reader):
    add(gallery, root)
    (context.data_dir / "cache").write_text("in the way")

    live = LiveIndex(reader, context.data_dir / "cache")

    assert ask(live, context.ontology, hero_id="npc:alex")["matches"] == []


def test_an_empty_gallery_has_an_empty_index_and_makes_nothing(live, context):
    assert ask(live, context.ontology, hero_id="npc:alex")["matches"] == []
    assert not context.data_dir.exists()


def test_the_index_is_of_no_use_outside_its_moment(gallery, root, live, context):
    ids = add(gallery, root)
    gallery.tag(ids, add=["npc:alex"])
    with live.current() as index:
        pass

    with pytest.raises(RuntimeError):
        resolve_assets_for_action(AssetResolutionRequest(hero_id="npc:alex"), index)


def one_by_one(moment):
    """The specification: the same assets, added one at a time."""
    index = CandidateIndex(lookup=lambda ids: moment.of_ids(map(str, ids)).values())
    for view in moment.live():
        index.add(view)
    return index


def known_of(index):
    """All that an index knows of each asset, by id."""
    documents = index.documents
    facts = documents.facts_for(None)
    return {
        documents.ids[position]: (
            documents.tags(TOP - position, facts),
            documents.ranks.rating(TOP - position),
            documents.ranks.created[position],
            [media for media, members in documents.media.items() if TOP - position in members],
        )
        for position in documents.ids.positions()
    }


def same_index(moment):
    bulk = CandidateIndex.from_batches(moment.batches(), lookup=lambda ids: moment.of_ids(map(str, ids)).values())
    expected = one_by_one(moment)
    assert known_of(bulk) == known_of(expected)
    for request in ({"hero_id": "npc:alex"}, {"location_id": "loc:l1", "need_hero": True, "fill": True}):
        assert (
            resolve_assets_for_action(request, bulk).to_json() == resolve_assets_for_action(request, expected).to_json()
        )
    assert all(view.id in bulk for view in moment.live())
    assert len(bulk) == moment.live_count()


rows = st.lists(
    st.tuples(
        st.lists(
            st.sampled_from(
                ["npc:alex", "loc:l1", "role:bg", "role:char:hero", "rain, snow", 'say "é"', "a],[b", "😀"]
            ),
            unique=True,
        ),
        st.sampled_from(["image", "video"]),
        st.sampled_from([None, 0, 3, 5, 2.5, 3.3]),
        st.datetimes(datetime(1950, 1, 1), datetime(2030, 1, 1)) | st.just(datetime(2026, 1, 1)),  # noqa: DTZ001
        st.sampled_from([None, None, None, datetime(2026, 1, 2)]),  # noqa: DTZ001
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows, at_once=st.integers(1, 5), gap=st.sampled_from([1, 3, 10_000]), stale=st.booleans())
def test_an_index_made_in_bulk_knows_what_one_filled_asset_by_asset_knows(
    monkeypatch, context, reader, rows, at_once, gap, stale
):
    """Whatever `asset_tag` says: `asset.tags` is the truth, and nothing else is read."""
    monkeypatch.setattr(plain_reading, "_ROWS_AT_ONCE", at_once)
    with context.database.write() as connection:
        connection.execute(delete(asset_tag))
        connection.execute(delete(asset))
        for number, (tags, media_type, rating, created, trashed) in enumerate(rows, 1):
            digest = hashlib.sha256(str(number).encode()).hexdigest()
            connection.execute(
                insert(asset).values(
                    key=number * gap, id=f"a{digest[:16]}", sha256=digest, version=1, path=f"{number}.png",
                    format="png", bytes=1, width=1, height=1, added_at=created, media_type=media_type, rating=rating,
                    created_at=created, tags=tags, trashed_at=trashed,
                )
            )  # fmt: skip
            if stale:
                connection.execute(insert(asset_tag).values(asset_key=number * gap, tag="npc:somebody"))
    with reader.moment() as moment:
        if moment is not None:
            same_index(moment)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("created_at", "2026-01-01T00:00:00"),
        ("created_at", "2026-01-01"),
        ("id", "odd,id"),
        ("rating", 2.5),
        ("tags", '["a",   "b"]'),
    ],
)
def test_what_another_program_wrote_readably_is_read_all_the_same(gallery, root, reader, context, column, value):
    ids = add(gallery, root)
    with context.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE asset SET {column} = ? WHERE id = ?", (value, ids[0]))
    with reader.moment() as moment:
        same_index(moment)


@pytest.mark.parametrize(
    ("column", "value"),
    [("tags", "[1]"), ("tags", "[[]]"), ("media_type", "opera"), ("created_at", "soon"), ("created_at", "2026,2")],
)
def test_what_no_asset_can_have_is_named_with_its_id(gallery, root, reader, context, column, value):
    ids = add(gallery, root)
    with context.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE asset SET {column} = ? WHERE id = ?", (value, ids[2]))
    with pytest.raises(CandidateError, match=ids[2]), reader.moment() as moment:
        CandidateIndex.from_batches(moment.batches(), lookup=lambda _: ())
