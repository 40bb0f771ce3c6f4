"""How a picture was made, from the file into the gallery and out of it again."""

import json

import pytest
from embedded_builders import A1111_TEXT, DREAM, encode, graph, node, png, png_chunk, png_with, text_chunk
from gallery_builders import make_picture
from sqlalchemy import delete, select

from gallery.store.folding import folded
from gallery.store.tables import generation


@pytest.fixture
def add(gallery, root):
    """Write a file into the project and add it; the item of the result."""

    def write_and_add(name, data):
        (root / name).write_bytes(data)
        (item,) = gallery.add([root / name]).results
        return item

    return write_and_add


def made(gallery, item):
    return gallery.get(item.id).generation


def forget_all(context):
    """As a gallery of an older version is: full of assets of which nothing was read."""
    with context.database.write() as connection:
        connection.execute(delete(generation))


def rows(context):
    with context.database.read() as connection:
        return connection.execute(select(generation)).all()


def test_what_a_picture_says_is_kept_when_it_is_added(add, gallery, context):
    item = add("castle.png", png({"parameters": A1111_TEXT}))
    assert (item.outcome, item.notice) == ("added", None)
    found = made(gallery, item)
    assert (found["tool"], found["model"], found["seed"]) == ("A1111", "ponyXL_v6", "18446744073709551615")
    assert gallery.get(item.id).to_json()["generation"] == found
    (row,) = rows(context)
    assert row.words == folded(f"{found['prompt']}\nponyXL_v6")
    assert row.raw == {"parameters": A1111_TEXT}


def test_a_picture_that_says_nothing_has_null(add, gallery, context):
    item = add("plain.png", png({}))
    assert made(gallery, item) is None
    assert rows(context) == []


def test_an_edited_file_says_what_it_says_now(add, gallery):
    first = add("castle.png", png({"parameters": A1111_TEXT}))
    second = add("castle.png", png({"Dream": DREAM}, colour="blue"))
    assert (second.id, second.outcome) == (first.id, "changed")
    assert made(gallery, second)["tool"] == "InvokeAI"
    third = add("castle.png", png({}, colour="green"))
    assert third.outcome == "changed"
    assert made(gallery, third) is None


def test_adding_again_and_a_second_copy_change_nothing(add, gallery, root):
    item = add("castle.png", png({"parameters": A1111_TEXT}))
    before = made(gallery, item)
    assert add("copy.png", png({"parameters": A1111_TEXT})).outcome == "copy"
    gallery.add([root])
    assert made(gallery, item) == before


def test_a_picture_with_an_unreadable_text_is_added_with_a_notice(add, gallery):
    item = add("torn.png", png({"prompt": '{"3": {"class_ty'}))
    assert (item.outcome, item.error, item.notice.code) == ("added", None, "unreadable_text")
    assert "`prompt` holds damaged JSON" in item.notice.message
    assert made(gallery, item) is None
    assert item.to_json()["notice"]["message"] == item.notice.message


def test_fifty_megabytes_of_text_do_not_keep_a_picture_out(add):
    item = add("long.png", png_with(text_chunk("parameters", "x" * 50_000_000)))
    assert (item.outcome, item.notice.code) == ("added", "unreadable_text")


def test_a_bomb_is_refused_with_a_reason(add):
    import zlib

    item = add("bomb.png", png_with(png_chunk(b"zTXt", b"parameters\0\0" + zlib.compress(bytes(100_000_000), 9))))
    assert item.outcome == "failed"
    assert "ecompressed data too large" in item.error.message


def test_a_dry_run_keeps_nothing(gallery, root, context):
    (root / "castle.png").write_bytes(png({"parameters": A1111_TEXT}))
    gallery.add([root], dry_run=True)
    assert rows(context) == []


def test_a_sidecar_speaks_before_the_picture(add, gallery, root):
    said = {"version": 1, "generation": {"tool": "callsheet", "prompt": "a gate", "seed": 7}}
    (root / "castle.png.callsheet.json").write_text(json.dumps(said), encoding="utf-8")
    found = made(gallery, add("castle.png", png({"parameters": A1111_TEXT})))
    assert (found["prompt"], found["seed"], found["source"]) == ("a gate", "7", "sidecar")


def test_a_damaged_sidecar_is_told_and_the_picture_speaks(add, gallery, root):
    (root / "castle.png.callsheet.json").mkdir()
    item = add("castle.png", png({"parameters": A1111_TEXT}))
    assert "sidecar" in item.notice.message
    assert made(gallery, item)["tool"] == "A1111"


def test_a_sidecar_in_a_folder_is_no_picture(gallery, root):
    make_picture(root / "a.png")
    (root / "a.png.callsheet.json").write_text("{}", encoding="utf-8")
    assert [item.outcome for item in gallery.add([root]).results if item.path.endswith("json")] == ["skipped"]


def test_no_key_reaches_the_database_or_the_journal(add, gallery, context, root):
    canary = "hf_CanaryAbCdEfGhIjKlMnOpQr"
    named = "canary-without-a-known-shape"
    api = node("Provider", api_key=named, other=canary)
    workflow = {"nodes": [{"id": 1, "type": "Provider", "widgets_values": [named, canary]}]}
    prompt = graph(api=api, positive=encode(f"a castle {canary} {named}"))
    item = add("leak.png", png({"prompt": prompt, "workflow": workflow, "Author": canary}))
    assert made(gallery, item)["prompt"] == "a castle [hidden] [hidden]"
    context.database.close()
    for path in (root / ".callsheet").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert canary.encode() not in data, path
            assert named.encode() not in data, path


def test_assets_of_an_older_version_are_read_when_asked(add, gallery, context):
    castle = add("castle.png", png({"parameters": A1111_TEXT}))
    harbour = add("harbour.png", png({"Dream": DREAM}))
    plain = add("plain.png", png({}))
    kept = made(gallery, castle)
    forget_all(context)
    last = gallery.last_batch()

    dry = gallery.reread(dry_run=True)
    assert rows(context) == []
    result = gallery.reread()
    assert dry == result
    outcomes = {item.id: item.outcome for item in result.results}
    assert outcomes == {castle.id: "read", harbour.id: "read", plain.id: "nothing"}
    assert made(gallery, castle) == kept
    assert gallery.last_batch() == last
    assert {item.id: item.outcome for item in gallery.reread().results} == {plain.id: "nothing"}


def test_a_changed_sidecar_is_read_when_its_asset_is_named(add, gallery, root):
    item = add("castle.png", png({"parameters": A1111_TEXT}))
    assert [found.outcome for found in gallery.reread(item.id).results] == ["unchanged"]
    sidecar = root / "castle.png.callsheet.json"
    sidecar.write_text('{"generation": {"prompt": "a gate"}}', encoding="utf-8")
    assert [found.outcome for found in gallery.reread([item.id[:6]]).results] == ["read"]
    assert made(gallery, item)["prompt"] == "a gate"
    sidecar.unlink()
    gallery.reread([item.id])
    assert made(gallery, item)["tool"] == "A1111"


def test_rereading_reports_each_asset_that_cannot_be_read_and_goes_on(add, gallery, root, context):
    gone = add("gone.png", png({"parameters": A1111_TEXT}))
    edited = add("edited.png", png({"Dream": DREAM}))
    whole = add("whole.png", png({"Dream": DREAM}, colour="blue"))
    forget_all(context)
    (root / "gone.png").unlink()
    (root / "edited.png").write_bytes(png({"Dream": DREAM}, colour="green"))
    seen = []
    result = gallery.reread([gone.id, "a0000", edited.id, whole.id], progress=lambda *told: seen.append(told))
    assert [(item.id, item.outcome) for item in result.results] == [
        (gone.id, "failed"),
        ("a0000", "failed"),
        (edited.id, "failed"),
        (whole.id, "read"),
    ]
    assert [told[:2] for told in seen] == [(1, 3), (2, 3), (3, 3)]
    assert {item.error.code for item in result.failed} == {"not_found"}


def test_trashed_assets_are_not_read_unless_they_are_named(add, gallery, context):
    item = add("castle.png", png({"parameters": A1111_TEXT}))
    forget_all(context)
    gallery.trash(item.id)
    assert gallery.reread().results == ()
    assert [found.outcome for found in gallery.reread(item.id).results] == ["read"]


def test_many_assets_are_read_in_several_transactions(gallery, root, context, monkeypatch):
    from gallery.intake import rereading

    for number in range(7):
        (root / f"{number}.png").write_bytes(png({"Dream": DREAM}, colour=(number, 0, 0)))
    gallery.add([root])
    forget_all(context)
    monkeypatch.setattr(rereading, "CHUNK_ASSETS", 3)
    assert [item.outcome for item in gallery.reread().results] == ["read"] * 7
    assert len(rows(context)) == 7
