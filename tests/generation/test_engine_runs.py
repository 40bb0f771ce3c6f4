"""From a spec to a tagged asset: bought once, booked to the micro-dollar, and never bought twice."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from gallery_builders import make_picture
from generation_builders import (
    PRICE,
    Clock,
    CountingProvider,
    as_text,
    charges,
    coin,
    ledger_sums,
    only,
    open_generation,
)

from generation.errors import (
    AmbiguousOutcomeError,
    AuthError,
    BudgetError,
    ContentRejectedError,
    ProviderFailedError,
    RateLimitedError,
    TransientError,
)
from generation.providers.base import Health
from generation.result import Cost
from generation.specs.model import Integration
from ontology.errors import ConflictError

FREE = Decimal(0)


@pytest.fixture
def fake(tmp_path):
    return CountingProvider(tmp_path / "charges")


@pytest.fixture
def root(tmp_path):
    return tmp_path / "project"


def test_what_is_made_is_in_the_gallery_with_tags_prompt_and_cost(root, fake):
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        assert (job.state, job.outcome, job.provider, job.model) == ("done", "made", "fake", "painter-1")
        assert ledger_sums(generation) == (PRICE, FREE, FREE)
        detail = generation.context.gallery.get(job.assets[0])
        assert detail.asset.tags == ("gold",)
        assert detail.asset.path.startswith("assets/generated/coin-")
        assert detail.operation == "text_to_image"
        made = detail.generation
        assert made["prompt"] == "a coin"
        assert made["revised_prompt"] == "a coin, revised"
        assert (made["provider"], made["cost"], made["stand_in"]) == ("fake", "0.04", False)
        assert (made["spec_id"], made["job"]) == ("coin", job.id)
        assert [change.batch.origin for change in detail.history] == ["generation"]
    assert len(charges(fake.books)) == 1


def test_running_twice_buys_once_and_changes_nothing(root, fake):
    with open_generation(root, fake) as generation:
        first = only(generation.generate([coin()]))
        before = generation.context.gallery.get(first.assets[0])
        batch = generation.context.gallery.last_batch()
        second = only(generation.generate([coin()]))
        assert (second.outcome, second.spent, second.assets) == ("unchanged", FREE, first.assets)
        assert generation.context.gallery.get(first.assets[0]) == before
        assert generation.context.gallery.last_batch() == batch
    assert len(charges(fake.books)) == 1


def test_what_was_bought_is_placed_again_without_buying_after_its_file_was_deleted(root, fake):
    with open_generation(root, fake) as generation:
        first = only(generation.generate([coin()]))
        path = root / generation.context.gallery.get(first.assets[0]).asset.path
        path.unlink()
        second = only(generation.generate([coin()]))
        assert second.assets == first.assets
        assert path.exists()
    assert len(charges(fake.books)) == 1


def test_force_buys_again(root, fake):
    with open_generation(root, fake) as generation:
        generation.generate([coin()])
        generation.generate([coin()], force=True)
        assert ledger_sums(generation)[0] == PRICE * 2
    assert len(charges(fake.books)) == 2


def test_a_dry_run_tells_provider_and_estimate_and_writes_nothing(root, fake):
    with open_generation(root, fake) as generation:
        body = generation.generate([coin()], dry_run=True).to_json()
        (job,) = body["jobs"]
        assert (job["status"], job["provider"], job["cost"]) == ("planned", "fake", "0.04")
        assert job["estimate"]["high"] == "0.04"
        assert not generation.context.book.database.exists()
    assert charges(fake.books) == []


def test_two_specs_that_ask_for_the_same_are_bought_once(root, fake):
    fake.seconds = 0.05
    with open_generation(root, fake) as generation:
        done = generation.generate([coin(), coin(id="twin")])
        assert {job.state for job in done.jobs} == {"done"}
        assert done.jobs[0].assets == done.jobs[1].assets or len(charges(fake.books)) == 1
        assert ledger_sums(generation) == (PRICE, FREE, FREE)
    assert len(charges(fake.books)) == 1


def test_each_spec_has_its_own_result_and_one_that_fails_keeps_no_other_from_being_made(root, fake):
    specs = [coin(), coin(id="bad", tags=("npc:nobody",)), coin(id="gem", prompt="a gem")]
    with open_generation(root, fake) as generation:
        body = generation.generate(specs).to_json()
        assert [(job["spec_id"], job["status"]) for job in body["jobs"]] == [
            ("coin", "done"),
            ("bad", "failed"),
            ("gem", "done"),
        ]
        assert "npc:nobody" in body["jobs"][1]["error"]["message"]
        assert body["spent"] == "0.08"


def test_a_call_beyond_the_budget_is_not_made_and_the_refusal_names_amount_limit_and_reset(root, fake):
    with open_generation(root, fake, budget="0.07") as generation:
        first, second = generation.generate([coin()]), generation.generate([coin(prompt="another")])
        assert only(first).state == "done"
        job = only(second)
        assert job.state == "refused"
        assert job.error["code"] == "budget"
        assert (job.error["wanted"], job.error["limit"], job.error["left"]) == ("0.04", "0.07", "0.03")
        assert job.error["resets"] == "2026-12-01T00:00:00Z"
        with pytest.raises(BudgetError) as caught:
            second.only()
        assert caught.value.resets == datetime(2026, 12, 1, tzinfo=UTC)
    assert len(charges(fake.books)) == 1


def test_the_budget_starts_anew_with_the_month_in_utc(root, fake):
    clock = Clock(datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    with open_generation(root, fake, budget="0.05", now=clock) as generation:
        generation.generate([coin()])
        assert only(generation.generate([coin(prompt="two")])).state == "refused"
        clock.moment += timedelta(minutes=1)
        assert only(generation.generate([coin(prompt="two")])).state == "done"
        assert generation.costs("2026-11").balance.spent == PRICE
        assert generation.costs().balance.spent == PRICE


@pytest.mark.parametrize("limit", ["run", "provider", "spec"])
def test_run_provider_and_spec_have_limits_of_their_own(root, fake, limit):
    specs = [coin(max_cost=Decimal("0.03")) if limit == "spec" else coin()]
    options = {"provider_budgets": {"fake": Decimal("0.03")}} if limit == "provider" else {}
    with open_generation(root, fake, **options) as generation:
        job = only(generation.generate(specs, max_cost=Decimal("0.03") if limit == "run" else None))
        assert job.state == "refused"
        assert f"of this {limit}" in job.error["message"] or "budget of fake" in job.error["message"]
    assert charges(fake.books) == []


def test_a_call_of_unknown_price_is_refused(root, fake):
    fake.price = None
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        assert job.state == "failed"
        assert "nobody knows the price" in job.error["message"]
    assert charges(fake.books) == []


def test_a_refusal_that_was_not_charged_frees_what_was_held(root, fake):
    fake.script = [ContentRejectedError("too grim", provider="fake")]
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        assert (job.state, job.error["code"]) == ("failed", "content_rejected")
        assert ledger_sums(generation) == (FREE, FREE, FREE)
        assert [item.state for item in generation.job(job.id).attempts] == ["released"]


@pytest.mark.parametrize(("on_rejected", "calls"), [("stop", 0), ("next", 1)])
def test_refused_content_goes_to_another_provider_only_where_the_spec_says_so(root, fake, tmp_path, on_rejected, calls):
    fake.script = [ContentRejectedError("too grim", provider="fake")]
    other = CountingProvider(tmp_path / "other", name="other")
    with open_generation(root, fake, other) as generation:
        job = only(generation.generate([coin(providers=("fake", "other"), on_rejected=on_rejected)]))
        assert job.state == ("done" if calls else "failed")
    assert len(charges(other.books)) == calls


def test_a_provider_that_fails_for_good_is_followed_by_the_next_and_the_trace_tells_it(root, fake, tmp_path):
    fake.script = [AuthError("wrong key", provider="fake")]
    other = CountingProvider(tmp_path / "other", name="other")
    with open_generation(root, fake, other) as generation:
        job = generation.job(only(generation.generate([coin(providers=("fake", "other"))])).id)
        assert (job.state, job.provider) == ("done", "other")
        told = [(step["step"], step.get("provider"), step.get("code")) for step in job.trace]
        assert told[:3] == [("route", "fake", "chosen"), ("route", "other", "chosen"), ("hop", "fake", "provider_auth")]


def test_a_call_that_was_charged_for_nothing_is_booked(root, fake):
    fake.script = [ProviderFailedError("it failed", provider="fake", charged="yes")]
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        assert job.state == "failed"
        assert ledger_sums(generation) == (PRICE, FREE, FREE)


def test_what_surely_did_not_start_is_tried_again_at_most_three_times(root, fake):
    busy = [RateLimitedError("slow down", provider="fake", retry_after=0.0) for _ in range(3)]
    fake.script = [*busy]
    with open_generation(root, fake) as generation:
        assert only(generation.generate([coin()])).state == "done"
        fake.script = [*busy, RateLimitedError("slow down", provider="fake", retry_after=0.0)]
        job = only(generation.generate([coin(prompt="again")]))
        assert (job.state, job.error["code"]) == ("failed", "rate_limited")
        assert ledger_sums(generation) == (PRICE, FREE, FREE)
    assert len(fake.seen) == 8
    assert len(charges(fake.books)) == 1


def test_a_provider_that_asks_for_hours_parks_the_job_visibly_and_it_can_be_cancelled(root, fake):
    fake.script = [RateLimitedError("come back later", provider="fake", retry_after=7200.0)]
    clock = Clock()
    with open_generation(root, fake, now=clock) as generation:
        job = only(generation.generate([coin()]))
        assert job.state == "waiting"
        assert job.resume_at == clock.moment + timedelta(hours=2)
        assert [item.id for item in generation.queue()] == [job.id]
        assert generation.run() == []
        clock.moment += timedelta(hours=2)
        (ended,) = generation.run()
        assert ended.state == "done"
        fake.script = [RateLimitedError("come back later", provider="fake", retry_after=7200.0)]
        other = only(generation.generate([coin(prompt="two")]))
        assert generation.cancel(other.id).state == "cancelled"


def test_a_call_whose_answer_was_lost_is_unknown_and_is_never_sent_again(root, fake):
    fake.script = [AmbiguousOutcomeError("the connection broke", provider="fake")]
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        assert job.state == "unknown"
        assert ledger_sums(generation) == (FREE, FREE, PRICE)
        assert f"callsheet queue resolve {job.id}" in job.error["hint"]
        again = only(generation.generate([coin()]))
        forced = only(generation.generate([coin()], force=True))
        assert (again.state, forced.state) == ("unknown", "unknown")
        with pytest.raises(ConflictError):
            generation.run([job.id])
    assert len(fake.seen) == 1


def test_a_fault_of_an_adapter_after_sending_is_an_unknown_outcome(root, fake):
    fake.script = [KeyError("data")]
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        assert job.state == "unknown"
        assert "KeyError" in job.error["message"]
        assert ledger_sums(generation) == (FREE, FREE, PRICE)


def test_a_lost_answer_that_the_provider_remembers_is_recovered_without_a_second_call(root, fake):
    fake.script = [AmbiguousOutcomeError("the connection broke", provider="fake")]
    fake.can_recover = True
    with open_generation(root, fake) as generation:
        assert only(generation.generate([coin()])).state == "done"
        assert ledger_sums(generation) == (PRICE, FREE, FREE)
    assert len(fake.seen) == 1


def test_somebody_says_that_an_unknown_call_was_charged(root, fake):
    fake.script = [AmbiguousOutcomeError("gone", provider="fake")]
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        ended = generation.resolve(job.id, charged=Decimal("0.039"))
        assert (ended.state, ended.error["code"]) == ("failed", "charged_without_result")
        assert ledger_sums(generation) == (Decimal("0.039"), FREE, FREE)
        (again,) = generation.run([job.id])
        assert again.state == "done"
        assert ledger_sums(generation) == (Decimal("0.079"), FREE, FREE)


def test_somebody_says_that_an_unknown_call_was_not_charged_and_it_is_made_again(root, fake):
    fake.script = [AmbiguousOutcomeError("gone", provider="fake")]
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        assert generation.resolve(job.id, not_charged=True).state == "queued"
        assert ledger_sums(generation) == (FREE, FREE, FREE)
        (ended,) = generation.run()
        assert ended.state == "done"
        with pytest.raises(ConflictError, match="no call of it is of unknown outcome"):
            generation.resolve(job.id, not_charged=True)


def test_the_provider_is_asked_what_became_of_an_unknown_call(root, fake):
    fake.script = [AmbiguousOutcomeError("gone", provider="fake")]
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        with pytest.raises(ConflictError) as caught:
            generation.resolve(job.id, poll=True)
        assert caught.value.code == "still_unknown"
        fake.can_recover = True
        assert generation.resolve(job.id, poll=True).state == "done"
        assert ledger_sums(generation) == (PRICE, FREE, FREE)
    assert len(fake.seen) == 1


@pytest.mark.parametrize(("cost", "spent"), [(Decimal("0.01"), Decimal("0.01")), (FREE, FREE)])
def test_a_lost_call_that_the_provider_tells_to_have_failed_is_booked_and_not_bought_again(root, fake, cost, spent):
    question = AuthError("the key is gone", provider="fake")
    question.charged, question.outcome_known = "unknown", False
    fake.script = ["pending", question]
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        assert (job.state, ledger_sums(generation)) == ("unknown", (FREE, FREE, PRICE))
        fake.script = [TransientError("hiccup", provider="fake")]
        with pytest.raises(TransientError):
            generation.resolve(job.id, poll=True)
        assert ledger_sums(generation) == (FREE, FREE, PRICE)
        failure = ProviderFailedError("it broke", provider="fake")
        failure.charged, failure.cost = ("yes", cost) if cost else ("no", None)
        fake.script = [failure]
        ended = generation.resolve(job.id, poll=True)
        assert (ended.state, ended.error["message"]) == ("failed", "it broke")
        assert ledger_sums(generation) == (spent, FREE, FREE)
    assert len(fake.seen) == 1


def test_a_call_that_is_pending_is_polled_under_the_name_that_was_committed(root, fake):
    fake.script = ["pending", TransientError("hiccup", provider="fake")]
    fake.polls = 2
    with open_generation(root, fake) as generation:
        job = generation.job(only(generation.generate([coin()])).id)
        assert job.state == "done"
        assert job.attempts[0].remote_id == "remote-1"
    assert (len(fake.seen), fake.polled) == (1, 4)


def test_a_call_that_takes_too_long_waits_in_the_queue_and_is_asked_for_later(root, fake):
    fake.script = ["pending"]
    fake.polls = 1
    clock = Clock()
    with open_generation(root, fake, now=clock, call_seconds=0) as generation:
        job = only(generation.generate([coin()]))
        assert job.state == "waiting"
        assert ledger_sums(generation) == (FREE, PRICE, FREE)
        clock.moment += timedelta(seconds=60)
    fake.polls = 0
    with open_generation(root, fake, now=clock, call_seconds=60) as generation:
        (ended,) = generation.run()
        assert ended.state == "done"
        assert ledger_sums(generation) == (PRICE, FREE, FREE)
    assert len(fake.seen) == 1


def test_a_chain_that_ends_with_a_person_parks_the_job_with_instructions(root, fake):
    fake.health = Health("no_key", "no key for fake", "FAKE_KEY")
    place = Integration(manifest_path="ui/coin.png")
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(providers=("fake", "manual"), integration=place)]))
        assert job.state == "manual"
        assert "assets/ui/coin.png" in job.error["message"]
        assert "a coin" in job.error["message"]
        assert generation.cancel(job.id).state == "cancelled"


def test_where_all_that_lacks_is_a_key_this_machine_draws_a_stand_in_that_says_so(root, fake):
    fake.health = Health("no_key", "no key for fake", "FAKE_KEY")
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin()]))
        assert (job.state, job.provider, job.stand_in) == ("done", "local", True)
        detail = generation.context.gallery.get(job.assets[0])
        assert detail.generation["stand_in"] is True
        assert "stand-in" in detail.asset.tags
    with open_generation(root, fake, stand_ins=False) as generation:
        job = only(generation.generate([coin(prompt="other")]))
        assert (job.state, job.error["code"]) == ("failed", "no_route")
        assert "no key for fake" in job.error["message"]


@pytest.mark.parametrize(
    ("told", "booked", "flagged"),
    [
        (Cost(Decimal("0.05"), "reported"), "0.05", True),
        (Cost(Decimal(0), "reported"), "0.04", True),
        (Cost(Decimal(-1), "reported"), "0.04", True),
        (Cost(Decimal("NaN"), "reported"), "0.04", True),
        (Cost(None, "unknown"), "0.04", False),
        (Cost(Decimal("0.031"), "computed"), "0.031", False),
    ],
)
def test_a_cost_that_cannot_be_true_is_not_believed_and_is_flagged(root, fake, told, booked, flagged):
    fake.told = told
    with open_generation(root, fake) as generation:
        job = generation.job(only(generation.generate([coin()])).id)
        assert ledger_sums(generation) == (Decimal(booked), FREE, FREE)
        assert (job.attempts[0].discrepancy is not None) == flagged


def test_more_variations_than_a_model_gives_at_a_time_are_several_purchases(root, fake):
    fake.most = 2
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(parameters={"size": "16x16", "n_variations": 5})]))
        assert job.state == "done"
        assert ledger_sums(generation)[0] == PRICE * 5
        assert [request.n for request in fake.seen] == [2, 2, 1]
        again = only(generation.generate([coin(parameters={"size": "16x16", "n_variations": 5})]))
        assert again.spent == FREE
    assert len(charges(fake.books)) == 3


def test_inputs_are_found_by_id_query_and_request_and_become_parents_in_order(root, fake):
    from generation.specs.model import SpecInput

    with open_generation(root, fake) as generation:
        gallery = generation.context.gallery
        ids = {}
        for name, tags in {
            "gate": ("loc:dungeon_entrance", "role:bg"),
            "alex": ("npc:alex", "role:char:hero"),
            "sword": ("sword",),
        }.items():
            path = make_picture(root / "assets" / f"{name}.png", {"gate": "grey", "alex": "blue", "sword": "red"}[name])
            ids[name] = gallery.add(path, tags=tags).results[0].id
        inputs = (
            SpecInput(resolve={"location_id": "loc:dungeon_entrance", "hero_id": "npc:alex"}),
            SpecInput(query="sword", role="reference"),
            SpecInput(asset_id=ids["alex"]),
        )
        job = only(generation.generate([coin(operation="fusion", inputs=inputs)]))
        assert job.state == "done"
        (request,) = fake.seen
        assert [(item.asset_id, item.role) for item in request.inputs] == [
            (ids["gate"], "background"),
            (ids["alex"], "character"),
            (ids["sword"], "reference"),
        ]
        assert gallery.get(job.assets[0]).parents == (ids["gate"], ids["alex"], ids["sword"])


def test_an_input_that_is_not_there_costs_nothing(root, fake):
    from generation.specs.model import SpecInput

    with open_generation(root, fake) as generation:
        outcome = generation.generate([coin(inputs=(SpecInput(query="nothing"),))])
        assert outcome.to_json()["jobs"][0]["error"]["code"] == "not_found"
    assert fake.seen == []


def test_the_place_of_a_spec_holds_the_newest_result_and_the_older_one_stays_an_asset(root, fake):
    place = Integration(manifest_path="ui/coin.png")
    with open_generation(root, fake) as generation:
        first = only(generation.generate([coin(integration=place)]))
        second = only(generation.generate([coin(integration=place, prompt="a better coin")]))
        gallery = generation.context.gallery
        assert gallery.get(second.assets[0]).asset.path == "assets/ui/coin.png"
        older = gallery.get(first.assets[0])
        assert older.asset.path.startswith("assets/ui/coin.")
        assert older.asset.path != "assets/ui/coin.png"
        assert older.missing is None
        assert older.asset.tags == ("gold",)


def test_a_file_that_somebody_else_put_there_is_never_written_over(root, fake):
    mine = make_picture(root / "assets" / "ui" / "coin.png")
    before = mine.read_bytes()
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(integration=Integration(manifest_path="ui/coin.png"))]))
        assert (job.state, job.error["code"]) == ("failed", "path_taken")
    assert mine.read_bytes() == before
    assert fake.seen == []


@pytest.mark.parametrize("path", ["../x.png", "/etc/x.png", "a/../../x.png", "c:\\x.png"])
def test_a_place_outside_the_assets_costs_nothing_and_writes_nothing(root, fake, path):
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(integration=Integration(manifest_path=path))]))
        assert (job.state, job.error["code"]) == ("failed", "invalid_key")
    assert fake.seen == []


def test_what_scores_too_low_is_bought_again_only_as_often_as_the_spec_allows(root, fake, monkeypatch):
    from dataclasses import replace

    from generation.engine import finishing
    from generation.processing.running import process_all
    from generation.specs.model import Retry

    scores = iter([0.2, 0.2, 0.3, 0.2, 0.3, 0.9])

    def scored(pictures, steps, *, context):
        made = process_all(pictures, steps, context=context)
        return tuple(replace(each, scores={"sharpness": next(scores)}) for each in made)

    monkeypatch.setattr(finishing, "process_all", scored)
    rule = Retry(score=0.5, max_purchases=3)
    with open_generation(root, fake) as generation:
        job = generation.job(only(generation.generate([coin(retry_below=rule, max_cost=Decimal("0.12"))])).id)
        assert job.state == "done"
        assert ledger_sums(generation)[0] == PRICE * 3
        assert [step["purchase"] for step in job.trace if step["step"] == "retry_below"] == [2, 3]
        best = generation.context.gallery.get(job.assets[0])
        assert best.generation["scores"] == {"sharpness": 0.9}
    assert len(charges(fake.books)) == 3


def test_what_was_paid_for_and_cannot_be_stored_is_booked_all_the_same(root, fake):
    with open_generation(root, fake) as generation:
        (root / ".callsheet").mkdir()
        (root / ".callsheet" / "results").write_text("a file where a folder belongs", encoding="utf-8")
        job = only(generation.generate([coin()]))
        assert (job.state, job.error["code"]) == ("failed", "storage")
        assert ledger_sums(generation) == (PRICE, FREE, FREE)


def test_no_key_that_a_provider_echoes_is_kept(root, fake):
    canary = "sk-canary0123456789abcdefghij"
    fake.script = [ContentRejectedError(f"invalid key {canary}", provider="fake", hint=f"Bearer {canary}")]
    events = []
    with open_generation(root, fake, hook=events.append) as generation:
        job = only(generation.generate([coin()]))
        whole = as_text(generation.job(job.id).to_json(whole=True)) + as_text([event.to_json() for event in events])
    assert canary not in whole
    found = [path for path in root.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()]
    assert found == []


def test_every_step_is_told_by_an_event_of_the_vocabulary(root, fake):
    from generation.events import NAMES

    events = []
    with open_generation(root, fake, hook=events.append) as generation:
        generation.generate([coin()])
    told = [event.name.partition(".")[2] for event in events]
    assert told == [
        *(
            "queued",
            "started",
            "routed",
            "reserved",
            "sent",
            "stored",
            "settled",
            "processed",
            "integrated",
            "finished",
        ),
    ]
    assert {event.name for event in events} <= set(NAMES)
    settled = next(event.to_json() for event in events if event.name == "generation.settled")
    assert settled["subsystem"] == "asset-generation"
    assert (settled["provider"], settled["cost"], settled["spec_id"]) == ("fake", "0.04", "coin")


@pytest.mark.parametrize(("agrees", "state", "held"), [(True, "cancelled", FREE), (False, "unknown", PRICE)])
def test_a_waiting_call_is_cancelled_only_where_its_provider_agrees(root, fake, agrees, state, held):
    fake.script, fake.can_cancel = ["pending"], agrees
    with open_generation(root, fake, call_seconds=0) as generation:
        job = only(generation.generate([coin()]))
        assert job.state == "waiting"
        assert generation.cancel(job.id).state == state
        assert ledger_sums(generation) == (FREE, FREE, held)


def test_a_busy_database_does_not_lose_what_became_of_a_call(root, fake, monkeypatch):
    from generation.ledger import purchasing

    busy = [ConflictError("held by another", code="locked") for _ in range(3)]
    settle = purchasing.settle

    def contended(*arguments, **options):
        if busy:
            raise busy.pop()
        return settle(*arguments, **options)

    monkeypatch.setattr(purchasing, "settle", contended)
    with open_generation(root, fake) as generation:
        assert only(generation.generate([coin()])).state == "done"
        assert ledger_sums(generation) == (PRICE, FREE, FREE)


def test_a_file_that_came_to_the_place_while_the_picture_was_made_is_not_written_over(root, fake):
    mine = root / "assets" / "ui" / "coin.png"
    fake.script = [lambda: make_picture(mine)]
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(integration=Integration(manifest_path="ui/coin.png"))]))
        assert job.state == "done"
        path = generation.context.gallery.get(job.assets[0]).asset.path
        assert path.startswith("assets/ui/coin.")
        assert path != "assets/ui/coin.png"
    assert mine.read_bytes() == make_picture(root / "same.png").read_bytes()


def test_a_listener_that_fails_stops_nothing_that_moves_money(root, fake):
    def fail(event):
        raise ValueError(event.name)

    with open_generation(root, fake, hook=fail) as generation:
        assert only(generation.generate([coin()])).state == "done"
        assert ledger_sums(generation) == (PRICE, FREE, FREE)
