"""What the tests of every vendor's wire begin with. A module says `VENDOR`, or has a fixture `vendor` of its own."""

import pytest
from vendor_cases import context


@pytest.fixture
def vendor(request):
    return request.module.VENDOR


@pytest.fixture
def fake(vendor, tmp_path):
    with vendor.fake(tmp_path / "charges") as server:
        yield server


@pytest.fixture
def provider(vendor, fake):
    made = vendor.provider(fake)
    yield made
    made.close()


@pytest.fixture
def sent(vendor, fake, provider):
    """Ask for something: what arrived at the vendor."""

    def ask(**fields):
        provider.submit(vendor.request(**fields), context())
        return fake.submissions[-1]

    return ask
