"""Killed while a vendor works on a call that it has accepted: what has a name is asked for, what has none is found."""

from decimal import Decimal

import fake_wire
import pytest
from failpoints import run_program, was_killed
from generation_builders import open_generation
from vendor_cases import POLLED, wire_coin

from ontology.errors import ConflictError

pytestmark = pytest.mark.slow

FREE = Decimal(0)

MAKE = """
    from generation_builders import open_generation
    from vendor_cases import VENDORS, wire_coin
    vendor = next(item for item in VENDORS if item.name == sys.argv[3])
    with open_generation(root, vendor.provider(None, base_url=sys.argv[4]), gallery=gallery) as generation:
        generation.generate([wire_coin(vendor)])
"""
NOTHING_SENT = ["generation.ledger.purchasing:reserve after 1", "generation.ledger.purchasing:mark_sent before 1"]
NAMELESS = ["generation.ledger.purchasing:mark_pending before 1", "generation.providers.polling:Pending before 1"]
NAMED = [
    "generation.ledger.purchasing:mark_pending after 1",
    "generation.providers.polling:picture_of before 1",
    "generation.providers.polling:picture_of after 1",
    "generation.engine.keeping:keep before 1",
    "generation.engine.keeping:keep after 1",
    "generation.ledger.purchasing:settle before 1",
    "generation.ledger.purchasing:settle after 1",
    "generation.engine.placing:take_made before 1",
]


@pytest.fixture(params=POLLED, ids=lambda vendor: vendor.name)
def vendor(request):
    return request.param


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def killed(root, vendor, fake, point):
    done = run_program(MAKE, root, vendor.name, fake.base_url, point=point)
    assert was_killed(done), done.stderr


def opened(root, vendor, fake):
    return open_generation(root, vendor.provider(fake))


def assert_sound(generation, vendor, fake):
    """What the vendor charged lies between what is booked for sure and that with what is unknown."""
    balance = generation.costs().balance
    assert balance.reserved == FREE
    charged = vendor.price * len(fake.books.read_text().splitlines()) if fake.books.exists() else FREE
    assert balance.spent <= charged <= balance.spent + balance.unknown
    assert [item for item in generation.context.gallery.doctor() if item.severity == "error"] == []


def assert_bought_once(generation, vendor, fake):
    assert generation.costs().balance.spent == vendor.price
    assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (1, 1)


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
        (again,) = generation.generate([wire_coin(vendor)]).jobs
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
        (job,) = generation.generate([wire_coin(vendor)]).jobs
        assert job.state == ("done" if vendor.remembers else "unknown")
        assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (1, 1)


def test_a_result_that_cannot_be_fetched_at_first_is_not_bought_again(root, vendor, fake):
    fake.delivery.script_of_files += [fake_wire.html(503), fake_wire.html(500)]
    with opened(root, vendor, fake) as generation:
        (job,) = generation.generate([wire_coin(vendor)]).jobs
        assert job.state == "done"
        assert_bought_once(generation, vendor, fake)


def test_too_many_calls_are_waited_for_and_bought_once(root, vendor, fake):
    fake.script += [vendor.rate_limit({"Retry-After": "0"}), vendor.rate_limit({"Retry-After": "0"})]
    with opened(root, vendor, fake) as generation:
        (job,) = generation.generate([wire_coin(vendor)]).jobs
        assert job.state == "done"
        assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (3, 1)
