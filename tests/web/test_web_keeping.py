"""Ontology, history, trash, doctor and settings as a person uses them, in a browser."""

import pytest
from browsing import complaints, site
from playwright.sync_api import expect

from gallery.journal.editing import Edit

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)></script>"
PAGES = ("/ontology", "/history", "/trash", "/doctor", "/settings")


def said(page, text):
    expect(page.locator("#toasts .toast").filter(has_text=text).last).to_be_visible()


def ids_of(workspace, number):
    return [asset.id for asset in workspace.gallery.search("", limit=number).assets]


def row(page, term):
    return page.locator("li.term").filter(has=page.locator(f'[title="{term}"]')).first


# the vocabulary


def test_a_term_is_added_and_found(visit, address, workspace):
    page, _ = visit(f"{address}/ontology")
    page.get_by_role("button", name="Add a term").click()
    dialog = page.get_by_role("dialog", name="Add a term")
    dialog.get_by_label("Id", exact=True).fill("npc:newcomer")
    dialog.get_by_label("Label").fill("The new one")
    dialog.get_by_label("Keywords").fill("green hat, stranger")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_text("1 file: ontology/")).to_be_visible()
    assert "npc:newcomer" not in workspace.ontology
    assert complaints(page) == []
    dialog.get_by_role("button", name="Add the term").click()
    said(page, "Added npc:newcomer")
    assert workspace.ontology.terms["npc:newcomer"].keywords == ("green hat", "stranger")
    page.get_by_label("Filter the terms").press_sequentially("stranger")
    expect(row(page, "npc:newcomer")).to_contain_text("The new one")
    page.wait_for_url("**q=stranger**")
    page.reload()
    expect(row(page, "npc:newcomer")).to_be_visible()


def test_what_is_wrong_is_said_where_it_was_written(visit, address):
    page, watch = visit(f"{address}/ontology")
    watch.allow("status of 409")
    page.keyboard.press("+")
    dialog = page.get_by_role("dialog", name="Add a term")
    dialog.get_by_label("Id", exact=True).fill("npc:alex")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("is a term already")
    expect(dialog.get_by_role("button", name="Preview")).to_be_visible()


def test_a_rename_tells_what_it_touches_and_is_undone(visit, address, workspace):
    page, _ = visit(f"{address}/ontology?q=npc:alex")
    carried = workspace.gallery.count("=npc:alex")
    page.get_by_role("button", name="Change npc:alex", exact=True).click()
    dialog = page.get_by_role("dialog", name="Change npc:alex")
    dialog.get_by_label("New id").fill("npc:alexis")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_text(f"{carried} assets tagged anew")).to_be_visible()
    expect(dialog.get_by_text("ontology/characters.yaml")).to_be_visible()
    assert workspace.gallery.last_batch() == 2
    dialog.get_by_label("New id").fill("npc:alexia")
    expect(dialog.get_by_role("button", name="Preview")).to_be_visible()  # what was shown is of another name
    dialog.get_by_role("button", name="Preview").click()
    dialog.get_by_role("button", name="Do it").click()
    said(page, "npc:alex is npc:alexia now")
    expect(row(page, "npc:alexia")).to_be_visible()
    assert workspace.gallery.count("=npc:alexia") == carried
    page.get_by_role("button", name="Undo").last.click()
    said(page, "Undone")
    expect(row(page, "npc:alex")).to_be_visible()
    assert "npc:alexia" not in workspace.ontology


def test_merging_and_deprecating_ask_for_the_other_term(visit, address, workspace):
    page, _ = visit(f"{address}/ontology?ns=npc")
    page.get_by_role("button", name="Change npc:ruby").click()
    dialog = page.get_by_role("dialog", name="Change npc:ruby")
    dialog.get_by_label("Merge it into another term").check()
    field = dialog.get_by_label("The term that stays")
    field.press_sequentially("alex")
    dialog.get_by_role("option").first.click()
    expect(field).to_have_value("npc:alex")
    dialog.get_by_role("button", name="Preview").click()
    dialog.get_by_role("button", name="Do it").click()
    said(page, "npc:ruby goes on as npc:alex")
    expect(row(page, "npc:ruby")).to_contain_text("deprecated")
    assert workspace.ontology.canonical("npc:ruby") == "npc:alex"


def test_further_terms_come_while_scrolling(visit, address, demo):
    lines = "".join(f"  prop:thing_{number:05d}: {{label: Thing {number}}}\n" for number in range(10_000))
    (demo / "ontology/props.yaml").write_text(
        f"version: 1\nnamespaces:\n  prop: {{label: Prop, closed: true}}\nterms:\n{lines}"
    )
    page, _ = visit(f"{address}/ontology?ns=prop")
    while not page.locator("li.term").count():
        page.wait_for_timeout(300)
        page.reload()
    for number in (200, 300):
        page.locator(".more-line").scroll_into_view_if_needed()
        expect(page.locator("li.term")).to_have_count(number)
    page.get_by_label("Filter the terms").press_sequentially("thing 4711")
    expect(row(page, "prop:thing_04711")).to_be_visible()


# the history


def test_a_change_made_elsewhere_appears_and_is_undone(visit, address, workspace):
    page, _ = visit(f"{address}/history")
    some = ids_of(workspace, 3)
    page.wait_for_timeout(500)
    number = workspace.gallery.tag(some, add=["sketch"]).batch
    line = page.locator(f'[data-batch="{number}"]')
    expect(line).to_contain_text("Tagged")
    line.get_by_text("What changed").click()
    expect(line.locator(".change")).to_have_count(3)
    expect(line.locator(".change").first).to_contain_text("sketch")
    page.get_by_role("button", name=f"Undo change {number}").click()
    said(page, "Undone: 3 items")
    expect(line).to_contain_text(f"taken back by #{number + 1}")
    expect(line.locator(".change")).to_have_count(3)  # what was open stays open
    assert "sketch" not in workspace.gallery.get(some[0]).asset.tags
    page.get_by_role("button", name=f"Redo what change {number + 1} took back").click()
    said(page, "Done again")
    assert "sketch" in workspace.gallery.get(some[0]).asset.tags


def test_an_older_change_is_undone_though_others_came_after(visit, address, workspace):
    some = ids_of(workspace, 1)[0]
    first = workspace.gallery.tag(some, add=["first"]).batch
    workspace.gallery.tag(some, add=["second"])
    page, _ = visit(f"{address}/history/{first}")
    page.get_by_role("button", name=f"Undo change {first}").click()
    page.wait_for_url(f"{address}/history")
    assert {"second"} == set(workspace.gallery.get(some).asset.tags) & {"first", "second"}


def test_filters_stand_in_the_address_and_older_changes_are_loaded(visit, address, workspace):
    some = ids_of(workspace, 1)[0]
    for number in range(55):
        workspace.gallery.tag(some, add=[f"word_{number}"])
    page, _ = visit(f"{address}/history")
    page.get_by_label("What").select_option("tag")
    page.wait_for_url("**/history?kind=tag")
    expect(page.locator("[data-batch]")).to_have_count(50)
    page.get_by_role("link", name="Load older").click()
    expect(page.locator("[data-batch]")).to_have_count(55)
    assert page.url.endswith("kind=tag")
    expect(page.get_by_role("link", name="Load older")).to_have_count(0)


# the trash


@pytest.fixture
def trashed(workspace):
    some = ids_of(workspace, 6)
    workspace.gallery.trash(some)
    return some


def count(page, number):
    expect(page.locator("#count")).to_have_text("1 asset" if number == 1 else f"{number} assets")


def test_one_several_and_all_are_restored(visit, address, workspace, trashed):
    page, _ = visit(f"{address}/trash")
    count(page, 6)
    page.keyboard.press("Home")
    page.keyboard.press("r")
    said(page, "Restore: 1 asset")
    count(page, 5)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#chosen")).to_have_text("2 assets selected")
    page.get_by_role("button", name="Restore", exact=True).click()
    count(page, 3)
    page.get_by_role("button", name="Restore all").click()
    expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()
    assert workspace.gallery.count("is:trashed") == 0
    assert {workspace.gallery.get(one).trashed for one in trashed} == {None}
    page.get_by_role("button", name="Undo").last.click()
    count(page, 3)


def test_all_that_match_are_restored_and_the_rest_stays(visit, address, workspace, trashed):
    page, _ = visit(f"{address}/trash")
    name = workspace.gallery.get(trashed[0]).asset.path.split("/")[-1]
    page.get_by_label("Search the trash").fill(f"path:*{name}")
    page.keyboard.press("Enter")
    count(page, 1)
    assert "q=path" in page.url
    page.get_by_role("button", name="Restore all that match").click()
    expect(page.get_by_role("heading", name="Nothing in the trash matches")).to_be_visible()
    assert workspace.gallery.get(trashed[0]).trashed is None
    assert workspace.gallery.count("is:trashed") == 5


def test_a_query_that_cannot_be_read_is_told(visit, address, trashed):
    page, watch = visit(f"{address}/trash?q=rating:>=many")
    watch.allow("status of 422")
    expect(page.locator("#query-fault")).to_be_visible()


# the doctor


def test_what_is_broken_is_listed_and_repaired(visit, address, workspace):
    some = ids_of(workspace, 2)
    for one in some:
        workspace.gallery.thumbnail(one).unlink()
    page, _ = visit(f"{address}/doctor")
    expect(page.locator("#said")).to_have_text("2 things to look at.")
    listed = page.get_by_role("region", name="Worth a look")
    expect(listed.get_by_role("link", name=some[0])).to_have_attribute("href", f"/a/{some[0]}")
    page.get_by_role("button", name="Repair what is safe").click()
    page.get_by_role("dialog").get_by_role("button", name="Repair", exact=True).click()
    said(page, "Repaired: 2 things")
    expect(page.locator("#said")).to_have_text("All is well.")
    assert workspace.gallery.thumbnail(some[0]).exists()
    page.get_by_role("button", name="Examine again").click()
    expect(page.locator("#said")).to_have_text("All is well.")


def test_a_vocabulary_that_breaks_and_is_mended_meanwhile_is_told_on_the_doctors_page(visit, address, demo, workspace):
    broken = demo / "ontology/broken.yaml"
    broken.write_text("version: 1\nterms:\n  npc:broken: {lable: Oops}\n")
    workspace.refresh()
    page, _ = visit(f"{address}/doctor")
    faults = page.locator("#file-faults")
    expect(faults).to_contain_text("The files of the ontology were changed and cannot be used")
    expect(faults).to_contain_text("broken.yaml:3:")
    expect(page.locator("#said")).to_contain_text("broken")
    broken.unlink()
    workspace.refresh()
    page.get_by_role("button", name="Examine again").click()
    expect(page.locator("#said")).to_have_text("All is well.")
    expect(faults).to_be_empty()


def test_reading_every_file_tells_how_far_it_is(visit, address, demo):
    broken = next((demo / "assets").rglob("*.png"))
    content = broken.read_bytes()
    broken.write_bytes(content[:-20] + bytes(20))
    page, _ = visit(f"{address}/doctor")
    page.evaluate(
        "() => { window.seen = ''; new MutationObserver((records) => { for (const record of records)"
        " for (const node of record.addedNodes) window.seen += node.textContent; })"
        ".observe(document.getElementById('said'), {childList: true, subtree: true}); }"
    )
    page.get_by_role("button", name="Read every file").click()
    expect(page.locator("section.warning, section.error").first).to_be_visible()
    assert " of 47" in page.evaluate("window.seen")


# the settings


def test_theme_keys_and_tag_sets_are_chosen(visit, address):
    page, _ = visit(f"{address}/settings")
    page.get_by_label("Dark", exact=True).check()
    expect(page.get_by_role("button", name="Theme: Dark")).to_be_visible()
    page.get_by_label("Keys that are single letters").uncheck()
    page.get_by_role("button", name="Change the tag sets").click()
    page.get_by_role("button", name="Change the tags on key 2").click()
    page.get_by_label("Tag to add").press_sequentially("alex")
    page.get_by_role("option").filter(has=page.locator('[title="npc:alex"]')).click()
    page.get_by_role("button", name="Apply").click()
    page.keyboard.press("Escape")
    expect(page.locator("#sets")).to_contain_text("alex")
    page.reload()
    expect(page.get_by_label("Dark", exact=True)).to_be_checked()
    expect(page.get_by_label("Keys that are single letters")).not_to_be_checked()
    expect(page.locator("#sets > li")).to_have_count(1)


# all of them


@pytest.mark.parametrize("path", PAGES)
def test_hostile_texts_are_text(visit, address, workspace, demo, path):
    some = ids_of(workspace, 2)
    workspace.gallery.edit_all(some, Edit(note=HOSTILE))
    workspace.gallery.save_search("night", f'"{HOSTILE}"')
    (demo / "ontology/hostile.yaml").write_text(
        f"version: 1\nterms:\n  npc:hostile: {{label: '{HOSTILE}', keywords: ['{HOSTILE}']}}\n"
    )
    (demo / f"assets/{HOSTILE.replace('/', '_')}.png").write_bytes(next((demo / "assets").rglob("*.png")).read_bytes())
    workspace.gallery.add([demo / "assets"])
    workspace.refresh()
    workspace.gallery.trash(some)
    page, _ = visit(f"{address}{path}{'?q=npc:hostile' if path == '/ontology' else ''}")
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    page.wait_for_timeout(800)
    for summary in page.locator("summary:visible").all():
        summary.click()
    page.wait_for_timeout(500)
    assert page.locator("img[onerror], img[src=x]").count() == 0
    if path in ("/ontology", "/history"):
        assert HOSTILE in page.locator("main").inner_text()
    assert complaints(page) == []


@pytest.mark.parametrize("width", [320, 768])
def test_a_filled_page_stays_within_the_screen(visit, address, workspace, trashed, width):
    workspace.vocabulary.rename("npc:alex", "npc:" + "a" * 100)
    for path in (*PAGES, f"/history/{workspace.gallery.last_batch()}"):
        page, _ = visit(f"{address}{path}", viewport={"width": width, "height": 700})
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("scope", ["read", "tag"])
def test_who_may_not_is_not_offered_it(demo, visit, scope):
    with site(demo, tokens={"good": frozenset({scope})}.get) as (address, _):
        page, _ = visit(f"{address}/login")
        page.get_by_label("Token").fill("good")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{address}/")
        page.goto(f"{address}/ontology")
        expect(page.locator("li.term").first).to_be_visible()
        assert page.get_by_role("button", name="Add a term").count() == 0
        page.goto(f"{address}/history")
        assert page.get_by_role("button", name="Undo change 2").count() == (scope == "tag")
        page.goto(f"{address}/doctor")
        expect(page.locator("#said")).to_have_text("All is well.")
        assert page.get_by_role("button", name="Repair what is safe").count() == 0
