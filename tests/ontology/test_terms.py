"""The vocabulary as values: aliases, replacements, kinds, wider and narrower."""

from hypothesis import given
from hypothesis import strategies as st

from ontology.closure import inverted, levels, loops
from ontology.terms import Namespace, Ontology, Source, Term

PLACES = Ontology(
    [
        Term("loc:world", "World"),
        Term("loc:school", "School", broader=("loc:world",)),
        Term("loc:dungeon", "Dungeon", broader=("loc:school", "loc:cellar"), aliases=("loc:keep",)),
        Term("loc:cellar", "Cellar", broader=("loc:world",)),
        Term("loc:gate", "Gate", broader=("loc:old_dungeon",)),
        Term("loc:old_dungeon", "", deprecated=True, replaced_by="loc:dungeon", broader=("loc:dungeon",)),
        Term("npc:alex", "Alex", kind="hero"),
        Term("npc:guard", "Guard"),
    ],
    [Namespace("loc", "Locations", closed=True)],
    label="Places",
)


def test_wider_terms_come_by_distance_through_aliases_and_replacements():
    assert PLACES.broader("loc:gate") == (("loc:dungeon",), ("loc:school", "loc:cellar"), ("loc:world",))
    assert PLACES.broader("loc:keep") == (("loc:school", "loc:cellar"), ("loc:world",))
    assert PLACES.broader("loc:nowhere") == ()


def test_narrower_terms_are_all_that_have_it_above_them():
    assert PLACES.narrower("loc:keep") == {"loc:gate"}
    assert PLACES.narrower("loc:world") == {"loc:school", "loc:cellar", "loc:dungeon", "loc:gate"}
    assert PLACES.narrower("loc:gate") == frozenset()


def test_stored_forms_are_all_spellings_an_asset_may_hold():
    assert PLACES.stored_forms("loc:keep") == {"loc:dungeon", "loc:keep", "loc:old_dungeon"}
    assert PLACES.stored_forms("loc:gate") == {"loc:gate"}
    assert PLACES.stored_forms("loc:dungeon") is PLACES.stored_forms("loc:dungeon")


def test_renamed_lists_what_stands_for_something_else():
    assert dict(PLACES.renamed) == {"loc:keep": "loc:dungeon", "loc:old_dungeon": "loc:dungeon"}


def test_only_characters_have_a_kind_and_it_defaults_to_npc():
    assert [PLACES.kind(tag) for tag in ("npc:alex", "npc:guard", "loc:gate", "npc:nobody")] == [
        "hero",
        "npc",
        None,
        None,
    ]


def test_a_vocabulary_knows_its_ids_and_aliases():
    assert "loc:keep" in PLACES
    assert "loc:gate" in PLACES
    assert "loc:nowhere" not in PLACES


def test_vocabularies_are_equal_by_their_content_and_not_by_their_source():
    one = Ontology([Term("npc:a", "A", source=Source("x", 1, 1))])
    other = Ontology([Term("npc:a", "A")])
    assert one == other
    assert hash(one) == hash(other)
    assert one != PLACES
    assert one != "npc:a"


def test_a_bare_term_has_no_namespace():
    assert Term("player", "Player").namespace is None


def test_what_is_derived_from_a_vocabulary_is_made_once():
    made = []

    def count(ontology):
        made.append(ontology)
        return len(ontology.terms)

    ontology = Ontology([Term("npc:a", "A")])
    assert [ontology.derived(count), ontology.derived(count)] == [1, 1]
    assert made == [ontology]


names = st.sampled_from("abcdefg")
graphs = st.dictionaries(names, st.lists(names, max_size=4).map(tuple))


@given(graphs, names)
def test_levels_are_disjoint_and_never_hold_the_start(graph, start):
    found = levels(start, graph)
    flat = [node for level in found for node in level]
    assert len(set(flat)) == len(flat)
    assert start not in flat
    assert all(found)


@given(graphs)
def test_what_is_below_is_the_mirror_of_what_is_above(graph):
    children = inverted(graph)
    below = {node: {found for level in levels(node, children) for found in level} for node in "abcdefg"}
    for start in "abcdefg":
        above = {node for level in levels(start, graph) for node in level}
        assert above == {wider for wider, found in below.items() if start in found}


@given(graphs)
def test_loops_are_true_ways_round_that_share_no_id(graph):
    found = loops(graph)
    flat = [node for loop in found for node in loop]
    assert len(set(flat)) == len(flat)
    for loop in found:
        for here, there in zip(loop, (*loop[1:], loop[0]), strict=True):
            assert there in graph[here]


@given(graphs)
def test_a_loop_is_found_exactly_where_something_reaches_itself(graph):
    reaches_itself = any(
        node == start or start in {n for level in levels(node, graph) for n in level}
        for start in graph
        for node in graph[start]
    )
    assert bool(loops(graph)) == reaches_itself


def test_a_chain_of_ten_thousand_costs_no_recursion():
    chain = {str(number): (str(number + 1),) for number in range(10_000)}
    assert loops(chain) == ()
    assert len(levels("0", chain)) == 10_000


def test_long_chains_take_the_time_of_their_length():
    """Each of these held 50 million pairs or steps before; a slip back would run for many seconds."""
    size = 10_000
    places = Ontology(Term(f"loc:{n}", "", broader=(f"loc:{n + 1}",)) for n in range(size))
    assert len(places.narrower(f"loc:{size}")) == size
    renamed = Ontology(Term(f"loc:{n}", "", deprecated=True, replaced_by=f"loc:{n + 1}") for n in range(size))
    assert {renamed.canonical(f"loc:{n}") for n in range(size)} == {f"loc:{size}"}


replacements = st.dictionaries(names, names)


@given(replacements)
def test_replacements_end_where_nothing_replaces_or_where_a_loop_comes_round(steps):
    ontology = Ontology(Term(node, node, deprecated=True, replaced_by=wider) for node, wider in steps.items())
    for node in steps:
        end, seen = steps[node], {node}
        while end in steps and end not in seen:
            seen.add(end)
            end = steps[end]
        assert ontology.canonical(ontology.canonical(node)) == ontology.canonical(node)
        if end not in steps:
            assert ontology.canonical(node) == end


@given(graphs)
def test_no_term_is_wider_than_itself(graph):
    ontology = Ontology(Term(node, node, broader=wider) for node, wider in graph.items())
    for node in graph:
        assert node not in {wider for level in ontology.broader(node) for wider in level}
