"""A draft is a spec that can be read as it stands, for a gap as for nothing in particular."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generation.specs.drafting import Gap, SpecDraft, draft_of_gap, parse_gap, starter
from generation.specs.model import Spec
from generation.specs.naming import camel, free, letter, slug
from generation.specs.reading import Rules, read_specs
from ontology import builtin_ontology
from ontology.errors import InvalidInputError, TagError
from ontology.loader import check_ontology_text
from ontology.terms import Ontology
from resolver import coverage

STORY, _ = check_ontology_text(
    """\
version: 1
terms:
  npc:alex: {label: Alex, kind: hero, keywords: [blue hair, yellow tunic], aliases: [npc:alexander]}
  npc:boss_01: {label: Gravelord, kind: monster}
  npc:pip: {label: Pip}
  loc:dungeon: {label: The dungeon}
  loc:gate: {label: "Gate: \\"north\\" # 1", broader: [loc:dungeon]}
"""
)
assert STORY is not None


def read(draft: SpecDraft, ontology: Ontology = STORY) -> Spec:
    found = read_specs(draft.text.encode(), draft.file_name, Rules(ontology))
    assert found.diagnostics == ()
    (spec,) = found.specs
    assert spec.id == draft.id
    return spec


def test_every_gap_of_a_story_becomes_a_spec_whose_result_fills_it() -> None:
    for gap in coverage([], STORY)["gaps"]:
        spec = read(draft_of_gap(gap, STORY))
        assert spec.tags == (gap["identity"], gap["wanted_role"])
        made = [{"id": "a1", "tags": list(spec.tags)}]
        assert gap not in coverage(made, STORY)["gaps"]


def test_the_prompt_is_made_of_label_keywords_and_wider_places() -> None:
    hero = read(draft_of_gap(parse_gap("hero:npc:alex", STORY), STORY))
    assert hero.prompt.startswith("Alex (blue hair, yellow tunic), full figure")
    gate = read(draft_of_gap(parse_gap("background:loc:gate", STORY), STORY))
    assert gate.prompt.startswith('Gate: "north" # 1, part of The dungeon, a background')


def test_a_gap_has_an_id_a_key_and_a_path_to_read() -> None:
    spec = read(draft_of_gap(parse_gap("enemy:npc:boss_01", STORY), STORY))
    assert spec.id == "boss-01-monster"
    assert spec.integration is not None
    assert spec.integration.manifest_key == "boss01Monster"
    assert spec.integration.manifest_path == "images/monsters/boss-01-monster.png"


def test_a_missing_view_is_asked_for_too() -> None:
    gap = {"slot": "hero", "identity": "npc:alex", "wanted_role": "role:char:hero", "camera": "camera:view:back"}
    spec = read(draft_of_gap(gap, STORY))
    assert spec.id == "alex-hero-back"
    assert spec.tags == ("npc:alex", "role:char:hero", "camera:view:back")
    assert "facing the viewer" not in spec.prompt, "what the view says is not said against it"


@pytest.mark.parametrize(
    ("said", "gap"),
    [
        ("hero:npc:alexander", Gap("hero", "npc:alex", "role:char:hero")),
        ("hero:player", Gap("hero", "player", "role:pov:player")),
        ("background", Gap("background", None, "role:bg")),
    ],
)
def test_a_gap_is_written_as_slot_and_identity(said: str, gap: Gap) -> None:
    assert parse_gap(said, STORY) == gap
    read(draft_of_gap(gap, STORY))


@pytest.mark.parametrize("said", ["", "alex", "npc:alex", "villain:npc:alex"])
def test_what_is_no_gap_is_refused_with_the_right_form(said: str) -> None:
    with pytest.raises(InvalidInputError, match="is not a gap") as caught:
        parse_gap(said, STORY)
    assert "hero:npc:alex" in (caught.value.hint or "")


def test_a_gap_of_somebody_unknown_names_the_nearest() -> None:
    with pytest.raises(TagError, match="npc:alix") as caught:
        parse_gap("hero:npc:alix", STORY)
    assert "npc:alex" in (caught.value.hint or "")


@pytest.mark.parametrize("asset_type", ["image", "audio", "video"])
def test_a_starter_can_be_read_as_it_stands(asset_type) -> None:
    spec = read(starter("Sprite Coin", asset_type))
    assert (spec.id, spec.asset_type) == ("sprite-coin", asset_type)


@given(st.text(min_size=1, max_size=60))
def test_labels_are_text_whatever_they_hold(label: str) -> None:
    story = Ontology([*builtin_ontology().terms.values()], builtin_ontology().namespaces.values())
    term = STORY.terms["npc:pip"]
    told = Ontology(
        [*story.terms.values(), type(term)("npc:pip", label, "npc", keywords=(label,))], story.namespaces.values()
    )
    draft = draft_of_gap(Gap("other", "npc:pip", "role:char:npc"), told)
    assert yaml.safe_load(draft.text)["tags"] == ["npc:pip", "role:char:npc"]


@pytest.mark.parametrize(
    ("text", "as_id", "as_key"),
    [
        ("sprite_coin", "sprite-coin", "spriteCoin"),
        ("Élan vital!", "elan-vital", "elanVital"),
        ("a--b", "a-b", "aB"),
        ("particleWhite", "particlewhite", "particleWhite"),
    ],
)
def test_names_are_made_of_words(text: str, as_id: str, as_key: str) -> None:
    assert (slug(text), camel(text)) == (as_id, as_key)


@given(st.text(max_size=200))
def test_any_text_becomes_the_id_of_a_spec(text: str) -> None:
    assert read(starter(text)).id == slug(text)


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert free("coin", {"coin", "coin-2"}) == "coin-3"
    assert draft_of_gap(parse_gap("hero:npc:alex", STORY), STORY, taken={"alex-hero"}).id == "alex-hero-2"


@pytest.mark.parametrize(("number", "shown"), [(1, "A"), (4, "D"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA")])
def test_variants_are_lettered_as_columns_are(number: int, shown: str) -> None:
    assert letter(number) == shown
