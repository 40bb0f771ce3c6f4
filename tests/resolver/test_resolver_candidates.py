from collections import UserDict
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from time import process_time
from types import SimpleNamespace

import pytest

from resolver import AssetResolutionRequest, CandidateError, CandidateIndex, resolve_assets_for_action

HERO = AssetResolutionRequest(hero_id="npc:alex", max_results=500)
TAGS = ["npc:alex", "role:char:hero"]


def ids(candidates, request=HERO):
    return [match.asset["id"] for match in resolve_assets_for_action(request, candidates).matches]


def refused(candidates):
    with pytest.raises(CandidateError) as error:
        resolve_assets_for_action(HERO, candidates)
    assert error.value.code == "invalid_candidate"
    assert error.value.hint
    return error.value.message


@pytest.mark.parametrize("asset_id", [None, True, False, 1.0, "", [], {}, b"a", ("a",)])
def test_an_id_is_a_number_or_a_text(asset_id):
    assert f"no usable id: {asset_id!r}" in refused([{"id": asset_id, "tags": TAGS}])


def test_a_candidate_without_an_id_is_refused():
    assert "no usable id: None" in refused([{"tags": TAGS}])
    assert "no usable id: None" in refused([SimpleNamespace(tags=TAGS)])
    assert "no usable id: None" in refused([None])


@pytest.mark.parametrize("tags", ["npc:alex", 3, True])
def test_tags_are_a_list_and_no_single_text(tags):
    assert f"the tags of a candidate are {type(tags).__name__}" in refused([{"id": 1, "tags": tags}])


@pytest.mark.parametrize("tag", [None, 3, ["npc:alex"], {"namespace": "npc"}, b"npc:alex"])
def test_a_tag_that_is_no_text_is_refused_with_the_candidate(tag):
    assert refused([{"id": "a7", "tags": ["role:bg", tag]}]) == "candidate 'a7' has a tag that is not text"


def test_two_candidates_with_one_id_are_an_error_even_where_neither_fits():
    assert "two candidates have the id 7" in refused([{"id": 7, "tags": []}, {"id": 7, "tags": ["rain"]}])


def test_a_number_and_a_text_are_never_one_id():
    assert ids([{"id": "7", "tags": TAGS}, {"id": 7, "tags": TAGS}]) == [7, "7"]


@pytest.mark.parametrize("rating", [-1, 5.5, True, "4", float("nan"), float("inf"), [3]])
def test_a_rating_is_a_number_from_0_to_5(rating):
    assert f"candidate 1 has the rating {rating!r}" in refused([{"id": 1, "tags": [], "rating": rating}])


@pytest.mark.parametrize("media_type", ["picture", "IMAGE", 3, True, ["image"]])
def test_a_media_type_is_one_of_three(media_type):
    assert f"candidate 1 has the media type {media_type!r}" in refused(
        [{"id": 1, "tags": [], "media_type": media_type}]
    )


def test_what_is_odd_but_usable_is_read_as_it_is_meant():
    odd = UserDict(id=1, tags=iter(TAGS), rating=4, media_type=False, created_at="2026-01-01T00:00:00Z")
    plain = SimpleNamespace(id=2, tags=TAGS, rating=4)
    assert [match.asset for match in resolve_assets_for_action(HERO, [plain, odd]).matches] == [odd, plain]


BLOCKS = 2500
"""More candidates than are read at once."""


@pytest.mark.parametrize(
    "fault",
    [
        {"id": None},
        {"id": ""},
        {"id": True},
        {"id": 1.0},
        {"tags": "npc:alex"},
        {"tags": ["npc:alex", 3]},
        {"tags": ["npc:alex", ["rain"]]},
        {"rating": True},
        {"rating": 6},
        {"rating": float("nan")},
        {"rating": "4"},
        {"rating": [3]},
        {"media_type": "picture"},
        {"media_type": ["image"]},
        {"created_at": "yesterday"},
        {"created_at": 20260101},
        {"id": 7},
    ],
)
@pytest.mark.parametrize("place", [0, 2000, BLOCKS])
def test_a_faulty_object_among_many_is_refused_with_the_words_for_a_mapping(place, fault):
    whole = {"tags": TAGS, "rating": 3, "media_type": "image", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    mappings = [{"id": number, **whole} for number in range(BLOCKS)]
    mappings.insert(place, {"id": "bad", **whole, **fault})
    assert (
        refused([SimpleNamespace(**mapping) for mapping in mappings]).split(" in ")[0]
        == refused(mappings).split(" in ")[0]
    )


def test_many_objects_are_read_as_the_mappings_that_they_could_be():
    mappings = [
        {"id": number, "tags": [*TAGS, f"word{number}"], "rating": number % 6 or None, "media_type": None}
        | {"created_at": None if number % 7 else datetime(2026, 1, 1 + number % 3, tzinfo=UTC)}
        for number in range(BLOCKS)
    ]
    objects = [SimpleNamespace(**mapping) for mapping in mappings]
    found = resolve_assets_for_action(HERO, objects)
    assert [match.asset.id for match in found.matches] == ids(mappings)
    assert found.trace == resolve_assets_for_action(HERO, mappings).trace
    assert found.trace[0].tiers["exact"].fit == BLOCKS


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_first_faulty_candidate_is_named_wherever_it_stands(place):
    candidates = [{"id": number, "tags": TAGS} for number in (5, 6)]
    candidates.insert(place, {"id": "bad", "tags": TAGS, "rating": 9})
    assert "candidate 'bad' has the rating 9" in refused([*candidates, {"id": "worse", "tags": 3}])


@pytest.mark.parametrize(
    "created", ["yesterday", "", 20260101, 1.5, date(2026, 1, 1), ["2026-01-01"], "2026-13-01T00:00:00Z"]
)
def test_a_date_is_a_datetime_or_rfc_3339(created):
    assert f"candidate 1 has the date {created!r}"[:70] in refused([{"id": 1, "tags": [], "created_at": created}])


class Zoneless(tzinfo):
    """A zone that does not know its offset, which makes a datetime naive after all."""

    def utcoffset(self, _moment):
        return None


@pytest.mark.parametrize(
    "created",
    [
        datetime(2026, 1, 2, 3),  # noqa: DTZ001  # naive is UTC
        datetime(2026, 1, 2, 3, tzinfo=UTC),
        datetime(2026, 1, 2, 5, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 1, 2, 3, tzinfo=Zoneless()),
        "2026-01-02T03:00:00Z",
        "2026-01-02t03:00:00z",
        "2026-01-02 03:00:00+00:00",
        "2026-01-01T22:00:00.000-05:00",
        "2026-01-02T03:00:00",
    ],
)
def test_all_spellings_of_a_moment_are_one_moment(created):
    before = {"id": 9, "tags": TAGS, "created_at": "2026-01-02T02:59:59.999999Z"}
    same = {"id": 2, "tags": TAGS, "created_at": "2026-01-02T03:00:00Z"}
    after = {"id": 0, "tags": TAGS, "created_at": "2026-01-02T03:00:00.000001Z"}
    assert ids([before, same, after, {"id": 1, "tags": TAGS, "created_at": created}]) == [0, 1, 2, 9]


def test_the_first_and_the_last_moment_of_all_are_dates_too():
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    first = {"id": 2, "tags": TAGS, "created_at": datetime.min.replace(tzinfo=east)}
    last = {"id": 3, "tags": TAGS, "created_at": datetime.max.replace(tzinfo=west)}
    assert ids([{"id": 1, "tags": TAGS}, first, last]) == [3, 2, 1]


@pytest.mark.parametrize("candidates", [None, 3, "assets", b"assets", {"id": 1, "tags": []}])
def test_what_is_no_list_of_candidates_is_refused(candidates):
    refused(candidates)


def test_no_candidates_are_gaps_and_no_error():
    result = resolve_assets_for_action(HERO, [])
    assert result.matches == ()
    assert [gap.filled_by for gap in result.gaps] == [None]
    assert ids(CandidateIndex()) == []


def test_candidates_may_be_read_once_and_so_may_their_tags():
    assert ids({"id": number, "tags": iter(TAGS)} for number in (2, 1)) == [1, 2]
    for tags in (tuple(TAGS), frozenset(TAGS), dict.fromkeys(TAGS).keys()):
        assert ids([{"id": 1, "tags": tags}]) == [1]


def test_a_candidate_without_tags_fits_nothing():
    assert ids([{"id": 1}, {"id": 2, "tags": None}, {"id": 3, "tags": []}]) == []


def test_a_candidate_may_be_any_mapping_or_any_object():
    asset = UserDict(id=1, tags=TAGS)
    result = resolve_assets_for_action(HERO, [asset])
    assert result.hero_assets[0] is asset
    thing = SimpleNamespace(id="a", tags=TAGS)
    assert resolve_assets_for_action(HERO, [thing]).hero_assets == [thing]


def test_a_media_type_that_nobody_asks_for_is_never_returned():
    assert ids([{"id": 1, "tags": TAGS, "media_type": "audio"}, {"id": 2, "tags": TAGS, "media_type": ""}]) == [2]


def test_odd_tags_of_a_candidate_match_nothing_and_harm_nothing():
    odd = ["", " ", ":", "npc:", "\x1b[31m", "\u202e", "x" * 1_000_000, "🎬", "npc:alex:evil"]
    assert ids([{"id": 1, "tags": odd}, {"id": 2, "tags": [*odd, *TAGS]}]) == [2]


def test_five_hundred_results_of_many_candidates_come_in_rank_order():
    many = [{"id": number, "tags": TAGS} for number in range(2000, 0, -1)]
    assert ids(many) == list(range(1, 501))


def test_ten_thousand_enemies_among_ten_thousand_assets_are_no_square():
    enemies = [f"npc:e{number}" for number in range(10_000)]
    assets = [{"id": number, "tags": [f"npc:e{number * 2}", "role:char:monster"]} for number in range(10_000)]
    request = AssetResolutionRequest(enemy_ids=enemies, excluded_asset_ids=range(9_000, 19_000), max_results=1)
    started = process_time()
    result = resolve_assets_for_action(request, assets)
    assert process_time() - started < 10  # seconds; a square takes minutes
    assert len(result.matches) == 10_000
    started = process_time()
    assert resolve_assets_for_action(request, CandidateIndex(assets)) == result
    assert process_time() - started < 20


def test_a_thousand_enemies_are_answered_one_by_one():
    enemies = [f"npc:e{number}" for number in range(1000)]
    request = AssetResolutionRequest(enemy_ids=enemies, max_results=1)
    stand_ins = [{"id": number, "tags": ["role:char:monster"]} for number in range(3)]
    result = resolve_assets_for_action(request, [*stand_ins, {"id": "own", "tags": ["npc:e7", "role:char:monster"]}])
    assert list(result.enemies) == enemies
    assert [match.asset["id"] for match in result.matches[:9]] == [0, 1, 2, 0, 0, 0, 0, "own", 0]
    assert len(result.gaps) == 999
