"""Coverage in depth: who is there in which role and view, all three on one picture."""

from hypothesis import given
from hypothesis import strategies as st
from resolver_strategies import VOCABULARY, assets

from resolver import CandidateIndex, coverage, coverage_views


def test_a_view_counts_where_identity_role_and_camera_are_on_one_picture():
    pictures = [
        {"id": 1, "tags": ["npc:anna", "role:char:hero", "camera:view:pov"]},
        {"id": 2, "tags": ["npc:ann", "role:char:hero", "camera:view:pov"]},
        {"id": 3, "tags": ["npc:ann", "role:char:hero"]},
        {"id": 4, "tags": ["npc:ann", "camera:framing:closeup"]},
        {"id": 5, "tags": ["loc:hall", "role:background", "camera:framing:closeup"]},
    ]
    assert coverage_views(pictures, VOCABULARY) == {
        "loc:hall": {"bg": {"camera:framing:closeup": 1}},
        "npc:ann": {"char:hero": {"camera:view:pov": 2}},
    }


@given(assets, st.sampled_from([("image",), ("video",), ("image", "video")]))
def test_an_index_answers_what_reading_answers(pictures, media_types):
    read = coverage_views(pictures, VOCABULARY, media_types=media_types)
    assert coverage_views(CandidateIndex(pictures), VOCABULARY, media_types=media_types) == read


@given(assets)
def test_no_role_in_a_view_is_counted_more_often_than_the_view_or_the_role(pictures):
    whole = coverage(pictures, VOCABULARY)
    for identity, roles in coverage_views(pictures, VOCABULARY).items():
        for role, views in roles.items():
            for view, number in views.items():
                assert 0 < number <= whole["cameras"][identity][view]
                assert number <= whole["characters"].get(identity, {}).get(role, number)
