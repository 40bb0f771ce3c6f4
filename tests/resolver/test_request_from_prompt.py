from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.terms import Namespace, Ontology, Term
from resolver import RequestError, request_from_prompt
from resolver.prompt import MAX_NOTICES, MAX_PROMPT

CLOSED = ("npc", "loc", "camera", "role", "prop")
SCHOOL = Ontology(
    [
        Term("player", "Player", keywords=("player character",)),
        Term("npc:alex", "Alex", kind="hero", aliases=("npc:alexander", "lex"), keywords=("red scarf",)),
        Term("npc:mira", "Mira"),
        Term("npc:bob", "Bob"),
        Term("npc:boss_01", "Gravelord", kind="monster"),
        Term("npc:wolf", "Grey wolf", kind="monster", keywords=("beast",)),
        Term("npc:dr", "Dr. Evil", kind="monster"),
        Term("npc:guard", "Guard", keywords=("guardian",)),
        Term("npc:kings_guard", "Guards of the king"),
        Term("npc:the", "The"),
        Term("npc:ryu", "龍"),
        Term("npc:old_name", "Sandy", deprecated=True, replaced_by="npc:alex"),
        Term("npc:gone", "Nobody", deprecated=True),
        Term("loc:dungeon", "The dungeon"),
        Term("loc:dungeon_entrance", "Dungeon entrance", broader=("loc:dungeon",), keywords=("gate", "stairs down")),
        Term("loc:school_rooftop", "School rooftop"),
        Term("loc:harbour", "Harbour", keywords=("front",)),
        Term("camera:view:pov", "Point of view", aliases=("cam:pov",), keywords=("first person", "pov")),
        Term("camera:view:front", "Front view", keywords=("facing the camera",)),
        Term("camera:angle:low", "Low angle", keywords=("worm's eye view",)),
        Term("camera:view:low", "Low view"),
        Term("prop:gate", "Iron bars", keywords=("gate",)),
        Term("role:bg", "Background"),
        Term("role:char:hero", "Hero picture"),
    ],
    [Namespace(name, name, closed=True) for name in CLOSED] + [Namespace("style", "Style", closed=False)],
)


def read(text, **overrides):
    return request_from_prompt(text, SCHOOL, **overrides)


def cast(text):
    request = read(text)
    return request.hero_id, request.enemy_ids, request.other_character_ids


def codes(text):
    return [notice.code for notice in read(text).notices]


def test_place_hero_and_enemy_of_a_sentence():
    request = read("Alex at the dungeon entrance against boss_01")
    assert (request.location_id, request.hero_id, request.enemy_ids) == (
        "loc:dungeon_entrance",
        "npc:alex",
        ("npc:boss_01",),
    )
    assert request.notices == ()


WHO = [
    ("npc:alex waits", "npc:alex"),
    ("NPC:Alex waits.", "npc:alex"),
    ("ＮＰＣ：ＡＬＥＸ", "npc:alex"),  # noqa: RUF001  # full-width letters and colon
    ("(npc:alexander)", "npc:alex"),
    ("npc:alex: hello!", "npc:alex"),
    ("npc:alex:hello", "npc:alex"),
    ("npc:alex's coat", "npc:alex"),
    ("npc:old_name", "npc:alex"),
    ("npc:gone", "npc:gone"),
    ("@alex runs", "npc:alex"),
    ("@Alex’s coat", "npc:alex"),  # the apostrophe that word processors make
    ("@npc:alex", "npc:alex"),
    ("@boss_01", "npc:boss_01"),
    ("@boss-01", "npc:boss_01"),
    ("@Grey_Wolf", "npc:wolf"),
    ("@grey wolf", "npc:wolf"),
    ("@lex", "npc:alex"),
    ("@the", "npc:the"),
    ("ALEX runs", "npc:alex"),
    ("Alex's coat", "npc:alex"),
    ("Alexander", "npc:alex"),
    ("lex", "npc:alex"),
    ("the girl in the red  scarf", "npc:alex"),
    ("the red\nscarf", "npc:alex"),
    ("Sandy", "npc:alex"),
    ("two guards", "npc:guard"),
    ("the guard's spear", "npc:guard"),
    ("beasts", "npc:wolf"),
    ("Dr. Evil laughs", "npc:dr"),
    ("Dr Evil laughs", "npc:dr"),
    ("player character", "player"),
    ("龍が来る", "npc:ryu"),
    ("", None),
    ("Alexa", None),
    ("alex_2", None),
    ("old_alex", None),
    ("realex", None),
    ("the", None),
    ("Nobody", None),
    ("12:30, note:this", None),
]


@pytest.mark.parametrize(("text", "who"), WHO)
def test_somebody_is_named(text, who):
    request = read(text)
    assert next(iter((*filter(None, [request.hero_id]), *request.enemy_ids)), None) == who


def test_a_whole_word_of_an_address_is_still_a_word_but_no_mention():
    assert read("mira@alexander").notices == ()


WISHES = [
    ("first person", ("camera:view:pov",)),
    ("POV, facing the camera", ("camera:view:pov", "camera:view:front")),
    ("a worm’s-eye view", ("camera:angle:low",)),
    ("cam:pov", ("camera:view:pov",)),
    ("@view:pov", ("camera:view:pov",)),
    ("camera:pov", ("camera:view:pov",)),
    ("style:ink", ("style:ink",)),
    ("role:bg", ("role:bg",)),
    ("@bg", ("role:bg",)),
    ("in the background", ()),
    ("a low wall", ()),
]


@pytest.mark.parametrize(("text", "preferred"), WISHES)
def test_cameras_and_other_known_tags_are_wished_for(text, preferred):
    request = read(text)
    assert request.preferred_tags == preferred
    assert request.notices == ()


LONGEST = [
    ("the dungeon entrance", "loc:dungeon_entrance"),
    ("the dungeon", "loc:dungeon"),
    ("dungeon_entrance", "loc:dungeon_entrance"),
    ("dungeon-entrance", "loc:dungeon_entrance"),
    ("the school rooftop", "loc:school_rooftop"),
]


@pytest.mark.parametrize(("text", "place"), LONGEST)
def test_the_longest_phrase_counts_and_its_words_count_once(text, place):
    request = read(text)
    assert request.location_id == place
    assert request.notices == ()


def test_a_longer_phrase_wins_over_one_that_begins_earlier():
    terms = [Term("npc:a", "A", keywords=("dark red",)), Term("npc:b", "B", keywords=("red scarf girl", "dark"))]
    both = Ontology(terms, [Namespace("npc", "N", closed=True)])
    assert request_from_prompt("the dark red scarf girl", both).hero_id == "npc:b"
    assert request_from_prompt("the dark red scarf", both).hero_id == "npc:a"


def test_a_name_comes_before_a_keyword_and_just_so_before_a_plural():
    terms = [
        Term("npc:a", "Rose"),
        Term("npc:b", "Bea", keywords=("rose",)),
        Term("npc:c", "Alexi"),
        Term("npc:d", "Alexis"),
    ]
    both = Ontology(terms, [Namespace("npc", "N", closed=True)])
    assert request_from_prompt("Rose", both).hero_id == "npc:a"
    assert request_from_prompt("Alexis", both).hero_id == "npc:d"
    assert request_from_prompt("Alexi's", both).hero_id == "npc:c"


CASTS = [
    ("Alex and Mira", ("npc:alex", (), ("npc:mira",))),
    ("Mira meets Alex", ("npc:alex", (), ("npc:mira",))),
    ("Mira and the player", ("player", (), ("npc:mira",))),
    ("the Gravelord and the grey wolf", (None, ("npc:boss_01", "npc:wolf"), ())),
    ("Alex against Mira", ("npc:alex", ("npc:mira",), ())),
    ("Alex vs. Mira", ("npc:alex", ("npc:mira",), ())),
    ("Alex VERSUS @mira", ("npc:alex", ("npc:mira",), ())),
    ("Mira fights Alex", ("npc:mira", ("npc:alex",), ())),
    ("Mira is chased by her guard", ("npc:mira", ("npc:guard",), ())),
    ("Alex fights npc:mira", ("npc:alex", ("npc:mira",), ())),
    ("Alex against Mira, Bob and the wolf", ("npc:alex", ("npc:mira", "npc:bob", "npc:wolf"), ())),
    ("Alex against Mira\n\nBob", ("npc:alex", ("npc:mira",), ("npc:bob",))),
    ("Alex against Mira. Bob watches", ("npc:alex", ("npc:mira",), ("npc:bob",))),
    ("Alex fights and Mira watches", ("npc:alex", (), ("npc:mira",))),
    ("Alex fights alongside Mira", ("npc:alex", (), ("npc:mira",))),
    ("the Gravelord attacks Alex and Mira", ("npc:alex", ("npc:boss_01",), ("npc:mira",))),
    ("the Gravelord fights the wolf", (None, ("npc:boss_01", "npc:wolf"), ())),
    ("fighting Mira", (None, ("npc:mira",), ())),
    ("Alex leans against the harbour wall, Mira sits", ("npc:alex", (), ("npc:mira",))),
    ("Alex against the Mira of old; against Bob", ("npc:alex", ("npc:mira", "npc:bob"), ())),
]


@pytest.mark.parametrize(("text", "expected"), CASTS)
def test_the_cast_follows_kinds_and_the_words_before_a_name(text, expected):
    assert cast(text) == expected


def test_a_second_place_is_noticed_and_the_first_used():
    request = read("from the harbour to the school rooftop, back to the harbour")
    assert request.location_id == "loc:harbour"
    assert [(notice.code, notice.field) for notice in request.notices] == [("second_location", "prompt")]


def test_what_may_mean_two_things_picks_nothing_and_is_told_once():
    request = read("Alex by a gate, a gate of iron")
    assert request.location_id is None
    assert request.preferred_tags == ()
    (notice,) = request.notices
    assert notice.to_json() == {
        "code": "ambiguous_phrase",
        "message": "“gate” may mean 2 terms",
        "hint": "write the one that is meant: loc:dungeon_entrance, prop:gate",
        "field": "prompt",
    }


CONTEXT = [
    ("at the gate", "loc:dungeon_entrance", ()),
    ("location gate", "loc:dungeon_entrance", ()),
    ("prop gate", None, ("prop:gate",)),
    ("@pov and @low", None, ("camera:view:pov",)),
]


@pytest.mark.parametrize(("text", "place", "preferred"), CONTEXT)
def test_the_word_before_can_settle_which_namespace_is_meant(text, place, preferred):
    request = read(text)
    assert (request.location_id, request.preferred_tags) == (place, preferred)


def test_a_long_list_of_meanings_is_shortened():
    many = Ontology([Term(f"npc:x{n}", "Twin") for n in range(9)], [Namespace("npc", "N", closed=True)])
    (notice,) = request_from_prompt("twins", many).notices
    assert notice.message == "“twins” may mean 9 terms"
    assert notice.hint.endswith("npc:x4, …")


def test_an_unknown_mention_is_noticed_with_what_was_meant():
    request = read("@bos_01 and @zzzz")
    assert cast("@bos_01 and @zzzz") == (None, (), ())
    assert [notice.code for notice in request.notices] == ["unknown_mention"] * 2
    assert request.notices[0].message == "@bos_01 is nobody and nothing this project knows"
    assert request.notices[0].hint == "did you mean npc:boss_01?"
    assert request.notices[1].hint == "write an id such as npc:alex"


def test_an_ambiguous_mention_is_noticed():
    assert codes("@low") == ["ambiguous_phrase"]


def test_an_unlisted_character_that_is_written_out_is_taken_as_in_a_block():
    assert cast("npc:zed against npc:bos_01") == ("npc:zed", ("npc:bos_01",), ())
    assert codes("camera:zzz") == ["not_understood"]


def test_overrides_are_request_fields():
    request = read("Alex at the harbour", max_results=1, location_id="loc:dungeon")
    assert (request.hero_id, request.location_id, request.max_results) == ("npc:alex", "loc:dungeon", 1)
    with pytest.raises(RequestError, match="max_results is 0"):
        read("Alex", max_results=0)


@pytest.mark.parametrize("text", [None, 3, b"Alex", ["Alex"]])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(RequestError) as error:
        read(text)
    assert f"not a {type(text).__name__}" in error.value.message
    assert error.value.hint


def test_a_prompt_beyond_the_limit_is_cut_and_says_so():
    request = read("Alex " + " " * MAX_PROMPT + "Mira")
    assert cast("Alex" + " " * MAX_PROMPT + "Mira") == ("npc:alex", (), ())
    assert [notice.code for notice in request.notices] == ["prompt_cut"]


@pytest.mark.parametrize("mark", ["@", "npc:", "camera:"])
def test_notices_stay_few_however_much_is_unknown(mark):
    request = read(" ".join(f"{mark}zz{number}" for number in range(1000)))
    assert len(request.notices) <= MAX_NOTICES + 1
    assert request.notices[-1].code == "notices_cut"
    assert len(request.other_character_ids) < MAX_NOTICES


def test_a_notice_shows_foreign_text_short_and_harmless():
    request = read("@" + "x\u202e" * 3 + "y" * 500_000)
    for notice in request.notices:
        assert len(notice.message) < 300
        assert notice.message.isprintable()


HUGE = {
    "names": "Alex fights Mira ",
    "mentions": "@nobody_at_all ",
    "hyphens": "a-",
    "colons": "npc:",
    "underscores": "a_",
    "marks": "\u0301",
    "full width": "Ａlex ",  # noqa: RUF001
    "unspaced": "龍",
    "stops": ".",
    "ats": "@",
}


@pytest.mark.parametrize("piece", HUGE.values(), ids=HUGE)
def test_a_long_prompt_is_read_at_once(piece):
    text = piece * (MAX_PROMPT // 5 // len(piece))
    assert work(text) < 0.3 + 10 * work(text[: len(text) // 4])  # what is quadratic takes sixteen times as long


def work(text):
    """Processor seconds of one reading."""
    started = process_time()
    read(text)
    return process_time() - started


words = st.sampled_from(
    ["Alex", "MIRA's", "the", "dungeon", "entrance", "gate", "low", "against", "and", "vs.", "@bob", "wolf"]
)
texts = st.lists(words | st.sampled_from([".", "npc:boss_01", "@x", "_", "zzz", "first person"]), max_size=12).map(
    " ".join
)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80) | texts)
def test_any_text_is_read_and_names_known_ids_only_once(text):
    request = read(text)
    assert all(tag in SCHOOL for tag in request.preferred_tags if not tag.startswith("style:"))
    assert len(request.notices) <= MAX_NOTICES + 1


@settings(max_examples=200, deadline=None)
@given(texts)
def test_case_width_and_spacing_never_matter(text):
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and char not in "_." else char for char in text)
    assert read(text.upper()) == read(text.lower()) == read(text.replace(" ", "   ")) == read(wide)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_what_follows_a_full_stop_never_changes_who_was_named_before(text):
    before, after = read(text), read(f"{text}. Bob")
    assert after.location_id == before.location_id
    assert after.preferred_tags == before.preferred_tags
    assert set(after.enemy_ids) >= set(before.enemy_ids) or "npc:bob" in (after.hero_id, *after.other_character_ids)
