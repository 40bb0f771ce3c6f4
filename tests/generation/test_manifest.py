"""`manifest.json` is changed where an entry belongs and nowhere else, by one writer at a time, or not at all."""

import json
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.manifest.editing import without_member
from generation.manifest.entries import ManifestEntry
from generation.manifest.errors import ManifestError
from generation.manifest.listing import entries_of
from generation.manifest.recording import Record, changed, record, record_all, remove_all
from generation.manifest.scanning import is_same, scan
from ontology.errors import CallsheetError, ConflictError

MADE = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
WHERE = Path("assets/manifest.json")
COIN = ManifestEntry(
    path="images/collectibles/coin.png",
    description="A coin",
    provider="openai",
    cost=Decimal("0.042"),
    made_at=MADE,
)

GAME = """\
{
    "version": "2.1.0",
    "multiResolution": {"enabled": true, "scales": [1, 2.0, 1e1]},
    "assets": {
        "images": {
            "logo":   { "type": "image", "path": "images/ui/logo.png" },
            "particleWhite": {
                "type": "image",
                "path": "images/particles/old.png",
                "frameConfig": {"frameWidth": 32, "note": "\\u00e9 t\\u00e9"},
                "multiResolution": {"2x": "images/particles/white@2x.png"}
            }
        },
        "audio": {
            "music": {},
            "sfx": {"land": {"sfxLand1": {"type": "audio", "path": ["audio/land1.ogg", "audio/land1.mp3"]}}}
        }
    },
    "zz": [1,2,
      3],   "aa": 12345678901234567890123
}
"""


def put(text: str, section: str, key: str, entry: ManifestEntry = COIN) -> str:
    return changed(text, [Record(section, key, entry)], WHERE)


def test_a_new_manifest_has_the_shape_that_games_read(tmp_path) -> None:
    path = tmp_path / "assets" / "manifest.json"
    assert record(path, "images", "coin", COIN, lock_file=tmp_path / "lock")
    assert path.read_text(encoding="utf-8") == (
        "{\n"
        '  "assets": {\n'
        '    "images": {\n'
        '      "coin": {\n'
        '        "type": "image",\n'
        '        "path": "images/collectibles/coin.png",\n'
        '        "description": "A coin",\n'
        '        "aiGenerated": true,\n'
        '        "aiProvider": "openai",\n'
        '        "aiCost": 0.042,\n'
        '        "generatedDate": "2026-11-21T09:30:00Z"\n'
        "      }\n"
        "    }\n"
        "  }\n"
        "}\n"
    )


def test_writing_twice_changes_nothing_and_does_not_touch_the_file(tmp_path) -> None:
    path, lock = tmp_path / "manifest.json", tmp_path / "lock"
    path.write_text(GAME, encoding="utf-8")
    assert record(path, "images", "coin", COIN, lock_file=lock)
    before, stat = path.read_bytes(), path.stat()
    assert not record(path, "images", "coin", COIN, lock_file=lock)
    assert path.read_bytes() == before
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (stat.st_mtime_ns, stat.st_ino)


def test_only_the_lines_of_the_entry_change() -> None:
    after = put(GAME, "images", "particleWhite")
    old, new = GAME.splitlines(), after.splitlines()
    assert [line for line in old if line not in new] == [
        '                "path": "images/particles/old.png",',
        '                "multiResolution": {"2x": "images/particles/white@2x.png"}',  # a comma follows it now
    ]
    entry = json.loads(after)["assets"]["images"]["particleWhite"]
    assert entry["multiResolution"] == {"2x": "images/particles/white@2x.png"}
    assert list(entry)[:4] == ["type", "path", "frameConfig", "multiResolution"]
    assert entry["aiProvider"] == "openai"
    assert '"note": "\\u00e9 t\\u00e9"' in after


@pytest.mark.parametrize("section", ["audio.sfx.jump", "audio.sfx.land", "audio.music", "audio.voice", "sprites"])
def test_a_section_is_found_or_made_and_all_others_stay(section) -> None:
    sound = ManifestEntry(path="audio/sfx/jump.mp3", type="audio", provider="elevenlabs", cost=None, made_at=MADE)
    after = json.loads(put(GAME, section, "sfxJump1A", sound))
    place = after["assets"]
    for part in section.split("."):
        place = place[part]
    assert place.pop("sfxJump1A")["aiCost"] is None
    expected = json.loads(put(GAME, section, "other", sound))
    there = expected["assets"]
    for part in section.split("."):
        there = there[part]
    del there["other"]
    assert after == expected


def test_a_stand_in_is_marked_until_the_real_thing_replaces_it() -> None:
    offline = ManifestEntry(path="a.png", provider="local", cost=Decimal(0), stand_in=True)
    text = put(GAME, "images", "coin", offline)
    assert json.loads(text)["assets"]["images"]["coin"]["standIn"] is True
    assert json.loads(put(text, "images", "coin"))["assets"]["images"]["coin"]["standIn"] is False
    assert "standIn" not in put(GAME, "images", "coin")


@pytest.mark.parametrize(
    "text",
    [
        GAME,
        GAME.replace("\n", "\r\n"),
        "\ufeff" + GAME,
        "\ufeff" + GAME.replace("\n", "\r\n"),
        GAME.replace("    ", "\t"),
        json.dumps(json.loads(GAME), separators=(",", ":")),
        json.dumps(json.loads(GAME)),
        GAME.rstrip("\n") + "\n\n\n",
        "{}",
        "{\n}\n",
        '{"assets": {}}',
        '{"assets":{"images":{}}}',
    ],
)
def test_marks_line_ends_and_layout_stay_as_they_are(text) -> None:
    after = put(text, "images", "coin")
    assert after.startswith("\ufeff") == text.startswith("\ufeff")
    if "\r\n" in text:
        assert after.count("\n") == after.count("\r\n")
    if "\n" not in text and text != "{}":
        assert "\n" not in after
    if "\t" in text:
        assert "    " not in after
    if ", " not in text and text.count('":') > 1 and '": ' not in text:
        assert '", "' not in after
    assert after[-1] == text[-1]
    body = json.loads(after.removeprefix("\ufeff"))
    assert body["assets"]["images"].pop("coin")["path"] == COIN.path
    assert put(after, "images", "coin") == after


def test_a_value_that_is_the_same_stays_as_it_was_written() -> None:
    text = put("{}", "images", "coin").replace("0.042", "420e-4").replace("A coin", "A \\u0063oin")
    assert put(text, "images", "coin") == text


def test_of_a_key_that_is_there_twice_the_one_that_counts_is_changed() -> None:
    text = '{"assets": {"images": {"coin": {"path": "a"}, "coin": {"path": "b"}}}}'
    after = put(text, "images", "coin")
    assert json.loads(after)["assets"]["images"]["coin"]["path"] == COIN.path
    assert '{"path": "a"}' in after


def test_an_empty_file_becomes_a_manifest(tmp_path) -> None:
    path = tmp_path / "manifest.json"
    for nothing in ["", "\ufeff", "\n \n"]:
        path.write_text(nothing, encoding="utf-8")
        assert record(path, "images", "coin", COIN, lock_file=tmp_path / "lock")
        assert "coin" in json.loads(path.read_text(encoding="utf-8"))["assets"]["images"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('{\n  "assets": {\n    "images": {},\n  }\n}', ":4:3:", "a key is missing before `}`"),
        ('{"assets": }', ":1:12:", "a value is missing before `}`"),
        ('{"assets": {} "x": 1}', ":1:15:", '`,` or `}` is missing before `"x": 1}`'),
        ('{"assets": {}', ":1:14:", "is missing before the end"),
        ('{"assets" {}}', ":1:11:", "`:` is missing behind assets"),
        ('{\n"a": "b\n"}', ":2:6:", "not closed"),
        ("{} // see the wiki", ":1:4:", "something behind the end"),
        ("{'assets': {}}", ":1:2:", "a key is missing"),
        ('{"a": 01}', ":1:8:", "is missing before"),
        ('{"a": NaN}', ":1:7:", "a value is missing"),
        ("[" * 100, ":1:62:", "levels"),
        ("[]", "", "not a table"),
        ('{"assets": []}', ":1:12:", "`assets` is not a table"),
        ('{"assets": {"images": {"coin": "images/coin.png"}}}', ":1:32:", "`coin` is not a table"),
    ],
)
def test_a_broken_manifest_is_told_with_its_place_and_never_written_over(tmp_path, text, place, message) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(text.encode())
    with pytest.raises(ManifestError) as caught:
        record(path, "images", "coin", COIN, lock_file=tmp_path / "lock")
    assert f"manifest.json{place}" in caught.value.message
    assert message in caught.value.message
    assert caught.value.hint
    assert path.read_bytes() == text.encode()


def test_a_manifest_that_is_not_utf_8_is_told_with_its_place(tmp_path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes('{\n "é": 1}'.encode("latin-1"))
    with pytest.raises(ManifestError, match=r"manifest\.json:2:3: this is not UTF-8"):
        record(path, "images", "coin", COIN, lock_file=tmp_path / "lock")


def test_of_several_entries_all_are_written_or_none(tmp_path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(GAME, encoding="utf-8")
    with pytest.raises(ManifestError, match="`type` is not a table"):
        record_all(
            path, [Record("images", "coin", COIN), Record("images.logo.type", "x", COIN)], lock_file=tmp_path / "lock"
        )
    assert path.read_text(encoding="utf-8") == GAME


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(GAME, encoding="utf-8")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CallsheetError) as caught:
        record(path, "images", "coin", COIN, lock_file=tmp_path / "locks" / "manifest")
    assert caught.value.code == "disk_full"
    assert path.read_text(encoding="utf-8") == GAME
    assert sorted(each.name for each in tmp_path.iterdir()) == ["locks", "manifest.json"]


def test_a_link_to_the_manifest_stays_a_link(tmp_path) -> None:
    real = tmp_path / "shared.json"
    real.write_text("{}", encoding="utf-8")
    link = tmp_path / "manifest.json"
    link.symlink_to(real)
    record(link, "images", "coin", COIN, lock_file=tmp_path / "lock")
    assert link.is_symlink()
    assert "coin" in real.read_text(encoding="utf-8")


def _record_some(folder: str, who: int) -> None:
    for number in range(8):
        entry = ManifestEntry(path=f"images/{who}-{number}.png")
        record(
            Path(folder, "manifest.json"), f"images.of{who % 2}", f"k{who}x{number}", entry, lock_file=Path(folder, "l")
        )


def test_writers_in_several_threads_lose_no_entry(tmp_path) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda who: _record_some(str(tmp_path), who), range(6)))
    assert len(entries_of((tmp_path / "manifest.json").read_text(encoding="utf-8"))) == 48


@pytest.mark.slow
def test_writers_in_several_processes_lose_no_entry(tmp_path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_record_some, args=(str(tmp_path), who)) for who in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(entries_of((tmp_path / "manifest.json").read_text(encoding="utf-8"))) == 24


def test_a_writer_that_waits_too_long_says_who_is_in_the_way(tmp_path, monkeypatch) -> None:
    from gallery.store.turns import turn

    monkeypatch.setattr("generation.manifest.recording._WAIT_SECONDS", 0.05)
    with turn(tmp_path / "lock", 1), pytest.raises(ConflictError) as caught:
        record(tmp_path / "manifest.json", "images", "coin", COIN, lock_file=tmp_path / "lock")
    assert caught.value.code == "locked"


TEXTS = st.text(max_size=6)
KEYS = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.decimals(-1000, 1000, places=3).map(float),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
MANIFESTS = st.fixed_dictionaries(
    {},
    optional={
        "assets": st.fixed_dictionaries(
            {},
            optional={
                "images": st.dictionaries(KEYS, st.dictionaries(KEYS, PLAIN, max_size=3), max_size=3),
                "multiResolution": PLAIN,
            },
        ),
        "other": PLAIN,
        "multiResolution": PLAIN,
    },
)
LAYOUTS = st.sampled_from(
    [{"indent": 2}, {"indent": "\t"}, {}, {"separators": (",", ":")}, {"indent": 4, "ensure_ascii": False}]
)


@settings(max_examples=200, deadline=None)
@given(body=MANIFESTS, layout=LAYOUTS, key=KEYS, crlf=st.booleans())
def test_what_is_not_of_the_entry_survives_in_its_order_and_a_second_time_changes_nothing(
    body, layout, key, crlf
) -> None:
    text = json.dumps(body, **layout)
    text = text.replace("\n", "\r\n") if crlf else text
    after = put(text, "images", key)
    assert put(after, "images", key) == after
    found = json.loads(after)
    entry = found["assets"]["images"][key]
    written = {name: float(each) if isinstance(each, Decimal) else each for name, each in COIN.members().items()}
    assert {name: entry[name] for name in written} == written
    before = body.get("assets", {}).get("images", {})
    assert [name for name in found["assets"]["images"] if name in before] == list(before)
    assert {name: each for name, each in before.get(key, {}).items() if name not in written and name != "standIn"} == {
        name: each for name, each in entry.items() if name not in written and name != "standIn"
    }
    del found["assets"]["images"][key]
    rest = json.loads(text)
    rest.setdefault("assets", {}).setdefault("images", {}).pop(key, None)
    assert found == rest
    assert [name for name in found if name in body] == list(body)


@settings(max_examples=200, deadline=None)
@given(body=MANIFESTS, layout=LAYOUTS, key=KEYS, crlf=st.booleans())
def test_an_entry_that_is_put_in_and_taken_out_leaves_the_rest_as_it_was(body, layout, key, crlf) -> None:
    text = json.dumps(body, **layout)
    text = text.replace("\n", "\r\n") if crlf else text
    after = without_member(put(text, "images", key), ["assets", "images", key])
    rest = json.loads(text)
    rest.setdefault("assets", {}).setdefault("images", {}).pop(key, None)
    assert json.loads(after) == rest
    assert list(json.loads(after)) == list(rest)
    assert without_member(after, ["assets", "images", key]) == after


@pytest.mark.parametrize("key", ["logo", "particleWhite"])
def test_taking_an_entry_out_leaves_every_other_byte(key) -> None:
    after = without_member(GAME, ["assets", "images", key])
    left = json.loads(GAME)
    del left["assets"]["images"][key]
    assert json.loads(after) == left
    lines = GAME.splitlines()
    kept = [line for line in after.splitlines() if line in lines]
    assert len(kept) >= len(after.splitlines()) - 1
    assert "[1,2,\n      3],   " in after


def test_taking_out_of_a_file_that_is_not_there_and_what_it_does_not_hold_changes_nothing(tmp_path) -> None:
    path = tmp_path / "manifest.json"
    assert not remove_all(path, [("images", "coin")], lock_file=tmp_path / "lock", waiting=tmp_path / "waiting")
    path.write_text("\ufeff" + GAME, encoding="utf-8")
    assert not remove_all(path, [("images", "coin")], lock_file=tmp_path / "lock", waiting=tmp_path / "waiting")
    assert not (tmp_path / "waiting").exists()
    assert remove_all(path, [("images", "logo")], lock_file=tmp_path / "lock", waiting=tmp_path / "waiting")
    assert path.read_text(encoding="utf-8") == "\ufeff" + without_member(GAME, ["assets", "images", "logo"])
    assert (tmp_path / "waiting").exists()


@settings(max_examples=200, deadline=None)
@given(body=PLAIN, layout=LAYOUTS)
def test_the_scanner_reads_what_json_reads(body, layout) -> None:
    text = json.dumps(body, **layout)
    assert is_same(scan(text).value, json.loads(text, parse_float=Decimal))


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet='{}[]",:0123456789.eE+-truefalsn \\u\n', max_size=30))
def test_the_scanner_refuses_what_json_refuses(text) -> None:
    def never(name):
        raise ValueError(name)

    try:
        json.loads(text, parse_constant=never)
    except ValueError:
        with pytest.raises(ValueError):
            scan(text)
    else:
        scan(text)
