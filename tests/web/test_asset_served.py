"""`/a/{id}` as the server writes it."""

import json

import pytest
from page_reading import Page, said

from gallery.journal.editing import Edit


@pytest.fixture
def look(client):
    def look(address, status=200):
        answered = client[0].get(address, headers={"Accept": "text/html"})
        assert answered.status_code == status, answered.text
        return Page(answered.text)

    return look


def state(page):
    return json.loads(page.all("div", id="asset")[0][0]["data-asset"])


def test_the_page_has_picture_tags_and_facts(client, look, named):
    alex = named("alex_full")
    page = look(f"/a/{alex}")
    assert page.texts("h1") == ["alex_full.png"]
    assert page.all("img", id="picture")[0][0]["src"].startswith(f"/v1/assets/{alex}/file?v=")
    asset = client[1].gallery.get(alex).asset
    assert state(page)["tags"] == list(asset.tags)
    assert state(page)["version"] == asset.version
    assert "214 × 512" in page.texts("dd")


def test_previous_and_next_are_those_of_the_query(client, look):
    ids = [asset.id for asset in client[1].gallery.search("npc:alex").assets]
    page = look(f"/a/{ids[1]}?q=npc:alex")
    beside = {found["id"]: found["href"] for found, _ in page.all("a") if "data-beside" in found}
    assert beside == {"previous": f"/a/{ids[0]}?q=npc%3Aalex", "next": f"/a/{ids[2]}?q=npc%3Aalex"}
    assert said(page.link("Gallery npc:alex")) == {"q": ["npc:alex"], "at": [ids[1]]}
    assert [found["id"] for found, _ in look(f"/a/{ids[0]}?q=npc:alex").all("a") if "data-beside" in found] == ["next"]


def test_a_query_that_is_wrong_keeps_nobody_from_the_picture(look, named):
    assert "not known" in look(f"/a/{named('alex_full')}?q=ratng:3").texts("p", class_="notice")[0]


def test_a_beginning_of_an_id_leads_to_the_whole_one(client, named):
    alex = named("alex_full")
    answered = client[0].get(f"/a/{alex[:10]}?q=npc:alex", follow_redirects=False)
    assert answered.headers["location"] == f"/a/{alex}?q=npc:alex"


def test_an_unknown_id_is_a_page_with_the_nearest(look, named):
    alex = named("alex_full")
    page = look(f"/a/{alex[:9]}00000000", 404)
    assert [found["href"] for found, _ in page.all("a", class_="tile")] == [f"/a/{alex}"]
    assert look("/a/no-such-thing", 404).texts("h1") == ["There is no such picture"]


def test_what_lies_in_the_trash_says_so_and_can_be_restored(client, look, named):
    alex = named("alex_full")
    client[1].gallery.trash(alex)
    page = look(f"/a/{alex}")
    assert "In the trash" in page.texts("p", class_="notice")[0]
    assert page.all("button", data_act="restore")
    assert not page.all("button", data_act="trash")
    assert look(f"/a/{alex}/more").all("a", class_="operation") == []


def test_a_missing_file_says_so_and_asks_for_no_bytes(client, look, named, demo):
    alex = named("alex_full")
    (demo / "assets" / "alex_full.png").unlink()
    client[1].gallery.sync(demo / "assets")
    page = look(f"/a/{alex}")
    assert "Its file is gone" in page.texts("p", class_="notice")[0]
    assert not [found for found, _ in page.all("img") if "/file" in found["src"]]


def test_what_can_be_made_of_it_leads_to_the_filled_page(client, look, named):
    alex = named("alex_full")
    more = look(f"/a/{alex}/more")
    href = more.all("a", class_="operation")[0][0]["href"]
    assert "Use related background and characters" in more.texts("a", class_="operation")[0]
    page = look(href)
    prefill = json.loads(page.all("button", data_copied="The JSON of the call")[0][0]["data-copy"])
    first = client[1].operations(alex)[0]["prefill"]
    assert prefill["operation"] == "fusion"
    assert [entry["asset_id"] for entry in prefill["params"]["fusion_assets"]] == [
        entry["asset_id"] for entry in first["params"]["fusion_assets"]
    ]


def test_every_operation_that_is_offered_is_prefilled_with_the_same_pictures(client, look, named):
    for name in ("alex_full", "dungeon_gate", "gravelord_full", "storm_lantern"):
        asset_id = named(name)
        links = [found["href"] for found, _ in look(f"/a/{asset_id}/more").all("a", class_="operation")]
        offered = client[1].operations(asset_id)
        assert len(links) == len(offered)
        for href, made in zip(links, offered, strict=True):
            page = look(href)
            prefill = json.loads(page.all("button", data_copied="The JSON of the call")[0][0]["data-copy"])
            assert prefill["operation"] == made["prefill"]["operation"], href
            assert prefill["slots"] == made["prefill"]["slots"], href


def test_blocks_that_it_fits_are_listed_with_their_slots(look, named):
    more = look(f"/a/{named('alex_full')}/more")
    fits = [said(found["href"])["block"][0] for found, _ in more.all("a") if "block" in said(found["href"])]
    assert fits[:2] == ["alex_faces_gravelord", "lesson_in_the_hallway"]
    assert any("hero npc:alex: exact" in text for text in more.texts("li"))


def test_suggested_tags_can_be_taken_and_turned_down(client, look, named):
    alex = named("alex_full")
    client[1].gallery.untag(alex, ["npc:alex"])
    more = look(f"/a/{alex}/more")
    assert more.all("button", data_accept="npc:alex")
    assert more.all("button", data_reject="npc:alex")


def test_lineage_is_drawn_both_ways_with_what_is_elsewhere(client, look, named):
    alex, boss, gate = named("alex_full"), named("gravelord_full"), named("dungeon_gate")
    gallery = client[1].gallery
    gallery.link(alex, parents=[gate, "a0123456789abcdef"], operation="fusion")
    gallery.link(boss, parents=[alex])
    page = look(f"/a/{alex}")
    tiles = [found.get("href") for found, _ in page.all("a", class_="tile")]
    assert tiles == [f"/a/{gate}", f"/a/{boss}"]
    assert any("elsewhere" in text for text in page.texts("span", class_="tile"))
    gallery.trash(gate)
    assert any("(trashed)" in text for text in look(f"/a/{alex}").texts("a", class_="tile"))


def test_history_shows_what_changed_and_what_an_undo_would_take_along(client, look, named):
    alex = named("alex_full")
    batch = client[1].gallery.tag(alex, add=["mood:calm"]).batch
    page = look(f"/a/{alex}")
    assert page.texts("button", data_undo=str(batch)) == ["Undo"]
    assert any(text.startswith("Undo all") for text in page.texts("button"))
    client[1].gallery.undo(batch)
    assert page.texts("button", data_undo=str(batch))
    assert not look(f"/a/{alex}").texts("button", data_undo=str(batch))


def test_collections_are_listed_and_offered(client, look, named):
    alex = named("alex_full")
    client[1].gallery.create_collection("Best of", [alex])
    client[1].gallery.create_collection("Others")
    page = look(f"/a/{alex}")
    assert page.texts("a", class_="badge") == ["Best of"]
    assert [found["value"] for found, _ in page.all("option")] == ["", "others", "+"]


HOSTILE = "<img src=x onerror=alert(1)></script>\u202eevil\u200b"


def test_hostile_notes_and_tags_are_text(client, named):
    alex = named("alex_full")
    client[1].gallery.edit_all(alex, Edit(note=HOSTILE + "x" * 5000))
    html = client[0].get(f"/a/{alex}").text
    assert "<img src=x" not in html
    page = Page(html)
    assert state(page)["note"].startswith(HOSTILE)
    assert page.all("textarea", id="note")[0][1].startswith("<img src=x onerror=alert(1)></script>")


@pytest.mark.parametrize("address", ["/nothing-there", "/a/nobody"])
def test_what_is_not_there_is_told_under_a_heading_of_the_first_level(look, address):
    assert len(look(address, status=404).all("h1")) == 1
