"""Near-identical pictures of the whole gallery: groups, what is kept, and that nothing is lost."""

from dataclasses import replace
from itertools import combinations

import pytest
from gallery_builders import SMALL_ONTOLOGY
from hypothesis import given
from hypothesis import strategies as st
from likeness_pictures import blotches, brighter, save
from sqlalchemy import update

from gallery import Gallery
from gallery.journal.editing import Edit
from gallery.likeness import close_pairs as closeness
from gallery.likeness import duplicates
from gallery.likeness.close_pairs import close_pairs, compact_groups, connected
from gallery.likeness.dhash import differing_bits
from gallery.store.tables import asset
from ontology.errors import InvalidInputError
from ontology.terms import Ontology

HASHES = st.integers(-(2**63), 2**63 - 1)


@st.composite
def crowds(draw):
    """Hashes of which many are near to each other."""
    found = []
    for seed in draw(st.lists(HASHES, min_size=1, max_size=4)):
        flips = draw(st.lists(st.sets(st.integers(0, 62), max_size=7), max_size=25))
        found += [seed ^ sum(1 << bit for bit in bits) for bits in flips]
    return found


@given(crowds(), st.integers(0, 8))
def test_pairs_are_those_that_comparing_each_with_each_finds(few_hashes, radius):
    expected = {pair for pair in combinations(sorted(set(few_hashes)), 2) if differing_bits(*pair) <= radius}
    assert close_pairs(few_hashes, radius) == expected


@given(crowds(), st.integers(0, 8))
def test_pairs_are_the_same_when_every_bucket_is_cut_to_the_end(few_hashes, radius):
    kept = closeness._FEW
    closeness._FEW = 2
    try:
        cut = close_pairs(few_hashes, radius)
    finally:
        closeness._FEW = kept
    assert cut == close_pairs(few_hashes, radius)


@given(crowds(), st.integers(0, 8))
def test_groups_are_compact_and_lose_nobody(values, radius):
    ranked = sorted(set(values))
    groups = list(compact_groups(ranked, radius))
    assert sorted(value for group in groups for value in group) == ranked
    assert all(differing_bits(a, b) <= radius for group in groups for a, b in combinations(group, 2))
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)


def test_what_hangs_together_over_others_is_connected():
    assert sorted(map(sorted, connected([(1, 2), (5, 6), (2, 3), (9, 5)]))) == [[1, 2, 3], [5, 6, 9]]


def test_a_chain_of_small_steps_does_not_join_what_is_far_apart():
    chain = [0, 0b1111, 0b11111111]
    assert list(compact_groups(chain, 4)) == [[0, 0b1111], [0b11111111]]


@pytest.fixture
def family(gallery, root):
    """Ids by name: an original, a smaller and a brighter copy, and a stranger."""
    original = blotches(1)
    save(original, root / "original.png")
    save(original.resize((200, 200)), root / "small.jpg", quality=90)
    save(brighter(original, 1.05), root / "bright.png")
    save(blotches(2), root / "stranger.png")
    return {item.path.partition(".")[0]: item.id for item in gallery.add([root]).results}


def only_group(report):
    (group,) = report.groups
    return group


def keep_of(gallery):
    return only_group(gallery.duplicates()).members[0].asset.id


def test_copies_are_a_group_and_strangers_are_in_none(gallery, family):
    report = gallery.duplicates()
    group = only_group(report)
    assert {member.asset.id for member in group.members} == {family["original"], family["small"], family["bright"]}
    assert (group.outcome, group.doubts, report.batch) == ("proposed", (), None)
    body = report.to_json()["groups"][0]
    assert set(body["trash"]) == {item["id"] for item in body["assets"]} - {body["keep"]}
    assert body["assets"][0]["distance"] == 0


def test_looking_changes_nothing(gallery, family):
    batch = gallery.last_batch()
    gallery.duplicates()
    gallery.duplicates(apply=True, dry_run=True)
    assert gallery.last_batch() == batch
    assert gallery.count() == 4


def test_the_largest_is_kept_then_the_best_rated_then_the_most_tagged_then_the_oldest(gallery, context, family):
    moments = {"original": "2026-01-02 00:00:00.000000", "bright": "2026-01-01 00:00:00.000000"}
    with context.database.write() as connection:
        for name, moment in moments.items():
            connection.exec_driver_sql("UPDATE asset SET created_at = ? WHERE id = ?", (moment, family[name]))
    assert keep_of(gallery) == family["bright"]  # as large as the original, and older
    gallery.tag(family["original"], add=["mood:dark"])
    assert keep_of(gallery) == family["original"]
    gallery.edit({family["bright"]: Edit(rating=1)})
    assert keep_of(gallery) == family["bright"]
    gallery.edit({family["small"]: Edit(rating=5, add=["role:bg"])})
    assert keep_of(gallery) == family["bright"]
    with context.database.write() as connection:
        connection.execute(update(asset).where(asset.c.id == family["small"]).values(width=4000, height=4000))
    assert keep_of(gallery) == family["small"]


def test_the_kept_one_gets_all_tags_and_the_best_rating_and_the_others_lie_in_the_trash(gallery, root, family):
    gallery.edit({family["original"]: Edit(rating=2, add=["role:bg", "npc:alex"])})
    gallery.edit({family["small"]: Edit(rating=4, add=["npc:alexander", "mood:dark"])})
    report = gallery.duplicates(apply=True)
    assert only_group(report).outcome == "merged"
    assert report.batch == gallery.last_batch()
    kept = gallery.get(family["original"]).asset
    assert (kept.tags, kept.rating) == (("role:bg", "npc:alex", "mood:dark"), 4)
    assert {found.id for found in gallery.search(state="trashed").assets} == {family["small"], family["bright"]}
    assert gallery.count("mood:dark") == 1
    assert sorted(path.name for path in root.glob("*.*g")) == [
        "bright.png",
        "original.png",
        "small.jpg",
        "stranger.png",
    ]
    assert gallery.duplicates().groups == ()


def test_one_undo_takes_everything_back(gallery, family):
    gallery.edit({family["small"]: Edit(rating=4, add=["mood:dark"])})
    before = {found.id: (found.tags, found.rating) for found in gallery.search().assets}
    gallery.duplicates(apply=True)
    assert gallery.count() == 2
    gallery.undo()
    assert {found.id: (found.tags, found.rating) for found in gallery.search().assets} == before
    gallery.redo()
    assert gallery.count() == 2


def test_different_characters_are_for_a_person_to_judge(gallery, family):
    gallery.tag(family["original"], add=["npc:alex"])
    gallery.tag(family["small"], add=["npc:boss_01"])
    group = only_group(gallery.duplicates(apply=True))
    assert (group.outcome, [doubt.code for doubt in group.doubts]) == ("doubtful", ["different_characters"])
    assert "npc:alex / npc:boss_01" in group.doubts[0].message
    assert (group.to_json()["keep"], group.to_json()["trash"]) == (None, [])
    assert gallery.count() == 4


def test_the_same_character_in_another_spelling_or_nobody_is_no_doubt(gallery, family):
    gallery.tag(family["original"], add=["npc:alex"])
    assert only_group(gallery.duplicates()).doubts == ()


def test_a_stretched_copy_is_doubtful(gallery, root, family):
    save(blotches(1).resize((400, 320)), root / "wide.png")
    gallery.add([root / "wide.png"])
    assert [doubt.code for doubt in only_group(gallery.duplicates()).doubts] == ["different_shape"]


def test_tags_that_do_not_go_together_are_doubtful(gallery, family):
    gallery.tag(family["original"], add=["mood:calm"])
    gallery.tag(family["small"], add=["mood:tense"])
    small = SMALL_ONTOLOGY
    moods = [replace(space, single=space.name == "mood") for space in small.namespaces.values()]
    strict = Ontology(terms=small.terms.values(), namespaces=moods)
    group = only_group(Gallery(replace(gallery.context, ontology=strict)).duplicates(apply=True))
    assert (group.outcome, [doubt.code for doubt in group.doubts]) == ("doubtful", ["clashing_tags"])
    assert gallery.count() == 4


def test_too_many_tags_together_are_doubtful(gallery, family):
    gallery.tag(family["original"], add=[f"mood:a{number}" for number in range(200)])
    gallery.tag(family["small"], add=[f"mood:b{number}" for number in range(57)])
    assert [doubt.code for doubt in only_group(gallery.duplicates()).doubts] == ["too_many_tags"]


def test_identical_hashes_are_a_group_even_at_distance_nought(gallery, context, family):
    with context.database.write() as connection:
        connection.execute(update(asset).values(dhash=-3))
    assert len(only_group(gallery.duplicates(distance=0)).members) == 4


def test_a_group_that_somebody_changes_meanwhile_is_left_alone(gallery, context, family, monkeypatch):
    true_versions = duplicates._versions

    def versions(connection, keys):
        found = true_versions(connection, keys)
        return {key: version + 1 for key, version in found.items()}

    monkeypatch.setattr(duplicates, "_versions", versions)
    report = gallery.duplicates(apply=True)
    assert (only_group(report).outcome, only_group(report).error.code) == ("failed", "changed_meanwhile")
    assert report.batch is None
    assert gallery.count() == 4


@pytest.mark.parametrize("distance", [-1, 9])
def test_a_distance_out_of_range_is_refused(gallery, distance):
    with pytest.raises(InvalidInputError):
        gallery.duplicates(distance=distance)


def test_an_empty_gallery_has_no_duplicates(gallery):
    assert gallery.duplicates().groups == ()
    assert gallery.duplicates(apply=True).batch is None
