"""`/resolve` as the server writes it: the question, the candidates, why not, the call."""

import json
import shlex

import pytest
from page_reading import Page, said

from api.web.inquiry import Inquiry
from callsheet.cli.app import run

SHOT = "/resolve?location=loc:dungeon_entrance&hero=npc:alex&enemy=npc:boss_01"


@pytest.fixture
def look(client):
    def look(address):
        answered = client[0].get(address)
        assert answered.status_code == 200, answered.text
        return Page(answered.text)

    return look


def call_of(page):
    """The JSON that is offered for copying."""
    return json.loads(next(found["data-copy"] for found, _ in page.all("button", data_copied="The JSON of the call")))


def command_of(page):
    return next(found["data-copy"] for found, _ in page.all("button", data_copied="The command"))


def candidates(page):
    return page.texts("p", class_="name")


def test_an_empty_question_proposes_scenes_and_blocks(look):
    page = look("/resolve")
    assert "Who is in the shot?" in page.texts("h2")
    assert said(page.link("The lantern festival")) == {"scene": ["festival_on_the_roof"]}
    assert page.all("li", class_="candidate") == []


def test_every_slot_shows_its_candidates_with_tier_and_reasons(look):
    page = look(SHOT)
    heads = page.texts("h2")
    assert heads[:4] == ["Prefill", "Background Dungeon entrance", "Hero Alex", "Enemy Gravelord"]
    assert candidates(page)[0] == "dungeon_gate.jpg"
    first = page.texts("li", class_="first")
    assert len(first) == 3
    assert "exact" in first[0]
    assert "shows loc:dungeon_entrance" in first[0]


def test_gaps_stand_in_and_warnings_are_told(look):
    page = look("/resolve?location=loc:dungeon_hall&hero=npc:mara&other=npc:headmistress")
    told = " ".join(page.texts("p", class_="notice"))
    assert "filled from tier broader" in told
    assert "Nothing fits." in told


def test_an_unknown_id_is_a_notice_with_the_nearest(look):
    told = " ".join(look("/resolve?hero=npc:alxe&location=loc:forest").texts("p", class_="notice"))
    assert "npc:alxe" in told
    assert "npc:alex" in told


def test_a_question_that_cannot_be_is_told_and_the_form_stays_filled(look):
    page = look("/resolve?hero=npc:alex&max=many")
    assert "max" in page.texts("div", class_="fault")[0]
    assert [found["value"] for found, _ in page.all("input", name="hero")] == ["npc:alex"]


def test_two_sources_of_a_question_are_told(look):
    assert (
        "give one of them"
        in look("/resolve?block=library_search&scene=duel_at_the_gate").texts("div", class_="fault")[0]
    )


def test_a_scene_of_several_shots_leads_to_each(look):
    page = look("/resolve?scene=duel_at_the_gate")
    shots = page.all("a", class_="shot")
    assert [said(found["href"])["scene"] for found, _ in shots] == [
        ["duel_at_the_gate/wide"],
        ["duel_at_the_gate/closeup"],
        ["duel_at_the_gate/empty_gate"],
    ]
    page = look(shots[0][0]["href"] + "&op=fusion")
    assert call_of(page)["params"]["prompt"].startswith("A boy with blue hair")


def test_a_prompt_asks_and_is_the_prompt_of_the_call(look):
    page = look("/resolve?prompt=Alex+stands+at+the+dungeon+entrance&op=fusion")
    assert page.texts("h2")[:2] == ["Prefill", "Background Dungeon entrance"]
    assert call_of(page)["params"]["prompt"] == "Alex stands at the dungeon entrance"


def test_a_pin_is_the_first_match_of_the_call(look, named):
    page = look(SHOT)
    closeup = named("alex_closeup")
    pin = next(found["href"] for found, text in page.all("a") if text == "Pin" and closeup in found["href"])
    page = look(pin + "&op=fusion")
    assert closeup in [entry["asset_id"] for entry in call_of(page)["params"]["fusion_assets"]]
    assert "pinned" in page.texts("li", class_="first")[1]
    assert "pin" not in said(next(found["href"] for found, text in page.all("a") if text == "Unpin"))


def test_an_excluded_picture_is_gone_and_may_come_in_again(look, named):
    gate = named("dungeon_gate")
    page = look(SHOT)
    out = next(found["href"] for found, text in page.all("a") if text == "Exclude" and gate in found["href"])
    page = look(out)
    assert "dungeon_gate.jpg" not in candidates(page)
    assert [found["href"] for found, _ in page.all("a") if found.get("aria-label") == f"Let {gate} in again"]


def test_a_pinned_picture_that_went_into_the_trash_is_told(client, look, named):
    closeup = named("alex_closeup")
    client[1].gallery.trash(closeup)
    page = look(f"{SHOT}&pin=hero~npc:alex~{closeup}")
    assert "is in the trash" in " ".join(page.texts("p", class_="notice"))


def test_why_not_names_rule_winner_and_change(look, named):
    page = look(f"{SHOT}&why={named('dungeon_side_door')}")
    verdict = page.texts("li", class_="verdict")[0]
    assert "The first one is rated higher" in verdict
    assert "dungeon_gate.jpg" in verdict


def test_why_not_offers_the_change_with_the_version_that_was_seen(look, named, client):
    page = look(f"/resolve?location=loc:dungeon_cell&hero=npc:alex&why={named('storm_lantern')}")
    apply = [json.loads(found["data-apply"]) for found, _ in page.all("button") if "data-apply" in found]
    assert apply
    assert apply[0]["version"] == client[1].gallery.get(named("storm_lantern")).asset.version
    assert apply[0]["add"] or apply[0]["remove"]


def test_why_not_finds_pictures_by_a_query(look):
    page = look(f"{SHOT}&why=npc:mara")
    assert {said(found["href"])["why"][0] for found, _ in page.all("a", class_="tile")} != {"npc:mara"}
    assert len(page.all("a", class_="tile")) == 2
    page = look(f"{SHOT}&why=ratng:3")
    assert page.texts("div", class_="fault")


def test_a_fusion_is_prefilled_where_no_operation_is_chosen(look):
    assert call_of(look(SHOT)) == call_of(look(f"{SHOT}&op=fusion"))
    assert "Prefill" not in look("/resolve?op=fusion").texts("h2")


@pytest.mark.parametrize(
    "operation", ["text_to_image", "image_to_image", "image_to_video", "video_transition", "fusion"]
)
def test_each_operation_is_prefilled(look, operation):
    prefill = call_of(look(f"{SHOT}&op={operation}&text=They+meet"))
    assert prefill["operation"] == operation
    assert prefill["params"]["prompt"] == "They meet"


def test_a_degraded_operation_and_what_is_unfilled_are_told(look):
    page = look("/resolve?other=npc:headmistress&op=fusion")
    told = " ".join(page.texts("p", class_="notice"))
    assert "fusion lacks at least 2 pictures" in told
    assert "Unfilled: other" in told
    assert call_of(page)["operation"] == "text_to_image"


def test_the_parts_of_a_fusion_are_arranged_by_the_address(look, named):
    gate, alex = named("dungeon_gate"), named("alex_full")
    page = look(f"{SHOT}&op=fusion&part={alex}~image~0&part={gate}~background~4")
    entries = call_of(page)["params"]["fusion_assets"]
    assert [(entry["asset_id"], entry["fusion_type"], entry["layer"]) for entry in entries][:2] == [
        (alex, "image", 0),
        (gate, "background", 4),
    ]
    assert "sticker" in look(f"{SHOT}&op=fusion&part={alex}~sticker~0").texts("div", class_="fault")[0]


def test_the_command_says_the_same_as_the_page(look, demo, capfd):
    page = look(f"{SHOT}&prefer=camera:framing:closeup&op=fusion&text=At+the+'gate'&max=2&fill=yes&strangers=no")
    words = shlex.split(command_of(page))
    assert words[:3] == ["callsheet", "prefill", "fusion"]
    capfd.readouterr()
    assert run(["--project", str(demo), *words[1:], "--json"]) == 0
    printed = json.loads(capfd.readouterr().out)
    shown = call_of(page)
    for prefill in (printed, shown):
        for entry in prefill["params"]["fusion_assets"]:
            del entry["url"]
    assert printed == shown


def test_what_the_command_cannot_say_is_told(look, named):
    page = look(f"{SHOT}&op=fusion&not={named('dungeon_gate')}")
    assert any("excluded pictures" in text for text in page.texts("p", class_="hint"))


def test_only_so_many_candidates_of_a_slot_are_drawn(client, look):
    ids = [asset.id for asset in client[1].gallery.search("").assets]
    client[1].gallery.tag(ids, add=["npc:alex", "role:char:hero"])
    page = look("/resolve?hero=npc:alex&max=500")
    assert len(page.all("li", class_="candidate")) == 24
    assert any(text.startswith(f"{len(ids) - 24} more") for text in page.texts("p", class_="hint"))


HOSTILE = "<img src=x onerror=alert(1)></script>\u202e"


def test_what_the_address_says_is_text(client):
    html = client[0].get("/resolve", params={"hero": HOSTILE, "why": HOSTILE, "prompt": HOSTILE, "text": HOSTILE}).text
    assert "<img src=x" not in html
    assert "</script>\u202e" not in html


def test_an_inquiry_is_what_its_address_says():
    pairs = [
        ("hero", "npc:alex"),
        ("enemy", "npc:a"),
        ("enemy", "npc:b"),
        ("op", "fusion"),
        ("evil", "x"),
        ("other", " "),
    ]
    inquiry = Inquiry.of(pairs)
    assert said(inquiry.href) == {"hero": ["npc:alex"], "enemy": ["npc:a", "npc:b"], "op": ["fusion"]}
    assert said(inquiry.without("enemy", "npc:a").href)["enemy"] == ["npc:b"]
    assert inquiry.pinning("hero", "npc:alex", "a1").pinning("hero", "npc:alex", "a2").pins() == [
        ("hero", "npc:alex", "a2")
    ]
    assert inquiry.pinning("hero", None, "a1").excluding("a1").pins() == []
