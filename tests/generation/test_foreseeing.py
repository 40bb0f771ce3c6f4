"""What is asked before money is spent, and what is said of jobs."""

from dataclasses import replace
from decimal import Decimal

import pytest
from generation_builders import CountingProvider, charges, coin, open_generation

from generation.events import NAMES
from generation.foreseeing import budget_of, foresee
from generation.job_words import ENDS, EVENTS, LANES, UNKNOWN_CHOICES
from generation.ledger.states import JOB_STATES, next_job_state
from generation.specs.model import Retry


@pytest.fixture
def provider(tmp_path):
    return CountingProvider(tmp_path / "charges")


@pytest.fixture
def generation(tmp_path, provider):
    with open_generation(tmp_path, provider) as opened:
        yield opened


def test_every_state_has_a_lane_and_every_event_a_word():
    assert set(LANES) == set(JOB_STATES)
    assert set(EVENTS) == set(NAMES)
    assert set(NAMES) >= ENDS


def test_what_an_unknown_call_can_be_is_what_the_ledger_knows():
    steps = {"charged": ("charge", "failed"), "not_charged": ("release", "queued"), "poll": ("retry", "queued")}
    assert {choice.key for choice in UNKNOWN_CHOICES} == set(steps)
    assert all(next_job_state("unknown", event) == state for event, state in steps.values())


def test_looking_ahead_names_provider_price_and_month_and_writes_nothing(generation, tmp_path):
    found = foresee(generation, [coin(), coin(id="gem", prompt="a gem")])
    assert found.lines == (
        "coin: fake:painter-1, $0.04",
        "gem: fake:painter-1, $0.04",
        "all of it at most $0.08",
        f"{found.budget.month}: $100.00 of $100.00 left · $0.00 spent · $0.00 reserved",
    )
    assert (found.most, found.is_free, found.obstacle) == (Decimal("0.08"), False, None)
    assert generation.queue(everything=True) == []
    assert charges(tmp_path / "charges") == []


def test_what_is_left_of_the_month_counts_what_was_spent(generation):
    generation.generate([coin()])
    assert budget_of(generation).remaining == Decimal("99.96")
    assert "$99.96 of $100.00 left · $0.04 spent" in budget_of(generation).words


def test_every_purchase_that_a_low_score_allows_is_in_the_most(generation):
    assert foresee(generation, [coin(retry_below=Retry(0.9, 3))]).most == Decimal("0.120002")


def test_an_order_with_the_most_as_its_limit_is_made_however_its_calls_are_split_and_rounded(generation, provider):
    provider.price, provider.most = Decimal("0.0133333333"), 1
    spec = coin(parameters={"size": "16x16", "n_variations": 7})
    most = foresee(generation, [spec]).most
    (job,) = generation.generate([spec], max_cost=most).jobs
    assert job.state == "done"
    assert most - job.spent < Decimal("0.00002")


def test_what_a_limit_refuses_is_an_obstacle_alone_and_told_among_others(tmp_path, provider):
    with open_generation(tmp_path, provider, budget="0.05") as generation:
        assert foresee(generation, [coin()]).refused is None
        several = foresee(generation, [coin(), coin(id="gem", prompt="a gem")])
        assert several.obstacle is None
        assert several.lines[-1].startswith("not all of it: ")
        assert "0.05" in several.lines[-1]
    with open_generation(tmp_path, provider, budget="0.01") as generation:
        assert foresee(generation, [coin()]).obstacle.code == "budget"


def test_what_was_bought_before_costs_nothing(generation):
    generation.generate([coin()])
    found = foresee(generation, [coin()])
    assert found.is_free
    assert "it was bought before: this costs nothing" in found.lines


def test_what_nobody_can_make_is_an_obstacle_unless_a_person_is_to(generation, provider):
    provider.health = replace(provider.health, state="unwell", detail="it is down")
    found = foresee(generation, [coin()])
    assert found.obstacle.code == "no_route"
    assert "it is down" in found.obstacle.message
    assert foresee(generation, [coin(), coin(id="gem", providers=("local",))]).obstacle is None
    by_hand = foresee(generation, [coin(providers=("manual",))])
    assert by_hand.obstacle is None
    assert "parked for a person" in by_hand.lines[0]


def test_an_unknown_price_is_no_free_one(generation, provider):
    provider.price = None
    found = foresee(generation, [coin()])
    assert found.obstacle.code == "no_route"
    assert "nobody knows the price" in found.obstacle.message


def test_a_stand_in_is_free_and_says_why_it_is_one(tmp_path, provider):
    provider.health = replace(provider.health, state="no_key", detail="set FAKE_KEY")
    with open_generation(tmp_path, provider, stand_ins=True) as generation:
        found = foresee(generation, [coin()])
    assert found.is_free
    assert found.lines[0] == "coin: this machine makes a stand-in, at no cost; set FAKE_KEY"
