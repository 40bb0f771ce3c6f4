"""Sounds over HTTP: sent, described, served in parts, drawn, and nothing taken for one that is none."""

import pytest
from sounds import WRITTEN, sound, tone

TYPES = {"wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg", "ogg": "audio/ogg", "opus": "audio/ogg"}


def send(client, data, name="jump.bin"):
    return client.post("/v1/assets", files={"file": (name, data)}, data={"tag": "draft"})


@pytest.fixture
def jump(client):
    data = sound(tone(0.5, channels=2))
    return data, send(client, data).json()["results"][0]["id"]


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_sound_that_was_sent_is_an_asset_whatever_it_is_called(client, kind):
    data = sound(tone(0.5, rate=48000), kind, rate=48000)
    answered = send(client, data, "picture.png")
    assert answered.status_code == 201
    (item,) = answered.json()["results"]
    body = client.get(f"/v1/assets/{item['id']}").json()
    assert (body["media_type"], body["duration"], body["sample_rate"], body["channels"]) == ("audio", 0.5, 48000, 1)
    assert body["path"].endswith(f".{kind}")
    served = client.get(f"/v1/assets/{item['id']}/file")
    assert (served.content, served.headers["content-type"]) == (data, TYPES[kind])
    assert served.headers["x-content-type-options"] == "nosniff"


def test_a_player_may_ask_for_a_part_of_a_sound(client, jump):
    data, asset_id = jump
    part = client.get(f"/v1/assets/{asset_id}/file", headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, data[1000:2000])
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(data)}"


def test_a_card_of_a_sound_has_its_length_and_its_waveform(client, jump):
    _, asset_id = jump
    (card,) = client.get("/v1/assets/cards", params={"id": [asset_id]}).json()["assets"]
    assert card["duration"] == 0.5
    picture = client.get(card["thumbnail"])
    assert picture.headers["content-type"] == "image/webp"
    found = client.get("/v1/assets", params={"q": "media:audio duration:<2"}).json()
    assert [asset["id"] for asset in found["assets"]] == [asset_id]


def test_a_sound_that_is_damaged_is_refused_and_leaves_nothing(client, demo):
    answered = send(client, sound(kind="flac")[:900])
    assert (answered.status_code, answered.json()["code"]) == (422, "damaged")
    assert not [path for path in (demo / "assets" / "uploads").glob("*") if path.is_file()]


def test_a_sound_that_is_too_large_is_refused(client, context):
    answered = send(client, sound(tone(0.1)) + bytes(context.upload_limit))
    assert answered.status_code == 413


def test_the_resolver_does_not_take_a_sound_for_a_picture(client, jump):
    _, asset_id = jump
    headers = {"if-match": "*"}
    client.patch(f"/v1/assets/{asset_id}", json={"add": ["npc:mara", "role:char:hero"]}, headers=headers)
    answered = client.post("/v1/resolve", json={"hero_id": "npc:mara", "max_results": 500, "fill": True}).json()
    assert asset_id not in str(answered["matches"])
    assert client.get(f"/v1/assets/{asset_id}/operations").json()["operations"] == []
