"""A list of shots becomes specs, one file each, as the seed's example has it."""

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from seed_specs import COIN as SPEC_OF_COIN

from generation.specs.checking import Rules
from generation.specs.naming import slug
from generation.specs.reading import read_specs
from generation.specs.service import ProjectSpecs, shot_map
from generation.specs.shots import ShotPart, spec_of_shot
from generation.specs.writing import to_yaml
from ontology import builtin_ontology
from ontology.errors import InvalidInputError
from ontology.nodes import Findings
from ontology.plain_data import plain_data
from ontology.yaml_source import read_yaml

RULES = Rules(builtin_ontology())

COIN = {
    "key": "sprite_coin",
    "kind": "sprite",
    "prompt": "Glowing coin with buff arm emblem, neon rim light, high readability...",
}

KINDS = ("sprite", "backdrop", "particle", "tile", "ui", "icon", "enemy", "character", "portrait")


def forty_five_shots():
    """Five shots of each of nine kinds."""
    things = ("coin", "forest", "spark", "stone", "button")
    return [
        {"key": f"{kind}_{thing}_{number}", "kind": kind, "prompt": f"A {thing}: number {number}, {{not}} a #tag"}
        for kind in KINDS
        for number, thing in enumerate(things)
    ]


@pytest.fixture
def specs(tmp_path):
    return ProjectSpecs(tmp_path / "specs", tmp_path, RULES)


def bring(specs, shots, **options):
    return specs.import_shots(json.dumps(shots).encode(), "shots.json", **options)


def test_the_coin_of_the_seed_is_made_field_by_field(specs, tmp_path) -> None:
    results, found = bring(specs, [COIN])
    assert [(item.id, item.outcome, item.path) for item in results] == [
        ("sprite-coin", "created", "specs/shots/coin.yaml")
    ]
    assert found == ()
    written = (tmp_path / "specs" / "shots" / "coin.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(written) == yaml.safe_load(SPEC_OF_COIN)
    assert list(specs) == ["sprite-coin"]


def test_forty_five_shots_become_specs_that_check_clean(specs) -> None:
    shots = forty_five_shots()
    results, found = bring(specs, shots)
    assert [item.outcome for item in results] == ["created"] * 45
    assert found == ()
    assert specs.diagnostics == ()
    assert {spec.id for spec in specs.values()} == {slug(shot["key"]) for shot in shots}
    assert len({spec.integration.manifest_path for spec in specs.values()}) == 45


def test_a_second_import_changes_nothing_and_writes_over_nothing_unasked(specs, tmp_path) -> None:
    bring(specs, [COIN])
    (again,), _ = bring(specs, [COIN])
    assert again.outcome == "unchanged"
    other = COIN | {"prompt": "another coin"}
    (refused,), _ = bring(specs, [other])
    assert (refused.outcome, refused.error.code) == ("failed", "file_exists")
    assert "another" not in (tmp_path / "specs/shots/coin.yaml").read_text(encoding="utf-8")
    (forced,), _ = bring(specs, [other], force=True)
    assert forced.outcome == "overwritten"
    assert "another" in (tmp_path / "specs/shots/coin.yaml").read_text(encoding="utf-8")


def test_a_dry_run_tells_what_would_be_and_writes_nothing(specs, tmp_path) -> None:
    (item,), _ = bring(specs, [COIN], dry_run=True)
    assert item.outcome == "created"
    assert not (tmp_path / "specs").exists()


def test_what_is_no_shot_is_reported_with_its_line_and_the_others_go_in(specs) -> None:
    shots = [{"key": "ui_ok", "kind": "ui", "prompt": "ok"}, {"key": "ui_bad", "kind": "ui"}, COIN, COIN, 7]
    results, found = specs.import_shots(json.dumps(shots, indent=1).encode(), "shots.json")
    assert [(each.code, each.line) for each in found] == [
        ("missing_field", 7),
        ("duplicate_shot", 16),
        ("wrong_type", 21),
    ]
    assert sorted(item.outcome for item in results) == ["created", "created", "failed", "failed"]


def test_two_shots_of_one_name_get_files_of_their_own(specs) -> None:
    shots = [COIN, {"key": "ui_coin", "kind": "ui", "prompt": "a coin"}]
    results, _ = bring(specs, shots)
    assert [item.path for item in results] == ["specs/shots/coin.yaml", "specs/shots/ui-coin.yaml"]


def test_what_older_lists_say_beyond_is_taken_over_or_named(specs) -> None:
    shot = COIN | {"size": "512x512", "quality": "high", "negative": "text", "tags": ["loot"], "frames": 8}
    results, found = bring(specs, [shot])
    assert [(each.code, each.severity) for each in found] == [("field_left_out", "notice")]
    spec = specs[results[0].id]
    assert (spec.size, spec.negative_prompt, spec.tags) == ((512, 512), "text", ("loot",))


def test_the_map_is_data_that_a_project_changes(specs, tmp_path) -> None:
    own = tmp_path / "map.toml"
    own.write_text('provider = "local"\n[keys]\ncoin = "images/money"\n[kinds.sprite]\nstyle = "ink"\n', "utf-8")
    (item,), _ = bring(specs, [COIN], own_map=own)
    spec = specs[item.id]
    assert (spec.providers, spec.integration.manifest_path) == (("local",), "images/money/coin.png")
    assert spec.prompt.endswith("\nink")


@pytest.mark.parametrize(
    "content",
    ["[keys]\ncoin = '../x'\n", "kinds = 1\n", "provider = 'http://x'\n", "[", "[kinds.sprite]\nstil = 'x'\n"],
)
def test_a_bad_map_is_refused_with_its_name(specs, tmp_path, content) -> None:
    own = tmp_path / "map.toml"
    own.write_text(content, "utf-8")
    with pytest.raises(InvalidInputError, match=r"map\.toml") as caught:
        bring(specs, [COIN], own_map=own)
    assert caught.value.code == "invalid_shot_map"


@pytest.mark.parametrize(
    ("key", "kind", "path"),
    [
        ("sprite_coin", "sprite", "images/collectibles/coin.png"),
        ("sprite_sword", "sprite", "images/sprites/sword.png"),
        ("bg_forest", "backdrop", "images/backgrounds/forest.png"),
        ("sprite", "sprite", "images/sprites/sprite.png"),
        ("whatnot_thing", "whatnot", "images/whatnot/thing.png"),
        ("coin", "ui", "images/collectibles/coin.png"),
    ],
)
def test_a_key_decides_the_folder_before_its_kind(key, kind, path) -> None:
    made = spec_of_shot(ShotPart(key=key, kind=kind, prompt="x"), shot_map())
    assert made.document["integration"]["manifest_path"] == path


@given(st.text(min_size=1, max_size=100), st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=200))
def test_any_shot_becomes_a_spec_that_is_read_as_it_was_meant(key, kind, prompt) -> None:
    try:
        shot = ShotPart(key=key, kind=kind, prompt=prompt)
    except ValueError:
        return
    made = spec_of_shot(shot, shot_map())
    found = read_specs(made.text.encode("utf-8", "surrogatepass"), made.file_name, RULES)
    assert found.errors == ()
    assert found.specs[0].prompt.startswith(shot.prompt)


SCALARS = st.one_of(st.text(max_size=40), st.integers(-(10**9), 10**9), st.booleans())
KEYS = st.text(min_size=1, max_size=12)


@given(
    st.dictionaries(
        KEYS,
        st.recursive(
            SCALARS,
            lambda inner: st.one_of(
                st.lists(inner, min_size=1, max_size=3), st.dictionaries(KEYS, inner, min_size=1, max_size=3)
            ),
            max_leaves=8,
        ),
        min_size=1,
        max_size=4,
    )
)
@example({"base": "ends\n"})
@example({"base": "\nbegins"})
@example({"base": "two\nlines", "style": " indented\nline"})
def test_what_is_written_as_yaml_is_read_as_the_same(document) -> None:
    findings = Findings("x")
    root = read_yaml(to_yaml(document).encode("utf-8", "surrogatepass"), findings).root
    assert root is not None
    assert plain_data(root, findings) == document
    assert findings.diagnostics == []
