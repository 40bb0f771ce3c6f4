"""`/coverage` in a browser: a gap becomes a draft."""

import pytest
from browsing import complaints

pytestmark = pytest.mark.slow


def test_a_gap_becomes_a_draft_that_is_shown(visit, address, demo):
    page, _ = visit(f"{address}/coverage")
    page.locator(".gap").filter(has_text="Mara").get_by_role("button", name="Draft a spec").click()
    dialog = page.get_by_role("dialog", name="A spec was drafted")
    file = dialog.locator("code").first.inner_text()
    assert "npc:mara" in (demo / file).read_text(encoding="utf-8")
    assert "npc:mara" in dialog.locator("pre").inner_text()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    again = page.locator(".gap").filter(has_text="Mara")
    assert file in again.inner_text()
    before = (demo / file).read_bytes()
    again.get_by_role("button", name="Draft another").click()
    dialog.wait_for()
    assert dialog.locator("code").first.inner_text() != file
    assert (demo / file).read_bytes() == before


def test_a_cell_that_lacks_pictures_drafts_and_one_that_has_some_leads_to_them(visit, address, demo):
    page, _ = visit(f"{address}/coverage")
    page.get_by_role("button", name="Draft a spec for npc:cobweb as role:char:monster").click()
    page.get_by_role("dialog", name="A spec was drafted").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="npc:alex, char:hero: 2").click()
    page.wait_for_url("**q=%3Dnpc%3Aalex+%3Drole%3Achar%3Ahero+media%3Aimage**")


def test_what_cannot_be_drafted_is_told(visit, address, demo):
    page, watch = visit(f"{address}/coverage")
    watch.allow("status of 500")
    problem = {"status": 500, "code": "storage", "detail": "specs cannot be written", "hint": "is there room?"}
    page.route("**/v1/specs/drafts", lambda route: route.fulfill(status=500, json=problem))
    page.get_by_role("button", name="Draft a spec").first.click()
    page.get_by_text("Drafting a spec: specs cannot be written").wait_for()


def test_a_view_that_a_character_lacks_is_drafted_by_keys(visit, address, demo):
    page, _ = visit(f"{address}/coverage")
    page.get_by_role("link", name="npc:alex, char:hero: 2").focus()
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    for _ in range(30):
        page.keyboard.press("ArrowRight")
        name = page.evaluate("document.activeElement.getAttribute('aria-label')")
        if name.startswith("Draft a spec for npc:alex, "):
            break
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="A spec was drafted")
    dialog.wait_for()
    camera = f"camera:{name.rpartition(', ')[2]}"
    text = (demo / dialog.locator("code").first.inner_text()).read_text(encoding="utf-8")
    assert f"tags: [npc:alex, role:char:hero, {camera}]" in text
    assert complaints(page) == []


def test_a_gap_is_drafted_offered_made_and_no_gap_any_more(visit, served, address):
    page, _ = visit(f"{address}/coverage")
    gap = page.locator(".gap").filter(has_text="Mara")
    gap.get_by_role("button", name="Draft a spec").click()
    drafted = page.get_by_role("dialog", name="A spec was drafted")
    drafted.get_by_role("button", name="Generate…").click()
    offered = page.get_by_role("dialog", name="Generate: ")
    offered.locator(".offer").first.wait_for()
    assert complaints(page) == []
    offered.get_by_role("button", name="Make a stand-in").click()
    page.get_by_role("link", name="Open what was made").wait_for()
    gap.wait_for(state="detached")
    assert served[1].gallery.count("npc:mara role:char:hero stand-in") == 1


def test_a_gap_with_a_spec_is_offered_at_once(visit, address):
    page, _ = visit(f"{address}/coverage")
    page.get_by_role("button", name="Generate pale-warden").click()
    offered = page.get_by_role("dialog", name="Generate: pale-warden")
    offered.locator(".offer").first.wait_for()
    assert complaints(page) == []
