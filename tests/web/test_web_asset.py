"""`/a/{id}` in a browser: tagging by keyboard, undo, conflicts, the lightbox, hostile texts."""

import re
import time

import pytest
from browsing import complaints
from sqlalchemy import select, update

from gallery.embedded.facts import GenerationFacts
from gallery.journal.editing import Edit
from gallery.reading.generations import write_generations
from gallery.store.tables import asset

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 320, "height": 640}}
HOSTILE = '<img src=x onerror="document.title=1"></script>\u202egnp.\u200b'


def until(holds):
    """Wait until it does, half a minute at most."""
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("it never did")


@pytest.fixture
def tags(served):
    return lambda asset_id: set(served[1].gallery.get(asset_id).asset.tags)


def chosen(page):
    return page.locator("#tags .chip").evaluate_all("chips => chips.map((chip) => chip.title)")


def settled(page, tag, *, is_there=True):
    page.locator(f'#tags .chip[title="{tag}"]').wait_for(state="attached" if is_there else "detached")


def test_a_picture_is_tagged_by_keyboard_alone_and_undone(visit, address, named, tags):
    owl = named("night_owl")
    before = tags(owl)
    page, _ = visit(f"{address}/a/{owl}")
    page.keyboard.press("n")
    page.locator("li[role=option]").first.wait_for()
    page.keyboard.type("mara")
    page.locator("li[role=option]").filter(has_text="Mara").wait_for()
    page.keyboard.press("Enter")
    settled(page, "npc:mara")
    page.keyboard.press("l")
    page.keyboard.type("rooft")
    page.locator("li[role=option]").filter(has_text="School rooftop").wait_for()
    page.keyboard.press("Enter")
    settled(page, "loc:school_rooftop")
    page.keyboard.press("t")
    page.keyboard.type("dusk_scene")
    page.keyboard.press("Shift+Enter")
    settled(page, "dusk_scene")
    page.keyboard.press("Escape")
    page.locator("#add-tag").blur()
    page.locator(".changes li").nth(3).wait_for()
    assert tags(owl) == before | {"npc:mara", "loc:school_rooftop", "dusk_scene"}
    page.keyboard.press("z")
    settled(page, "dusk_scene", is_there=False)
    page.keyboard.press("Z")
    settled(page, "dusk_scene")
    page.keyboard.press("s")
    page.keyboard.press("4")
    page.locator('[data-stars="4"][aria-pressed="true"]').wait_for()
    assert complaints(page) == []


def test_the_last_tags_go_to_the_next_picture_too(visit, served, address, tags):
    first, second, *_ = [found.id for found in served[1].gallery.search("role:bg").assets]
    page, _ = visit(f"{address}/a/{first}?q=role:bg")
    page.locator("#add-tag").fill("sunny_day")
    page.locator("#add-tag").press("Shift+Enter")
    settled(page, "sunny_day")
    page.locator("#add-tag").blur()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/a/{second}*")
    page.keyboard.press(".")
    settled(page, "sunny_day")
    page.locator(".changes", has_text="sunny_day").wait_for()
    assert "sunny_day" in tags(second)


def test_somebody_elses_change_is_shown_and_not_written_over(visit, served, address, named, tags):
    owl = named("night_owl")
    page, watch = visit(f"{address}/a/{owl}")
    watch.allow("status of 412")
    page.route("**/v1/events", lambda route: route.abort())
    page.reload()
    watch.allow("ERR_FAILED")
    served[1].gallery.tag(owl, add=["mood:calm"])
    page.locator("#add-tag").fill("too_late")
    page.locator("#add-tag").press("Shift+Enter")
    page.get_by_text("not done, for somebody changed it meanwhile").wait_for()
    settled(page, "mood:calm")
    settled(page, "too_late", is_there=False)
    assert "too_late" not in tags(owl)
    assert "mood:calm" in tags(owl)


def test_what_happens_elsewhere_appears(visit, served, address, named):
    owl = named("night_owl")
    page, _ = visit(f"{address}/a/{owl}")
    page.wait_for_timeout(500)
    served[1].gallery.tag(owl, add=["mood:calm"])
    settled(page, "mood:calm")


def test_a_refused_tag_is_taken_back_with_a_message(visit, address, named, tags):
    owl = named("night_owl")
    page, watch = visit(f"{address}/a/{owl}")
    watch.allow("status of 422")
    before = chosen(page)
    page.locator("#add-tag").fill("view:pov_1")
    page.locator("#add-tag").press("Shift+Enter")
    page.locator(".toast", has_text="Add view:pov_1").get_by_role("button", name="Retry").wait_for()
    assert chosen(page) == before
    assert set(before) == tags(owl)


def test_enter_waits_for_the_answer_though_the_field_is_left_meanwhile(visit, served, address, named):
    owl = named("night_owl")
    page, _ = visit(f"{address}/a/{owl}")
    held, is_slow = [], True
    page.route("**/v1/tags?*", lambda route: held.append(route) if is_slow else route.continue_())
    page.get_by_label("Add a tag").fill("mara")
    with page.expect_request("**/v1/tags?*"):
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.wait_for_timeout(400)  # longer than the list stays after the field was left
    is_slow = False
    held[-1].continue_()
    until(lambda: "npc:mara" in served[1].gallery.get(owl).asset.tags)
    assert "mara" not in served[1].gallery.get(owl).asset.tags


def test_rating_note_trash_and_restore(visit, served, address, named):
    owl = named("night_owl")
    page, _ = visit(f"{address}/a/{owl}")
    page.get_by_role("button", name="Rate 3").click()
    page.locator('[data-stars="3"][aria-pressed="true"]').wait_for()
    page.locator("#note").fill("wings too small\nredo")
    page.locator("#note").blur()
    until(lambda: served[1].gallery.get(owl).note is not None)
    found = served[1].gallery.get(owl)
    assert (found.asset.rating, found.note) == (3, "wings too small\nredo")
    page.locator("h1").click()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Restore").click()
    page.get_by_role("button", name="Trash").wait_for()
    assert served[1].gallery.get(owl).trashed is None


def test_an_answer_that_comes_late_does_not_bring_back_an_older_version(visit, served, address, named):
    owl = named("night_owl")
    page, _ = visit(f"{address}/settings")
    held = []

    def hold(route):
        if route.request.method == "GET" and not held:
            held.append((route, route.fetch()))
        else:
            route.continue_()

    page.route(f"**/v1/assets/{owl}", hold)
    page.goto(f"{address}/a/{owl}")
    for _ in range(600):  # the page asks how it stands as soon as it hears of changes
        if held:
            break
        page.wait_for_timeout(50)
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="Rate 3").click()
    page.locator('[data-stars="3"][aria-pressed="true"]').wait_for()
    page.wait_for_timeout(500)  # what the page asks after its own change
    route, answer = held[0]
    with page.expect_event("requestfinished", lambda request: request.url.endswith(f"/v1/assets/{owl}")):
        route.fulfill(response=answer)
    with page.expect_response(lambda answer: answer.request.method == "PATCH") as sent:
        page.get_by_role("button", name="Rate 4").click()
    assert sent.value.status == 200
    until(lambda: served[1].gallery.get(owl).asset.rating == 4)


def test_suggestions_are_accepted_and_rejected(visit, served, address, named, tags):
    alex = named("alex_full")
    served[1].gallery.untag(alex, ["npc:alex"])
    page, _ = visit(f"{address}/a/{alex}")
    page.get_by_role("button", name="Accept npc:alex").click()
    settled(page, "npc:alex")
    page.get_by_role("button", name="Accept npc:alex").wait_for(state="detached")
    assert "npc:alex" in tags(alex)


def test_the_gallery_leads_here_and_back_to_its_query(visit, served, address):
    first, second, *_ = [found.id for found in served[1].gallery.search("npc:alex").assets]
    page, _ = visit(f"{address}/?q=npc:alex")
    page.locator(".cell a.thumb").first.click()
    page.wait_for_url(f"**/a/{first}?q=npc*")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/a/{second}?q=npc*")
    page.get_by_role("link", name="Gallery npc:alex").click()
    page.locator(".cell a.thumb").first.wait_for()
    assert page.get_by_role("searchbox").or_(page.locator("#search [name=q]")).first.input_value() == "npc:alex"


def test_the_lightbox_zooms_and_goes_on(visit, served, address):
    first, second, *_ = [found.id for found in served[1].gallery.search("npc:alex").assets]
    page, _ = visit(f"{address}/a/{first}?q=npc:alex")
    page.keyboard.press("f")
    box = page.locator("dialog.lightbox")
    page.keyboard.press("+")
    assert box.locator("output").inner_text() == "125 %"
    page.keyboard.press("0")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(f".*/a/{second}.*#full"))
    box.wait_for()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    box.wait_for(state="detached")
    assert "#full" not in page.url


def test_collections_are_made_filled_and_left(visit, served, address, named):
    owl = named("night_owl")
    page, _ = visit(f"{address}/a/{owl}")
    page.locator("#collect").select_option("+")
    page.get_by_label("Name").fill("Night birds")
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("button", name="Take it out of Night birds").click()
    page.get_by_text("In none.").wait_for()
    assert served[1].gallery.collection("night_birds").assets == ()


def test_hostile_texts_are_text(visit, served, address, named, demo):
    owl = named("night_owl")
    gallery = served[1].gallery
    gallery.edit_all(owl, Edit(note=HOSTILE + "x" * 5000))
    with gallery.context.database.write() as connection:
        odd = f"assets/{HOSTILE.replace('/', '_')}.png"
        connection.execute(update(asset).where(asset.c.id == owl).values(path=odd, tags=["mood:" + "y" * 110]))
        key = connection.execute(select(asset.c.key).where(asset.c.id == owl)).scalar_one()
        facts = GenerationFacts(tool=HOSTILE, source="parameters", prompt=HOSTILE + "z" * 10_000, model=HOSTILE)
        write_generations(connection, [(key, facts)])
    page, _ = visit(f"{address}/a/{owl}", **PHONE)
    page.locator("#more:not([aria-busy])").wait_for()
    assert "<img src=x onerror" in page.locator("h1").inner_text()
    assert "\\u202e" in page.locator("h1").inner_text()
    prompt = page.get_by_label("Prompt", exact=True).inner_text()
    assert prompt.startswith("<img src=x onerror")
    assert len(prompt) > 10_000
    assert page.locator("#note").input_value() == HOSTILE + "x" * 5000
    assert page.locator("img[src=x]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.title().startswith("<img")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_complaints_and_one_column_on_a_phone(visit, served, address, named, theme):
    alex = named("alex_full")
    served[1].gallery.link(alex, parents=[named("dungeon_gate")], operation="fusion")
    page, _ = visit(f"{address}/a/{alex}", color_scheme=theme, **PHONE)
    page.locator(".operation").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert complaints(page) == []


def test_an_unknown_picture_is_told_and_has_no_complaints(visit, address, named):
    page, watch = visit(f"{address}/a/{named('night_owl')[:9]}00000000", **PHONE)
    watch.allow("status of 404")
    assert page.get_by_role("heading", name="There is no such picture").is_visible()
    assert complaints(page) == []
