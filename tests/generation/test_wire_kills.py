"""Killed in the midst of a call over HTTP: the vendor's own books and our ledger agree, and nothing is sent twice."""

from decimal import Decimal

import fake_gemini
import fake_wire
import pytest
from generation_builders import open_generation
from sound_cases import EFFECTS
from vendor_cases import DIRECT, GEMINI, OPENAI, wire_coin
from wire_kills import FREE, KEPT, NOTHING_SENT, assert_bought_once, assert_sound, killed, opened, ordered

pytestmark = pytest.mark.slow

# The first request of all asks whether the key is taken; the second is the call.
NOT_CHARGED = ["generation.ledger.purchasing:mark_sent after 1", "generation.providers.http:_content after 1"]
COSTED = "the cost is known"
CHARGED = [
    "generation.providers.http:_read before 2",
    "generation.providers.http:_read after 2",
    COSTED,
    "generation.engine.keeping:keep before 1",
]


@pytest.fixture(params=[*DIRECT, EFFECTS], ids=str)
def vendor(request):
    return request.param


def point_of(point, vendor):
    """Who works out what an answer did cost is another for sounds."""
    return f"{vendor.costed_by} after 1" if point == COSTED else point


@pytest.mark.parametrize("point", NOTHING_SENT)
def test_killed_before_it_was_sent_it_is_bought_later_and_once(root, vendor, fake, point):
    killed(root, vendor, fake, point)
    assert fake.submissions == []
    with opened(root, vendor, fake) as generation:
        assert [job.state for job in generation.run()] == ["done"]
        assert_bought_once(generation, vendor, fake)


@pytest.mark.parametrize("point", NOT_CHARGED + CHARGED)
def test_killed_while_it_was_called_it_is_unknown_and_never_sent_again(root, vendor, fake, point):
    killed(root, vendor, fake, point_of(point, vendor))
    charged = 1 if point in CHARGED else 0
    assert (len(fake.submissions), fake.charges) == (charged, charged)
    with opened(root, vendor, fake) as generation:
        assert generation.run() == []
        again = ordered(generation, vendor)
        assert again.state == "unknown"
        assert_sound(generation, vendor, fake)
        first = generation.queue()[-1]
        if charged:
            generation.resolve(first.id, charged=vendor.price)
        else:
            generation.resolve(first.id, not_charged=True)
        assert generation.costs().balance.unknown == FREE
        assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (charged, charged)


@pytest.mark.parametrize("point", KEPT)
def test_killed_after_it_was_kept_it_is_booked_and_placed_without_another_call(root, vendor, fake, point):
    killed(root, vendor, fake, point)
    with opened(root, vendor, fake) as generation:
        (job,) = generation.run()
        assert (job.state, len(job.assets)) == ("done", 1)
        assert_bought_once(generation, vendor, fake)


@pytest.mark.parametrize("fault", [fake_wire.drop_after_acceptance, fake_wire.cut_body], ids=lambda each: each.__name__)
def test_a_lost_answer_is_unknown_in_the_ledger_and_sent_once(root, vendor, fake, fault):
    fake.script.append(fault)
    with opened(root, vendor, fake) as generation:
        job = ordered(generation, vendor)
        assert job.state == "unknown"
        again = ordered(generation, vendor)
        assert again.state == "unknown"
        assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (1, 1)


def test_too_many_calls_are_waited_for_and_bought_once(root, vendor, fake):
    fake.script += [vendor.rate_limit({"Retry-After": "0"}), vendor.rate_limit({"Retry-After": "0"})]
    with opened(root, vendor, fake) as generation:
        job = ordered(generation, vendor)
        assert job.state == "done"
        assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (3, 1)


def test_without_money_the_next_provider_is_asked(root, tmp_path):
    with OPENAI.fake() as first, GEMINI.fake(tmp_path / "charges") as second:
        first.script.append(OPENAI.no_quota())
        spec = wire_coin(OPENAI, f"gemini:{GEMINI.model}")
        with open_generation(root, OPENAI.provider(first), GEMINI.provider(second)) as generation:
            (job,) = generation.generate([spec]).jobs
            assert (job.state, job.provider) == ("done", "gemini")
            assert_sound(generation, GEMINI, second)
    assert (len(first.submissions), first.charges, second.charges) == (1, 0, 1)


def test_what_a_refused_picture_did_cost_is_booked_and_no_more(root, tmp_path):
    with GEMINI.fake(tmp_path / "charges") as fake:
        fake.script.append(fake_gemini.finished("IMAGE_SAFETY", prompt=1000))
        with open_generation(root, GEMINI.provider(fake)) as generation:
            (job,) = generation.generate([wire_coin(GEMINI)]).jobs
            assert job.state == "failed"
            assert generation.costs().balance.spent == Decimal("0.0015")
