"""What is said of jobs: every state and every event has its words, in one place."""

from typing import get_args

from generation.events import EventName
from generation.job_words import ENDS, EVENTS, LANES, WIDE_LANES
from generation.ledger.states import JOB_STATES


def test_every_state_has_words_and_stands_in_one_wide_lane():
    assert set(LANES) == set(JOB_STATES)
    assert sorted(state for lane in WIDE_LANES for state in lane.states) == sorted(JOB_STATES)


def test_every_event_has_words():
    assert set(EVENTS) == set(get_args(EventName.__value__ if hasattr(EventName, "__value__") else EventName))
    assert set(EVENTS) >= ENDS
