"""What a spec names exists, goes together and can be asked today."""

from datetime import UTC, datetime

import pytest

from generation.catalogue.loading import shipped_catalogue
from generation.specs.checking import Rules
from generation.specs.reading import SpecFile, read_specs
from ontology.loader import check_ontology_text

STORY, _ = check_ontology_text(
    "version: 1\nnamespaces:\n  style: {closed: false, single: true}\n"
    "terms:\n  npc:alex: {label: Alex, kind: hero}\n  loc:gate: {label: Gate}\n"
)
assert STORY is not None

SPEC = """\
version: "1.0"
id: coin
generation:
  type: image
  provider: {provider}
prompt:
  base: a coin
"""


def read(text: str, now: datetime = datetime(2026, 11, 21, tzinfo=UTC)) -> SpecFile:
    return read_specs(text.encode(), "coin.yaml", Rules(STORY, "warn", shipped_catalogue(), lambda: now))


def said(found: SpecFile) -> list[tuple[int | None, str, str]]:
    return [(each.line, each.code, each.severity) for each in found.diagnostics]


def with_part(part: str, provider: str = "local") -> str:
    return SPEC.replace("{provider}", provider) + part


def test_a_name_of_an_older_file_is_a_notice_and_the_spec_is_sound() -> None:
    found = read(with_part("", "dalle-3"))
    assert said(found) == [(5, "alias", "notice")]
    assert len(found.specs) == 1


def test_a_model_that_will_shut_down_is_a_warning_and_then_an_error() -> None:
    assert said(read(with_part("", "gpt-image-1.5"))) == [(5, "model_sunset", "warning")]
    gone = read(with_part("", "gpt-image-1.5"), datetime(2026, 12, 1, tzinfo=UTC))
    assert said(gone) == [(5, "model_gone", "error")]
    assert gone.specs == ()


def test_an_unknown_provider_is_an_error_with_the_nearest() -> None:
    (found,) = read(with_part("", "opnai")).diagnostics
    assert (found.code, found.hint) == ("unknown_provider", "did you mean openai?")


def test_a_fallback_that_cannot_do_it_is_a_warning_while_another_can() -> None:
    assert said(read(with_part("", "local\n  fallback: elevenlabs"))) == [(6, "unsupported", "warning")]
    assert said(read(with_part("", "elevenlabs"))) == [(5, "unsupported", "error")]


def test_what_stands_behind_manual_or_twice_is_never_asked() -> None:
    assert said(read(with_part("", "local\n  fallback: [manual, local]"))) == [(6, "never_asked", "warning")]
    assert said(read(with_part("", "local\n  fallback: [local]"))) == [(6, "never_asked", "warning")]


@pytest.mark.parametrize(
    ("part", "code", "severity"),
    [
        ("inputs: [{resolve: {hero_id: npc:alex, locaton_id: loc:gate}}]", "bad_input", "error"),
        ("inputs: [{resolve: {hero_id: npc:alix}}]", "unknown_id", "warning"),
        ("inputs: [{query: 'role:bg ((', limit: 2}]", "bad_query", "error"),
        ("inputs: [{query: 'rating:>>5'}]", "bad_query", "error"),
        ("post_processing: [{action: resise, dimensions: 32x32}]", "unknown_action", "error"),
        ("post_processing: [{action: resize, dimension: 32x32}]", "unknown_option", "error"),
        ("post_processing: [{action: validate, checks: [has_alfa]}]", "unknown_check", "error"),
        ("post_processing: [{action: validate, checks: [duration_range]}]", "wrong_type", "error"),
        ("post_processing: [{action: validate, checks: [{duration_range: [3, 1]}]}]", "wrong_type", "error"),
        ("post_processing: [{action: validate, checks: [{has_alpha: 1}]}]", "wrong_type", "error"),
        ("post_processing: [{action: validate}]", "wrong_type", "error"),
        ("post_processing: [{action: resize, dimensions: 32}]", "bad_option", "error"),
        ("post_processing: [{action: resize}]", "missing_option", "error"),
        ("post_processing: [{action: fade, in: 1}]", "step_unfit", "error"),
        ("post_processing: [{action: sprite_sheet}, {action: sprite_sheet}]", "step_unfit", "error"),
        ("tags: [style:ink, style:oil]", "clashing_tags", "error"),
        ("tags: [stile:ink]", "undeclared_namespace", "error"),
        ("observability: {track_cost: false}", "always_tracked", "notice"),
    ],
)
def test_what_a_spec_names_exists(part: str, code: str, severity: str) -> None:
    assert (code, severity) in {(each.code, each.severity) for each in read(with_part(part + "\n")).diagnostics}


@pytest.mark.parametrize(
    ("generation", "inputs", "code"),
    [
        ("operation: fusion", "[{asset: a1}]", "inputs_missing"),
        ("operation: image_to_image", "[]", "inputs_missing"),
        ("operation: text_to_image", "[{asset: a1}]", "inputs_unused"),
        ("operation: music", "[]", "operation_unfit"),
    ],
)
def test_an_operation_has_the_inputs_that_it_needs(generation: str, inputs: str, code: str) -> None:
    found = read(with_part(f"inputs: {inputs}\n", f"local\n  {generation}"))
    assert code in {each.code for each in found.diagnostics}


@pytest.mark.parametrize(
    ("inputs", "operation"),
    [
        ("[]", "text_to_image"),
        ("[a0123456789abcdef]", "image_to_image"),
        ("[{query: role:bg}]", "image_to_image"),
        ("[{query: role:bg, limit: 3}]", "fusion"),
        ("[{resolve: {hero_id: npc:alex, location_id: loc:gate}}]", "fusion"),
        ("[a1, a2]", "fusion"),
    ],
)
def test_inputs_tell_the_operation(inputs: str, operation: str) -> None:
    found = read(with_part(f"inputs: {inputs}\n"))
    assert [spec.operation for spec in found.specs] == [operation]


def test_more_inputs_than_a_model_takes_are_warned_of() -> None:
    found = read(with_part("inputs: [a1, a2, a3]\n", "local\n  fallback: sd3.5\n  operation: image_to_image"))
    assert said(found) == [(10, "too_many_inputs", "warning")]


def test_words_of_older_models_are_read_as_todays() -> None:
    found = read(with_part("  parameters: {quality: hd, format: jpg}\n"))
    assert said(found) == [(8, "older_word", "notice")]
    assert found.specs[0].parameters == {"quality": "high", "format": "jpeg"}


@pytest.mark.parametrize("query", ["@heroes", "search:heroes rating:>3"])
def test_a_saved_search_may_stand_in_a_query(query: str) -> None:
    assert read(with_part(f"inputs: [{{query: '{query}'}}]\n")).errors == ()
