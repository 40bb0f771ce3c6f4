"""What a plan of scenes says: what every shot has, what is missing, and what waits for it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from resolver import (
    AssetResolutionRequest,
    CandidateIndex,
    plan_scenes,
    requests_of,
    resolve_assets_for_action,
    scene_from_mapping,
)


@dataclass(frozen=True)
class Picture:
    id: str
    tags: tuple[str, ...]
    created_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)


def picture(*tags):
    return Picture("-".join(tags), tags)


def scene(name, **fields):
    """The questions of one scene."""
    return [(name, shot, request) for shot, request in requests_of(scene_from_mapping(name, fields))]


def planned(questions, *pictures):
    index = CandidateIndex(pictures)
    return plan_scenes(questions, lambda request: resolve_assets_for_action(request, index))


def needs(plan):
    return [(one.tags, one.scenes, one.shots) for one in plan.missing]


def test_a_row_has_every_slot_with_its_first_picture_its_tier_and_what_is_missing():
    gate = picture("loc:gate", "role:bg")
    troll = picture("npc:other", "role:char:monster")
    plan = planned(scene("duel", location="gate", hero="alex", enemies=["boss"]), gate, troll)
    assert [(cell.slot, cell.identity, cell.tier, cell.asset_id, cell.wanted_role) for cell in plan.rows[0].cells] == [
        ("background", "loc:gate", "exact", gate.id, None),
        ("hero", "npc:alex", None, None, "role:char:hero"),
        ("enemy", "npc:boss", "role", troll.id, "role:char:monster"),
    ]
    assert plan.rows[0].is_ready is False
    assert [(one.filled_by, one.tags) for one in plan.missing] == [
        (None, ("npc:alex", "role:char:hero")),
        ("role", ("npc:boss", "role:char:monster")),
    ]


def test_what_keeps_the_most_scenes_waiting_comes_first_whatever_the_number_of_shots():
    shots = [{"id": str(number)} for number in range(5)]
    questions = [
        *scene("one", hero="alex", shots=shots),
        *scene("two", location="gate", others=["mira"]),
        *scene("three", location="gate", others=["ruby"]),
    ]
    plan = planned(questions)
    assert needs(plan)[0] == (("loc:gate", "role:bg"), ("two", "three"), 2)
    assert needs(plan)[1] == (("npc:alex", "role:char:hero"), ("one",), 5)


def test_of_two_that_as_many_wait_for_the_one_that_completes_more_comes_first():
    questions = [*scene("one", location="gate", hero="alex"), *scene("two", hero="mira")]
    plan = planned(questions)
    assert [(one.identity, one.completes) for one in plan.missing] == [
        ("npc:mira", ("two",)),
        ("loc:gate", ()),
        ("npc:alex", ()),
    ]


def test_a_picture_that_fills_several_gaps_of_somebody_is_asked_for_once():
    """A hero's picture is exact where he is a companion; where he is an enemy it is not."""
    questions = [*scene("one", hero="alex"), *scene("two", others=["alex"]), *scene("three", hero="alex")]
    assert needs(planned(questions)) == [(("npc:alex", "role:char:hero"), ("one", "two", "three"), 3)]
    questions += scene("four", enemies=["alex"], shots=[{"id": str(number)} for number in range(9)])
    assert needs(planned(questions)) == [
        (("npc:alex", "role:char:hero"), ("one", "two", "three"), 3),
        (("npc:alex", "role:char:monster"), ("four",), 9),
    ]


def test_the_role_that_most_scenes_ask_for_is_the_one_that_is_made():
    questions = [*scene("one", hero="alex"), *scene("two", others=["alex"]), *scene("three", others=["alex"])]
    assert needs(planned(questions)) == [(("npc:alex", "role:char:npc"), ("one", "two", "three"), 3)]


def test_without_an_identity_a_slot_is_missing_only_where_nothing_fits():
    questions = [("any", "any", AssetResolutionRequest(need_background=True, need_enemies=True))]
    plan = planned(questions)
    assert [(one.identity, one.tags) for one in plan.missing] == [(None, ("role:bg",)), (None, ("role:char:monster",))]
    assert planned(questions, picture("role:bg"), picture("npc:wolf", "role:char:npc")).missing == ()


def test_what_shots_insist_on_is_part_of_the_picture():
    asks = scene("one", hero="alex") + scene("two", hero="alex", shots=[{"overrides": {"required_tags": ["ink"]}}])
    assert [tags for tags, *_ in needs(planned(asks))] == [
        ("npc:alex", "role:char:hero"),
        ("npc:alex", "role:char:hero", "ink"),
    ]


def test_the_player_as_hero_needs_a_view_through_his_eyes():
    assert planned(scene("one", hero="player")).missing[0].wanted_role == "role:pov:player"


def test_each_distinct_request_is_resolved_once():
    asked = []
    index = CandidateIndex([])

    def resolve(request):
        asked.append(request)
        return resolve_assets_for_action(request, index)

    questions = [
        (f"scene-{number}", "s", AssetResolutionRequest(hero_id=f"npc:h{number % 7}")) for number in range(700)
    ]
    plan = plan_scenes(questions, resolve)
    assert (len(asked), len(plan.rows), len(plan.missing)) == (7, 700, 7)


def test_a_shot_keeps_its_own_notices_where_its_request_is_known_already():
    broken = scene_from_mapping("one", {"hero": "alex", "prefer": ["what:", "x y z?"]})
    questions = [("one", shot, request) for shot, request in requests_of(broken)]
    plan = planned([*scene("zero", hero="alex", prefer=list(broken.prefer)), *questions])
    assert plan.rows[0].cells == plan.rows[1].cells
    assert len(plan.rows[1].notices) >= len(plan.rows[0].notices)


def test_no_scene_at_all_is_a_plan_without_anything():
    plan = planned([])
    assert (plan.rows, plan.missing, plan.scenes) == ((), (), {})


PEOPLE = st.sampled_from(["npc:a", "npc:b", "npc:c", "player"])
PLACES = st.sampled_from(["loc:x", "loc:y"])
ROLES = st.sampled_from(["role:bg", "role:char:hero", "role:char:npc", "role:char:monster", "role:pov:player"])
REQUESTS = st.builds(
    AssetResolutionRequest,
    location_id=st.none() | PLACES,
    hero_id=st.none() | PEOPLE,
    enemy_ids=st.lists(PEOPLE, max_size=2),
    other_character_ids=st.lists(PEOPLE, max_size=2),
    required_tags=st.lists(st.just("ink"), max_size=1),
)
PICTURES = st.lists(st.tuples(PEOPLE | PLACES, ROLES), max_size=6).map(
    lambda found: [Picture(str(number), tags) for number, tags in enumerate(found)]
)


def lacking(rows):
    return sum(cell.wanted_role is not None for row in rows for cell in row.cells)


@settings(deadline=None, max_examples=150)
@given(requests=st.lists(REQUESTS, max_size=6), pictures=PICTURES)
def test_once_everything_missing_is_made_nothing_is_missing(requests, pictures):
    """Whatever was there before; and a scene that lacks one picture is ready with that one."""
    questions = [(f"s{place % 3}", str(place), request) for place, request in enumerate(requests)]
    plan = planned(questions, *pictures)
    made = [Picture(f"made-{place}", one.tags) for place, one in enumerate(plan.missing)]
    after = planned(questions, *pictures, *made)
    assert after.missing == ()
    assert all(row.is_ready for row in after.rows)
    for place, one in enumerate(plan.missing):
        before, rows = plan.scenes, planned(questions, *pictures, made[place]).scenes
        assert all(all(row.is_ready for row in rows[name]) for name in one.completes)
        assert all(lacking(rows[name]) < lacking(before[name]) for name in one.scenes)


@settings(deadline=None, max_examples=60)
@given(requests=st.lists(REQUESTS, max_size=6), pictures=PICTURES)
def test_every_gap_of_every_shot_waits_for_something(requests, pictures):
    questions = [(str(place), "s", request) for place, request in enumerate(requests)]
    plan = planned(questions, *pictures)
    waiting = {scene for one in plan.missing for scene in one.scenes}
    assert waiting == {row.scene for row in plan.rows if not row.is_ready}
    assert [len(one.scenes) for one in plan.missing] == sorted((len(one.scenes) for one in plan.missing), reverse=True)
