"""The ledger is exact: whatever happens, its sums are those of its purchases, and no step is skipped."""

from decimal import Decimal

import pytest
from generation_builders import open_generation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generation.errors import BudgetError
from generation.ledger import jobs, purchasing
from generation.ledger.budgets import Balance, Balances, Limits, month_end, month_of, refusal
from generation.ledger.costing import Booked, booked
from generation.ledger.jobs import NewJob
from generation.ledger.purchasing import Quote, Reserved
from generation.ledger.states import (
    JOB_STATES,
    OPEN,
    IllegalStepError,
    next_attempt_state,
    next_job_state,
)
from generation.money import from_micro_dollars
from generation.result import Cost, CostEstimate

MICRO = st.integers(0, 5_000_000).map(from_micro_dollars)
STEPS = st.lists(
    st.tuples(st.sampled_from(["reserve", "send", "accept", "settle", "release", "lose"]), st.integers(0, 3), MICRO),
    max_size=25,
)
LIMIT = Decimal(10)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_sums_of_the_ledger_are_those_of_its_purchases_and_never_above_the_limit(tmp_path_factory, steps):
    with open_generation(tmp_path_factory.mktemp("ledger")) as generation:
        book = generation.context.book
        (job,) = jobs.queue_jobs(book, "r1", [NewJob("coin", "image", "text_to_image", {})])
        keys = []
        for number, (step, which, amount) in enumerate(steps):
            held = generation.costs().balance.taken
            if step == "reserve":
                quote = Quote(job, "fake", "m", f"f{number}", CostEstimate(amount, amount, "test"))
                try:
                    found = purchasing.reserve(book, quote, Limits(month=LIMIT))
                except BudgetError:
                    assert held + amount > LIMIT
                    continue
                assert isinstance(found, Reserved)
                assert held + amount <= LIMIT
                keys.append(found.attempt.key)
            elif keys:
                carry_out(book, step, keys[which % len(keys)], amount)
        assert_balanced(generation, job)


def carry_out(book, step, key, amount):
    doing = {
        "send": lambda: purchasing.mark_sent(book, key),
        "accept": lambda: purchasing.mark_pending(book, key, "remote"),
        "settle": lambda: purchasing.settle(book, key, Booked(amount, "reported")),
        "release": lambda: purchasing.release(book, key),
        "lose": lambda: purchasing.lose(book, key),
    }
    try:
        doing[step]()
    except IllegalStepError:
        return


def assert_balanced(generation, job):
    attempts = generation.job(str(job)).attempts
    balance = generation.costs().balance
    held = {"reserved", "sent", "pending"}
    assert balance.spent == sum((item.cost for item in attempts if item.state == "settled"), Decimal(0))
    assert balance.reserved == sum((item.reserved for item in attempts if item.state in held), Decimal(0))
    assert balance.unknown == sum((item.reserved for item in attempts if item.state == "unknown"), Decimal(0))


def test_nothing_is_settled_that_was_not_sent():
    with pytest.raises(IllegalStepError):
        next_attempt_state("reserved", "settle")


@pytest.mark.parametrize("state", ["settled", "released"])
@pytest.mark.parametrize("event", ["send", "accept", "settle", "release", "lose"])
def test_what_is_settled_or_released_stays_so(state, event):
    with pytest.raises(IllegalStepError):
        next_attempt_state(state, event)


@pytest.mark.parametrize("event", ["claim", "wait", "retry", "interrupt", "cancel"])
def test_a_job_that_is_done_stays_done(event):
    with pytest.raises(IllegalStepError):
        next_job_state("done", event)


def test_a_job_of_unknown_outcome_cannot_be_claimed_or_cancelled():
    for event in ("claim", "cancel", "finish"):
        with pytest.raises(IllegalStepError):
            next_job_state("unknown", event)


def test_every_state_is_listed_and_open_ones_are_among_them():
    assert set(JOB_STATES) > OPEN
    assert len(JOB_STATES) == 9


@pytest.mark.parametrize(
    ("moment", "month", "end"),
    [
        ("2026-11-30T23:59:59+00:00", "2026-11", "2026-12-01T00:00:00+00:00"),
        ("2026-12-31T23:00:00-02:00", "2027-01", "2027-02-01T00:00:00+00:00"),
        ("2026-12-01T00:30:00+01:00", "2026-11", "2026-12-01T00:00:00+00:00"),
    ],
)
def test_months_are_those_of_utc(moment, month, end):
    from datetime import datetime

    assert month_of(datetime.fromisoformat(moment)) == month
    assert month_end(month) == datetime.fromisoformat(end)


@given(spent=MICRO, reserved=MICRO, unknown=MICRO, wanted=MICRO, limit=MICRO)
def test_a_call_is_refused_exactly_when_it_does_not_fit_into_what_is_left(spent, reserved, unknown, wanted, limit):
    balances = Balances(month=Balance(spent, reserved, unknown))
    error = refusal(wanted, "fake", Limits(month=limit), balances, "2026-11")
    assert (error is not None) == (wanted > 0 and spent + reserved + unknown + wanted > limit)
    if error is not None:
        assert error.left == max(limit - spent - reserved - unknown, Decimal(0))


@given(low=MICRO, extra=MICRO, told=st.none() | st.decimals(allow_nan=True, allow_infinity=True, places=None))
def test_what_is_booked_is_always_an_amount(low, extra, told):
    found = booked(CostEstimate(low, low + extra, "test"), Cost(told, "reported"))
    assert found.amount.is_finite()
    assert found.amount >= 0
