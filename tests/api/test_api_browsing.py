"""Scrolling through many assets: all ids of a query in order, and cards of those in sight."""

import pytest

from gallery.reading.cards import views

QUERIES = [
    "",
    "role:bg",
    "sort:-rating",
    "role:bg sort:rating,path",
    "npc:* or loc:*",
    "is:untagged",
    "is:trashed",
    "sort:width",
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_order_is_that_of_the_pages(client, assets, query):
    client.delete(f"/v1/assets/{assets[0]['id']}", headers={"if-match": "*"})
    pages = client.get("/v1/assets", params={"q": query, "limit": 500}).json()["assets"]
    order = client.get("/v1/assets/order", params={"q": query}).json()
    assert order["ids"] == [asset["id"] for asset in pages]
    assert order["total"] == len(pages)


def test_an_order_that_still_holds_is_not_sent_again(client):
    first = client.get("/v1/assets/order", params={"q": "role:bg"})
    again = {"if-none-match": first.headers["etag"]}
    assert client.get("/v1/assets/order", params={"q": "role:bg"}, headers=again).status_code == 304
    client.delete(f"/v1/assets/{first.json()['ids'][0]}", headers={"if-match": "*"})
    changed = client.get("/v1/assets/order", params={"q": "role:bg"}, headers=again)
    assert changed.json()["ids"] == first.json()["ids"][1:]


def test_a_query_that_finds_nothing_says_what_may_be_misspelt(client):
    assert "npc:alex" in client.get("/v1/assets/order", params={"q": "npc:alx"}).json()["slips"][0]


def test_a_query_that_cannot_be_shows_the_place(client):
    refused = client.get("/v1/assets/order", params={"q": "role:bg (or"})
    assert (refused.status_code, refused.json()["detail"].splitlines()[-1].index("^")) == (422, 11)


def test_cards_are_the_assets_with_a_thumbnail_that_can_be_kept(client, assets):
    wanted = [assets[3]["id"], assets[1]["id"], "a0000000000000000", "nonsense"]
    cards = client.get("/v1/assets/cards", params={"id": wanted}).json()["assets"]
    assert [{key: card[key] for key in assets[0]} for card in cards] == [assets[3], assets[1]]
    picture = client.get(cards[0]["thumbnail"])
    assert picture.headers["content-type"].startswith("image/")
    assert "immutable" in picture.headers["cache-control"]


def test_however_many_assets_are_looked_up_at_once(assets, context):
    many = [f"a{n:016x}" for n in range(1200)]
    found = views(context.services.gallery.context, [*many, assets[3]["id"], "nonsense", assets[1]["id"]])
    assert {name: list(view.tags) for name, view in found.items()} == {
        assets[at]["id"]: assets[at]["tags"] for at in (1, 3)
    }


def test_too_many_cards_at_once_are_refused(client):
    assert client.get("/v1/assets/cards", params={"id": [f"a{n:016x}" for n in range(201)]}).status_code == 422
