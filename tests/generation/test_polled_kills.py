"""Killed while a vendor works on a call that it has accepted: what has a name is asked for, what has none is found."""

import fake_wire
import pytest
from vendor_cases import POLLED
from wire_kills import FREE, KEPT, NOTHING_SENT, assert_bought_once, assert_sound, killed, opened, ordered

from ontology.errors import ConflictError

pytestmark = pytest.mark.slow

NAMELESS = ["generation.ledger.purchasing:mark_pending before 1", "generation.providers.polling:Pending before 1"]
NAMED = [
    "generation.ledger.purchasing:mark_pending after 1",
    "generation.providers.polling:picture_of before 1",
    "generation.providers.polling:picture_of after 1",
    "generation.engine.keeping:keep before 1",
    *KEPT,
]


@pytest.fixture(params=POLLED, ids=str)
def vendor(request):
    return request.param


@pytest.mark.parametrize("point", NOTHING_SENT)
def test_killed_before_it_was_sent_it_is_bought_later_and_once(root, vendor, fake, point):
    killed(root, vendor, fake, point)
    assert fake.submissions == []
    with opened(root, vendor, fake) as generation:
        assert [job.state for job in generation.run()] == ["done"]
        assert_bought_once(generation, vendor, fake)


@pytest.mark.parametrize("point", NAMELESS)
def test_killed_before_its_name_was_kept_it_is_unknown_and_never_sent_again(root, vendor, fake, point):
    killed(root, vendor, fake, point)
    with opened(root, vendor, fake) as generation:
        assert generation.run() == []
        again = ordered(generation, vendor)
        assert again.state == "unknown"
        assert_sound(generation, vendor, fake)
        first = generation.queue()[-1]
        if vendor.remembers:  # its list of calls tells
            assert generation.resolve(first.id, poll=True).state == "done"
            assert_bought_once(generation, vendor, fake)
        else:
            with pytest.raises(ConflictError):
                generation.resolve(first.id, poll=True)
            generation.resolve(first.id, charged=vendor.price)
            assert generation.costs().balance.unknown == FREE
            assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (1, 1)


@pytest.mark.parametrize("point", NAMED)
def test_killed_after_its_name_was_kept_it_is_asked_for_and_not_bought_again(root, vendor, fake, point):
    killed(root, vendor, fake, point)
    with opened(root, vendor, fake) as generation:
        (job,) = generation.run()
        assert (job.state, len(job.assets)) == ("done", 1)
        assert_bought_once(generation, vendor, fake)


def test_a_lost_answer_is_found_where_the_vendor_remembers(root, vendor, fake):
    def lost(handler, seen):
        handler.vendor.answer(seen)
        handler.drop()

    fake.script.append(lost)
    with opened(root, vendor, fake) as generation:
        job = ordered(generation, vendor)
        assert job.state == ("done" if vendor.remembers else "unknown")
        assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (1, 1)


def test_a_result_that_cannot_be_fetched_at_first_is_not_bought_again(root, vendor, fake):
    fake.delivery.script_of_files += [fake_wire.html(503), fake_wire.html(500)]
    with opened(root, vendor, fake) as generation:
        job = ordered(generation, vendor)
        assert job.state == "done"
        assert_bought_once(generation, vendor, fake)


def test_too_many_calls_are_waited_for_and_bought_once(root, vendor, fake):
    fake.script += [vendor.rate_limit({"Retry-After": "0"}), vendor.rate_limit({"Retry-After": "0"})]
    with opened(root, vendor, fake) as generation:
        job = ordered(generation, vendor)
        assert job.state == "done"
        assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (3, 1)
