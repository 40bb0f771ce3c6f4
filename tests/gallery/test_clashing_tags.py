"""The vocabulary's rules about tags that do not go together hold while tagging; what broke them before is reported."""

import pytest
from gallery_builders import make_picture, make_pictures, open_context

from gallery.journal.batches import Change, apply
from gallery.journal.editing import Edit
from ontology.errors import InvalidInputError
from ontology.terms import Namespace, Ontology, Term

ONTOLOGY = Ontology(
    [Term("mood:calm", "Calm", aliases=("mood:quiet",)), Term("mood:tense", "Tense"), Term("npc:alex", "Alex")],
    [
        Namespace("style", "Style", closed=False, single=True),
        Namespace("mood", "Mood", closed=False),
        Namespace("npc", "Characters", closed=True),
    ],
    exclusive=[("mood:calm", "mood:tense")],
)


@pytest.fixture
def context(root):
    with open_context(root, ontology=ONTOLOGY) as opened:
        yield opened


@pytest.fixture
def ids(gallery, root):
    return [item.id for item in gallery.add(make_pictures(root, 3)).results]


def tags_of(gallery, asset_id):
    return gallery.get(asset_id).asset.tags


def test_a_second_choice_fails_for_the_asset_that_has_a_first_and_goes_to_the_others(gallery, ids):
    gallery.tag(ids[0], add=["style:ink"])
    result = gallery.tag(ids, add=["style:oil"])
    assert [item.outcome for item in result.results] == ["failed", "changed", "changed"]
    error = result.results[0].error
    assert (error.code, error.message) == (
        "clashing_tags",
        "`style:oil` does not go together with `style:ink`: one tag of `style:` at a time",
    )
    assert "--replace" in error.hint
    assert tags_of(gallery, ids[0]) == ("style:ink",)


def test_a_change_that_takes_the_first_away_is_fine(gallery, ids):
    gallery.tag(ids[0], add=["mood:quiet"])
    assert gallery.tag(ids[0], add=["mood:tense"]).results[0].error.code == "clashing_tags"
    assert gallery.tag(ids[0], add=["mood:tense"], remove=["mood:calm"]).results[0].outcome == "changed"
    assert tags_of(gallery, ids[0]) == ("mood:tense",)


def test_with_replace_the_new_tag_takes_the_place_of_what_it_does_not_go_with(gallery, ids):
    gallery.tag(ids[0], add=["style:ink", "mood:calm", "npc:alex"])
    gallery.tag(ids[0], add=["style:oil", "mood:tense"], replace=True)
    assert tags_of(gallery, ids[0]) == ("npc:alex", "style:oil", "mood:tense")
    gallery.undo()
    assert tags_of(gallery, ids[0]) == ("style:ink", "mood:calm", "npc:alex")


def test_each_edit_of_many_replaces_or_not(gallery, ids):
    gallery.tag(ids[:2], add=["style:ink"])
    result = gallery.edit({ids[0]: Edit(add="style:oil", replace=True), ids[1]: Edit(add="style:oil")})
    assert [item.outcome for item in result.results] == ["changed", "failed"]


@pytest.mark.parametrize("replace", [False, True])
def test_tags_that_clash_with_each_other_are_refused_before_anything_is_done(gallery, ids, root, replace):
    with pytest.raises(InvalidInputError, match="do not go together") as caught:
        gallery.tag(ids, add=["style:ink", "style:oil"], replace=replace)
    assert caught.value.code == "clashing_tags"
    with pytest.raises(InvalidInputError, match="do not go together"):
        gallery.add(make_picture(root / "new.png", "blue"), tags=["mood:quiet", "mood:tense"])
    assert gallery.count() == 3


def test_adding_a_file_again_with_a_second_choice_fails_for_that_file(gallery, root):
    path = make_picture(root / "one.png", "red")
    gallery.add(path, tags=["style:ink"])
    (item,) = gallery.add(path, tags=["style:oil"]).results
    assert (item.outcome, item.error.code) == ("failed", "clashing_tags")


def test_what_broke_a_rule_before_there_was_one_can_be_edited_and_is_reported(gallery, context, ids):
    with context.database.write() as connection:
        changes = [Change(key, {"tags": []}, {"tags": ["style:ink", "style:oil"]}) for key in (1, 2)]
        changes.append(Change(3, {"tags": []}, {"tags": ["mood:quiet", "mood:calm", "style:ink"]}))
        apply(connection, context, "tag", changes)
    assert gallery.tag(ids[0], add=["npc:alex"]).results[0].outcome == "changed"
    found = [finding for finding in gallery.doctor() if finding.code == "clashing_tags"]
    assert [finding.message for finding in found] == [
        f"one tag of `style:` at a time: this rule is broken by 2 assets, {ids[0]}, {ids[1]}"
    ]
    gallery.untag(ids[:2], "style:oil")
    assert not [finding for finding in gallery.doctor() if finding.code == "clashing_tags"]


def test_trashed_assets_break_no_rule(gallery, context, ids):
    with context.database.write() as connection:
        apply(connection, context, "tag", [Change(1, {"tags": []}, {"tags": ["style:ink", "style:oil"]})])
    gallery.trash(ids[0])
    assert not [finding for finding in gallery.doctor() if finding.code == "clashing_tags"]
