"""How often terms are used, which tags have no term, which terms have no use."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vocabulary_projects import fill, make_project

from callsheet import Workspace
from gallery.journal.batches import Change, apply
from ontology.errors import InvalidInputError, NotFoundError


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(make_project(tmp_path / "project")) as opened:
        yield opened


@pytest.fixture
def ids(ws):
    return fill(ws)


def store(ws, asset_id, *tags):
    """Tags as an older vocabulary may have let them in."""
    keys = {one: key for key, one in enumerate(sorted_by_key(ws), start=1)}
    current = list(ws.gallery.get(asset_id).asset.tags)
    with ws.gallery.context.database.write() as connection:
        change = Change(keys[asset_id], {"tags": current}, {"tags": list(tags)})
        apply(connection, ws.gallery.context, "tag", [change])


def sorted_by_key(ws):
    with ws.gallery.context.database.read() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT id FROM asset ORDER BY key")]


def use(ws, term):
    (found,) = ws.vocabulary.usage(term)
    body = found.to_json()
    return tuple(body[name] for name in ("assets", "wider", "blocks", "scenes", "specs", "searches"))


def test_uses_are_counted_in_assets_blocks_scenes_specs_and_searches(ws, ids):
    assert use(ws, "npc:alex") == (2, 2, 3, 1, 1, 2)
    assert use(ws, "loc:gate") == (1, 1, 2, 1, 1, 1)
    assert use(ws, "npc:unused") == (0, 0, 0, 0, 0, 0)
    assert use(ws, "camera:view:pov") == (0, 0, 0, 1, 0, 0)


def test_a_wider_term_counts_its_narrower_ones_apart(ws, ids):
    assert use(ws, "loc:dungeon") == (0, 1, 0, 0, 0, 0)
    ws.gallery.tag(ids[0], add=["loc:dungeon"])
    ws.gallery.tag(ids[3], add=["loc:dungeon"])
    assert use(ws, "loc:dungeon")[:2] == (2, 2)


def test_an_asset_that_carries_two_spellings_of_a_term_counts_once(ws, ids):
    store(ws, ids[3], "npc:alexander", "npc:old_name", "npc:alex")
    assert use(ws, "npc:alex")[:2] == use(ws, "npc:alexander")[:2] == (3, 3)


def test_trashed_and_missing_assets_are_not_counted(ws, ids):
    assert use(ws, "npc:ruby")[0] == 0
    ws.gallery.restore(ids[2])
    assert use(ws, "npc:ruby")[0] == 1


def test_every_term_is_listed_zeros_among_them_and_replaced_ids_are_not(ws, ids):
    listed = [item.id for item in ws.vocabulary.usage(namespace="npc")]
    assert listed == ["npc:alex", "npc:ruby", "npc:unused"]
    everything = {item.id for item in ws.vocabulary.usage()}
    assert everything == set(ws.ontology.terms) - {"npc:old_name"}


@pytest.mark.parametrize(
    ("sort", "first"),
    [("assets", "mood:calm"), ("wider", "loc:dungeon"), ("id", "loc:dungeon"), ("blocks", "loc:gate")],
)
def test_the_most_used_come_first_by_what_is_asked(ws, ids, sort, first):
    ws.gallery.tag(ids[1:], add=["mood:calm"])
    if sort == "wider":
        ws.gallery.tag(ids[3], add=["loc:dungeon"])
    found = [item for item in ws.vocabulary.usage(sort=sort) if item.id[:3] in ("loc", "moo")]
    if sort == "wider":
        found = [item for item in found if item.id != "mood:calm"]
    assert found[0].id == first


def test_what_is_not_there_is_said(ws):
    with pytest.raises(NotFoundError, match="npc:alx") as caught:
        ws.vocabulary.usage("npc:alx")
    assert "npc:alex" in caught.value.hint
    with pytest.raises(NotFoundError, match="namespace"):
        ws.vocabulary.usage(namespace="who")
    with pytest.raises(InvalidInputError, match="sort"):
        ws.vocabulary.usage(sort="size")


def test_a_term_that_was_taken_out_leaves_an_orphan_with_its_ways_out(ws, ids):
    people = ws.root / "ontology/people.yaml"
    people.write_text(people.read_text().replace("  npc:ruby: {label: Ruby, kind: hero}\n", ""))
    ws.reload_vocabulary()
    found = ws.vocabulary.orphans()
    (orphan,) = [one for one in found.tags if one.tag == "npc:ruby"]
    assert (orphan.code, orphan.uses.assets, orphan.uses.blocks, orphan.uses.scenes) == ("unknown_term", 1, 1, 1)
    assert "`callsheet ontology add npc:ruby`" in orphan.hint
    assert [term.id for term in found.unused] == ["npc:unused"]


def test_an_orphan_near_a_term_names_it(ws, ids):
    store(ws, ids[3], "npc:alexx", "who:me", "sketch")
    found = {one.tag: one for one in ws.vocabulary.orphans().tags}
    assert set(found) == {"npc:alexx", "who:me"}
    assert (found["npc:alexx"].near, found["who:me"].code) == ("npc:alex", "undeclared_namespace")
    assert "`callsheet ontology rename npc:alexx npc:alex`" in found["npc:alexx"].hint


def test_what_a_hint_proposes_works(ws, ids):
    store(ws, ids[3], "npc:alexx", "npc:zed")
    ws.vocabulary.rename("npc:alexx", "npc:alex")
    ws.vocabulary.add("npc:zed")
    assert ws.vocabulary.orphans().tags == ()


def test_a_wider_term_of_one_in_use_is_in_use(ws, ids):
    assert "loc:dungeon" not in [term.id for term in ws.vocabulary.orphans().unused]


def test_a_file_that_cannot_be_read_is_named(ws, ids):
    (ws.root / "blocks/broken.yaml").write_text("id: [")
    assert ws.vocabulary.orphans().unread == ("blocks/broken.yaml",)


_TAGS = ["npc:alex", "npc:alexander", "npc:old_name", "npc:ruby", "loc:dungeon", "loc:gate", "mood:calm", "mood:x", "w"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tagged=st.lists(st.lists(st.sampled_from(_TAGS), unique=True, max_size=6), min_size=4, max_size=4))
def test_counts_agree_with_looking_at_every_asset(tagged, ws_once):
    ws, ids = ws_once
    with ws.gallery.context.database.write() as connection:
        current = [list(ws.gallery.get(one).asset.tags) for one in ids]
        changes = [
            Change(key, {"tags": before}, {"tags": after})
            for key, (before, after) in enumerate(zip(current, tagged, strict=True), start=1)
        ]
        apply(connection, ws.gallery.context, "tag", changes)
    live = [set(map(ws.ontology.canonical, tags)) for tags, one in zip(tagged, ids, strict=True) if one != ids[2]]
    own = Counter(tag for tags in live for tag in tags)
    for item in ws.vocabulary.usage():
        family = {item.id, *ws.ontology.narrower(item.id)}
        assert (item.uses.assets, item.wider) == (own[item.id], sum(not family.isdisjoint(tags) for tags in live))


@pytest.fixture(scope="module")
def ws_once(tmp_path_factory):
    with Workspace.open(make_project(tmp_path_factory.mktemp("once") / "project")) as opened:
        yield opened, fill(opened)
