"""The stream of events: every batch, in order, whoever wrote it; who comes back misses nothing."""

import asyncio
import json
import time

import pytest
from served import PATIENCE

from api import events
from api.events import Feed
from gallery.service import Gallery


def parsed(piece):
    fields = dict(line.split(": ", 1) for line in piece.decode().strip().splitlines())
    return fields["event"], int(fields["id"]), json.loads(fields["data"])


def heard(context, seen, *, act=None, until=1):
    """The first events of a stream that begins behind `seen`; `act` is done once it is connected."""

    async def listen():
        found = []
        async for piece in Feed(context).listen(seen):
            if act is not None and not found and piece.startswith(b":"):
                await asyncio.to_thread(act)
            if not piece.startswith(b":"):
                found.append(parsed(piece))
            if len(found) == until:
                context.stopping.set()
        return found

    return asyncio.run(asyncio.wait_for(listen(), PATIENCE))


@pytest.fixture
def gallery(workspace):
    return workspace.gallery


def test_what_another_process_changes_is_told(context, gallery, cli):
    before = gallery.last_batch()

    def elsewhere():
        cli("tag", "--query", "role:bg", "--add", "mood:wild")
        cli("undo")

    found = heard(context, None, act=elsewhere, until=2)
    assert [(kind, number) for kind, number, _ in found] == [("batch", before + 1), ("batch", before + 2)]
    assert [body["kind"] for _, _, body in found] == ["tag", "undo"]
    assert found[0][2] == gallery.history(limit=2)[1].to_json()


def test_who_comes_back_hears_what_was_missed(context, gallery):
    before = gallery.last_batch()
    asset = gallery.search("role:bg", limit=1).assets[0].id
    for number in range(5):
        gallery.tag(asset, add=[f"mood:m{number}"])
    assert [number for _, number, _ in heard(context, before + 2, until=3)] == [before + 3, before + 4, before + 5]


@pytest.mark.parametrize("seen", [0, 10_000_000])
def test_who_missed_too_much_or_saw_another_database_is_told_to_look_anew(context, gallery, monkeypatch, seen):
    monkeypatch.setattr(events, "MOST_MISSED", 1)
    newest = gallery.last_batch()
    assert heard(context, seen) == [("resync", newest, {"batch": newest})]


def test_many_listeners_cost_one_look_at_a_time(context, gallery, monkeypatch):
    looks = []
    monkeypatch.setattr(events, "last_batch", lambda ctx: looks.append(1) or Gallery(ctx).last_batch())
    monkeypatch.setattr(events, "SECONDS_BETWEEN_LOOKS", 0.05)

    async def crowd():
        feed = Feed(context)

        async def one():
            async for _ in feed.listen(None):
                pass

        began = time.monotonic()
        tasks = [asyncio.create_task(one()) for _ in range(30)]
        while len(looks) < 30 + 10 and time.monotonic() < began + PATIENCE:  # noqa: ASYNC110  # threads count them
            await asyncio.sleep(0.05)
        during, seconds = len(looks), time.monotonic() - began
        context.stopping.set()
        await asyncio.gather(*tasks)
        return during, seconds

    during, seconds = asyncio.run(crowd())
    assert 30 + 10 <= during <= 30 + 1 + seconds / events.SECONDS_BETWEEN_LOOKS


def test_an_id_that_is_no_number_is_refused(client):
    answered = client.get("/v1/events", headers={"Last-Event-ID": "soon"})
    assert (answered.status_code, answered.json()["code"]) == (400, "bad_request")
