"""What every page has: the frame, the keys, the theme, problems as pages, logging in."""

import re
import time

import pytest
from browsing import complaints, site

from api.web.login_page import own_path
from api.web.navigation import NAVIGATION

pytestmark = pytest.mark.slow

TOKEN = "correct-horse"
PHONE = {"viewport": {"width": 320, "height": 640}}


def check(token):
    return frozenset({"tag"}) if token == TOKEN else None


@pytest.mark.parametrize("path", [entry.path for entry in NAVIGATION] + ["/login", "/nothing-here"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(visit, address, path, theme):
    page, watch = visit(address + path, color_scheme=theme)
    watch.allow("status of 404")
    page.wait_for_load_state("networkidle") if path == "/login" else page.wait_for_timeout(500)
    assert complaints(page) == []


@pytest.mark.parametrize("path", [entry.path for entry in NAVIGATION] + ["/login", "/nothing-here"])
def test_a_narrow_screen_has_one_column(visit, address, path):
    page, watch = visit(address + path, **PHONE)
    watch.allow("status of 404")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_keys_are_listed_and_can_be_switched_off(visit, address):
    page, _ = visit(address)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert "Gallery" in dialog.inner_text()
    dialog.get_by_label("Switch off keys that are single letters").check()
    page.keyboard.press("Escape")
    page.goto(f"{address}/login")
    page.keyboard.press("g")
    page.keyboard.press("g")
    assert page.url == f"{address}/login"
    page.keyboard.press("?")
    dialog.get_by_label("Switch off keys that are single letters").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("g")
    page.wait_for_url(f"{address}/")


def test_the_theme_can_be_chosen_and_stays(visit, address):
    page, _ = visit(address)
    page.get_by_role("button", name="Theme: Auto").click()
    page.get_by_role("button", name="Theme: Light").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_problem_is_a_page_for_a_browser(visit, address):
    page, watch = visit(f"{address}/nothing-here<img src=x onerror=alert(1)>")
    watch.allow("status of 404")
    assert page.get_by_role("heading", name="No such page").is_visible()
    assert page.locator("img").count() == 0


def test_without_a_token_a_page_leads_to_the_form_and_back(demo, visit):
    with site(demo, tokens=check) as (address, _):
        page, watch = visit(f"{address}/?q=role:bg")
        assert re.fullmatch(r".*/login\?next=%2F%3Fq%3Drole%3Abg", page.url)
        assert complaints(page) == []
        watch.allow("status of 401")
        page.get_by_label("Token").fill("wrong")
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("alert").get_by_text("unknown").wait_for()
        page.get_by_label("Token").fill(TOKEN)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{address}/?q=role:bg")
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url(f"{address}/login")
        page.close()


def logged_in(visit, address):
    page, watch = visit(f"{address}/login")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{address}/")
    return page, watch


def test_what_a_page_still_asks_while_somebody_logs_out_does_not_lead_back_to_it(demo, visit):
    with site(demo, tokens=check) as (address, _):
        page, watch = logged_in(visit, address)
        watch.allow("status of 401")
        page.evaluate("""async () => {
            const known = document.querySelector("script[src$='/page.js']").src;
            const { get } = await import(known.replace("page.js", "http.js"));
            const fetched = window.fetch;
            window.fetch = async (path, options) => {
                const answer = await fetched(path, options);
                if (options.method === "DELETE") setTimeout(() => get("/v1/assets").catch(() => {}));
                return answer;
            };
        }""")
        page.route(f"{address}/login", slowly)
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url(f"{address}/login")
        page.close()


def slowly(route):
    if route.request.method == "GET":
        time.sleep(0.5)
    route.continue_()


def test_whoever_comes_from_another_site_is_still_logged_in(demo, visit):
    with site(demo, tokens=check) as (address, _):
        page, _ = logged_in(visit, address)
        elsewhere = f"<a href='{address}/'>a link</a>"
        page.route("http://localhost/elsewhere", lambda route: route.fulfill(content_type="text/html", body=elsewhere))
        page.goto("http://localhost/elsewhere")
        page.get_by_text("a link").click()
        page.wait_for_url(f"{address}/")
        page.get_by_role("button", name="Log out").wait_for()
        page.close()


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x", "", "/a\n"]
)
def test_the_form_leads_nowhere_else(target):
    assert own_path(target) == "/"
