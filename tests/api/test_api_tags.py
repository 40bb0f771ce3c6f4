"""Tags to choose from: by any of their names, with how many assets have them, those in use beside the vocabulary's."""

import pytest


def tags(client, **query):
    return client.get("/v1/tags", params=query).json()["tags"]


def test_a_term_is_found_by_label_alias_and_mistake_and_says_which(client):
    assert tags(client, q="alexander")[0] | {"count": 0} == {
        "id": "npc:alex",
        "label": "Alex",
        "kind": "hero",
        "via": "npc:alexander",
        "count": 0,
        "deprecated": False,
        "is_term": True,
    }
    assert "npc:alex" in [tag["id"] for tag in tags(client, q="alexx")]


@pytest.mark.parametrize("tag", ["npc:alex", "role:bg", "camera:view:front", "player"])
def test_a_count_is_that_of_a_search(client, tag):
    found = next(item for item in tags(client, q=tag) if item["id"] == tag)
    assert found["count"] == client.get("/v1/assets", params={"q": f"={tag}"}).json()["total"] > 0


def test_without_a_text_the_most_frequent_come_first(client):
    counts = [tag["count"] for tag in tags(client, limit=100)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0


def test_a_namespace_keeps_to_itself_and_characters_have_the_player(client):
    assert {tag["id"].split(":")[0] for tag in tags(client, namespace="loc", limit=500)} == {"loc"}
    assert "player" in [tag["id"] for tag in tags(client, namespace="npc", limit=500)]
    assert {tag["id"].split(":")[0] for tag in tags(client, namespace="camera", q="front")} == {"camera"}


def test_a_free_word_is_found_once_it_is_in_use_and_not_any_more(client):
    assert tags(client, q="sketchbook") == []
    client.post("/v1/assets/tags", json={"query": "role:bg", "add": ["sketchbook"]})
    (found,) = tags(client, q="sketchb")
    assert (found["id"], found["is_term"], found["label"]) == ("sketchbook", False, None)
    assert found["count"] == client.get("/v1/assets", params={"q": "role:bg"}).json()["total"]
    client.post("/v1/undo")
    assert tags(client, q="sketchb") == []
