"""The pure rules of the engine: retries, routes, gates, orders."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from generation_builders import coin
from hypothesis import given
from hypothesis import strategies as st

from generation.engine.gates import Gates, Pace
from generation.engine.orders import Order, order_of
from generation.engine.planning import split
from generation.engine.retrying import LONGEST_WAIT, asks_to_come_back, wait_before_retry
from generation.engine.routing import Route, Standing, capability_for, decide
from generation.errors import AmbiguousOutcomeError, ContentRejectedError, RateLimitedError, TransientError
from generation.ledger.budgets import Balance, Balances, Limits, refusal
from generation.providers.base import Capability, Health
from generation.request import GenerationRequest, InputAsset
from generation.result import CostEstimate
from generation.specs.model import Integration, Retry, SpecInput, Step

TODAY = date(2026, 11, 21)
READY = Health("ready", "well")
CAN = Capability("text_to_image", "m1", max_inputs=1, accepts=frozenset({"seed"}))
ASKED = GenerationRequest("text_to_image", "m1", "a coin")
ROUTE = Route("fake:m1", "fake", "m1")


@given(failures=st.integers(1, 3), chance=st.floats(0, 1), asked=st.none() | st.floats(0, LONGEST_WAIT))
def test_a_retry_waits_at_least_as_long_as_the_provider_asks(failures, chance, asked):
    error = RateLimitedError("busy", retry_after=asked)
    seconds = wait_before_retry(failures, error, chance)
    assert seconds is not None
    assert (asked or 0.0) <= seconds <= (asked or 0.0) + 30.0


def test_full_jitter_grows_with_the_failures():
    error = RateLimitedError("busy")
    assert [wait_before_retry(number, error, 1.0) for number in (1, 2, 3)] == [1.0, 2.0, 4.0]
    assert [wait_before_retry(number, error, 0.0) for number in (1, 2, 3)] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "error",
    [
        AmbiguousOutcomeError("cut off"),
        ContentRejectedError("no"),
        TransientError("down", outcome_known=False, charged="unknown"),
        TransientError("down", charged="yes"),
        RateLimitedError("busy", charged="unknown"),
        RateLimitedError("busy", retry_after=121.0),
    ],
)
def test_what_may_have_been_charged_is_never_tried_again(error):
    assert wait_before_retry(1, error, 0.5) is None


def test_a_fourth_failure_is_the_last():
    assert wait_before_retry(4, RateLimitedError("busy"), 0.5) is None


def test_a_long_wait_is_told_apart():
    assert asks_to_come_back(RateLimitedError("busy", retry_after=7200.0)) == 7200.0
    assert asks_to_come_back(RateLimitedError("busy", retry_after=60.0)) is None


@pytest.mark.parametrize(
    ("route", "standing", "code"),
    [
        (ROUTE, Standing(READY, CAN, CostEstimate(Decimal(0), Decimal(0), "free")), "chosen"),
        (ROUTE, Standing(None, None), "no_adapter"),
        (replace(ROUTE, sunset=TODAY), Standing(READY, CAN), "sunset"),
        (replace(ROUTE, sunset=date(2026, 11, 22)), Standing(READY, CAN), "chosen"),
        (ROUTE, Standing(READY, None), "cannot"),
        (ROUTE, Standing(Health("no_key", "no key"), CAN), "no_key"),
        (ROUTE, Standing(Health("absent", "not installed"), CAN), "absent"),
        (ROUTE, Standing(Health("unwell", "down"), CAN), "unwell"),
        (ROUTE, Standing(READY, CAN, CostEstimate(None, None, "?")), "price_unknown"),
        (replace(ROUTE, fault=("unknown_model", "none")), Standing(READY, CAN), "unknown_model"),
    ],
)
def test_each_reason_for_passing_a_route_over_has_its_code(route, standing, code):
    assert decide(route, ASKED, standing, TODAY).code == code


def test_a_model_that_takes_fewer_inputs_is_passed_over():
    two = replace(ASKED, inputs=(InputAsset(b"a", "image/png"), InputAsset(b"b", "image/png")))
    assert decide(ROUTE, two, Standing(READY, CAN), TODAY).code == "too_many_inputs"


def test_a_route_without_a_model_takes_the_first_that_can():
    other = replace(CAN, operation="fusion")
    assert capability_for([other, CAN], Route("fake", "fake"), "text_to_image") == CAN
    assert capability_for([CAN], Route("fake:m2", "fake", "m2"), "text_to_image") is None


@given(n=st.integers(1, 40), most=st.integers(1, 10), seed=st.none() | st.integers(0, 2**31))
def test_calls_together_give_as_many_variations_as_asked_and_no_two_are_the_same(n, most, seed):
    parts = split(replace(ASKED, n=n, seed=seed), replace(CAN, max_n=most))
    assert sum(part.request.n for part in parts) == n
    assert len({part.fingerprint("fake") for part in parts}) == len(parts)


def test_an_order_reads_back_as_it_was_written():
    spec = coin(
        inputs=(SpecInput(asset_id="a0123456789abcdef", role="base", label="the base"),),
        post_processing=(Step("resize", {"dimensions": "32x32"}),),
        integration=Integration(manifest_path="ui/coin.png", manifest_key="coin"),
        retry_below=Retry(0.5, 3),
        max_cost=Decimal("0.12"),
        negative_prompt="dark",
    )
    order = Order(spec, force=True, run_max_cost=Decimal("0.5"))
    assert order_of(order.to_json()) == order


def test_a_gate_lets_so_many_through_at_a_time_and_so_many_in_a_minute():
    now = [0.0]
    waited = []

    def wait(seconds):
        waited.append(seconds)
        now[0] += seconds

    gates = Gates({"fake": Pace(at_once=1, per_minute=30)}, lambda: now[0])
    for _ in range(3):
        with gates.enter("fake", wait):
            pass
    assert sum(waited) == pytest.approx(4.0)
    gates.hold("fake", 10.0)
    with gates.enter("fake", wait):
        pass
    assert now[0] == pytest.approx(14.0)


def test_a_full_gate_makes_the_next_wait_until_somebody_leaves():
    gates = Gates({"fake": Pace(at_once=1)}, lambda: 0.0)
    first = gates.enter("fake", lambda _: None)
    first.__enter__()
    looks = []

    def wait(seconds):
        looks.append(seconds)
        if len(looks) == 3:
            first.__exit__(None, None, None)

    with gates.enter("fake", wait):
        pass
    assert len(looks) == 3


def test_what_costs_nothing_is_made_also_when_more_is_spent_than_a_limit_allows():
    limits, balances = Limits(Decimal(1), {"local": Decimal(0)}), Balances(month=Balance(spent=Decimal(2)))
    assert refusal(Decimal(0), "local", limits, balances, "2026-11") is None
    assert refusal(Decimal("0.01"), "local", limits, balances, "2026-11").left == 0
