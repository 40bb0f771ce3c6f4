"""The gallery: looked through, searched, tagged and undone, by keys and by the mouse."""

import re

import pytest
from browsing import complaints
from gallery_builders import picture_bytes
from playwright.sync_api import expect

from benchmarks.demo_crowd import crowd

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)></script>"
BIDI = "\u202egnp.exe"


@pytest.fixture
def gallery(visit, address):
    """The page, once it shows pictures."""
    page, watch = visit(address)
    page.watch = watch
    shown(page)
    return page


def shown(page, number=None):
    expect(page.locator(".cell .name").first).not_to_be_empty()
    if number is not None:
        expect(page.locator("#count")).to_have_text(f"{number:,} assets" if number != 1 else "1 asset")


def cells(page):
    return page.locator(".cell:not([hidden])")


def active(page):
    """The name of what has the focus."""
    return page.evaluate("document.activeElement.querySelector?.('.name')?.textContent")


def tags(workspace, asset_id):
    return set(workspace.gallery.get(asset_id).asset.tags)


def first_id(page, at=0):
    return page.locator(".cell a.thumb").nth(at).get_attribute("href").removeprefix("/a/").partition("?")[0]


def said(page, text):
    expect(page.locator("#toasts .toast").filter(has_text=text).last).to_be_visible()


def test_tagging_by_keys_alone(gallery, workspace):
    ids = [first_id(gallery, at) for at in range(3)]
    gallery.keyboard.press("ArrowRight")
    gallery.keyboard.press("ArrowLeft")
    gallery.keyboard.press("Space")
    gallery.keyboard.press("Shift+ArrowRight")
    gallery.keyboard.press("Shift+ArrowRight")
    expect(gallery.locator("#chosen")).to_have_text("3 assets selected")
    gallery.keyboard.press("t")
    gallery.keyboard.type("alexander")
    expect(gallery.locator(".option").first).to_contain_text("npc:alexander")
    gallery.keyboard.press("Enter")
    gallery.keyboard.type("festive")
    gallery.keyboard.press("Enter")
    gallery.keyboard.press("Enter")
    said(gallery, "Add npc:alex, mood:festive: 3 assets")
    assert all({"npc:alex", "mood:festive"} <= tags(workspace, each) for each in ids)
    gallery.keyboard.press("z")
    said(gallery, "Undone: 3 assets")
    assert not any("npc:alex" in tags(workspace, each) for each in ids)
    gallery.keyboard.press("Z")
    said(gallery, "Done again: 3 assets")
    assert all("npc:alex" in tags(workspace, each) for each in ids)


@pytest.mark.parametrize(
    ("key", "text", "tag"),
    [
        ("n", "mara", "npc:mara"),
        ("l", "gate", "loc:dungeon_entrance"),
        ("r", "comic", "role:comic_frame"),
        ("m", "pov", "camera:view:pov"),
    ],
)
def test_a_picker_of_a_facet_takes_one_tag_and_is_repeated(gallery, workspace, key, text, tag):
    one, other = first_id(gallery, 3), first_id(gallery, 4)
    for _ in range(3):
        gallery.keyboard.press("ArrowRight")
    gallery.keyboard.press(key)
    gallery.keyboard.type(text)
    gallery.keyboard.press("Enter")
    said(gallery, f"Add {tag}")
    assert tag in tags(workspace, one)
    gallery.keyboard.press("ArrowRight")
    gallery.keyboard.press(".")
    expect(gallery.locator(".cell").nth(4)).to_contain_text(tag.split(":", 1)[1])
    expect(gallery.locator("#toasts .toast").filter(has_text=f"Add {tag}")).to_have_count(2)
    assert tag in tags(workspace, other)


def test_a_digit_gives_the_tags_of_its_set_which_is_filled_first(gallery, workspace):
    asset = first_id(gallery)
    gallery.keyboard.press("Home")
    gallery.keyboard.press("3")
    gallery.get_by_label("Tag to add").fill("calm")
    gallery.keyboard.press("Enter")
    gallery.keyboard.press("Enter")
    said(gallery, "Add mood:calm")
    gallery.keyboard.press("ArrowRight")
    second = first_id(gallery, 1)
    gallery.keyboard.press("3")
    expect(gallery.locator("#toasts .toast")).to_have_count(2)
    assert "mood:calm" in tags(workspace, asset)
    assert "mood:calm" in tags(workspace, second)


def test_filters_stand_in_the_address_and_back_restores_the_place(gallery, address, workspace):
    gallery.set_viewport_size({"width": 700, "height": 600})
    gallery.keyboard.press("/")
    gallery.keyboard.type("camera:*")
    gallery.keyboard.press("Enter")
    total = workspace.gallery.count("camera:*")
    shown(gallery, total)
    gallery.get_by_label("Order").select_option("path")
    expect(gallery).to_have_url(re.compile(r"q=camera%3A\*&sort=path"))
    first = workspace.gallery.search("camera:* sort:path", limit=1).assets[0].path.rpartition("/")[2]
    expect(gallery.locator("#grid .cell .name").first).to_contain_text(first)  # the order is there
    gallery.keyboard.press("Escape")
    gallery.locator("#grid .cell").first.click(position={"x": 60, "y": 190})
    gallery.keyboard.press("Control+End")
    final = workspace.gallery.search("camera:* sort:-path", limit=1).assets[0].id
    expect(gallery).to_have_url(re.compile(f"at={final}"))
    last, url = active(gallery), gallery.url
    gallery.goto(f"{address}/login")
    gallery.go_back()
    shown(gallery, total)
    expect(gallery).to_have_url(url)
    expect(gallery.locator(".cell .name").filter(has_text=last)).to_be_in_viewport()
    gallery.wait_for_timeout(600)
    gallery.evaluate("history.go(-2)")
    shown(gallery, 47)


def test_a_query_that_cannot_be_shows_its_place_and_the_way_out(gallery):
    gallery.watch.allow("status of 422")
    gallery.get_by_label("Search").fill("role:bg (or")
    gallery.keyboard.press("Enter")
    fault = gallery.locator("#query-fault")
    expect(fault).to_contain_text("cannot stand here")
    assert fault.locator("pre").inner_text().splitlines()[-1].index("^") == 11
    assert complaints(gallery) == []
    gallery.get_by_label("Search").fill("npc:alx")
    gallery.keyboard.press("Enter")
    expect(gallery.locator("#empty")).to_contain_text("did you mean npc:alex?")
    expect(fault).to_be_hidden()
    gallery.get_by_role("button", name="Show everything").click()
    shown(gallery, 47)


def test_the_search_field_completes_the_word_that_is_written(gallery, workspace):
    gallery.keyboard.press("/")
    gallery.keyboard.type("role:bg -gate")
    expect(gallery.locator(".option").first).to_contain_text("loc:dungeon_entrance")
    assert complaints(gallery) == []
    gallery.keyboard.press("ArrowDown")
    gallery.keyboard.press("Enter")
    expect(gallery.get_by_label("Search")).to_have_value("role:bg -loc:dungeon_entrance ")
    gallery.keyboard.press("Enter")
    shown(gallery, workspace.gallery.count("role:bg -loc:dungeon_entrance"))
    expect(gallery.locator(".option")).to_have_count(0)


def test_what_is_written_after_a_word_was_marked_is_not_completed_by_enter(gallery):
    gallery.keyboard.press("/")
    gallery.keyboard.type("-gate")
    expect(gallery.locator(".option").first).to_contain_text("loc:dungeon_entrance")
    gallery.keyboard.press("ArrowDown")
    gallery.route("**/v1/tags?*", lambda route: None)  # no answer comes
    gallery.keyboard.type("keeper")
    gallery.keyboard.press("Enter")
    expect(gallery).to_have_url(re.compile(r"q=-gatekeeper"))


def test_letters_written_while_enter_is_being_answered_stay(gallery):
    gallery.keyboard.press("Home")
    gallery.keyboard.press("t")
    expect(gallery.locator(".option").first).to_be_visible()
    held, is_slow = [], True
    gallery.route("**/v1/tags?*", lambda route: held.append(route) if is_slow else route.continue_())
    gallery.keyboard.type("mara")
    with gallery.expect_request("**/v1/tags?q=mara*"):
        gallery.keyboard.press("Enter")
    gallery.keyboard.type("gate")
    is_slow = False
    held[-1].continue_()
    expect(gallery.get_by_role("list", name="Chosen tags")).to_contain_text("mara")
    expect(gallery.get_by_label("Tag to add")).to_have_value("gate")
    expect(gallery.locator(".option").first).to_contain_text("loc:dungeon_entrance")


def test_ten_thousand_pictures_need_no_more_elements_than_a_hundred(visit, address, workspace):
    crowd(workspace, 10_000)
    page, _ = visit(address)
    shown(page, 10_047)
    sizes = set()
    for part in (0, 0.1, 0.5, 0.99, 1, 0.3):
        page.evaluate(
            "part => { const s = document.getElementById('scroller'); s.scrollTop = part * s.scrollHeight; }", part
        )
        page.wait_for_timeout(250)
        expect(page.locator(".cell .name").nth(8)).not_to_be_empty()
        sizes.add(page.evaluate("document.querySelectorAll('.cell').length"))
    assert max(sizes) < 100
    page.locator("#grid").locator(".cell").first.focus()
    page.keyboard.press("Control+End")
    assert int(page.locator("#grid").get_attribute("aria-rowcount")) == int(
        page.evaluate("document.activeElement.parentNode.getAttribute('aria-rowindex')")
    )
    name = active(page)
    page.evaluate("document.getElementById('scroller').scrollTop = 0")
    page.wait_for_timeout(250)
    assert active(page) == name, "the focus survives that its cell is out of sight"
    assert page.locator("#grid [tabindex='0']").count() == 1


def test_a_million_rows_are_scrolled_in_a_space_that_browsers_have(gallery):
    result = gallery.evaluate(
        """async () => {
        const address = document.querySelector('link[href*="gallery/scale.js"]').href;
        const { Scale, TALLEST } = await import(address);
        const scale = new Scale(44_000_000, 800);
        const there = Math.round(scale.rows(scale.scroll(12_345_678)));
        return [scale.height === TALLEST, scale.rows(0), Math.round(scale.rows(TALLEST - 800)), there];
    }"""
    )
    assert result == [True, 0, 44_000_000 - 800, 12_345_678]


def test_all_that_match_are_tagged_though_most_are_not_in_sight(visit, address, workspace):
    crowd(workspace, 1000)
    page, _ = visit(f"{address}/?q=role:bg&sort=-rating")
    total = workspace.gallery.count("role:bg")
    shown(page, total)
    page.keyboard.press("Control+a")
    expect(page.locator("#chosen")).to_have_text(f"{total} assets selected")
    cells(page).nth(1).locator(".check").click()
    expect(page.locator("#chosen")).to_have_text(f"{total - 1} assets selected")
    page.keyboard.press("t")
    page.keyboard.type("sketchbook")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Enter")
    said(page, f"Add sketchbook: {total - 1} assets")
    assert workspace.gallery.count("sketchbook role:bg") == workspace.gallery.count("sketchbook") == total - 1


def test_what_was_shown_before_is_not_among_all_that_match(visit, address, workspace):
    page, _ = visit(address, permissions=["clipboard-read", "clipboard-write"])
    shown(page, 47)
    page.get_by_label("Search").fill("role:bg")
    page.keyboard.press("Enter")
    backgrounds = {asset.id for asset in workspace.gallery.search("role:bg", limit=500).assets}
    shown(page, len(backgrounds))
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.press("y")
    said(page, "Copied")
    copied = set(page.evaluate("navigator.clipboard.readText()").split())
    assert copied
    assert copied <= backgrounds


def test_ranges_by_shift_by_control_and_by_a_band(gallery):
    chosen = gallery.locator("#chosen")
    checks = gallery.locator(".cell .check")
    cells(gallery).nth(0).hover()
    checks.nth(0).click()
    gallery.locator(".cell .thumb").nth(3).click(modifiers=["Shift"])
    expect(chosen).to_have_text("4 assets selected")
    gallery.locator(".cell .thumb").nth(5).click(modifiers=["Control"])
    expect(chosen).to_have_text("5 assets selected")
    gallery.keyboard.press("Escape")
    expect(gallery.locator("#selection")).to_be_hidden()
    one, four = (gallery.locator(".cell .thumb").nth(at).bounding_box() for at in (0, 3))
    gallery.mouse.move(one["x"] + 90, one["y"] + 60)
    gallery.mouse.down()
    gallery.mouse.move(four["x"] + 90, four["y"] + 110, steps=6)
    expect(gallery.locator(".band")).to_be_visible()
    gallery.mouse.up()
    expect(chosen).to_have_text("4 assets selected")
    expect(gallery.locator(".band")).to_have_count(0)
    assert gallery.url.split("/", 3)[3].split("?")[0] == "", "a drag opens nothing"


def test_what_the_server_refuses_is_taken_back_with_a_message(gallery, workspace):
    gallery.watch.allow("status of 422")
    asset = first_id(gallery)
    before = tags(workspace, asset)
    gallery.keyboard.press("Home")
    gallery.keyboard.press("n")
    gallery.keyboard.type("alexx_unknown")
    gallery.keyboard.press("Shift+Enter")
    said(gallery, "is not a term of the closed namespace")
    expect(gallery.locator("#toasts")).to_contain_text("declare it")
    expect(cells(gallery).first).not_to_contain_text("alexx_unknown")
    assert tags(workspace, asset) == before


def test_without_the_server_an_edit_shows_at_once_and_is_taken_back(gallery):
    gallery.watch.allow("ERR_INTERNET_DISCONNECTED")
    gallery.keyboard.press("Home")
    gallery.keyboard.press("t")
    gallery.get_by_label("Tag to add").fill("calm")
    expect(gallery.locator(".option").first).to_contain_text("mood:calm")
    gallery.keyboard.press("Enter")
    gallery.context.set_offline(True)
    gallery.keyboard.press("Enter")
    said(gallery, "The server cannot be reached")
    expect(cells(gallery).first).not_to_contain_text("calm")
    gallery.context.set_offline(False)
    gallery.get_by_role("button", name="Retry").click()
    said(gallery, "Add mood:calm: 1 asset")


def test_a_tag_shows_before_the_server_has_answered(gallery):
    held = []
    gallery.route("**/v1/assets/tags", lambda route: held.append(route))  # noqa: PLW0108  # a method of a list cannot be marked
    gallery.keyboard.press("Home")
    gallery.keyboard.press("n")
    gallery.keyboard.type("mara")
    gallery.keyboard.press("Enter")
    expect(cells(gallery).first).to_contain_text("mara")
    assert gallery.locator("#toasts .toast").count() == 0
    held[0].continue_()
    said(gallery, "Add npc:mara")


def test_the_trash_takes_it_out_of_sight_and_undo_brings_it_back(gallery, workspace):
    asset = first_id(gallery)
    gallery.keyboard.press("Home")
    gallery.keyboard.press("Delete")
    said(gallery, "Move to the trash: 1 asset")
    shown(gallery, 46)
    assert workspace.gallery.get(asset).to_json()["trashed"]
    gallery.get_by_role("button", name="Undo").last.click()
    shown(gallery, 47)


def test_an_act_without_anything_selected_says_so_and_changes_nothing(gallery, workspace):
    newest = workspace.gallery.last_batch()
    for key in ("Delete", "t", "n", "."):
        gallery.keyboard.press(key)
    expect(gallery.locator("#toasts .toast")).to_have_count(4)
    assert gallery.get_by_role("dialog").count() == 0
    assert workspace.gallery.last_batch() == newest


def test_the_focus_stays_in_the_grid_when_its_last_picture_goes(gallery):
    gallery.keyboard.press("Control+End")
    gallery.keyboard.press("Delete")
    shown(gallery, 46)
    expect(gallery.locator(".cell:not([hidden])").last).to_be_focused()


def test_a_picture_that_is_gone_says_so_in_its_place(visit, served):
    address, workspace = served
    gone = workspace.gallery.search("path:*sword.png").assets[0]
    workspace.gallery.thumbnail(gone.id).unlink()
    (workspace.root / gone.path).unlink()
    page, watch = visit(f"{address}/?q=path:*sword.png")
    watch.allow("status of 404")
    expect(page.locator(".cell .kind").first).to_have_text("no picture")
    expect(page.locator(".cell .kind").first).to_be_visible()


def test_what_another_process_does_appears(gallery, workspace):
    asset = first_id(gallery, 2)
    workspace.gallery.tag(asset, add=["npc:mara"])
    expect(cells(gallery).nth(2)).to_contain_text("mara")
    workspace.gallery.trash(first_id(gallery, 1))
    shown(gallery, 46)


def test_uploads_say_what_became_of_each_file(gallery, tmp_path, workspace):
    (tmp_path / "new.png").write_bytes(picture_bytes())
    (tmp_path / "known.png").write_bytes((workspace.root / "assets/sword.png").read_bytes())
    (tmp_path / "no picture.png").write_text("<html>", encoding="utf-8")
    gallery.watch.allow("status of 415")
    gallery.set_input_files("#files", [tmp_path / name for name in ("new.png", "known.png", "no picture.png")])
    dialog = gallery.get_by_role("dialog", name="Add files")
    expect(dialog.get_by_role("status")).to_contain_text("1 added")
    rows = dialog.locator("li")
    expect(rows.nth(0)).to_contain_text("added")
    expect(rows.nth(1)).to_contain_text("known already")
    expect(rows.nth(2)).to_contain_text("failed")
    assert complaints(gallery) == []
    gallery.keyboard.press("Escape")
    shown(gallery, 48)


def test_what_is_dropped_and_cannot_be_read_is_told(gallery):
    transfer = gallery.evaluate_handle(
        """() => { DataTransferItem.prototype.webkitGetAsEntry = () => (
            { isFile: true, name: 'lost.png', file: (done, failed) => failed(new Error('gone')) });
        const data = new DataTransfer();
        data.items.add(new File(['x'], 'lost.png', { type: 'image/png' })); return data; }"""
    )
    gallery.dispatch_event("#scroller", "drop", {"dataTransfer": transfer})
    dialog = gallery.get_by_role("dialog", name="Add files")
    expect(dialog.get_by_role("status")).to_have_text("1 failed")
    expect(dialog.locator("li")).to_contain_text("The browser cannot read it.")


def test_files_can_be_dropped(gallery):
    transfer = gallery.evaluate_handle(
        """bytes => { const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], 'dropped.png', { type: 'image/png' })); return data; }""",
        list(picture_bytes("blue")),
    )
    gallery.dispatch_event("#scroller", "dragenter", {"dataTransfer": transfer})
    expect(gallery.locator("#veil")).to_be_visible()
    gallery.dispatch_event("#scroller", "drop", {"dataTransfer": transfer})
    expect(gallery.get_by_role("dialog", name="Add files")).to_contain_text("1 added")


def test_hostile_names_tags_and_queries_are_shown_as_text(visit, served, tmp_path):
    address, workspace = served
    folder = workspace.root / "assets"
    evil = folder / f"<img src=x onerror=alert(1)>{BIDI}.png"
    evil.write_bytes(picture_bytes("green"))
    long = folder / f"{'x' * 240}.png"
    long.write_bytes(picture_bytes("yellow"))
    added = workspace.gallery.add([evil, long])
    with workspace.gallery.context.database.write() as connection:
        connection.exec_driver_sql(
            "update asset set tags = ? where id = ?",
            (f'["{HOSTILE}", "{BIDI}", "{"y" * 10_000}"]', added.results[0].id),
        )
    page, watch = visit(address)
    watch.allow("status of 422")
    shown(page, 49)
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    name = page.locator(".cell .name").filter(has_text="onerror").first
    expect(name).to_have_text("<img src=x onerror=alert(1)>\\u202egnp.exe.png")
    assert page.locator("#grid img[src='x']").count() == 0
    page.locator(".cell").filter(has_text="onerror").first.locator(".caption").click()
    page.keyboard.press("t")
    expect(page.get_by_role("dialog")).to_contain_text(HOSTILE)
    expect(page.get_by_role("dialog")).to_contain_text("\\u202e")
    page.keyboard.press("Escape")
    page.get_by_label("Search").fill(f'"{HOSTILE}" ({"z" * 3000}')
    page.keyboard.press("Enter")
    expect(page.locator("#query-fault")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert dialogs == []
    assert complaints(page) == []


def test_comparing_and_copying(visit, address):
    page, _ = visit(address, permissions=["clipboard-read", "clipboard-write"])
    shown(page)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="Compare")
    expect(dialog.locator("img")).to_have_count(2)
    assert complaints(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    said(page, "Copied 2 ids")
    assert page.evaluate("navigator.clipboard.readText()").split() == [first_id(page), first_id(page, 1)]


def test_an_empty_gallery_says_what_to_do_next(visit, served):
    address, workspace = served
    workspace.gallery.trash([asset.id for asset in workspace.gallery.search(limit=500).assets])
    page, _ = visit(address)
    expect(page.locator("#empty")).to_contain_text("callsheet add")
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    assert complaints(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_while_selecting_and_tagging(visit, address, theme):
    page, _ = visit(address, color_scheme=theme)
    shown(page)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    assert complaints(page) == []
    page.keyboard.press("t")
    page.keyboard.type("al")
    expect(page.locator(".option").first).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert complaints(page) == []


def test_suggested_tags_are_taken_and_turned_down_by_keys(visit, address, workspace):
    alex = [workspace.gallery.search(f"path:*{name}*").assets[0].id for name in ("alex_full", "alex_closeup")]
    workspace.gallery.untag(alex, ["npc:alex"])
    page, _ = visit(f"{address}/?q=path:*alex_full*+or+path:*alex_closeup*")
    shown(page, 2)
    page.keyboard.press("Control+a")
    page.keyboard.press("a")
    dialog = page.get_by_role("dialog", name="Suggested for 2 assets")
    expect(dialog.locator("li").first).to_contain_text("npc:alex2 assets")
    assert complaints(page) == []
    page.keyboard.press("a")
    said(page, "Accept npc:alex: 2 assets")
    assert all("npc:alex" in tags(workspace, each) for each in alex)
    expect(dialog).to_contain_text("Nothing more is suggested.")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    said(page, "Undone: 2 assets")
    assert not any("npc:alex" in tags(workspace, each) for each in alex)
    page.keyboard.press("a")
    expect(dialog.locator("li").first).to_contain_text("npc:alex2 assets")
    page.keyboard.press("x")
    said(page, "Reject npc:alex: 2 assets")
    assert not any(workspace.gallery.suggest(each).to_json()["suggestions"] for each in alex)


def test_a_suggestion_is_turned_down_only_where_it_was_made(visit, address, workspace):
    alex, other = (workspace.gallery.search(f"path:*{name}*").assets[0].id for name in ("alex_full", "night_owl"))
    workspace.gallery.untag(alex, ["npc:alex"])
    page, _ = visit(f"{address}/?q=path:*alex_full*+or+path:*night_owl*")
    shown(page, 2)
    page.keyboard.press("Control+a")
    page.keyboard.press("a")
    page.get_by_role("dialog", name="Suggested for 2 assets").get_by_role("button", name="Reject npc:alex").click()
    said(page, "Reject npc:alex: 1 asset")
    assert workspace.gallery.unreject(alex, "npc:alex").results[0].outcome == "allowed"
    assert workspace.gallery.unreject(other, "npc:alex").results[0].outcome == "unchanged"


def test_a_suggestion_whose_answer_fails_comes_back(visit, address, workspace):
    alex = workspace.gallery.search("path:*alex_full*").assets[0].id
    workspace.gallery.untag(alex, ["npc:alex"])
    page, watch = visit(f"{address}/?q=path:*alex_full*")
    watch.allow("ERR_FAILED")
    shown(page, 1)
    page.keyboard.press("Home")
    page.keyboard.press("a")
    accept = page.get_by_role("button", name="Accept npc:alex")
    accept.wait_for()
    page.route("**/v1/suggestions/**", lambda route: route.abort())
    accept.click()
    said(page, "Accept npc:alex: The server cannot be reached.")
    accept.wait_for()
    assert "npc:alex" not in tags(workspace, alex)


def test_what_was_asked_while_the_server_was_away_is_shown_when_it_is_back(gallery, workspace):
    gallery.watch.allow("ERR_FAILED")
    gallery.route("**/v1/assets/**", lambda route: route.abort())
    gallery.locator("#search input").fill("npc:alex")
    gallery.keyboard.press("Enter")
    said(gallery, "The server cannot be reached.")
    gallery.unroute("**/v1/assets/**")
    workspace.gallery.tag(first_id(gallery), add=["back_again"])  # what happens there has the page look anew
    shown(gallery, workspace.gallery.count("npc:alex"))
    expect(gallery.locator("#toasts .toast")).to_have_count(1)
