"""A template becomes one spec for every combination of its values, or an error before anything is made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seed_specs import JUMP

from generation.specs.checking import Rules
from generation.specs.expanding import Expanded, Settings, TemplateValuesError, expand
from generation.specs.reading import SpecFile, read_specs
from generation.specs.templates import Template
from ontology import builtin_ontology
from ontology.loader import check_ontology_text

RULES = Rules(builtin_ontology())

CARD = """\
version: "1.0"
template: card
parameters:
  - {name: who, type: string, default: nobody}
  - {name: count, type: integer, default: 2, minimum: 1, maximum: 4}
  - {name: length, type: number, default: 1.5}
  - {name: glowing, type: boolean, default: false}
generation: {type: image}
prompt:
  base: "{{who}} on a card, glowing {{glowing}}, {{count}} times, {{length}}"
  parameters: {n_variations: "{{count}}", duration: "{{length}}"}
observability: {track_quality: "{{glowing}}"}
"""


def read(text: str) -> SpecFile:
    return read_specs(text.encode(), "card.yaml", RULES)


def template(text: str) -> Template:
    found = read(text)
    assert found.diagnostics == ()
    (only,) = found.templates
    return only


def fill(text: str, output_name: str | None = None, **settings: object) -> Expanded:
    return expand(template(text), settings, RULES, output_name=output_name)  # type: ignore[arg-type]


def test_the_jumps_of_the_seed_are_twelve_specs_with_the_names_that_the_pattern_gives() -> None:
    made = fill(JUMP, jump_type="*", variant=["light", "heavy", "crisp", "soft"])
    assert made.diagnostics == ()
    keys = [spec.integration.manifest_key for spec in made.specs if spec.integration]
    assert keys == [f"sfxJump{number}{letter}" for number in "123" for letter in "ABCD"]
    assert len({spec.id for spec in made.specs}) == 12


def test_one_jump_of_the_seed_is_filled_field_by_field() -> None:
    (spec,) = fill(JUMP, output_name="sfxJump2A", jump_type="energy-burst", variant="crisp").specs
    assert spec.id == "jump-sfx-energy-burst-crisp"
    assert (spec.asset_type, spec.operation, spec.providers) == ("audio", "sound_effect", ("elevenlabs", "bark"))
    assert spec.prompt.splitlines() == [
        "Platformer game jump sound effect, energy-burst style,",
        "crisp variation, 0.3-0.5 seconds duration,",
        "suitable for player feedback",
        "electric energy burst, powerful whoosh, crisp attack",
    ]
    assert [step.to_json() for step in spec.post_processing] == [
        {"action": "normalize", "peak": "-1.0 dB"},
        {"action": "trim_silence", "threshold": "-40 dB"},
        {"action": "validate", "checks": [{"duration_range": [0.2, 0.6]}, {"format": "mp3"}, {"bitrate": "192k"}]},
    ]
    assert spec.integration is not None
    assert spec.integration.to_json() == {
        "manifest_section": "audio.sfx.jump",
        "manifest_key": "sfxJump2A",
        "manifest_path": "audio/sfx/jump/sfxJump2A.mp3",
        "manifest_type": "audio",
    }


def test_a_lone_value_of_the_pattern_is_the_first() -> None:
    (spec,) = fill(JUMP, jump_type="mega-explosion", variant="crisp").specs
    assert spec.integration is not None
    assert spec.integration.manifest_key == "sfxJump3A"


def test_a_text_may_be_put_where_the_prompt_wants_it() -> None:
    told = JUMP.replace("{{jump_type}} style", "{{jump_type_text}}")
    (spec,) = fill(told, jump_type="energy-burst", variant="crisp").specs
    assert "effect, electric energy burst, powerful whoosh, crisp attack," in spec.prompt
    assert spec.prompt.count("electric") == 1


def test_values_keep_their_types_where_no_text_is_wanted() -> None:
    (spec,) = fill(CARD, count="3", length="2", glowing="TRUE", who="Alex").specs
    assert (spec.n, spec.parameters["duration"], spec.track_quality) == (3, 2.0, True)
    assert spec.prompt == "Alex on a card, glowing true, 3 times, 2.0"


def test_what_is_not_set_has_its_default() -> None:
    (spec,) = fill(CARD).specs
    assert spec.prompt == "nobody on a card, glowing false, 2 times, 1.5"


def test_both_values_of_a_boolean_are_a_batch() -> None:
    assert [spec.track_quality for spec in fill(CARD, glowing="*").specs] == [False, True]


@given(st.text(st.characters(categories=("L", "N", "P", "S")), max_size=50))
def test_a_value_is_text_and_never_a_placeholder_or_yaml(value: str) -> None:
    (spec,) = fill(CARD, who=[value + "{{count}}: [x"]).specs
    assert spec.prompt == value + "{{count}}: [x on a card, glowing false, 2 times, 1.5"


@pytest.mark.parametrize(
    ("settings", "said", "hint"),
    [
        ({}, "`jump_type` has no value and no default; `variant` has no value", "--set jump_type=dust-cloud"),
        ({"jump_type": "dust-clod", "variant": "a"}, "`dust-clod` cannot be jump_type", "did you mean dust-cloud?"),
        ({"jmp_type": "*", "variant": "a", "jump_type": "*"}, "no parameter `jmp_type`", "did you mean jump_type?"),
        ({"jump_type": "*", "variant": [str(n) for n in range(400)]}, "1200 combinations are more than 500", "batches"),
        ({"jump_type": [], "variant": "a"}, "`jump_type` has no value", "--set"),
    ],
)
def test_values_that_do_not_fit_are_refused_before_anything(settings: Settings, said: str, hint: str) -> None:
    with pytest.raises(TemplateValuesError) as caught:
        expand(template(JUMP), settings, RULES)
    assert said in caught.value.message
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    "settings",
    [{"count": "5"}, {"count": "two"}, {"count": 1.5}, {"length": "nan"}, {"glowing": "yes"}, {"count": True}],
)
def test_a_value_of_another_type_is_refused(settings: Settings) -> None:
    with pytest.raises(TemplateValuesError):
        expand(template(CARD), settings, RULES)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden"])
def test_a_name_of_the_output_is_the_name_of_a_file(name: str) -> None:
    with pytest.raises(TemplateValuesError):
        fill(JUMP, output_name=name, jump_type="dust-cloud", variant="a")


def test_one_name_is_not_that_of_several_files() -> None:
    with pytest.raises(TemplateValuesError, match="3 files"):
        fill(JUMP, output_name="sfx", jump_type="*", variant="a")


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("{{variant}}", "{{variannt}}", "unknown_placeholder", 17),
        ("{{variant}}", "{{cycler.__init__.__globals__}}", "bad_placeholder", 17),
        ("{{variant}}", "{{1+1}}", "bad_placeholder", 17),
        ("{{variant}}", "{{variant", "bad_placeholder", 17),
        ("dust-cloud: ", "dust-clod: ", "unknown_value", 23),
        ("values: [dust-cloud, energy-burst, mega-explosion]", "values: []", "enum_without_values", 4),
        ("name: variant", "name: jump_type", "duplicate_parameter", 7),
        ("type: string", "type: text", "unknown_value", 8),
        ("  provider: elevenlabs", "  providr: elevenlabs", "unknown_field", 13),
        ("action: normalize", "action: normalise", "unknown_action", 28),
        ("- format: mp3", "- formaat: mp3", "unknown_check", 35),
        ("audio.sfx.jump", "../jump", "bad_manifest_section", 39),
    ],
)
def test_a_fault_of_a_template_is_found_without_filling_it(old: str, new: str, code: str, line: int) -> None:
    found = read(JUMP.replace(old, new))
    assert (code, line) in {(each.code, each.line) for each in found.diagnostics}
    assert found.templates == () or found.errors


def test_what_somebody_will_choose_is_no_fault_of_the_template() -> None:
    told = CARD.replace("generation: {type: image}", 'generation: {type: image}\ntags: ["npc:{{who}}"]').replace(
        ", default: nobody", ""
    )
    closed, _ = check_ontology_text("version: 1\nterms:\n  npc:alex: {label: Alex}\n")
    assert closed is not None
    found = read_specs(told.encode(), "card.yaml", Rules(closed))
    assert found.errors == ()
    assert expand(found.templates[0], {"who": "alex"}, Rules(closed)).specs[0].tags == ("npc:alex",)
    wrong = expand(found.templates[0], {"who": "alix"}, Rules(closed))
    assert [each.code for each in wrong.diagnostics] == ["unknown_term"]


def test_what_somebody_chose_is_held_against_the_rules() -> None:
    told = CARD.replace("{type: image}", "{type: image}\nintegration: {manifest_path: '{{who}}.png'}")
    made = fill(told, who="../../etc/passwd")
    assert made.specs == ()
    assert [each.code for each in made.diagnostics] == ["path_outside"]


def test_braces_in_a_spec_that_is_no_template_are_kept_and_warned_of() -> None:
    found = read("version: '1.0'\nid: coin\ngeneration: {type: image}\nprompt: {base: 'a {{coin}}'}\n")
    assert [(each.code, each.severity) for each in found.diagnostics] == [("placeholder_in_spec", "warning")]
    assert found.specs[0].prompt == "a {{coin}}"
