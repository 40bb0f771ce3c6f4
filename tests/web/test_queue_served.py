"""`/queue` and `/queue/ID` as the server writes them."""

import re

import pytest

from generation.engine.control import Stop

HTML = {"accept": "text/html"}


@pytest.fixture
def asking(client):
    return client[0]


def test_the_page_counts_every_lane_and_links_what_was_made(client, asking):
    workspace = client[1]
    done = workspace.generate(workspace.specs["headmistress"], providers=["local"])
    page = asking.get("/queue", headers=HTML).text
    assert re.search(r'id="head-done">Done <span class="soft">1</span>', page)
    assert f'href="/a/{done.assets[0]}"' in page
    assert re.search(r'<span class="badge warn"[^>]*>stand-in</span>', page)
    assert 'id="lane-unknown"' not in page


def test_a_lane_that_is_long_says_how_many_more_there_are(client, asking):
    workspace = client[1]
    stop = Stop()
    stop.set()
    specs = workspace.generation.adjusted([workspace.specs["headmistress"]] * 60, providers=["local"], n=None)
    workspace.generation.generate(specs, stop=stop)
    page = asking.get("/queue", headers=HTML).text
    assert page.count('data-state="queued"') == 50
    assert "and 10 more" in page


def test_money_and_costs_of_a_month_are_told(client, asking):
    workspace = client[1]
    workspace.generate(workspace.specs["headmistress"], providers=["local"])
    page = asking.get("/queue", headers=HTML).text
    assert "<strong>$0.00</strong> spent of <strong>$100.00</strong>" in page
    assert re.search(r'<th scope="row">local <span class="badge warn">stand-ins</span></th><td>\$0.00</td>', page)
    assert "Nothing was bought in 2020-01" in asking.get("/queue?month=2020-01", headers=HTML).text
    assert "is no month" in asking.get("/queue?month=soon", headers=HTML).text


def test_an_unknown_job_is_a_page_that_says_so(asking):
    page = asking.get("/queue/j99", headers=HTML)
    assert page.status_code == 404
    assert "there is no job" in page.text
