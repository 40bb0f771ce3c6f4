"""What may be stored as a tag, what may not, and what the refusal says."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import InvalidInputError, TagError
from ontology.normalize import check_tags, normalize_tags
from ontology.tags import MAX_TAG_LENGTH, is_well_formed
from ontology.terms import Namespace, Ontology, Term

ONTOLOGY = Ontology(
    [
        Term("player", "Player"),
        Term("role:bg", "Background"),
        Term("npc:alex", "Alex", aliases=("npc:alexander", "lexi")),
        Term("npc:gone", "Gone", deprecated=True),
        Term("npc:old", "Old", deprecated=True, replaced_by="npc:alex"),
        Term("loc:dungeon", "The dungeon", keywords=("cellar",)),
        Term("camera:view:pov", "Point of view", aliases=("cam:pov",)),
        Term("style:watercolour", "Watercolour"),
        Term("style:größe", "Größe"),
    ],
    [
        Namespace("npc", "Characters", closed=True),
        Namespace("loc", "Locations", closed=True),
        Namespace("camera", "Camera", closed=True),
        Namespace("role", "Roles", closed=True),
        Namespace("style", "Style", closed=False),
    ],
)

REFUSED = [
    ("", "tag_empty", None),
    ("  \n", "tag_empty", None),
    ("x" * 121, "tag_too_long", None),
    ("x" * 100_000, "tag_too_long", None),
    ("\ufdfa" * 10, "tag_too_long", None),  # one ligature, 18 characters when folded
    ("a\x1b[31mb", "tag_odd_character", "\\x1b"),
    ("npc:al\u200bex", "tag_odd_character", "\\u200b"),
    ("\u202enpc:alex", "tag_odd_character", "\\u202e"),
    ("two\nlines", "tag_odd_character", "\\x0a"),
    ("\ud800", "tag_odd_character", "\\ud800"),
    ("a\ufe0fb", "tag_odd_character", "\\ufe0f"),
    ("a\U000e0100", "tag_odd_character", "\\U000e0100"),
    ("npc:", "tag_bad_segment", None),
    (":alex", "tag_bad_segment", None),
    ("camera::pov", "tag_bad_segment", "camera:view:pov"),
    ("größe:x", "tag_bad_segment", None),
    ("npc:al/ex", "tag_bad_segment", "npc:alex"),
    ("npc:-alex", "tag_bad_segment", "npc:alex"),
    ("a/b", "tag_bad_segment", "/"),
    ("style:a/b", "tag_bad_segment", "/"),
    ("[/", "tag_bad_segment", "[ /"),
    ("style:", "tag_bad_segment", None),
    ("npc:Alexx", "unknown_term", "did you mean npc:alex?"),
    ("npc:Alexx", "unknown_term", "add `npc:alexx: {label: …}` under `terms:`"),
    ("npc:qqqqqqqq", "unknown_term", "declare it"),
    ("loc:dungeon:entrance", "unknown_term", "loc:dungeon"),
    ("role:backdrop", "unknown_term", "closed namespace `role`"),
    ("view:pov_1", "undeclared_namespace", "did you mean camera:view:pov?"),
    ("view:pov_1", "undeclared_namespace", "add `view: {closed: false}` under `namespaces:`"),
    ({"namespace": "npc", "name": "alex"}, "tag_not_text", "'namespace': 'npc'"),
    (None, "tag_not_text", "None"),
    (["a", "\x1b"], "tag_not_text", "\\x1b"),
]


@pytest.mark.parametrize(("text", "code", "says"), REFUSED)
def test_what_cannot_be_a_tag_is_refused_with_a_code_and_a_way_out(text, code, says):
    checked = check_tags([text], ONTOLOGY)
    assert checked.tags == ()
    (error,) = checked.errors
    assert error.code == code
    assert error.hint
    assert says is None or says in str(error)


TAKEN = [
    ("NPC : Alex", "npc:alex"),
    ("npc:alexander", "npc:alex"),
    ("Lexi", "npc:alex"),
    ("npc:old", "npc:alex"),
    ("cam:pov", "camera:view:pov"),
    ("player", "player"),
    ("sunset", "sunset"),
    ("Größe (neu)!", "größe_(neu)!"),
    ("हिन्दी", "हिन्दी"),
    ("don't+stop&go.-", "don't+stop&go.-"),
    ("style:Ölfarbe", "style:ölfarbe"),
    ("style:oil:thick", "style:oil:thick"),
    ("style:größe", "style:größe"),
    ("x" * MAX_TAG_LENGTH, "x" * MAX_TAG_LENGTH),
]


@pytest.mark.parametrize(("text", "tag"), TAKEN)
@pytest.mark.parametrize("policy", ["open", "warn", "strict"])
def test_what_can_be_a_tag_is_taken_in_its_canonical_form_without_a_word(text, tag, policy):
    assert check_tags([text], ONTOLOGY, policy=policy) == check_tags([tag], ONTOLOGY, policy=policy)
    assert check_tags([text], ONTOLOGY, policy=policy).tags == (tag,)
    assert check_tags([text], ONTOLOGY, policy=policy).diagnostics == ()


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("alexx", "npc:alex"),
        ("npc_alex", "npc:alex"),
        ("lexii", "npc:alex"),
        ("dungeon", "loc:dungeon"),
        ("the dungeon", "loc:dungeon"),
        ("style:watercolor", "style:watercolour"),
        ("pov", "camera:view:pov"),
    ],
)
def test_a_word_close_to_a_known_one_gets_what_the_policy_says(text, near):
    silent = check_tags([text], ONTOLOGY, policy="open")
    assert (len(silent.tags), silent.diagnostics) == (1, ())
    warned = check_tags([text], ONTOLOGY)
    assert len(warned.tags) == 1
    assert [(found.code, found.severity) for found in warned.notices] == [("similar_to_known", "notice")]
    assert near in str(warned.notices[0])
    refused = check_tags([text], ONTOLOGY, policy="strict")
    assert refused.tags == ()
    assert [(found.code, found.severity) for found in refused.errors] == [("similar_to_known", "error")]


@pytest.mark.parametrize("text", ["cellar", "style:alex", "style:dungeon", "alpha", "style:w"])
def test_keywords_and_other_namespaces_raise_no_suspicion(text):
    assert check_tags([text], ONTOLOGY, policy="strict").diagnostics == ()


def test_a_deprecated_term_without_replacement_is_taken_with_a_warning():
    checked = check_tags(["npc:gone"], ONTOLOGY, policy="strict")
    assert checked.tags == ("npc:gone",)
    assert [(found.code, found.severity) for found in checked.notices] == [("deprecated_term", "warning")]
    assert checked.errors == ()


def test_tags_come_unique_in_order_of_first_mention_without_the_faulty():
    checked = check_tags(["sunset", "npc:alexander", "npc:nobody_here", "NPC:Alex", "Sunset", "role:bg"], ONTOLOGY)
    assert checked.tags == ("sunset", "npc:alex", "role:bg")
    assert [found.id for found in checked.errors] == ["npc:nobody_here"]


def test_a_fault_mentioned_twice_is_reported_once():
    assert len(check_tags(["npc:x", "NPC:X", "", " ", {1: 2}, {1: 2}], ONTOLOGY).errors) == 3


def test_256_tags_are_held_and_the_257th_is_refused():
    words = [f"word{number:03}" for number in range(256)]
    assert check_tags(words, ONTOLOGY).diagnostics == ()
    checked = check_tags([*words, "one_more"], ONTOLOGY)
    assert checked.tags == tuple(words)
    assert [found.code for found in checked.errors] == ["too_many_tags"]


def test_repetitions_do_not_count_against_the_limit():
    assert check_tags(["a", "A", " a"] * 1000, ONTOLOGY, limit=1).errors == ()


def test_reading_stops_at_the_limit_so_that_endless_input_ends():
    checked = check_tags((f"word{number}" for number in itertools.count()), ONTOLOGY, limit=3)
    assert len(checked.tags) == 3
    assert "more than 3 tags" in checked.errors[0].message


def test_normalising_returns_the_tags_or_raises_all_errors():
    assert normalize_tags(["Cam:POV", "sunset", "alexx"], ONTOLOGY) == ("camera:view:pov", "sunset", "alexx")
    with pytest.raises(TagError) as caught:
        normalize_tags(["npc:Alexx", "fine", "view:pov_1", "npc:gone"], ONTOLOGY)
    assert [found.code for found in caught.value.diagnostics] == ["unknown_term", "undeclared_namespace"]
    assert isinstance(caught.value, InvalidInputError)
    assert caught.value.code == "unknown_term"
    assert caught.value.message.endswith("(and 1 more)")


def test_the_player_needs_no_vocabulary():
    assert check_tags(["Player"], Ontology(), policy="strict").tags == ("player",)


def test_a_replacement_that_no_term_stands_for_is_checked_as_if_it_had_been_written():
    ontology = Ontology([Term("npc:a", "A", replaced_by="npc:b")], [Namespace("npc", "", closed=True)])
    assert [found.id for found in check_tags(["npc:a"], ontology).errors] == ["npc:b"]


anything = st.one_of(
    st.text(), st.text().map("npc:{}".format), st.text().map("style:{}".format), st.none(), st.binary()
)


@given(st.lists(anything), st.sampled_from(["open", "warn", "strict"]))
def test_no_text_makes_the_check_raise_and_every_tag_taken_is_taken_again_as_it_is(texts, policy):
    checked = check_tags(texts, ONTOLOGY, policy=policy)
    assert check_tags(checked.tags, ONTOLOGY, policy=policy).tags == checked.tags
    assert len(set(checked.tags)) == len(checked.tags)
    for tag in checked.tags:
        assert len(tag) <= MAX_TAG_LENGTH
        assert ":" not in tag or is_well_formed(tag, closed=False)


@given(st.lists(anything))
def test_messages_never_hold_a_character_that_moves_the_cursor_or_hides_itself(texts):
    for found in check_tags(texts, ONTOLOGY).diagnostics:
        assert str(found).isprintable()
