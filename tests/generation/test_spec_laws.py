"""Whatever a file holds, reading it ends with specs or findings, each of which has its place."""

import copy
import json
from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.catalogue.loading import shipped_catalogue
from generation.specs.checking import Rules
from generation.specs.expanding import expand
from generation.specs.reading import SpecFile, read_specs
from ontology import builtin_ontology
from ontology.errors import InvalidInputError

RULES = Rules(builtin_ontology(), "warn", shipped_catalogue(), lambda: datetime(2026, 11, 21, tzinfo=UTC))

SPEC = """\
version: "1.0"
id: coin
metadata: {category: loot, tags: [ink]}
tags: [role:bg]
generation: {type: image, provider: dalle-3, fallback: [local, manual], max_cost: "1", on_rejected: next}
prompt: {base: x, style: y, parameters: {size: 1024x1024, quality: hd, n_variations: 2, extra: {openai: {a: 1}}}}
inputs: [a1, {query: role:bg, role: base}, {resolve: {hero_id: player, enemy_ids: [npc:a]}}]
post_processing: [{action: resize, dimensions: 1x1}, {action: validate, checks: [has_alpha, {ratio: "1:1"}]}]
integration: {manifest_section: images, manifest_key: k, manifest_path: a/b.png}
observability: {track_quality: true, log_level: info}
"""
TEMPLATE = """\
version: "1.0"
template: card
id: "card-{{number}}"
parameters:
  - {name: card_type, type: enum, values: [a, b]}
  - {name: number, type: integer, default: 1}
generation: {type: image}
prompt: {base: "{{card_type}} {{number}}", templates: {a: one, b: two}, parameters: {n_variations: "{{number}}"}}
tags: ["{{card_type}}"]
integration: {naming_pattern: "card{{type_letter}}.png"}
"""

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["{{x}}", "{{", "../x", "http://x", "$HOME", "*", "1e9", "npc:", "@x (", "-1"]),
    st.lists(st.one_of(st.integers(), st.text(max_size=3)), max_size=2),
    st.dictionaries(st.sampled_from(["", "a", "action", "type", "key", "url", "checks"]), st.text(max_size=3)),
)


def paths(content, path=()):
    """Every place of nested data."""
    yield path
    if isinstance(content, dict | list):
        for key, inner in content.items() if isinstance(content, dict) else enumerate(content):
            yield from paths(inner, (*path, key))


def changed(content, path, value):
    """The content with another value at a place."""
    if not path:
        return value
    made = copy.deepcopy(content)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return made


def holds(found: SpecFile, data: str) -> None:
    lines = data.splitlines()
    for each in found.diagnostics:
        assert each.line is not None
        assert each.column is not None
        assert 1 <= each.line <= len(lines) + 1
        assert str(each).isprintable()
    assert bool(found.errors) or bool(found.specs) or bool(found.templates) or data.strip() in ("null", "[]")


@pytest.mark.parametrize("text", [SPEC, TEMPLATE], ids=["spec", "template"])
@settings(max_examples=150)
@given(data=st.data())
def test_any_value_at_any_place_is_taken_or_told(text, data) -> None:
    content = yaml.safe_load(text)
    path = data.draw(st.sampled_from(list(paths(content))))
    said = json.dumps(changed(content, path, data.draw(ODD)), indent=1)
    found = read_specs(said.encode(), "x.json", RULES, is_json=True)
    holds(found, said)
    for template in found.templates:
        try:
            made = expand(template, {each.name: each.values or "1" for each in template.parameters}, RULES)
        except InvalidInputError:
            continue
        assert made.specs or any(each.severity == "error" for each in made.diagnostics)


@pytest.mark.parametrize("text", [SPEC, TEMPLATE], ids=["spec", "template"])
@given(at=st.integers(0, 700), insert=st.text(max_size=4), cut=st.integers(0, 9))
def test_any_damage_to_a_file_is_taken_or_told(text, at, insert, cut) -> None:
    at = min(at, len(text))
    said = text[:at] + insert + text[at + cut :]
    found = read_specs(said.encode("utf-8", "surrogatepass"), "x.yaml", RULES)
    assert all(each.line and each.column and str(each).isprintable() for each in found.diagnostics)


@given(st.binary(max_size=60))
def test_no_bytes_make_the_reading_raise(data) -> None:
    for is_json in (False, True):
        found = read_specs(data, "x", RULES, is_json=is_json)
        assert all(each.line and each.column for each in found.diagnostics)


@pytest.mark.parametrize("text", [SPEC, TEMPLATE], ids=["spec", "template"])
def test_the_files_that_are_damaged_here_are_sound(text) -> None:
    assert read_specs(text.encode(), "x.yaml", RULES).errors == ()
