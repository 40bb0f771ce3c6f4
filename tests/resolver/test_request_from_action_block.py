from types import MappingProxyType

import pytest

from ontology.terms import Namespace, Ontology, Term
from resolver import ActionBlockError, RequestError, request_from_action_block
from resolver.block_view import BlockView


def cast(request):
    return request.hero_id, request.enemy_ids, request.other_character_ids


def codes(request):
    return [(notice.code, notice.field) for notice in request.notices]


def test_tags_as_a_list(story):
    request = request_from_action_block(
        {"id": "b", "tags": ["loc:dungeon", "npc:alex", "npc:boss", "camera:view:pov"]}, ontology=story
    )
    assert request.location_id == "loc:dungeon"
    assert cast(request) == ("npc:alex", ("npc:boss",), ())
    assert request.preferred_tags == ("camera:view:pov",)
    assert request.notices == ()


def test_tags_as_a_mapping(story):
    tags = {"location": "School", "characters": ["Alex", "npc:boss", "player"], "mood": "tender", "role": "bg"}
    request = request_from_action_block({"tags": tags}, ontology=story)
    assert request.location_id == "loc:school"
    assert cast(request) == ("npc:alex", ("npc:boss",), ("player",))
    assert request.preferred_tags == ("mood:tender", "role:bg")
    assert request.notices == ()


@pytest.mark.parametrize(
    ("key", "value", "tag"),
    [
        ("Location", "Bench Park", "loc:bench_park"),
        ("place", "loc:bench_park", "loc:bench_park"),
        ("loc", "bench_park", "loc:bench_park"),
        ("locations", ["bench_park"], "loc:bench_park"),
    ],
)
def test_keys_that_name_a_place(key, value, tag):
    assert request_from_action_block({"tags": {key: value}}).location_id == tag


@pytest.mark.parametrize("key", ["character", "Characters", "npcs", "npc", "hero"])
def test_keys_that_name_somebody(key):
    assert request_from_action_block({"tags": {key: "alex"}}).hero_id == "npc:alex"
    assert request_from_action_block({"tags": {key: "player"}}).hero_id == "player"


SAID = [
    ({"hero": "boss"}, ("npc:boss", (), ())),
    ({"enemy": "alex"}, (None, ("npc:alex",), ())),
    (
        {"Enemies": ["mira", "alex"], "characters": ["bob", "boss"]},
        ("npc:bob", ("npc:mira", "npc:alex", "npc:boss"), ()),
    ),
    ({"hero": "mira", "characters": ["alex", "boss"]}, ("npc:mira", ("npc:boss",), ("npc:alex",))),
    ({"hero": ["mira", "boss"], "npc": "alex"}, ("npc:mira", (), ("npc:boss", "npc:alex"))),
    ({"hero": "alex", "enemy": "alex"}, ("npc:alex", ("npc:alex",), ())),
    ({"hero": ["mira", "alex"], "enemy": "alex"}, ("npc:mira", ("npc:alex",), ())),
]


@pytest.mark.parametrize(("tags", "expected"), SAID)
def test_a_part_that_is_said_outright_wins_over_the_kind(tags, expected, story):
    assert cast(request_from_action_block({"tags": tags}, ontology=story)) == expected


def test_a_part_is_said_outright_without_a_vocabulary_too():
    tags = {"characters": ["a", "b"], "hero": "c"}
    assert cast(request_from_action_block({"tags": tags})) == ("npc:c", ("npc:a", "npc:b"), ())
    tags = {"enemy": "c", "characters": ["a", "b"]}
    assert cast(request_from_action_block({"tags": tags})) == ("npc:a", ("npc:c", "npc:b"), ())


@pytest.mark.parametrize("odd", [5, 0.5, True, False])
def test_a_number_or_a_boolean_in_the_mapping_form_is_noticed_and_the_rest_is_heard(odd, story):
    request = request_from_action_block({"tags": {"intensity": odd, "hero": [odd, "alex"]}}, ontology=story)
    assert request.hero_id == "npc:alex"
    assert codes(request) == [("not_understood", "tags.intensity"), ("not_understood", "tags.hero")]
    assert request.notices[0].message == f"intensity: {odd!r} is not a tag"
    assert request.notices[0].hint


def test_other_tools_write_tags_as_objects():
    tags = [
        {"namespace": "LOC", "name": "Park"},
        {"namespace": "npc", "name": "npc:alex"},
        {"name": "npc:boss"},
        {"id": "camera:view:pov"},
        None,
    ]
    request = request_from_action_block({"tags": tags})
    assert request.location_id == "loc:park"
    assert cast(request) == ("npc:alex", ("npc:boss",), ())
    assert request.preferred_tags == ("camera:view:pov",)


def test_a_single_text_and_a_tuple_are_tags_too():
    assert request_from_action_block({"tags": "loc:park"}).location_id == "loc:park"
    assert request_from_action_block({"tags": ("loc:park", "player")}).hero_id == "player"


def test_any_mapping_is_a_block():
    assert request_from_action_block(MappingProxyType({"tags": MappingProxyType({"loc": "park"})})).location_id


def test_a_reference_image_names_somebody_and_what_it_shows(story):
    for spelling in ("referenceImage", "reference_image"):
        block = {"tags": ["loc:school"], spelling: {"npcId": "alex", "tags": ["camera:view:front"]}}
        request = request_from_action_block(block, ontology=story)
        assert request.hero_id == "npc:alex"
        assert request.preferred_tags == ("camera:view:front",)
    assert request_from_action_block({"referenceImage": {"npc_id": "npc:boss"}}).hero_id == "npc:boss"
    assert request_from_action_block({"referenceImage": {"npcId": 12}}).hero_id == "npc:12"
    assert request_from_action_block({"referenceImage": {}}).hero_id is None


def test_the_ends_of_a_transition_are_heard_in_order(story):
    block = {
        "operation_type": "video_transition",
        "from": {"tags": ["loc:school", "npc:alex"], "referenceImage": {"npcId": "mira"}},
        "to": {"npcId": "npc:boss", "tags": {"location": "dungeon"}},
    }
    request = request_from_action_block(block, ontology=story)
    assert request.location_id == "loc:school"
    assert cast(request) == ("npc:alex", ("npc:boss",), ("npc:mira",))
    assert codes(request) == [("second_location", "to.tags.location")]


def test_the_ends_of_a_transition_may_be_ids_of_other_blocks():
    request = request_from_action_block({"from": "b1", "to": "b2", "tags": ["npc:alex"]})
    assert cast(request) == ("npc:alex", (), ())
    assert request.notices == ()


def test_an_end_that_holds_itself_ends():
    end = {"tags": ["npc:alex"]}
    end["from"] = end
    assert request_from_action_block({"from": end}).hero_id == "npc:alex"


def test_a_second_place_is_named_and_the_first_used():
    request = request_from_action_block({"tags": ["loc:a", "loc:b", "loc:a"]})
    assert request.location_id == "loc:a"
    assert codes(request) == [("second_location", "tags")]
    assert request.notices[0].message == "loc:b is a second location; loc:a is used"


def test_what_is_not_understood_is_noticed_with_the_nearest_id(story):
    request = request_from_action_block({"tags": ["npc:alex", "camera:vieww:pov", "companion", " "]}, ontology=story)
    assert codes(request) == [("not_understood", "tags")] * 3
    assert request.notices[0].hint == "did you mean camera:view:pov?"
    assert request.notices[2].message.startswith("an empty tag")
    assert request.preferred_tags == ()


def test_a_short_camera_name_is_understood_where_only_one_term_ends_in_it(story):
    request = request_from_action_block({"tags": {"camera": ["pov", "low"], "cameras": "front"}}, ontology=story)
    assert request.preferred_tags == ("camera:view:pov", "camera:view:front")
    assert codes(request) == [("not_understood", "tags.camera")]  # an angle and a view are called low


def test_aliases_and_old_ids_are_followed(story):
    request = request_from_action_block({"tags": ["npc:old_alex", "npc:alexander", "cam:pov"]}, ontology=story)
    assert cast(request) == ("npc:alex", (), ())
    assert request.preferred_tags == ("camera:view:pov",)


def test_without_a_vocabulary_every_tag_with_a_namespace_is_preferred():
    request = request_from_action_block({"tags": ["style:ink", "companion"]})
    assert request.preferred_tags == ("style:ink",)
    assert codes(request) == [("not_understood", "tags")]


CASTING = [
    (["npc:boss", "npc:mira", "npc:alex", "player"], ("npc:alex", ("npc:boss",), ("npc:mira", "player"))),
    (["npc:mira", "player", "npc:boss"], ("player", ("npc:boss",), ("npc:mira",))),
    (["npc:boss", "npc:mira", "npc:bob"], ("npc:mira", ("npc:boss",), ("npc:bob",))),
    (["npc:boss", "npc:wolf"], (None, ("npc:boss", "npc:wolf"), ())),
    (["npc:stranger", "npc:boss"], ("npc:stranger", ("npc:boss",), ())),
    ([], (None, (), ())),
]


@pytest.mark.parametrize(("characters", "expected"), CASTING)
def test_the_cast_follows_the_kinds_of_the_vocabulary(characters, expected, story):
    assert cast(request_from_action_block({"tags": characters}, ontology=story)) == expected


def test_of_two_heroes_the_first_is_the_hero_and_the_other_another():
    two = Ontology(
        [Term("npc:a", "A", kind="hero"), Term("npc:b", "B", kind="hero")], [Namespace("npc", "N", closed=True)]
    )
    assert cast(request_from_action_block({"tags": ["npc:b", "npc:a"]}, ontology=two)) == ("npc:b", (), ("npc:a",))


def test_without_a_vocabulary_the_first_is_the_hero_and_every_later_one_an_enemy():
    request = request_from_action_block({"tags": ["npc:boss", "player", "npc:alex", "player"]})
    assert cast(request) == ("npc:boss", ("player", "npc:alex"), ())


@pytest.mark.parametrize("field", ["operation_type", "operationType"])
def test_a_fusion_needs_a_background_and_a_hero(field):
    request = request_from_action_block({field: " Fusion "})
    assert (request.need_background, request.need_hero, request.need_enemies) == (True, True, None)


@pytest.mark.parametrize("operation", ["image_to_image", None, 3])
def test_other_operations_need_what_is_named(operation):
    request = request_from_action_block({"operation_type": operation})
    assert (request.need_background, request.need_hero, request.need_enemies) == (None, None, None)


def test_fields_that_say_nothing_about_the_cast_are_left_alone():
    block = {
        "id": "b",
        "prompt": "Alex at the gate",
        "base_image_asset_id": "a1",
        "generated_asset_id": "a2",
        "default_strength": 0.4,
        "compatibleNext": ["b2"],
        "tags": ["npc:alex"],
    }
    assert request_from_action_block(block) == request_from_action_block({"tags": ["npc:alex"]})


def test_a_block_is_read_in_either_spelling():
    camel = {"operationType": "Fusion", "baseImageAssetId": 1, "generatedAssetId": "g", "defaultStrength": 1, "id": 7}
    snake = {"operation_type": "fusion", "base_image_asset_id": 1, "generated_asset_id": "g", "default_strength": 1.0}
    for block in (BlockView(camel), BlockView(snake | {"id": "7"})):
        assert (block.id, block.operation_type, block.base_image_asset_id) == ("7", "fusion", 1)
        assert (block.generated_asset_id, block.default_strength, block.prompt) == ("g", 1.0, None)


def test_overrides_are_request_fields():
    request = request_from_action_block({"tags": ["npc:alex"]}, max_results=1, need_hero=False)
    assert (request.hero_id, request.max_results, request.need_hero) == ("npc:alex", 1, False)
    with pytest.raises(RequestError, match="max_results is 0"):
        request_from_action_block({}, max_results=0)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (None, "an action block is a mapping, not a NoneType"),
        ([], "an action block is a mapping, not a list"),
        ("bench", "an action block is a mapping, not a str"),
        ({"id": "bench", "tags": 3}, "block bench: tags holds 3, which is no tag"),
        ({"id": "bench", "tags": ["npc:alex", 7]}, "block bench: tags holds 7, which is no tag"),
        ({"id": "bench", "tags": [["npc:alex"]]}, "block bench: tags holds ['npc:alex'], which is no tag"),
        ({"id": "bench", "tags": {"location": [["a"]]}}, "block bench: tags.location holds ['a'], which is no tag"),
        ({"id": "bench", "tags": {"location": {"name": 3}}}, "block bench: tags.location holds {'name': 3}"),
        ({"id": "bench", "referenceImage": "a1"}, "block bench: referenceImage is 'a1', not a mapping"),
        ({"id": "bench", "referenceImage": {"tags": 3}}, "block bench: referenceImage.tags holds 3"),
        ({"id": "bench", "referenceImage": {"npcId": 1.5}}, "block bench: referenceImage.npcId holds 1.5"),
        ({"id": "bench", "from": ["b1"]}, "block bench: from is ['b1'], not a mapping"),
        ({"id": "bench", "to": {"tags": [0]}}, "block bench: to.tags holds 0, which is no tag"),
        ({"id": "bench", "to": {"referenceImage": 1}}, "block bench: to.referenceImage is 1, not a mapping"),
        ({"tags": 3}, "block (no id): tags holds 3"),
    ],
)
def test_a_wrong_shape_is_refused_with_the_block_and_the_field(block, message):
    with pytest.raises(ActionBlockError) as error:
        request_from_action_block(block)
    assert message in error.value.message
    assert error.value.code == "invalid_action_block"
    assert error.value.hint


def test_a_notice_shows_foreign_text_short_and_harmless(story):
    request = request_from_action_block({"tags": ["loc:a\x1b[31m", "loc:b\u202e", "x" * 1_000_000]}, ontology=story)
    assert [notice.code for notice in request.notices] == ["second_location", "not_understood"]
    for notice in request.notices:
        assert len(notice.message) < 300
        assert notice.message.isprintable()


def test_ten_thousand_characters_are_cast_at_once(story):
    characters = [f"npc:extra_{number}" for number in range(10_000)]
    request = request_from_action_block({"tags": [*characters, "npc:boss"]}, ontology=story)
    assert request.hero_id == "npc:extra_0"
    assert request.enemy_ids == ("npc:boss",)
    assert len(request.other_character_ids) == 9_999
