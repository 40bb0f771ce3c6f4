from dataclasses import FrozenInstanceError
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.terms import Ontology
from resolver import (
    AssetResolutionRequest,
    Scene,
    SceneError,
    Shot,
    requests_of,
    resolve_assets_for_action,
    scene_from_mapping,
    scenes_from_mapping,
)

DUEL = {
    "label": "The duel",
    "location": "gate",
    "hero": "Alex",
    "enemies": ["boss", "npc:wolf"],
    "others": "mira",
    "prefer": ["mood:grim", "loc:kingdom"],
    "shots": [
        {"id": "wide", "camera": "front", "operation": " Fusion ", "prompt": "They meet."},
        {
            "camera": ["pov", "camera:angle:low"],
            "prefer": "rain:no",
            "overrides": {"enemyIds": ["npc:crow"], "location_id": None},
        },
    ],
}


def faults(data, ontology=None):
    with pytest.raises(SceneError) as error:
        scene_from_mapping("duel", data, ontology)
    assert error.value.hint
    assert error.value.code == "invalid_scene"
    return error.value.faults


def test_a_scene_is_read_with_its_shots(story):
    scene = scene_from_mapping("duel", DUEL, story)
    assert scene == Scene(
        id="duel",
        label="The duel",
        location="loc:gate",
        hero="npc:alex",
        enemies=("npc:boss", "npc:wolf"),
        others=("npc:mira",),
        prefer=("mood:grim", "loc:kingdom"),
        shots=(
            Shot("wide", ("camera:view:front",), "fusion", "They meet."),
            Shot(
                "2",
                ("camera:view:pov", "camera:angle:low"),
                overrides={"enemy_ids": ("npc:crow",), "location_id": None},
            ),
        ),
    )
    assert [(notice.code, notice.field) for notice in scene.notices] == [
        ("not_understood", "scene duel, shot 2, prefer")
    ]


def test_each_shot_is_a_request_in_which_the_shot_wins(story):
    (first, wide), (second, close) = requests_of(scene_from_mapping("duel", DUEL, story))
    assert (first, second) == ("wide", "2")
    assert wide == AssetResolutionRequest(
        location_id="loc:gate",
        hero_id="npc:alex",
        enemy_ids=["npc:boss", "npc:wolf"],
        other_character_ids=["npc:mira"],
        preferred_tags=["camera:view:front", "mood:grim", "loc:kingdom"],
    )
    assert (close.location_id, close.enemy_ids, close.hero_id) == (None, ("npc:crow",), "npc:alex")
    assert wide.notices == ()
    assert [notice.code for notice in close.notices] == ["not_understood"]


def test_a_scene_without_shots_is_a_request_itself(story):
    for shots in ({}, {"shots": None}, {"shots": []}):
        ((scene_id, request),) = requests_of(scene_from_mapping("duel", {"hero": "player", **shots}, story))
        assert (scene_id, request) == ("duel", AssetResolutionRequest(hero_id="player"))


def test_unknown_ids_are_notices_that_name_scene_and_shot_and_are_told_once_by_the_resolver(story):
    data = {"hero": "alx", "location": "gat", "shots": [{"id": "a", "overrides": {"hero_id": "npc:bos"}}]}
    scene = scene_from_mapping("duel", data, story)
    assert [(notice.code, notice.field, notice.hint) for notice in scene.notices] == [
        ("unknown_id", "scene duel, location_id", "did you mean loc:gate?"),
        ("unknown_id", "scene duel, hero_id", "did you mean npc:alex?"),
        ("unknown_id", "scene duel, shot a, hero_id", "did you mean npc:boss?"),
    ]
    ((_, request),) = requests_of(scene)
    assert [notice.field for notice in resolve_assets_for_action(request, [], ontology=story).notices] == [
        "location_id",
        "hero_id",
    ]


def test_a_tag_of_the_scene_that_means_nothing_is_told_with_every_shot(story):
    scene = scene_from_mapping("duel", {"prefer": "fog", "shots": [{"id": "a"}, {"id": "b"}]}, story)
    assert [[notice.field for notice in request.notices] for _, request in requests_of(scene)] == [
        ["scene duel, prefer"]
    ] * 2


def test_aliases_and_old_ids_are_followed(story):
    scene = scene_from_mapping(
        "duel", {"hero": "alexander", "enemies": "npc:old_alex", "prefer": "npc:old_alex"}, story
    )
    assert (scene.hero, scene.enemies, scene.prefer) == ("npc:alex", ("npc:alex",), ("npc:alex",))


def test_without_a_vocabulary_ids_are_taken_as_they_are():
    scene = scene_from_mapping("duel", MappingProxyType({"location": "Old Mill", "hero": "", "prefer": ["loc:a"]}))
    assert (scene.location, scene.hero, scene.prefer, scene.notices) == ("loc:old_mill", None, ("loc:a",), ())


def test_a_scene_cannot_be_changed(story):
    scene = scene_from_mapping("duel", DUEL, story)
    with pytest.raises(FrozenInstanceError):
        scene.hero = "npc:bob"
    with pytest.raises(TypeError):
        scene.shots[1].overrides["hero_id"] = "npc:bob"


WRONG = [
    (None, "scene duel: None is not a mapping"),
    ([], "scene duel: [] is not a mapping"),
    ({"herro": "alex"}, "scene duel: there is no field 'herro'"),
    ({"label": 3}, "scene duel, label: 3 is not a text"),
    ({"location": ["a", "b"]}, "scene duel, location: ['a', 'b'] is not a text"),
    ({"location": "npc:alex"}, "scene duel, location: 'npc:alex' is not a place (loc:…)"),
    ({"hero": "loc:gate"}, "scene duel, hero: 'loc:gate' is not a character (npc:… or player)"),
    ({"hero": ["alex", "bob"]}, "scene duel, hero: there can be one only"),
    ({"enemies": 5}, "scene duel, enemies: 5 is not a text"),
    ({"others": ["bob", {"a": 1}]}, "scene duel, others: {'a': 1} is not a text"),
    ({"prefer": [1]}, "scene duel, prefer: 1 is not a text"),
    ({"shots": {"a": {}}}, "scene duel, shots: {'a': {}} is not a list"),
    ({"shots": "wide"}, "scene duel, shots: 'wide' is not a list"),
    ({"shots": ["wide"]}, "scene duel, shot 1: 'wide' is not a mapping"),
    ({"shots": [{"id": "a"}, {"id": "a"}]}, "scene duel, shots: two shots have the id a"),
    ({"shots": [{"id": 2}, {}]}, "scene duel, shots: two shots have the id 2"),
    ({"shots": [{"id": []}]}, "scene duel, shot 1, id: [] is not an id"),
    ({"shots": [{"id": True}]}, "scene duel, shot 1, id: True is not an id"),
    ({"shots": [{"id": "a", "camra": "pov"}]}, "scene duel, shot a: there is no field 'camra'"),
    ({"shots": [{"id": "a", "camera": 3}]}, "scene duel, shot a, camera: 3 is not a text"),
    ({"shots": [{"operation": "fuse"}]}, "scene duel, shot 1, operation: 'fuse' is not one of text_to_image"),
    ({"shots": [{"operation": 3}]}, "scene duel, shot 1, operation: 3 is not a text"),
    ({"shots": [{"prompt": ["a"]}]}, "scene duel, shot 1, prompt: ['a'] is not a text"),
    ({"shots": [{"overrides": [1]}]}, "scene duel, shot 1, overrides: [1] is not a mapping"),
    ({"shots": [{"overrides": {"max_results": 0}}]}, "scene duel, shot 1, overrides: max_results is 0"),
    ({"shots": [{"overrides": {"hero": "a"}}]}, "scene duel, shot 1, overrides: a request has no field 'hero'"),
    ({"shots": [{"overrides": {"hero_id": "bob"}}]}, "scene duel, shot 1, overrides: hero_id has 'bob'"),
]


@pytest.mark.parametrize(("data", "fault"), WRONG, ids=[fault for _, fault in WRONG])
def test_a_fault_names_scene_shot_and_field(data, fault):
    (found,) = faults(data)
    assert found.startswith(fault)


def test_all_faults_of_all_scenes_are_told_at_once():
    with pytest.raises(SceneError) as error:
        scenes_from_mapping(
            {"scenes": {"a": {"hero": 1, "shot": []}, "b": {"shots": [{"camra": 1, "operation": "x"}]}}}
        )
    assert [fault.partition(":")[0] for fault in error.value.faults] == [
        "scene a",
        "scene a, hero",
        "scene b, shot 1",
        "scene b, shot 1, operation",
    ]
    assert error.value.hint.startswith("did you mean shots, camera?")
    assert all(fault in error.value.message for fault in error.value.faults)


def test_a_file_holds_scenes_by_id(story):
    assert [scene.id for scene in scenes_from_mapping({"scenes": {"b": DUEL, 7: {}}}, story)] == ["b", "7"]
    assert scenes_from_mapping({}) == scenes_from_mapping({"scenes": None}) == ()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ([], "the file: [] is not a mapping"),
        ({"scene": {}}, "the file: there is no field 'scene'"),
        ({"scenes": ["duel"]}, "the file, scenes: ['duel'] is not a mapping"),
    ],
)
def test_a_file_of_another_form_is_refused(data, fault):
    with pytest.raises(SceneError) as error:
        scenes_from_mapping(data)
    assert error.value.faults == (fault,)


def test_a_fault_shows_foreign_text_short_and_harmless():
    (fault,) = faults({"location": ["\x1b[31m" + "x" * 100_000]})
    assert len(fault) < 200
    assert fault.isprintable()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["alex", "loc:gate", "pov"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
shots = st.lists(
    st.dictionaries(st.sampled_from(["id", "camera", "prefer", "operation", "prompt", "overrides"]), values)
)
scenes = st.dictionaries(st.sampled_from(["label", "location", "hero", "enemies", "others", "prefer"]), values)


@settings(max_examples=300, deadline=None)
@given(scenes, shots | values)
def test_whatever_a_file_holds_is_read_or_refused_as_a_scene(data, given_shots):
    for ontology in (None, Ontology()):
        try:
            scene = scene_from_mapping("duel", {**data, "shots": given_shots}, ontology)
        except SceneError:
            continue
        assert len(requests_of(scene)) == max(1, len(scene.shots))
        assert hash(scene) == hash(scene)
