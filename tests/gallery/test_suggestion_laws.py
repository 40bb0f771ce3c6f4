"""One confidence from several sources: bounded, monotone, never below its best evidence; texts of any kind are read."""

import time

from gallery_builders import SMALL_ONTOLOGY
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery.suggestions.merging import INDEPENDENT, MOST, merged
from gallery.suggestions.phrases import phrases_in
from gallery.suggestions.values import SOURCES
from gallery.suggestions.weights import certainty_of, said_of

CONFIDENCES = st.floats(0, 1)
SAID = st.dictionaries(st.sampled_from(SOURCES), CONFIDENCES)


def test_every_source_belongs_to_one_set():
    assert sorted(name for sources in INDEPENDENT for name in sources) == sorted(SOURCES)


@given(SAID)
def test_the_merged_confidence_is_bounded_and_not_below_its_best_evidence(said):
    found = merged(said)
    assert 0 <= found <= MOST
    assert found >= min(MOST, max(said.values(), default=0)) - 1e-12


@given(SAID, st.sampled_from(SOURCES), CONFIDENCES)
def test_more_evidence_never_lowers_it(said, source, more):
    raised = {**said, source: max(more, said.get(source, 0))}
    assert merged(raised) >= merged(said) - 1e-12


@given(SAID, st.randoms())
def test_the_order_of_the_sources_does_not_matter(said, chance):
    shuffled = list(said.items())
    chance.shuffle(shuffled)
    assert merged(dict(shuffled)) == merged(said)


@given(CONFIDENCES)
def test_sources_that_draw_on_the_same_thing_do_not_confirm_each_other(confidence):
    assert merged(dict.fromkeys(("together", "folder", "similar"), confidence)) == merged({"folder": confidence})


@given(st.text() | st.text(alphabet="alexgrvodbs_01 .:@-'npc"), st.booleans())
@settings(max_examples=300)
def test_any_text_can_be_read(text, prose):
    for phrase in phrases_in(text, SMALL_ONTOLOGY, prose=prose):
        assert 0 < certainty_of(phrase) < 1
        assert said_of(phrase, "it", SMALL_ONTOLOGY).isprintable()
        assert phrase.tag in SMALL_ONTOLOGY.terms or ":" in phrase.tag


@given(st.sampled_from(["npc:alex", "npc:boss_01", "loc:park"]), st.text(alphabet="xyz \n", max_size=20))
def test_an_id_that_is_written_out_is_found_whatever_stands_around(tag, around):
    found = phrases_in(f"{around} {tag} {around}", SMALL_ONTOLOGY, prose=True)
    assert tag in [phrase.tag for phrase in found]


def test_a_prompt_of_a_megabyte_is_read_in_linear_time():
    def seconds(text):
        start = time.perf_counter()
        list(phrases_in(text, SMALL_ONTOLOGY, prose=True))
        return time.perf_counter() - start

    short, long = "alexx gravelrod, dungeon (park:1.2) " * 3_000, "alexx gravelrod, dungeon (park:1.2) " * 30_000
    assert len(long) > 1_000_000
    assert min(seconds(long) for _ in range(2)) < 40 * min(seconds(short) for _ in range(3))
