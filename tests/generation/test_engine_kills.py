"""Killed at every named point between the order and the settled result: never a second charge, nothing hidden."""

from decimal import Decimal

import pytest
from failpoints import run_program, was_killed
from generation_builders import PRICE, CountingProvider, charges, coin, open_generation

pytestmark = pytest.mark.slow

FREE = Decimal(0)

MAKE = """
    from generation_builders import CountingProvider, coin, open_generation
    fake = CountingProvider(Path(sys.argv[3]))
    with open_generation(root, fake, gallery=gallery) as generation:
        generation.generate([coin()])
"""

NOTHING_SENT = [
    "generation.ledger.jobs:queue_jobs after 1",
    "generation.ledger.jobs:claim after 1",
    "generation.ledger.purchasing:reserve before 1",
    "generation.ledger.purchasing:reserve after 1",
    "generation.ledger.purchasing:mark_sent before 1",
]
SENT = [
    "generation.ledger.purchasing:mark_sent after 1",
    "generation_builders:charge before 1",
    "generation_builders:charge after 1",
    "generation.engine.keeping:keep before 1",
]
KEPT = [
    "generation.engine.keeping:keep after 1",
    "generation.ledger.purchasing:settle before 1",
    "generation.ledger.purchasing:settle after 1",
    "generation.engine.running:finish before 1",
    "generation.engine.running:place before 1",
    "generation.engine.placing:take_made before 1",
    "generation.engine.running:place after 1",
    "generation.ledger.jobs:step before 1",
]


def killed(root, books, point):
    done = run_program(MAKE, root, books, point=point)
    assert was_killed(done), done.stderr


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def books(tmp_path):
    return tmp_path / "charges"


def assert_sound(generation, books):
    """The ledger and the provider's own books agree, up to what is *unknown*; every asset has its file."""
    balance = generation.costs().balance
    charged = PRICE * len(charges(books))
    assert balance.reserved == FREE
    assert balance.spent <= charged <= balance.spent + balance.unknown
    findings = generation.context.gallery.doctor()
    assert [item for item in findings if item.severity == "error"] == []


@pytest.mark.parametrize("point", NOTHING_SENT)
def test_killed_before_anything_was_sent_it_is_made_later_and_charged_once(root, books, point):
    killed(root, books, point)
    assert charges(books) == []
    with open_generation(root, CountingProvider(books)) as generation:
        ended = generation.run()
        assert [job.state for job in ended] == ["done"]
        assert generation.costs().balance.spent == PRICE
        assert_sound(generation, books)
    assert len(charges(books)) == 1


@pytest.mark.parametrize("point", SENT)
def test_killed_after_it_was_sent_the_outcome_is_unknown_and_nothing_sends_it_again(root, books, point):
    killed(root, books, point)
    before = charges(books)
    fake = CountingProvider(books)
    with open_generation(root, fake) as generation:
        assert generation.run() == []
        (again,) = generation.generate([coin()]).jobs
        assert again.state == "unknown"
        assert {job.state for job in generation.queue()} == {"unknown"}
        assert generation.costs().balance.unknown == PRICE
        assert_sound(generation, books)
        assert fake.seen == []
        # And a person settles it, whichever way it went.
        first = generation.queue()[-1]
        if before:
            generation.resolve(first.id, charged=PRICE)
        else:
            generation.resolve(first.id, not_charged=True)
        assert generation.costs().balance.unknown == FREE
        assert_sound(generation, books)
    assert charges(books) == before


@pytest.mark.parametrize("point", KEPT)
def test_killed_after_the_result_was_kept_it_is_booked_and_placed_without_another_call(root, books, point):
    killed(root, books, point)
    assert len(charges(books)) == 1
    fake = CountingProvider(books)
    with open_generation(root, fake) as generation:
        ended = generation.run()
        assert [job.state for job in ended] == ["done"]
        assert generation.costs().balance.spent == PRICE
        assert len(ended[0].assets) == 1
        assert generation.context.gallery.get(ended[0].assets[0]).asset.tags == ("gold",)
        assert_sound(generation, books)
        batch = generation.context.gallery.last_batch()
        (again,) = generation.generate([coin()]).jobs
        assert (again.state, again.outcome) == ("done", "unchanged")
        assert generation.context.gallery.last_batch() == batch
    assert fake.seen == []
    assert len(charges(books)) == 1


def test_killed_while_the_provider_works_on_it_it_is_asked_for_by_its_name(root, books):
    body = MAKE.replace(
        "CountingProvider(Path(sys.argv[3]))", "CountingProvider(Path(sys.argv[3]), script=['pending'])"
    )
    done = run_program(body, root, books, point="generation.ledger.purchasing:mark_pending after 1")
    assert was_killed(done), done.stderr
    fake = CountingProvider(books, polls=0)
    with open_generation(root, fake) as generation:
        (ended,) = generation.run()
        assert ended.state == "done"
        assert_sound(generation, books)
    assert (fake.seen, fake.polled) == ([], 1)
    assert len(charges(books)) == 1
