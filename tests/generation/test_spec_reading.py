"""A spec file is read as the seed writes it, and everything that is wrong with it is said at once, with its place."""

import json
from decimal import Decimal

import pytest
from seed_specs import COIN

from generation.specs.loading import load_specs
from generation.specs.model import Integration, Retry, Spec
from generation.specs.reading import Rules, SpecFile, read_specs
from ontology import builtin_ontology
from ontology.loader import check_ontology_text

PARTICLE = """\
version: "1.0"
id: particle-white
metadata:
  created: 2025-11-01
  author: asset-generation
  category: particles
  tags: [effect, impact, visual-feedback]

generation:
  type: image
  provider: dalle-3
  fallback: stable-diffusion

prompt:
  base: >
    32x32 soft white gradient circle particle for game effects,
    centered, transparent background, high contrast edges,
    suitable for bloom effects
  style: |
    - Flat stylized 2D art
    - Clean gradient falloff
    - No photorealism
    - Crisp edges for scaling
  parameters:
    size: 1024x1024        # Generate high-res, downscale in post-processing
    quality: high
    n_variations: 4        # Generate 4 variants

post_processing:
  - action: resize
    dimensions: 32x32
    method: lanczos
  - action: validate
    checks:
      - has_alpha
      - dimensions_match
      - file_size_reasonable
  - action: convert
    formats: [png, webp]

integration:
  manifest_key: particleWhite
  manifest_path: images/particles/white.png
  manifest_type: image
  description: "White particle for visual effects"

observability:
  track_cost: true
  track_quality: true
  log_level: info
"""

SMALL = "version: '1.0'\nid: {id}\ngeneration: {{type: image}}\nprompt: {{base: a coin}}\n"

STORY, _ = check_ontology_text("version: 1\nterms:\n  npc:alex: {label: Alex, kind: hero, aliases: [npc:alexander]}\n")
assert STORY is not None


def read(text: str, **options: object) -> SpecFile:
    return read_specs(text.encode(), "coin.yaml", Rules(STORY, **options))  # type: ignore[arg-type]


def only(text: str) -> Spec:
    found = read(text)
    assert found.errors == ()
    (spec,) = found.specs
    return spec


def places(found: SpecFile) -> list[tuple[int | None, int | None, str]]:
    return [(each.line, each.column, each.code) for each in found.diagnostics]


def with_part(part: str) -> str:
    return SMALL.format(id="coin") + part


def test_the_particle_of_the_seed_is_read_field_by_field() -> None:
    spec = only(PARTICLE)
    assert (spec.id, spec.asset_type, spec.operation) == ("particle-white", "image", "text_to_image")
    assert spec.providers == ("dalle-3", "stable-diffusion")
    base, style = spec.prompt.split("\n", 1)
    assert base.startswith("32x32 soft white gradient circle")
    assert base.endswith("suitable for bloom effects")
    assert style.splitlines()[-1] == "- Crisp edges for scaling"
    assert spec.parameters == {"size": "1024x1024", "quality": "high", "n_variations": 4}
    assert spec.tags == ("effect", "impact", "visual-feedback", "particles")
    assert [step.to_json() for step in spec.post_processing] == [
        {"action": "resize", "dimensions": "32x32", "method": "lanczos"},
        {"action": "validate", "checks": ["has_alpha", "dimensions_match", "file_size_reasonable"]},
        {"action": "convert", "formats": ["png", "webp"]},
    ]
    assert spec.integration == Integration(
        "images", "particleWhite", "images/particles/white.png", "image", "White particle for visual effects"
    )
    assert (spec.track_quality, spec.log_level) == (True, "info")


def test_every_part_knows_its_line() -> None:
    spec = only(PARTICLE)
    assert str(spec.place) == "coin.yaml:1:1"
    assert [step.place.line for step in spec.post_processing if step.place] == [30, 33, 38]


def test_the_coin_of_the_seed_is_read_with_its_defaults() -> None:
    spec = only(COIN)
    assert spec.integration == Integration("images", "coin", "images/collectibles/coin.png", "image", None)
    assert (spec.n, spec.size, spec.max_cost, spec.on_rejected) == (1, None, None, "stop")


def test_a_spec_becomes_the_request_of_a_call() -> None:
    request = only(PARTICLE).request("gpt-image-2")
    assert (request.model, request.size, request.quality, request.n) == ("gpt-image-2", (1024, 1024), "high", 4)


@pytest.mark.parametrize("text", [PARTICLE, COIN, with_part("tags: [npc:alex]\n")])
def test_what_a_spec_writes_of_itself_is_read_as_the_same_spec(text: str) -> None:
    spec = only(text)
    assert only(json.dumps(spec.to_json())) == spec


def test_money_and_retries_are_exact() -> None:
    spec = only(
        with_part("").replace(
            "{type: image}",
            "{type: image, max_cost: 0.10, on_rejected: next, retry_below: {score: 0.5, max_purchases: 2}}",
        )
    )
    assert (spec.max_cost, spec.on_rejected, spec.retry_below) == (Decimal("0.10"), "next", Retry(0.5, 2))


@pytest.mark.parametrize(
    "text",
    [
        "".join("- " + SMALL.format(id=name).strip().replace("\n", "\n  ") + "\n" for name in "ab"),
        f"{SMALL.format(id='a')}---\n{SMALL.format(id='b')}",
    ],
    ids=["a list", "documents"],
)
def test_a_file_holds_one_spec_a_list_or_several_documents(text: str) -> None:
    assert [spec.id for spec in read(text).specs] == ["a", "b"]


def test_a_json_file_is_read_with_tabs_and_escaped_pairs() -> None:
    body = {"version": "1.0", "id": "coin", "generation": {"type": "image"}, "prompt": {"base": "a coin 🪙"}}
    data = b"\t" + json.dumps(body, indent="\t").encode()
    (spec,) = read_specs(data, "coin.json", Rules(builtin_ontology()), is_json=True).specs
    assert spec.prompt == "a coin 🪙"


def test_tags_are_canonical_and_checked_against_the_vocabulary() -> None:
    assert only(with_part("tags: [npc:alexander, Wet Ink]\n")).tags == ("npc:alex", "wet_ink")
    assert places(read(with_part("tags:\n  - ink\n  - npc:nobody\n"))) == [(7, 5, "unknown_term")]


def test_all_errors_of_a_file_are_said_at_once_each_at_its_place() -> None:
    text = (
        'version: "2.0"\nid: a coin\ngeneration:\n  type: picture\n  providr: dalle-3\nprompt:\n  base: 5\n'
        "  parameters: {size: big, n_variations: 400}\n---\nversion: '1.0'\nid: coin\nprompt: {base: x}\n"
    )
    found = read(text)
    assert places(found) == [
        (1, 10, "version_unsupported"),
        (2, 5, "bad_spec_id"),
        (4, 9, "unknown_value"),
        (5, 3, "unknown_field"),
        (7, 9, "wrong_type"),
        (8, 22, "bad_size"),
        (8, 41, "out_of_range"),
        (10, 1, "missing_field"),
    ]
    assert found.specs == ()
    assert "did you mean provider?" in str(found.diagnostics[3])


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("integration: {manifest_path: ../x.png}", "path_outside"),
        ("integration: {manifest_path: images/../../x.png}", "path_outside"),
        ("integration: {manifest_path: /etc/passwd}", "path_outside"),
        ("integration: {manifest_path: 'C:/x.png'}", "path_outside"),
        ('integration: {manifest_path: "..\\\\x.png"}', "path_outside"),
        ("integration: {manifest_path: images/.hidden.png}", "bad_manifest_path"),
        ("integration: {manifest_path: con.png}", "bad_manifest_path"),
        ('integration: {manifest_path: "x\\0.png"}', "bad_manifest_path"),
        ("base_url: http://evil.example/", "not_in_a_spec"),
        ("tags: [no]", "quote_it"),
        ("tags: [12:30:45]", "quote_it"),
        ("tags: !!python/object:os.system [x]", "yaml_tag"),
        ("id: twice", "duplicate_key"),
        ("inputs: [{role: mask}]", "bad_input"),
        ("inputs: [{asset: a1, query: x}]", "bad_input"),
    ],
)
def test_what_would_do_harm_is_refused(part: str, code: str) -> None:
    found = read(with_part(part + "\n"))
    assert code in {each.code for each in found.errors}
    assert found.specs == ()


def test_a_fault_of_one_spec_leaves_the_others_of_its_file_sound() -> None:
    bad = SMALL.format(id="bad") + "id: twice\n"
    found = read(f"{SMALL.format(id='a')}---\n{bad}---\n{SMALL.format(id='b')}")
    assert [spec.id for spec in found.specs] == ["a", "b"]
    assert places(found) == [(10, 1, "duplicate_key")]


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("prompt: {base: a coin}", "prompt: a coin", "its fields are base, style, negative, parameters"),
        ("{base: a coin}", "{base: 5}", 'quote it: "5"'),
        ("{base: a coin}", "{base: x, parameters: {n_variations: '4'}}", "write 4 without quotes"),
        ("{base: a coin}", "{base: x, parameters: {size: 1024}}", "write 1024x1024"),
        ("{type: image}", "{type: Image}", "did you mean image?"),
        ("{type: image}", "{type: image}\ninputs: a1", "after `- `"),
        ("{type: image}", "{type: image}\nsize: 1x1", "it stands under `prompt.parameters`"),
    ],
)
def test_a_mistake_that_people_make_is_told_with_the_way_out(old: str, new: str, hint: str) -> None:
    (found,) = read(SMALL.format(id="coin").replace(old, new)).errors
    assert hint in (found.hint or "")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("max_cost: -1", "invalid_amount"),
        ("max_cost: NaN", "invalid_amount"),
        ("max_cost: .inf", "quote_it"),
        ("max_cost: 1000000000", "invalid_amount"),
        ("max_cost: 1e9", "invalid_amount"),
        ("provider: 'http://169.254.169.254/'", "provider_address"),
        ("provider: '$OPENAI_API_KEY'", "bad_provider"),
        ("provider: ../openai", "bad_provider"),
        ("api_key: sk-123", "not_in_a_spec"),
        ("base_url: x", "not_in_a_spec"),
        ("headers: {}", "not_in_a_spec"),
    ],
)
def test_a_spec_names_no_impossible_amount_no_address_and_no_key(said: str, code: str) -> None:
    found = read(with_part("").replace("{type: image}", f"{{type: image, {said}}}"))
    assert [each.code for each in found.errors] == [code]


def test_extra_parameters_of_a_provider_go_along_but_no_address_hides_in_them() -> None:
    told = with_part("").replace("a coin}", "a coin, parameters: {extra: {openai: {moderation: low}}}}")
    assert only(told).request("m", provider="openai").extra == {"moderation": "low"}
    assert only(told).request("m", provider="gemini").extra == {}
    hidden = told.replace("moderation: low", "options: {base_url: x}")
    assert [each.code for each in read(hidden).errors] == ["not_in_a_spec"]


def test_an_alias_bomb_and_depth_are_stopped() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdef", "bcdefg", strict=True)
    )
    assert "yaml_aliases" in {each.code for each in read(bomb).errors}
    assert "yaml_too_deep" in {each.code for each in read("a: " + "[" * 3000 + "]" * 3000).errors}


def test_one_bad_file_never_hides_the_others(tmp_path) -> None:
    (tmp_path / "bad.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "good.yaml").write_text(COIN, encoding="utf-8")
    (tmp_path / ".hidden.yaml").write_text("id: [", encoding="utf-8")
    found = load_specs(tmp_path, Rules(STORY), shown_from=tmp_path)
    assert list(found.specs) == ["sprite-coin"]
    assert [each.file for each in found.diagnostics] == ["bad.yaml"]


def test_an_id_stands_for_one_spec_and_the_second_place_names_the_first(tmp_path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(COIN, encoding="utf-8")
    found = load_specs(tmp_path, Rules(STORY), shown_from=tmp_path)
    assert [str(each) for each in found.diagnostics] == [
        "b.yaml:1:1: duplicate_spec: the spec `sprite-coin` stands in a.yaml:1:1 too (give one of the two another name)"
    ]
