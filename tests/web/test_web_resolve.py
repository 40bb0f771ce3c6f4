"""`/resolve` in a browser: resolve, prefill, reorder, copy; why not, and the change applied; hostile texts."""

import json

import pytest
from browsing import complaints

pytestmark = pytest.mark.slow

SHOT = "/resolve?location=loc:dungeon_entrance&hero=npc:alex&enemy=npc:boss_01"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
PHONE = {"viewport": {"width": 320, "height": 640}}
HOSTILE = '<img src=x onerror="document.title=1"></script>\u202egnp.\u200b'


def pick(page, label, text, option):
    page.get_by_label(label, exact=True).fill(text)
    page.locator("li[role=option]").filter(has_text=option).first.click()


def names(page):
    return page.locator("#parts .name a").all_inner_texts()


def copied(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_who_and_where_are_picked_resolved_prefilled_reordered_and_copied(visit, address):
    page, _ = visit(f"{address}/resolve", **CLIPBOARD)
    pick(page, "Where", "gate", "Dungeon entrance")
    page.get_by_role("heading", name="Background").wait_for()
    page.locator("#pick-hero:focus").wait_for()
    page.keyboard.type("blue ha")
    page.locator("li[role=option]").filter(has_text="Alex").first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hero").wait_for()
    pick(page, "Against", "gravel", "Gravelord")
    page.get_by_role("heading", name="Enemy").wait_for()
    assert "enemy=npc%3Aboss_01" in page.url
    page.locator("#parts li:nth-child(3)").wait_for()
    assert page.get_by_label("Operation").input_value() == "fusion"
    assert names(page) == ["dungeon_gate.jpg", "alex_full.png", "gravelord_full.png"]
    page.get_by_role("button", name="Move gravelord_full.png up").click()
    page.wait_for_url("**part=*")
    page.locator("#parts li:nth-child(2)", has_text="gravelord").wait_for()
    page.locator('.part:nth-child(2) [data-move="-1"]:focus').wait_for()
    page.locator(".part").nth(0).get_by_label("Type").select_option("image")
    page.wait_for_url("**%7Eimage%7E0**")
    page.get_by_label("Prompt of the call").fill("They meet\nat dusk")
    page.get_by_label("Prompt of the call").blur()
    page.locator("#json", has_text="at dusk").wait_for(state="attached")
    assert "text=They" in page.url
    page.get_by_role("button", name="Copy JSON").click()
    page.get_by_text("The JSON of the call was copied.").wait_for()
    params = json.loads(copied(page))["params"]
    assert params["prompt"] == "They meet\nat dusk"
    told = [(entry["fusion_type"], entry["layer"], entry["role"]) for entry in params["fusion_assets"]]
    assert told == [("image", 0, "role:bg"), ("character", 1, "role:char:monster"), ("character", 2, "role:char:hero")]
    page.get_by_role("button", name="Copy command").click()
    page.get_by_text("The command was copied.").wait_for()
    assert copied(page).startswith("callsheet prefill fusion --location loc:dungeon_entrance --hero npc:alex")
    assert complaints(page) == []


def test_back_and_a_reload_show_what_was_there(visit, address):
    page, _ = visit(address + SHOT)
    page.get_by_role("link", name="Exclude").first.click()
    page.wait_for_url("**not=*")
    page.get_by_text("1 excluded").wait_for()
    assert page.get_by_text("dungeon_gate.jpg").count() == 0
    page.reload()
    page.get_by_text("1 excluded").wait_for()
    page.go_back()
    page.get_by_text("dungeon_gate.jpg").first.wait_for()
    page.go_forward()
    page.get_by_text("1 excluded").wait_for()
    assert page.get_by_text("dungeon_gate.jpg").count() == 0


def test_a_scene_clears_the_block_and_a_chip_can_be_taken_away(visit, address):
    page, _ = visit(f"{address}/resolve?block=library_search&hero=npc:alex")
    page.get_by_label("A scene").select_option("duel_at_the_gate")
    page.get_by_text("3 shots").wait_for()
    assert "block" not in page.url
    page.get_by_role("link", name="Remove npc:alex").click()
    page.get_by_role("link", name="Remove npc:alex").wait_for(state="detached")
    assert "hero" not in page.url
    page.get_by_role("link", name="closeup").click()
    page.wait_for_url("**scene=duel_at_the_gate%2Fcloseup**")


def test_why_not_and_the_change_that_makes_it_first(visit, served, address, named):
    owl = named("night_owl")
    page, _ = visit(f"{address}/resolve?location=loc:dungeon_cell&hero=npc:mara&why={owl}")
    verdict = page.locator(".verdict").filter(has_text="loc: dungeon_cell").or_(page.locator(".verdict").first)
    before = served[1].gallery.get(owl).asset.tags
    verdict.first.get_by_role("button", name="Apply this change").click()
    page.get_by_text("The tags were changed.").wait_for()
    page.locator(".verdict").first.get_by_text("It is the first picture of the slot.").wait_for()
    assert served[1].gallery.get(owl).asset.tags != before
    page.get_by_role("button", name="Undo").click()
    page.locator(".verdict").first.get_by_role("button", name="Apply this change").wait_for()
    assert served[1].gallery.get(owl).asset.tags == before


def test_a_change_for_a_version_that_is_gone_is_told_and_shown_anew(visit, served, address, named):
    owl = named("night_owl")
    page, watch = visit(f"{address}/resolve?location=loc:dungeon_cell&why={owl}")
    watch.allow("status of 412")
    served[1].gallery.tag(owl, add=["mood:calm"])
    page.get_by_role("button", name="Apply this change").click()
    page.get_by_text("Somebody changed it meanwhile").wait_for()
    page.get_by_role("button", name="Apply this change").click()
    page.get_by_text("The tags were changed.").wait_for()
    assert "mood:calm" in served[1].gallery.get(owl).asset.tags


def test_why_not_is_asked_by_a_query(visit, address):
    page, _ = visit(address + SHOT)
    page.keyboard.press("/")
    page.keyboard.type("npc:mara")
    page.keyboard.press("Enter")
    page.locator(".tile").first.click()
    page.locator(".verdict").first.wait_for()


def test_hostile_texts_are_text(visit, served, address, named):
    long = "x" * 10_000
    page, _ = visit(f"{address}/resolve?hero=npc:alex&op=text_to_image")
    page.get_by_label("Prompt of the call").fill(HOSTILE + long)
    page.get_by_label("Prompt of the call").blur()
    page.wait_for_url("**text=*")
    page.locator("#json", has_text="onerror").wait_for(state="attached")
    assert page.get_by_label("Prompt of the call").input_value() == HOSTILE + long
    assert "\\u202e" in page.locator("#json").text_content()
    assert page.locator("img[src=x]").count() == 0
    assert page.title().startswith("Resolve")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_full_answer_has_no_complaints_and_one_column_on_a_phone(visit, address, named, theme):
    full = f"{address}{SHOT}&other=npc:headmistress&op=fusion&why={named('alex_closeup')}"
    page, _ = visit(full, color_scheme=theme, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert complaints(page) == []
