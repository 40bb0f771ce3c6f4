"""The numbers of a gallery: grouped by the database, the same as counting by hand."""

import random
import shutil
from collections import Counter
from datetime import timedelta

import pytest
from gallery_builders import NOON, SMALL_ONTOLOGY, make_picture, make_pictures
from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql

from gallery.store.sql_months import UtcMonth
from gallery.store.tables import asset, asset_path, asset_tag, generation
from ontology.errors import InvalidInputError

TAGS = [
    "npc:alex", "npc:alexander", "npc:old_name", "npc:boss_01", "player", "loc:dungeon", "loc:dungeon_entrance",
    "loc:park", "role:bg", "role:char:hero", "camera:view:pov", "cam:pov", "mood:calm", "mood:tense", "rain", "dawn",
]  # fmt: skip
"""Some are other spellings of others; `cam:pov` stands in another namespace than what it means."""

QUERIES = ["", "npc:alex", "-npc:*", "role:bg or mood:*", "loc:dungeon -player", "rain", "npc:nobody_at_all"]


def fill(gallery, context, root, seed, count=40):
    """Pictures with arbitrary tags as an older vocabulary may have stored them, ratings, dates, copies, makers."""
    rng = random.Random(seed)
    paths = make_pictures(root, count) + [make_picture(root / f"{n}.jpg", (n, n, n)) for n in range(0, 90, 30)]
    for number in range(4):
        shutil.copyfile(paths[number], root / f"copy_{number}.png")
    gallery.add(root)
    with context.database.write() as connection:
        keys = connection.execute(select(asset.c.key)).scalars().all()
        connection.execute(asset_tag.delete())
        for key in keys:
            tags = rng.sample(TAGS, rng.randint(0, 5))
            gone = rng.choice([None] * 5 + [NOON])
            connection.execute(
                update(asset)
                .where(asset.c.key == key)
                .values(
                    tags=tags,
                    rating=rng.choice([None, 0, 1, 3, 5]),
                    created_at=NOON - timedelta(days=rng.randint(0, 200), hours=rng.randint(0, 23)),
                    trashed_at=gone,
                    missing_since=rng.choice([None] * 6 + [NOON]),
                    dhash=rng.choice([None, 7, -7, key]),
                )
            )
            if tags:
                connection.execute(insert(asset_tag), [{"tag": tag, "asset_key": key} for tag in tags])
            if rng.random() < 0.5:
                made = {"tool": rng.choice(["A1111", "ComfyUI"]), "model": rng.choice([None, "sdxl", "flux", "pony"])}
                connection.execute(
                    insert(generation).values(
                        asset_key=key, **made, source="png", certainty=1.0, reason="", loras=[], words="", raw={}
                    )
                )
    return gallery


def by_hand(gallery, context, query):
    """The same numbers, from all rows, one by one."""
    wanted = {view.id for view in gallery.search(query, limit=500).assets}
    with context.database.read() as connection:
        rows = [row for row in connection.execute(select(asset)).all() if row.id in wanted]
        keys = {row.key for row in rows}
        files = [row for row in connection.execute(select(asset_path)).all() if row.asset_key in keys]
        made = [row for row in connection.execute(select(generation)).all() if row.asset_key in keys]
    facets = {}
    for row in rows:
        for tag in {SMALL_ONTOLOGY.canonical(tag) for tag in row.tags}:
            name = "npc" if tag == "player" else tag.partition(":")[0] if ":" in tag else ""
            facets.setdefault(name, {}).setdefault(tag, set()).add(row.key)
    likeness = Counter(row.dhash for row in rows if row.dhash is not None)
    return {
        "assets": len(rows),
        "bytes": sum(row.bytes for row in rows),
        "tagged": sum(bool(row.tags) for row in rows),
        "formats": Counter(row.format for row in rows),
        "ratings": Counter(row.rating for row in rows),
        "months": Counter(row.created_at.strftime("%Y-%m") for row in rows),
        "copies": len(files) - len(rows),
        "copied_bytes": sum(file.size for file in files) - sum(row.bytes for row in rows),
        "alike": sum(number for number in likeness.values() if number > 1),
        "tools": Counter(row.tool for row in made),
        "models": Counter(row.model for row in made if row.model),
        "facets": {
            name: (len(set().union(*tags.values())), {tag: len(keys) for tag, keys in tags.items()})
            for name, tags in facets.items()
        },
    }


def as_counts(shares):
    return {share.value: share.assets for share in shares}


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_number_is_what_counting_by_hand_gives(gallery, context, root, query, seed):
    fill(gallery, context, root, seed)
    found, expected = gallery.statistics(query, top=100), by_hand(gallery, context, query)
    for name in ("assets", "bytes", "tagged", "copies", "copied_bytes", "alike"):
        assert getattr(found, name) == expected[name], name
    for name in ("formats", "ratings", "months"):
        assert as_counts(getattr(found, name)) == expected[name], name
    for name in ("tools", "models"):
        assert as_counts(getattr(found, name).top) == expected[name], name
    assert {
        name: (ranking.assets, as_counts(ranking.top)) for name, ranking in found.facets.items() if ranking.assets
    } == expected["facets"]


def test_states_count_what_a_query_finds_in_the_trash_and_among_the_missing(gallery, context, root):
    fill(gallery, context, root, 3)
    found = gallery.statistics("role:bg")
    assert dict(found.states) == {
        state: gallery.count("role:bg", state=state) for state in ("live", "trashed", "missing")
    }
    assert found.states["trashed"] > 0


def test_a_query_that_leads_into_the_trash_counts_what_is_there(gallery, root):
    gallery.add(make_pictures(root, 4), tags=["mood:calm"])
    gallery.trash([view.id for view in gallery.search(limit=3).assets])
    found = gallery.statistics("is:trashed")
    assert (found.assets, dict(found.states)) == (3, {"live": 0, "trashed": 3, "missing": 0})
    assert as_counts(found.facets["mood"].top) == {"mood:calm": 3}


def test_a_ranking_shows_the_most_frequent_and_says_how_many_there_are(gallery, root):
    paths = make_pictures(root, 4)
    gallery.add(paths, tags=["mood:calm"])
    gallery.add(paths[:2])
    ids = [view.id for view in gallery.search().assets]
    gallery.tag(ids[:3], add=["mood:tense"])
    gallery.tag(ids[:1], add=["mood:bright"])
    mood = gallery.statistics(top=2).facets["mood"]
    assert (mood.assets, mood.different, as_counts(mood.top)) == (4, 3, {"mood:calm": 4, "mood:tense": 3})


def test_the_four_facets_come_first_and_free_words_last(gallery, root):
    gallery.add(make_pictures(root, 1), tags=["mood:calm", "rain"])
    assert list(gallery.statistics().facets) == ["npc", "loc", "role", "camera", "mood", ""]


def test_an_empty_gallery_has_zeroes(gallery):
    found = gallery.statistics().to_json()
    assert (found["assets"], found["bytes"], found["tagged"], found["untagged"]) == (0, 0, 0, 0)
    assert found["months"] == found["formats"] == []
    assert found["states"] == {"live": 0, "trashed": 0, "missing": 0}


@pytest.mark.parametrize("top", [0, 1001])
def test_so_many_of_a_ranking_is_a_sensible_number(gallery, top):
    with pytest.raises(InvalidInputError, match="1 to 1000"):
        gallery.statistics(top=top)


def test_a_bad_query_is_shown_as_the_search_shows_it(gallery):
    with pytest.raises(InvalidInputError) as caught:
        gallery.statistics("role:bg (")
    assert caught.value.code == "query"
    with pytest.raises(InvalidInputError) as same:
        gallery.search("role:bg (")
    assert caught.value.message == same.value.message


def test_months_are_those_of_utc_in_every_database():
    sql = str(select(UtcMonth(asset.c.created_at)).compile(dialect=postgresql.dialect()))
    assert "to_char(asset.created_at AT TIME ZONE 'UTC', 'YYYY-MM')" in sql
