"""One browser for a module, a server and a project for a test."""

import pytest
import structlog
from browsing import Watch, chromium, site
from playwright.sync_api import expect, sync_playwright
from starlette.testclient import TestClient

from api.app import create_app
from callsheet.serving import build_api_context, open_for_serving

SECONDS = 60


@pytest.fixture
def served(demo):
    """`(address, workspace)` of a server over a fresh demo project."""
    with site(demo) as opened:
        yield opened


@pytest.fixture
def address(served):
    return served[0]


@pytest.fixture
def workspace(served):
    return served[1]


@pytest.fixture(scope="module")
def browser():
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        opened = chromium(playwright)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, served):
    """`visit(url, **options of a browser context)` → `(page, watch)`; in the end all are checked."""
    contexts, watches = [], []

    def visit(url, **options):
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
        contexts.append(context)
        context.set_default_timeout(SECONDS * 1000)
        page = context.new_page()
        watch = Watch(page)
        watches.append(watch)
        page.goto(url)
        return page, watch

    yield visit
    for context in contexts:
        context.close()
    for watch in watches:
        watch.check()


@pytest.fixture
def client(demo):
    """`(client, workspace)`: the application asked without a server and without a browser."""
    with open_for_serving(demo) as opened, structlog.testing.capture_logs():
        app = create_app(build_api_context(opened))
        with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as asking:
            yield asking, opened


@pytest.fixture
def named(request):
    """The id of the asset whose file has this name, in the project of `client` or `served`."""

    def find(name):
        opened = request.getfixturevalue("client" if "client" in request.fixturenames else "served")[1]
        return opened.gallery.search(f"path:*{name}*").assets[0].id

    return find
