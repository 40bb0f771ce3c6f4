"""Generating from the terminal, and the queue: what is asked, what is made, what a person decides."""

import threading
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from generation_builders import Clock, CountingProvider, charges, coin, ledger_sums

from generation.errors import AmbiguousOutcomeError, ContentRejectedError, RateLimitedError
from generation.events import Event
from ontology.escaping import is_unseen
from tui.making import Making
from tui.screens import queue
from tui.screens.browse import BrowseScreen
from tui.screens.entry import ConfirmScreen
from tui.screens.prefill import PrefillScreen
from tui.screens.queue import QueueScreen
from tui.screens.resolve import ResolveScreen
from tui.subject import Subject
from tui.widgets.job_line import JobLine

pytestmark = pytest.mark.anyio

CALL = {
    "operation": "text_to_image", "asked": "text_to_image", "params": {"prompt": "a brass key", "size": "16x16"},
    "slots": [], "warnings": [], "unfilled": [],
}  # fmt: skip
SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))
ACTION, BROKEN = "[@click=app.quit]press me[/]", "[/broken [b"
ESCAPES, BIDI = "\x1b]52;c;cGF3bmVk\x07\x1b[2J\x1b[31mred\x9b31m", "a\u202etxe.exe\u200b\ufeff"
HOSTILE = f"{ACTION}{BROKEN}{ESCAPES}{BIDI}"


@asynccontextmanager
async def prefilled(running, **options):
    async with running(**options) as ui:
        ui.app.push_screen(PrefillScreen(Subject(), given=CALL))
        await ui.settle()
        yield ui


async def generated(ui, workspace, agreed="y"):
    """Press G, agree, and wait until nothing is made any more."""
    await ui.press("G")
    await ui.until("Generate?")
    await ui.press(agreed)
    await ui.until(lambda: not ui.app.making.runs)
    await ui.settle()


async def left_unknown(ui, workspace, provider):
    """The queue, with one call of which nobody knows how it ended."""
    provider.script = [AmbiguousOutcomeError("the connection broke", provider="fake")]
    await generated(ui, workspace)
    await ui.press("Q")
    await ui.until("Unknown 1")


async def test_generating_asks_with_price_provider_and_budget_and_y_alone_spends(
    running, workspace, engine, provider, tmp_path
):
    async with prefilled(running) as ui:
        await ui.press("G")
        await ui.until("Generate?")
        for said in ("fake:painter-1, $0.04", "$100.00 of $100.00 left", "a brass key", "y does it"):
            assert said in ui.text
        await ui.press("enter")
        assert isinstance(ui.screen, ConfirmScreen)
        await ui.press("escape")
        assert charges(tmp_path / "charges") == []
        assert workspace.generation.queue(everything=True) == []
        await generated(ui, workspace)
        assert len(charges(tmp_path / "charges")) == 1
        (job,) = workspace.generation.queue(everything=True)
        assert any("made 1 picture for $0.04" in notice for notice in ui.notices())
        assert "done; v shows it" in ui.text
        await ui.press("v")
        assert isinstance(ui.screen, BrowseScreen)
        assert ui.screen.finds.current == job.assets[0]
        assert workspace.gallery.get(job.assets[0]).generation["prompt"] == "a brass key"


async def test_lines_are_made_for_the_width_the_list_has_without_reading_the_queue_again(running, queued, monkeypatch):
    monkeypatch.setattr(queue, "SECONDS_BETWEEN_LOOKS", 3_600)
    queued(coin(id="coin"))
    narrow, wide = f"{'coin':<20}  {'$0.00':>7}", f"{'coin':<32}  {'$0.00':>7}"
    async with running(size=(80, 24)) as ui:
        await ui.press("Q")
        await ui.until(narrow)
        await ui.pilot.resize_terminal(100, 24)
        await ui.until(wide)
        await ui.pilot.resize_terminal(80, 24)
        await ui.until(narrow)


async def test_an_order_may_never_cost_more_than_what_was_shown(running, workspace, engine, provider, tmp_path):
    dear = CountingProvider(tmp_path / "dear", name="dear", price=Decimal("0.90"))
    provider.script = [ContentRejectedError("not that", provider="fake")]
    engine(providers={"fake": provider, "dear": dear}, default_chain=("fake", "dear"))
    workspace_spec = workspace.spec_of
    workspace.spec_of = lambda wanted: replace(workspace_spec(wanted), on_rejected="next")
    async with prefilled(running) as ui:
        await generated(ui, workspace)
        (job,) = workspace.generation.queue(everything=True)
        assert job.state == "failed"
        assert {"dear": "budget"}.items() <= {s["provider"]: s["code"] for s in job.trace if s["step"] == "hop"}.items()
        assert charges(tmp_path / "dear") == []


async def test_what_costs_nothing_is_marked_a_stand_in_and_made_by_enter(running, workspace, engine):
    engine(first="local")
    async with prefilled(running) as ui:
        await ui.press("G")
        await ui.until("makes a stand-in, at no cost")
        assert "Enter does it" in ui.text
        await ui.press("enter")
        await ui.until("done; v shows it")
        await ui.press("Q")
        await ui.until("stand-in: made by this machine")
        assert "made 1 stand-in for $0.00" in ui.text


async def test_what_cannot_be_made_is_told_before_anything_is_asked(running, workspace, engine, provider):
    provider.health = replace(provider.health, state="no_key", detail="FAKE_KEY is not set")
    engine(stand_ins=False)
    async with prefilled(running) as ui:
        await ui.press("G")
        await ui.until(lambda: any("FAKE_KEY is not set" in notice for notice in ui.notices()))
        assert isinstance(ui.screen, PrefillScreen)


async def test_the_queue_follows_a_call_and_the_screen_stays_free(running, workspace, engine, provider):
    go_on = threading.Event()
    provider.script = [lambda: go_on.wait(60)]
    async with prefilled(running) as ui:
        await ui.press("G")
        await ui.until("Generate?")
        await ui.press("y", "Q")
        await ui.until("sent, waiting for the answer")
        await ui.until("$0.04 reserved")
        assert "1 running" in ui.lines[0]
        assert any(line.startswith("Running 1") for line in ui.lines)
        await ui.press("B", "down")
        await ui.until("Generating text-to-image")
        assert ui.screen.finds.cursor == 1
        await ui.press("escape")
        assert not go_on.is_set()
        assert ui.app.making.is_running
        go_on.set()
        await ui.until(lambda: not ui.app.making.is_running)
        await ui.press("Q")
        await ui.until("Done 1")
        assert "$99.96 of $100.00 left · $0.04 spent · $0.00 reserved" in ui.text


async def test_quitting_while_something_is_made_asks_first(running, workspace, engine, provider):
    go_on = threading.Event()
    provider.script = [lambda: go_on.wait(60)]
    async with prefilled(running) as ui:
        await ui.press("G")
        await ui.until("Generate?")
        await ui.press("y")
        await ui.until("sent, waiting for the answer")
        await ui.press("q")
        await ui.until("Quit while something is made?")
        await ui.press("escape")
        assert ui.app.is_running
        go_on.set()
        await ui.until(lambda: not ui.app.making.is_running)


async def test_what_was_sent_is_waited_for_after_the_screen_is_closed(running, workspace, engine, provider, tmp_path):
    go_on = threading.Event()
    provider.script = [lambda: go_on.wait(60)]
    async with prefilled(running) as ui:
        await ui.press("G")
        await ui.until("Generate?")
        await ui.press("y")
        await ui.until("sent, waiting for the answer")
        making = ui.app.making
    assert making.is_running
    go_on.set()
    making.wait()
    assert ledger_sums(workspace.generation) == (Decimal("0.04"), 0, 0)
    (job,) = workspace.generation.queue(everything=True)
    assert job.state == "done"
    assert len(charges(tmp_path / "charges")) == 1


async def test_a_call_of_unknown_outcome_stands_first_and_a_person_says_that_it_was_not_charged(
    running, workspace, engine, provider, tmp_path
):
    async with prefilled(running) as ui:
        await left_unknown(ui, workspace, provider)
        assert "$0.04 unknown" in ui.text
        for said in ("the connection broke", "Ask the provider", "It was not charged", "It was charged"):
            assert said in ui.text
        await ui.press("r")
        assert any("u says how it ended" in notice for notice in ui.notices())
        await ui.press("u", "down")
        assert "sends the call once more" in ui.text
        await ui.press("enter")
        await ui.until("Queued 1")
        assert ledger_sums(workspace.generation) == (0, 0, 0)
        assert charges(tmp_path / "charges") == []
        await ui.press("r")
        await ui.until("Generate?")
        await ui.press("y")
        await ui.until("Done 1")
        assert len(charges(tmp_path / "charges")) == 1


async def test_a_call_that_was_charged_is_booked_and_its_job_fails(running, workspace, engine, provider):
    async with prefilled(running) as ui:
        await left_unknown(ui, workspace, provider)
        await ui.press("u", "end", "enter")
        await ui.until("How much was charged?")
        assert ui.app.focused.value == "0.04"
        await ui.type("lots")
        await ui.press("enter")
        assert any("no amount of US dollars" in notice for notice in ui.notices())
        await ui.press("u", "end", "enter", "backspace")
        await ui.type("6")
        await ui.press("enter")
        await ui.until("Failed 1")
        assert ledger_sums(workspace.generation) == (Decimal("0.06"), 0, 0)


async def test_what_became_of_a_call_is_told_also_to_who_asks_for_pictures_meanwhile(
    running, workspace, engine, provider, hold
):
    async with prefilled(running) as ui:
        await left_unknown(ui, workspace, provider)
        provider.can_recover = True
        settling = hold(workspace.generation, "resolve")
        await ui.pilot.press("u")
        await ui.pilot.press("enter")
        await ui.until(settling.was_called)
        await ui.pilot.press("R")
        await ui.until(lambda: isinstance(ui.screen, ResolveScreen) and "nothing is asked yet" in ui.text)
        settling.go_on()
        await ui.until(lambda: any("is done" in notice for notice in ui.notices()))
        await ui.settle()
        assert ui.app.is_running


async def test_the_provider_is_asked_and_its_result_taken_in(running, workspace, engine, provider):
    async with prefilled(running) as ui:
        await left_unknown(ui, workspace, provider)
        provider.can_recover = True
        await ui.press("u", "enter")
        await ui.until("Done 1")
        assert ledger_sums(workspace.generation) == (Decimal("0.04"), 0, 0)


async def test_a_job_is_cancelled_and_tried_again(running, queued, tmp_path):
    queued(coin())
    async with running() as ui:
        await ui.press("Q")
        await ui.until("Queued 1")
        await ui.press("x")
        await ui.until("Cancelled 1")
        await ui.press("x")
        assert any("is over: cancelled" in notice for notice in ui.notices())
        await ui.press("r")
        await ui.until("Generate?")
        await ui.press("y")
        await ui.until("Done 1")
        assert len(charges(tmp_path / "charges")) == 1
        await ui.press("r")
        assert any(notice == "j1 is done" for notice in ui.notices())


async def test_all_that_are_queued_go_on_in_their_order_and_stop_after_what_was_sent(
    running, engine, queued, provider, tmp_path
):
    engine(workers=1)
    go_on = threading.Event()
    provider.script = [lambda: go_on.wait(60)]
    queued(coin(), coin(id="gem", prompt="a gem"), coin(id="ring", prompt="a ring"))
    async with running() as ui:
        await ui.press("Q", "a")
        await ui.until("all of it at most $0.12")
        await ui.press("y")
        await ui.until("sent, waiting for the answer")
        await ui.press("s")
        go_on.set()
        await ui.until(lambda: not ui.app.making.is_running)
        await ui.until("Queued 2")
        assert len(charges(tmp_path / "charges")) == 1
        await ui.press("a")
        await ui.until("Generate?")
        await ui.press("y")
        await ui.until("Done 3")
        assert len(charges(tmp_path / "charges")) == 3


async def test_what_is_told_of_a_run_below_a_window_follows_it_to_its_end(running, engine, provider):
    go_on = threading.Event()
    provider.script = [lambda: go_on.wait(60)]
    async with prefilled(running) as ui:
        await ui.press("G")
        await ui.until("Generate?")
        await ui.press("y")
        below = ui.screen
        await ui.until(lambda: below.query_one(JobLine).has_class("-running"))
        await ui.press("question_mark")
        await ui.until("Keys of")
        go_on.set()
        await ui.until(lambda: not ui.app.making.runs)
        await ui.settle()
        await ui.until(lambda: not below.query_one(JobLine).has_class("-running"))
        assert "Keys of" in ui.text


async def test_what_has_waited_long_enough_goes_on_with_all_and_the_rest_is_told(
    running, workspace, engine, provider, tmp_path
):
    clock = Clock()
    book = replace(workspace.generation.context.book, now=clock)
    making = engine(book=book)
    provider.script = [RateLimitedError("come back later", provider="fake", retry_after=7200.0)]
    making.generate([coin()])
    async with running() as ui:
        await ui.press("Q")
        await ui.until("Waiting 1")
        await ui.press("a")
        await ui.until(lambda: any("nothing is due; 1 still to wait" in notice for notice in ui.notices()))
        clock.moment += timedelta(hours=2)
        await ui.press("a")
        await ui.until("Generate?")
        await ui.press("y")
        await ui.until("Done 1")
    assert len(charges(tmp_path / "charges")) == 1


def test_a_pause_between_two_tries_is_no_end_of_the_work():
    making = Making(None, lambda: 1.0, lambda _: None, lambda _: None)
    for keys, is_worked_on in (({"wait_seconds": 0.5, "attempt": 1}, True), ({"until": "2026-11-21T12:00:00Z"}, False)):
        making.take(Event("generation.sent", "j1", "coin"))
        making.take(Event("generation.waiting", "j1", "coin", keys))
        assert ("j1" in making.steps) == is_worked_on


async def test_what_a_budget_refuses_says_why_and_nothing_is_asked_or_sent(running, workspace, engine, tmp_path):
    engine(month_budget=Decimal("0.01"))
    async with prefilled(running) as ui:
        await ui.press("G")
        await ui.until(lambda: any("0.01" in notice for notice in ui.notices()))
        assert isinstance(ui.screen, PrefillScreen)
        assert charges(tmp_path / "charges") == []


async def test_a_job_that_a_budget_refused_says_why_and_is_tried_again_once_there_is_more(
    running, workspace, engine, tmp_path
):
    engine(month_budget=Decimal("0.01"))
    workspace.generation.generate([coin()])
    engine(month_budget=Decimal(100))
    async with running() as ui:
        await ui.press("Q")
        await ui.until("Refused 1")
        assert "0.01" in ui.text
        assert charges(tmp_path / "charges") == []
        await ui.press("r")
        await ui.until("Generate?")
        await ui.press("y")
        await ui.until("Done 1")


async def test_only_open_jobs_are_shown_where_that_is_wanted_also_after_a_restart(running, workspace, queued):
    (name, _) = queued(coin(), coin(id="gem"))
    workspace.generation.cancel(name)
    async with running() as ui:
        await ui.press("Q")
        await ui.until("Cancelled 1")
        await ui.press("o")
        await ui.until("only open ones")
        assert "Cancelled" not in ui.text
    async with running() as ui:
        await ui.press("Q")
        await ui.until("only open ones")


async def test_an_unknown_job_is_seen_however_many_came_after_it(running, workspace, queued, provider, monkeypatch):
    monkeypatch.setattr("tui.screens.queue.AT_ONCE", 3)
    provider.script = [AmbiguousOutcomeError("the connection broke", provider="fake")]
    workspace.generation.generate([coin(id="old")])
    later = [coin(id=f"later-{number}", prompt=f"{number}") for number in range(8)]
    for name in queued(*later):
        workspace.generation.cancel(name)
    async with running() as ui:
        await ui.press("Q")
        await ui.until("Unknown 1")
        assert "later-7" in ui.text
        assert "later-0" not in ui.text
        await ui.press("end")
        await ui.until("later-3")
        await ui.press("end")
        await ui.until("later-0")


async def test_a_gap_of_coverage_is_drafted_generated_and_closed(running, workspace, engine, demo):
    engine(first="local", stand_ins=True)
    async with running() as ui:
        await ui.press("C")
        await ui.until("9 gaps")
        while (cell := ui.screen.grid.current) is None or not cell.is_gap or cell.identity != "npc:cobweb":
            await ui.press("n")
        await ui.press("G")
        await ui.until("Generate?")
        assert [
            path
            for path in (demo / "specs").iterdir()
            if cell.identity.partition(":")[2].replace("_", "-") in path.name
        ]
        await ui.press("enter", "y")
        await ui.until("8 gaps")
        assert workspace.gallery.count(cell.query) == 1


async def test_a_picture_of_browse_leads_to_something_made_of_it(running, workspace, engine):
    engine(first="local")
    async with running("npc:alex role:char:hero") as ui:
        before = workspace.gallery.count("")
        await ui.press("G")
        await ui.until("Enter asks what it would cost")
        await ui.press("enter")
        await ui.until("Generate?")
        await ui.press("enter")
        await ui.until(lambda: bool(ui.notices()))
        assert workspace.gallery.count("") == before + 1


@pytest.mark.parametrize("size", SIZES)
async def test_whatever_a_project_or_a_provider_says_is_literal(running, workspace, queued, provider, size):
    provider.script = [ContentRejectedError(HOSTILE, provider=ACTION, hint=HOSTILE)]
    workspace.generation.generate([coin(id="x", prompt=HOSTILE, negative_prompt=HOSTILE)])
    queued(replace(coin(), id=HOSTILE[:60], providers=(ACTION,), prompt=HOSTILE))
    async with running(size=size) as ui:
        await ui.press("Q")
        await ui.until("Failed 1")
        for key in ("down", "up", "r", "escape", "down", "i", "pagedown", "i"):
            await ui.press(key)
            shown = "".join(segment.text for strip in ui.strips() for segment in strip)
            assert [char for char in shown if is_unseen(char)] == []
        assert ui.app.is_running


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_the_money_the_lanes_and_the_job_of_the_cursor(
    running, workspace, queued, provider, size
):
    provider.script = [None, AmbiguousOutcomeError("the connection broke", provider="fake")]
    workspace.generation.generate([coin()])
    workspace.generation.generate([coin(id="gem", prompt="a gem")])
    queued(coin(id="ring", prompt="a ring"))
    async with running(size=size) as ui:
        await ui.press("Q")
        await ui.until("Unknown 1")
        assert "$99.92 of $100.00 left" in ui.lines[1]
        for lane in ("Unknown 1", "Queued 1", "Done 1"):
            assert lane in ui.text
        assert isinstance(ui.screen, QueueScreen)
        assert [ui.screen.job.spec_id] == ["gem"]
        await ui.press("end")
        assert ui.screen.job.spec_id == "coin"
        assert all(len(line) <= size[0] for line in ui.lines)
        await ui.press("i")
        assert "a coin" in ui.text
