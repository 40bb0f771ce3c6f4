"""Orders from afar: once for each key, whole or not at all, made by threads that end in order."""

import threading
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from generation_builders import PRICE, Clock, CountingProvider, charges, coin, open_generation

from generation.background import Background
from generation.engine import placing
from generation.engine.telling import event_of
from generation.errors import BudgetError, ProviderError, RateLimitedError
from generation.ledger.ordering import OrderKey
from generation.ledger.states import JOB_STATES
from generation.ordering import Ordering, Wanted
from generation.specs.model import Integration
from ontology.errors import ConflictError, InvalidInputError

SECONDS = 30
BODY = {"spec": "coin"}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def fake(tmp_path):
    return CountingProvider(tmp_path / "charges")


def wanted(*specs, **options):
    return Wanted(lambda: specs or (coin(),), **options)


def until(is_so):
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def everything(generation):
    return generation.queue(everything=True)


def test_an_order_is_written_once_for_its_key_and_answered_alike_when_it_is_done(root, fake):
    with open_generation(root, fake, budget=str(PRICE)) as generation:
        ordering = Ordering(generation)
        first = ordering.order(OrderKey("k", BODY), wanted(force=True))
        generation.run()
        again = ordering.order(OrderKey("k", dict(BODY)), wanted(force=True))  # the budget is used up by now
        assert (first.is_new, again.is_new) == (True, False)
        assert again.to_json() == first.to_json()
        assert len(everything(generation)) == len(charges(fake.books)) == 1


def test_a_key_stands_for_one_body(root, fake):
    with open_generation(root, fake) as generation:
        Ordering(generation).order(OrderKey("k", BODY), wanted())
        with pytest.raises(InvalidInputError, match="something else") as caught:
            Ordering(generation).order(OrderKey("k", BODY | {"n": 2}), wanted(n=2))
        assert caught.value.code == "idempotency_key_reused"


def test_one_spec_that_cannot_be_made_leaves_the_whole_order_unwritten(root, fake):
    with open_generation(root, fake, stand_ins=False) as generation:
        with pytest.raises(ProviderError) as caught:
            Ordering(generation).order(OrderKey("k", BODY), wanted(coin(), coin(id="other", providers=("nobody",))))
        assert caught.value.code == "no_route"
        assert everything(generation) == []


def test_what_all_specs_of_an_order_cost_counts_against_the_limit(root, fake):
    specs = [coin(id=f"coin-{number}", prompt=f"coin {number}") for number in range(3)]
    with open_generation(root, fake, budget=str(PRICE * 2)) as generation:
        with pytest.raises(BudgetError) as caught:
            Ordering(generation).order(OrderKey("k", BODY), wanted(*specs))
        assert caught.value.limit == PRICE * 2
        assert Ordering(generation).order(OrderKey("k", BODY), wanted(*specs[:2])).is_new
        told = Ordering(generation).foresee(wanted(*specs)).to_json()
        assert (told["estimate"]["high"], told["budget"]["allowed"]) == ("0.12", False)


@pytest.mark.parametrize("limit", ["max_cost", "provider", "spec"])
def test_every_limit_is_looked_at_before_anything_is_written(root, fake, limit):
    budgets = {"fake": Decimal("0.01")} if limit == "provider" else {}
    most = Decimal("0.01") if limit == "max_cost" else None
    spec = coin(max_cost=Decimal("0.01") if limit == "spec" else None)
    with open_generation(root, fake, provider_budgets=budgets) as generation:
        with pytest.raises(BudgetError):
            Ordering(generation).order(OrderKey("k", BODY), wanted(spec, max_cost=most))
        assert everything(generation) == []


def test_a_cheaper_provider_further_on_keeps_an_order_from_being_refused(root, fake, tmp_path):
    cheap = CountingProvider(tmp_path / "cheap", name="cheap", price=Decimal("0.01"))
    with open_generation(root, fake, cheap, budget="0.02") as generation:
        told = Ordering(generation).foresee(wanted(coin(providers=("fake", "cheap")))).to_json()
        assert (told["estimate"]["high"], told["budget"]["allowed"]) == ("0.01", True)
        Ordering(generation).order(OrderKey("k", BODY), wanted(coin(providers=("fake", "cheap"))))
        (job,) = generation.run()
        assert (job.state, job.provider) == ("done", "cheap")


def test_what_was_bought_before_is_foreseen_to_cost_nothing(root, fake):
    with open_generation(root, fake, budget=str(PRICE)) as generation:
        generation.generate([coin()])
        assert Ordering(generation).foresee(wanted()).to_json()["estimate"]["high"] == "0.00"
        assert Ordering(generation).foresee(wanted(force=True)).verdict.refused is not None


def test_a_job_goes_on_once_for_each_token(root, fake):
    fake.script.append(ProviderError("it broke", provider="fake"))
    with open_generation(root, fake) as generation:
        (job,) = generation.generate([coin()]).jobs
        assert job.state == "failed"
        assert Ordering(generation).again(job.id, "t").state == "queued"
        fake.script.append(ProviderError("it broke again", provider="fake"))
        generation.run()
        assert Ordering(generation).again(job.id, "t").state == "failed"
        assert Ordering(generation).again(job.id, "u").state == "queued"
        generation.run()
        with pytest.raises(ConflictError, match="is over"):
            Ordering(generation).again(job.id, "v")


def test_a_file_that_another_job_of_the_spec_takes_in_at_this_moment_is_waited_for(root, fake, monkeypatch):
    """The bytes lie in their place, and the gallery does not know them yet."""
    stored, release, take = threading.Event(), threading.Event(), placing.take_made

    def slowly(*arguments, **options):
        stored.set()
        assert release.wait(SECONDS)
        return take(*arguments, **options)

    monkeypatch.setattr(placing, "take_made", slowly)
    spec = coin(integration=Integration(manifest_section=None, manifest_key=None, manifest_path="images/coin.png"))
    with open_generation(root, fake) as generation:
        done = []
        threads = [threading.Thread(target=lambda: done.append(generation.generate([spec]))) for _ in range(2)]
        threads[0].start()
        assert stored.wait(SECONDS)
        threads[1].start()
        until(lambda: sum(job.state == "working" for job in everything(generation)) == 2)
        time.sleep(0.5)
        release.set()
        for thread in threads:
            thread.join(SECONDS)
        outcomes = sorted(job.outcome for outcome in done for job in outcome.jobs)
        assert outcomes in (["made", "unchanged"], ["cached", "made"])  # whichever of them took the file in
        assert len(charges(fake.books)) == 1


def test_an_orderly_end_waits_for_what_was_sent_and_leaves_the_rest_queued(root, fake):
    sent, release = threading.Event(), threading.Event()

    def hold():
        sent.set()
        assert release.wait(SECONDS)

    fake.script.append(hold)
    specs = [coin(id=f"coin-{number}", prompt=f"coin {number}") for number in range(3)]
    with open_generation(root, fake, workers=1) as generation:
        faults = []
        background = Background(lambda: generation, faults.append)
        background.add([job.key for job in Ordering(generation).order(OrderKey("k", BODY), wanted(*specs)).jobs])
        assert sent.wait(SECONDS)
        closing = threading.Thread(target=background.close)
        closing.start()
        closing.join(0.5)
        assert closing.is_alive()
        release.set()
        closing.join(SECONDS)
        assert sorted(job.state for job in everything(generation)) == ["done", "queued", "queued"]
        assert (faults, len(charges(fake.books)), generation.balance().spent) == ([], 1, PRICE)
        other = Background(lambda: generation, faults.append)
        other.watch()
        until(lambda: all(job.state == "done" for job in everything(generation)))
        other.close()
        assert len(charges(fake.books)) == 3


def test_whoever_insists_is_not_kept_waiting(root, fake):
    sent, release = threading.Event(), threading.Event()

    def hold():
        sent.set()
        release.wait(SECONDS)

    fake.script.append(hold)
    with open_generation(root, fake) as generation:
        background = Background(lambda: generation, lambda _: None)
        background.add([job.key for job in Ordering(generation).order(OrderKey("k", BODY), wanted()).jobs])
        assert sent.wait(SECONDS)
        background.close(lambda: True)
        assert [job.state for job in everything(generation)] == ["working"]
        release.set()
        until(lambda: not background.working)


def test_what_waits_for_a_moment_is_taken_up_when_it_comes(root, fake):
    clock = Clock()
    fake.script.append(RateLimitedError("later", provider="fake", retry_after=3600))
    with open_generation(root, fake, now=clock) as generation:
        background = Background(lambda: generation, lambda _: None)
        (job,) = Ordering(generation).order(OrderKey("k", BODY), wanted()).jobs
        background.add([job.key])
        until(lambda: generation.job(job.id).state == "waiting")
        clock.moment = generation.job(job.id).resume_at
        until(lambda: generation.job(job.id).state == "done")
        background.close()


def test_every_state_is_told_by_an_event(root, fake):
    with open_generation(root, fake) as generation:
        (job,) = generation.generate([coin()]).jobs
        told = {state: event_of(replace(job, state=state)).name for state in JOB_STATES}
    assert len(set(told.values())) == len(JOB_STATES)
    assert told["done"] == "generation.finished"
