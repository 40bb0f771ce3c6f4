"""A program that is killed in the midst of a call over HTTP, and what must hold of its project afterwards."""

from decimal import Decimal

from failpoints import run_program, was_killed
from generation_builders import open_generation
from sound_cases import SOUND_VENDORS
from vendor_cases import VENDORS, wire_coin

FREE = Decimal(0)
EVERYBODY = {str(vendor): vendor for vendor in (*VENDORS, *SOUND_VENDORS)}

MAKE = """
    from generation_builders import open_generation
    from wire_kills import EVERYBODY, wire_coin
    vendor = EVERYBODY[sys.argv[3]]
    with open_generation(root, vendor.provider(None, base_url=sys.argv[4]), gallery=gallery) as generation:
        generation.generate([wire_coin(vendor)])
"""
NOTHING_SENT = ["generation.ledger.purchasing:reserve after 1", "generation.ledger.purchasing:mark_sent before 1"]
KEPT = [
    "generation.engine.keeping:keep after 1",
    "generation.ledger.purchasing:settle before 1",
    "generation.ledger.purchasing:settle after 1",
    "generation.engine.placing:take_made before 1",
]


def killed(root, vendor, fake, point):
    """Have it made by a program that dies at this point."""
    done = run_program(MAKE, root, vendor, fake.base_url, point=point)
    assert was_killed(done), done.stderr


def opened(root, vendor, fake):
    """The project, as whoever comes next finds it."""
    return open_generation(root, vendor.provider(fake))


def ordered(generation, vendor):
    """Order the same: the job."""
    (job,) = generation.generate([wire_coin(vendor)]).jobs
    return job


def assert_sound(generation, vendor, fake):
    """What the vendor charged lies between what is booked for sure and that with what is unknown."""
    balance = generation.costs().balance
    assert balance.reserved == FREE
    charged = vendor.price * len(fake.books.read_text().splitlines()) if fake.books.exists() else FREE
    assert balance.spent <= charged <= balance.spent + balance.unknown
    assert [item for item in generation.context.gallery.doctor() if item.severity == "error"] == []


def assert_bought_once(generation, vendor, fake):
    """One call, one charge, booked as it was."""
    assert generation.costs().balance.spent == vendor.price
    assert_sound(generation, vendor, fake)
    assert (len(fake.submissions), fake.charges) == (1, 1)
