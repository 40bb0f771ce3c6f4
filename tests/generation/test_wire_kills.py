"""Killed in the midst of a call over HTTP: the vendor's own books and our ledger agree, and nothing is sent twice."""

from decimal import Decimal

import fake_gemini
import fake_wire
import pytest
from failpoints import run_program, was_killed
from generation_builders import open_generation
from vendor_cases import DIRECT, GEMINI, OPENAI, wire_coin

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
# The first request of all asks whether the key is taken; the second is the call.
NOT_CHARGED = ["generation.ledger.purchasing:mark_sent after 1", "generation.providers.http:_content after 1"]
CHARGED = [
    "generation.providers.http:_read before 2",
    "generation.providers.http:_read after 2",
    "generation.providers.vendor:cost_of after 1",
    "generation.engine.keeping:keep before 1",
]
KEPT = [
    "generation.engine.keeping:keep after 1",
    "generation.ledger.purchasing:settle before 1",
    "generation.ledger.purchasing:settle after 1",
    "generation.engine.placing:take_made before 1",
]


@pytest.fixture(params=DIRECT, ids=lambda vendor: vendor.name)
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


def assert_sound(generation, fake, price):
    """What the vendor charged lies between what is booked for sure and that with what is unknown."""
    balance = generation.costs().balance
    assert balance.reserved == FREE
    charged = price * len(fake.books.read_text().splitlines()) if fake.books.exists() else FREE
    assert balance.spent <= charged <= balance.spent + balance.unknown
    assert [item for item in generation.context.gallery.doctor() if item.severity == "error"] == []


@pytest.mark.parametrize("point", NOTHING_SENT)
def test_killed_before_it_was_sent_it_is_bought_later_and_once(root, vendor, fake, point):
    killed(root, vendor, fake, point)
    assert fake.submissions == []
    with opened(root, vendor, fake) as generation:
        assert [job.state for job in generation.run()] == ["done"]
        assert generation.costs().balance.spent == vendor.price
        assert_sound(generation, fake, vendor.price)
    assert (len(fake.submissions), fake.charges) == (1, 1)


@pytest.mark.parametrize("point", NOT_CHARGED + CHARGED)
def test_killed_while_it_was_called_it_is_unknown_and_never_sent_again(root, vendor, fake, point):
    killed(root, vendor, fake, point)
    charged = 1 if point in CHARGED else 0
    assert (len(fake.submissions), fake.charges) == (charged, charged)
    with opened(root, vendor, fake) as generation:
        assert generation.run() == []
        (again,) = generation.generate([wire_coin(vendor)]).jobs
        assert again.state == "unknown"
        assert_sound(generation, fake, vendor.price)
        first = generation.queue()[-1]
        if charged:
            generation.resolve(first.id, charged=vendor.price)
        else:
            generation.resolve(first.id, not_charged=True)
        assert generation.costs().balance.unknown == FREE
        assert_sound(generation, fake, vendor.price)
    assert (len(fake.submissions), fake.charges) == (charged, charged)


@pytest.mark.parametrize("point", KEPT)
def test_killed_after_it_was_kept_it_is_booked_and_placed_without_another_call(root, vendor, fake, point):
    killed(root, vendor, fake, point)
    with opened(root, vendor, fake) as generation:
        (job,) = generation.run()
        assert (job.state, len(job.assets)) == ("done", 1)
        assert generation.costs().balance.spent == vendor.price
        assert_sound(generation, fake, vendor.price)
    assert (len(fake.submissions), fake.charges) == (1, 1)


@pytest.mark.parametrize("fault", [fake_wire.drop_after_acceptance, fake_wire.cut_body], ids=lambda each: each.__name__)
def test_a_lost_answer_is_unknown_in_the_ledger_and_sent_once(root, vendor, fake, fault):
    fake.script.append(fault)
    with opened(root, vendor, fake) as generation:
        (job,) = generation.generate([wire_coin(vendor)]).jobs
        assert job.state == "unknown"
        (again,) = generation.generate([wire_coin(vendor)]).jobs
        assert again.state == "unknown"
        assert_sound(generation, fake, vendor.price)
    assert (len(fake.submissions), fake.charges) == (1, 1)


def test_too_many_calls_are_waited_for_and_bought_once(root, vendor, fake):
    fake.script += [vendor.rate_limit({"Retry-After": "0"}), vendor.rate_limit({"Retry-After": "0"})]
    with opened(root, vendor, fake) as generation:
        (job,) = generation.generate([wire_coin(vendor)]).jobs
        assert job.state == "done"
        assert_sound(generation, fake, vendor.price)
    assert (len(fake.submissions), fake.charges) == (3, 1)


def test_without_money_the_next_provider_is_asked(root, tmp_path):
    with OPENAI.fake() as first, GEMINI.fake(tmp_path / "charges") as second:
        first.script.append(OPENAI.no_quota())
        spec = wire_coin(OPENAI, f"gemini:{GEMINI.model}")
        with open_generation(root, OPENAI.provider(first), GEMINI.provider(second)) as generation:
            (job,) = generation.generate([spec]).jobs
            assert (job.state, job.provider) == ("done", "gemini")
            assert_sound(generation, second, GEMINI.price)
    assert (len(first.submissions), first.charges, second.charges) == (1, 0, 1)


def test_what_a_refused_picture_did_cost_is_booked_and_no_more(root, tmp_path):
    with GEMINI.fake(tmp_path / "charges") as fake:
        fake.script.append(fake_gemini.finished("IMAGE_SAFETY", prompt=1000))
        with open_generation(root, GEMINI.provider(fake)) as generation:
            (job,) = generation.generate([wire_coin(GEMINI)]).jobs
            assert job.state == "failed"
            assert generation.costs().balance.spent == Decimal("0.0015")
