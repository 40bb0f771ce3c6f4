"""Hypothesis strategies for small, crowded worlds: few ids, many tags an asset, so that every rule gets its ties."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from ontology.terms import Namespace, Ontology, Term
from resolver import AssetResolutionRequest

PLACES = ["loc:gate", "loc:hall", "loc:keep", "loc:realm", "loc:shore"]
PEOPLE = ["npc:ann", "npc:ben", "npc:cat", "player"]
ROLES = ["role:bg", "role:pov:player", "role:char:hero", "role:char:npc", "role:char:monster", "role:comic_frame"]
CAMERAS = ["camera:view:pov", "camera:framing:closeup"]
WORDS = ["rain", "draft"]
ALIASES = {"npc:anna": "npc:ann", "loc:beach": "loc:shore", "role:background": "role:bg", "npc:old_ben": "npc:ben"}
"""Old and other spellings, which may stand on assets and in requests."""

UNUSED = ["loc:moon", "npc:zoe"]
"""Ids that the vocabulary lists and no asset carries."""

BROADER = {
    "loc:gate": [["loc:hall", "loc:keep"], ["loc:realm"]],
    "loc:hall": [["loc:keep"], ["loc:realm"]],
    "loc:keep": [["loc:realm"]],
}
"""A diamond: the gate lies in the hall and in the keep, the hall in the keep, the keep in the realm."""

VOCABULARY = Ontology(
    [
        Term("loc:gate", "Gate", broader=("loc:hall", "loc:keep")),
        Term("loc:hall", "Hall", broader=("loc:keep",)),
        Term("loc:keep", "Keep", broader=("loc:realm",)),
        Term("loc:realm", "Realm"),
        Term("loc:shore", "Shore", aliases=("loc:beach",)),
        Term("loc:moon", "Moon"),
        Term("npc:ann", "Ann", kind="hero", aliases=("npc:anna",)),
        Term("npc:ben", "Ben"),
        Term("npc:old_ben", "Old Ben", deprecated=True, replaced_by="npc:ben"),
        Term("npc:cat", "Cat", kind="monster"),
        Term("npc:zoe", "Zoe"),
        Term("player", "Player"),
        Term("role:bg", "Background", aliases=("role:background",)),
        *(Term(tag, tag) for tag in (*ROLES[1:], *CAMERAS)),
    ],
    [Namespace(name, name, closed=True) for name in ("npc", "loc", "camera", "role")],
)

MOMENTS = [
    None,
    "2026-01-01T00:00:00Z",
    "2026-01-01T02:00:00+02:00",
    "2026-01-02T00:00:00",
    datetime(2026, 1, 1),  # noqa: DTZ001  # a naive date is meant
    datetime(2026, 1, 3, tzinfo=UTC),
    datetime(2026, 1, 3, tzinfo=timezone(timedelta(hours=-5))),
]

tags = st.lists(st.sampled_from([*PLACES, *PEOPLE, *ROLES, *CAMERAS, *WORDS, *ALIASES]), max_size=7)
asset_ids = st.one_of(
    st.integers(-3, 12), st.sampled_from(["a1", "a10", "a2", "1", "2", "Z", "a0000000000000007", "a000000000000000f"])
)

one_asset = st.fixed_dictionaries(
    {"id": asset_ids, "tags": tags},
    optional={
        "rating": st.sampled_from([None, 0, 3, 3.25, 4.5, 5]),
        "created_at": st.sampled_from(MOMENTS),
        "media_type": st.sampled_from([None, "image", "image", "video"]),
    },
)
assets = st.lists(
    one_asset,
    max_size=9,
    unique_by=lambda asset: asset["id"],
)

_need = st.sampled_from([None, None, True, False])
_people = st.sampled_from([*PEOPLE, "npc:zoe", "npc:anna"])
_filters = st.lists(st.sampled_from([*CAMERAS, *WORDS, "role:bg", "npc:ann"]), max_size=1)

_requests = st.fixed_dictionaries(
    {
        "location_id": st.sampled_from([None, *PLACES, "loc:gate", "loc:moon", "loc:beach"]),
        "hero_id": st.one_of(st.none(), _people),
        "enemy_ids": st.lists(_people, max_size=3),
        "other_character_ids": st.lists(_people, max_size=2),
        "need_background": _need,
        "need_hero": _need,
        "need_enemies": _need,
        "preferred_tags": st.lists(st.sampled_from([*CAMERAS, *WORDS, "loc:keep"]), max_size=2),
    },
    optional={
        "required_tags": _filters,
        "excluded_tags": _filters,
        "excluded_asset_ids": st.lists(asset_ids, max_size=2),
        "media_types": st.sampled_from([["image"], ["image", "video"], ["video"]]),
        "max_results": st.sampled_from([1, 2, 5, 500]),
        "weakest_tier": st.sampled_from(["role", "role", "broader", "identity", "exact"]),
        "different_identity": st.sampled_from(["last", "never"]),
        "fill": st.booleans(),
    },
)
requests = _requests.map(lambda fields: AssetResolutionRequest(**fields))
