"""Which addresses of a project may be sent a key."""

import pytest

from generation.errors import UntrustedHostError
from generation.providers.access import Access, ProjectAddress, Secret

OURS = ProjectAddress("game/callsheet.toml", ("api.vendor.example", ".proxy.example"), "allow {host}")


def access(url, *, key="sk-1", said_by=OURS):
    return Access(url, None if key is None else Secret(key), "VENDOR_KEY", said_by=said_by)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.vendor.example/v2",
        "https://API.vendor.example./v2",
        "https://eu.proxy.example",
        "http://localhost:8080/v1",
        "http://model.localhost",
        "http://127.0.0.9/v1",
        "http://[::1]:9/v1",
    ],
)
def test_the_vendors_own_host_an_allowed_one_and_this_machine_may(url):
    access(url).checked_base("vendor")
    access(url).check_trust("vendor")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v1",
        "https://api.vendor.example.evil.example/v1",
        "https://xapi.vendor.example/v1",
        "https://proxy.example/v1",
        "https://localhost.evil.example/v1",
        "https://127.0.0.1.evil.example/v1",
        "https://10.0.0.7/v1",
        "https://printer.local/v1",
        "https://[fd00::1]/v1",
    ],
)
def test_no_other_may_with_a_key(url):
    with pytest.raises(UntrustedHostError) as raised:
        access(url).checked_base("vendor")
    assert raised.value.message.startswith("game/callsheet.toml sends the key of vendor to ")
    assert raised.value.charged == "no"
    with pytest.raises(UntrustedHostError):
        access(url).check_trust("vendor")
    access(url, key=None).checked_base("vendor")
    access(url, said_by=None).checked_base("vendor")
