"""Constants made of a manifest: names fit for every language, nothing of the manifest becomes code."""

import importlib.util
import json
import keyword
import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from needs import lacks

from generation.manifest.constants import groups_of, render
from generation.manifest.listing import Listed, entries_of
from generation.manifest.naming import constant_name, group_name, unique_names
from generation.manifest.writing import write_constants
from ontology.errors import ConflictError, NotFoundError

HOSTILE = [
    'a"; process.exit(7); //',
    "a'; import os; os.abort() #",
    "a\\",
    "a\n}); process.exit(7); ({",
    "*/ process.exit(7); /*",
    "</script><script>alert(1)</script>",
    "\u2028process.exit(7)",
    "${process.exit(7)}",
    "__proto__",
    "constructor",
    "toString",
    "class",
    "None",
    "",
    " ",
    "日本語",
    "😀",
    "\ud83d",
    '"""',
    "{0.__class__}",
    "9lives",
    "fooBar",
    "foo_bar",
    "FOO BAR",
    "foo-bar_2",
    "\x00\x1b[31m",
    "é",
]


def manifest_of(keys) -> str:
    images = {key: {"type": "image", "path": f"images/{key}.png"} for key in keys}
    sounds = {key: {"type": "audio", "path": [f"{key}.ogg", f"{key}.mp3"]} for key in keys}
    return json.dumps({"assets": {"images": images, "audio": {"sfx": {"jump": sounds}, "music": sounds}, **sections()}})


def sections():
    return {key: {"k": {"type": "image", "path": key}} for key in HOSTILE if key != "images"}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("particleWhite", "PARTICLE_WHITE"),
        ("coin", "COIN"),
        ("sfxJump1A", "SFX_JUMP1_A"),
        ("XMLParser", "XML_PARSER"),
        ("loadHTML", "LOAD_HTML"),
        ("sprite-coin", "SPRITE_COIN"),
        ("bg.forest 2", "BG_FOREST_2"),
        ("ALREADY_DONE", "ALREADY_DONE"),
        ("9lives", "_9LIVES"),
        ("__proto__", "PROTO"),
        ("Éclair", "ECLAIR"),
        ("日本", "U65E5_U672C"),
        ("", "UNNAMED"),
    ],
)
def test_a_key_becomes_a_name_in_capitals(key, name) -> None:
    assert constant_name(key) == name


@pytest.mark.parametrize(
    ("section", "name"),
    [("images", "Image"), ("audio", "Audio"), ("sprites", "Sprite"), ("sprite_sheets", "SpriteSheet"), ("3d", "G3d")],
)
def test_a_section_becomes_the_beginning_of_a_name(section, name) -> None:
    assert group_name(section) == name


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "a.b", "c"]), st.text(max_size=8)), unique=True))
def test_names_are_unique_and_fit_for_every_language(pairs) -> None:
    entries = [Listed(("audio", *section.split(".")), key, None, ()) for section, key in pairs]
    names = unique_names(entries)
    assert len(set(names)) == len(names) == len(pairs)
    assert all(re.fullmatch(r"_?[A-Z0-9][A-Z0-9_]*", name) and not keyword.iskeyword(name) for name in names)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["fooBar", "foo_bar", "FOO-BAR", "foo_bar_2", "fooBar3"]), unique=True))
def test_a_key_that_comes_later_takes_no_name_from_one_that_has_it(keys) -> None:
    entries = [Listed(("images",), key, None, ()) for key in keys]
    names = dict(zip(keys, unique_names(entries), strict=True))
    seen = set()
    for key in keys:
        if constant_name(key) not in seen:
            assert names[key] == constant_name(key)
        seen.add(constant_name(key))


def test_one_name_in_two_sections_is_led_by_the_section() -> None:
    entries = [Listed(("audio", part), "theme", "audio", ()) for part in ("music", "sfx")]
    assert unique_names(entries) == ("THEME", "SFX_THEME")


GAME = json.dumps(
    {
        "assets": {
            "images": {
                "particleWhite": {"type": "image", "path": "images/particles/white.png"},
                "noFile": {"type": "image"},
            },
            "audio": {"sfx": {"jump": {"sfxJump1A": {"type": "audio", "path": ["j.ogg", "j.mp3"]}}}, "music": {}},
            "version": 3,
        },
        "images": {"not": {"path": "below assets"}},
    }
)


def test_javascript_looks_like_this() -> None:
    assert render(entries_of(GAME), "javascript") == (
        "// Made from manifest.json by callsheet. Changes to this file will be lost.\n\n"
        'export const ImageAssets = Object.freeze({\n  PARTICLE_WHITE: "particleWhite",\n  NO_FILE: "noFile",\n});\n\n'
        'export const ImagePaths = Object.freeze({\n  PARTICLE_WHITE: "images/particles/white.png",\n});\n\n'
        'export const AudioAssets = Object.freeze({\n  SFX_JUMP1_A: "sfxJump1A",\n});\n\n'
        'export const AudioPaths = Object.freeze({\n  SFX_JUMP1_A: Object.freeze(["j.ogg", "j.mp3"]),\n});\n'
    )


def test_typescript_adds_the_types_of_keys_and_paths() -> None:
    text = render(entries_of(GAME), "typescript")
    assert '  PARTICLE_WHITE: "particleWhite",\n  NO_FILE: "noFile",\n} as const);' in text
    assert "export type ImageAsset = (typeof ImageAssets)[keyof typeof ImageAssets];" in text


def expected_of(entries) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for group in groups_of(entries):
        found[f"{group.name}Assets"] = {each.name: each.key for each in group.constants}
        found[f"{group.name}Paths"] = {
            each.name: each.paths[0] if len(each.paths) == 1 else list(each.paths)
            for each in group.constants
            if each.paths
        }
    return found


@pytest.mark.parametrize("text", [GAME, manifest_of(HOSTILE), '{"assets": {}}', "{}"])
def test_python_holds_what_the_manifest_says_and_runs_nothing_else(tmp_path, text) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    write_constants(tmp_path / "manifest.json", tmp_path / "src", ["python"])
    spec = importlib.util.spec_from_file_location("made_assets", tmp_path / "src" / "assets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = {
        name: {
            key: list(each) if isinstance(each, tuple) else each
            for key, each in vars(group).items()
            if not key.startswith("__")
        }
        for name, group in vars(module).items()
        if isinstance(group, type)
    }
    assert found == expected_of(entries_of(text))


@pytest.mark.slow
@pytest.mark.parametrize("text", [GAME, manifest_of(HOSTILE), '{"assets": {}}'])
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_a_browser_s_language_holds_what_the_manifest_says_and_runs_nothing_else(tmp_path, text, language) -> None:
    node = shutil.which("node")
    if node is None:
        lacks("Node", "nodejs")
    entries = entries_of(text)
    body = render(entries, language)
    if language == "typescript":  # all that is not JavaScript in it: two forms, line by line
        body = re.sub(r"(?m)^\}? ?as const\);$", "});", re.sub(r"(?m)^export type .*;$", "", body))
        body = body.replace("{} as const)", "{})").replace("} as const);", "});")
    (tmp_path / "assets.mjs").write_text(body, encoding="utf-8")
    program = (
        "import * as m from './assets.mjs';"
        "for (const g of Object.values(m)) if (!Object.isFrozen(g)) process.exit(3);"
        "for (const g of Object.values(m)) for (const v of Object.values(g))"
        " if (typeof v === 'object' && !Object.isFrozen(v)) process.exit(4);"
        "console.log(JSON.stringify(m));"
    )
    run = subprocess.run(
        [node, "--input-type=module", "-e", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert json.loads(run.stdout) == expected_of(entries)


def test_the_code_is_of_plain_ascii_and_cannot_end_a_script_of_a_page() -> None:
    for language in ("javascript", "typescript"):
        text = render(entries_of(manifest_of(HOSTILE)), language)
        assert text.isascii()
        assert "</" not in text
        assert len(text.splitlines()) == text.count("\n")


def test_files_are_written_only_where_they_become_others(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text(GAME, encoding="utf-8")
    languages = ["javascript", "typescript", "python"]
    dry = write_constants(tmp_path / "manifest.json", tmp_path / "src", languages, dry_run=True)
    assert [each.changed for each in dry] == [True, True, True]
    assert not (tmp_path / "src").exists()
    first = write_constants(tmp_path / "manifest.json", tmp_path / "src", languages)
    again = write_constants(tmp_path / "manifest.json", tmp_path / "src", languages)
    assert [each.path.name for each in first] == ["assets.js", "assets.ts", "assets.py"]
    assert [each.changed for each in again] == [False, False, False]


def test_a_file_of_somebody_else_is_not_written_over(tmp_path) -> None:
    (tmp_path / "manifest.json").write_text(GAME, encoding="utf-8")
    (tmp_path / "assets.py").write_text("mine = 1\n", encoding="utf-8")
    with pytest.raises(ConflictError) as caught:
        write_constants(tmp_path / "manifest.json", tmp_path, ["javascript", "python"])
    assert caught.value.code == "path_taken"
    assert (tmp_path / "assets.py").read_text(encoding="utf-8") == "mine = 1\n"
    assert not (tmp_path / "assets.js").exists()


def test_constants_of_no_manifest_are_an_error_that_names_it(tmp_path) -> None:
    with pytest.raises(NotFoundError, match=r"manifest\.json"):
        write_constants(tmp_path / "manifest.json", tmp_path, ["python"])
