"""Where a result may be fetched from, and what may be called an address of a provider."""

import socket
import threading
from contextlib import suppress

import pytest
from fake_wire import KEY, FakeVendor, Reply
from hypothesis import given
from hypothesis import strategies as st

from generation.errors import InvalidRequestError, TransientError
from generation.providers import http
from generation.providers.access import Access, Secret, is_near
from generation.providers.addresses import host_is_listed, may_be_called
from generation.providers.http import Wire


class Delivery(FakeVendor):
    """Serves a file; `/to?…` redirects there."""

    def answer(self, seen):
        return Reply(404, "nothing is sold here")

    def refusal_of_key(self, seen):
        return None

    def free(self, seen):
        if seen.path.startswith("/to?"):
            return Reply(302, "", {"Location": seen.path.partition("?")[2]})
        return Reply(200, b"bytes")


@pytest.fixture
def delivery():
    with Delivery() as server:
        yield server


def wire(base_url):
    return Wire("maker", Access(base_url, Secret(KEY), "MAKER_KEY"), {"Authorization": "Bearer "}, trust_env=False)


def test_a_result_on_the_providers_own_address_is_fetched_with_the_key(delivery):
    assert wire(delivery.address).fetch(f"{delivery.address}/file", hosts=[]).body == b"bytes"
    assert delivery.others[0].headers["authorization"] == f"Bearer {KEY}"
    assert delivery.others[0].headers["host"] == delivery.address.removeprefix("http://")


def test_the_key_does_not_follow_a_redirect_to_another_place(delivery):
    with Delivery() as elsewhere:
        url = f"{delivery.address}/to?{elsewhere.address}/file"
        assert wire(delivery.address).fetch(url, hosts=[]).body == b"bytes"
        assert "authorization" in delivery.others[0].headers
        assert "authorization" not in elsewhere.others[0].headers


def test_a_redirect_is_checked_like_the_first_address(delivery):
    with pytest.raises(InvalidRequestError) as caught:
        wire(delivery.address).fetch(f"{delivery.address}/to?http://evil.example/x", hosts=[])
    assert caught.value.code == "result_address"
    assert "evil.example" in caught.value.message


def test_a_redirect_to_a_signed_address_is_followed_to_the_letter(delivery):
    """Signatures are long, and look like keys and contents of files: what is hidden in messages is not hidden here."""
    signed = f"/file?X-Amz-Security-Token={'Ab0_' * 300}&key=abc&sig={'%2F+' * 50}&Expires=3600"
    assert wire(delivery.address).fetch(f"{delivery.address}/to?{signed}", hosts=[]).body == b"bytes"
    assert delivery.others[-1].path == signed


def test_redirects_without_end_are_ended(delivery):
    loop = f"{delivery.address}/to?/to?/to?/to?/to?/to?/to?/to?/x"
    with pytest.raises(InvalidRequestError, match="without end"):
        wire(delivery.address).fetch(loop, hosts=[])


@pytest.fixture
def endless():
    """An address whose file never ends; a number in its path is how many bytes come at a time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def serve():
            with suppress(OSError):
                while not ended.is_set():
                    client, _ = server.accept()
                    threading.Thread(target=send, args=(client,), daemon=True).start()

        def send(client):
            with client, suppress(OSError):
                chunk = b"x" * int(client.recv(65536).split()[1].strip(b"/"))
                client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                while not ended.wait(0.001):
                    client.sendall(chunk)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        ended.set()


def test_a_file_without_end_is_given_up_when_it_is_too_large(endless, monkeypatch):
    monkeypatch.setattr(http, "USUAL", 1024 * 1024)
    with pytest.raises(TransientError, match="more than 1 MB"):
        wire(endless).fetch(f"{endless}/65536", hosts=[], seconds=60)


def test_a_file_without_end_is_given_up_when_time_is_over_however_steadily_it_comes(endless):
    with pytest.raises(TransientError, match=r"within 0\.5 s"):
        wire(endless).fetch(f"{endless}/1", hosts=[], seconds=0.5)


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example/x",
        "https://other.example/x",
        "https://cdn.example.evil.example/x",
        "https://user@cdn.example/x",
        "file:///etc/passwd",
        "https://",
        "https://[::1",
        "//cdn.example/x",
        "https://127.0.0.1/x",
    ],
)
def test_a_result_is_fetched_from_no_other_place(url):
    with pytest.raises(InvalidRequestError) as caught:
        wire("https://api.example").fetch(url, hosts=["cdn.example"])
    assert caught.value.code == "result_address"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "0.0.0.0"])
def test_a_name_that_leads_into_an_inner_network_is_not_followed(monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(http, "getaddrinfo", lambda *_, **__: [(family, socket.SOCK_STREAM, 6, "", (address, 443))])
    with pytest.raises(InvalidRequestError, match="inner network"):
        wire("https://api.example").fetch("https://cdn.example/x", hosts=["cdn.example"])


def test_one_inner_address_among_several_is_enough(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(http, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(InvalidRequestError, match="inner network"):
        wire("https://api.example").fetch("https://cdn.example/x", hosts=["cdn.example"])


def test_the_address_that_was_checked_is_the_one_that_is_used(delivery, monkeypatch):
    """A name that answers otherwise the second time leads nowhere else."""
    port = int(delivery.address.rpartition(":")[2])
    asked = []

    def lookup(host, *_, **__):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(http, "getaddrinfo", lookup)
    answer = wire(f"http://maker.internal:{port}").fetch(f"http://cdn.internal:{port}/x", hosts=[".internal"])
    assert (answer.body, asked) == (b"bytes", ["cdn.internal"])
    assert delivery.others[0].headers["host"] == f"cdn.internal:{port}"
    assert "authorization" not in delivery.others[0].headers


def test_a_name_that_nobody_knows_may_be_tried_later(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(http, "getaddrinfo", unknown)
    with pytest.raises(TransientError):
        wire("https://api.example").fetch("https://cdn.example/x", hosts=["cdn.example"])


@pytest.mark.parametrize(
    ("host", "listed", "is_it"),
    [
        ("cdn.example", ["cdn.example"], True),
        ("CDN.example.", ["cdn.example"], True),
        ("a.cdn.example", ["cdn.example"], False),
        ("a.cdn.example", [".cdn.example"], True),
        ("cdn.example", [".cdn.example"], False),
        ("evilcdn.example", [".cdn.example"], False),
        ("cdn.example", [], False),
    ],
)
def test_hosts_are_listed_by_name_or_by_what_they_are_below(host, listed, is_it):
    assert host_is_listed(host, listed) is is_it


@pytest.mark.parametrize(
    ("address", "outside", "near"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1::1", True, True),
        ("127.0.0.1", False, True),
        ("10.1.2.3", False, True),
        ("192.168.0.1", False, True),
        ("fd00::1", False, True),
        ("::1", False, True),
        ("169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("::ffff:10.0.0.1", False, True),
        ("64:ff9b::a00:1", False, True),
        ("2002:a00:1::", False, True),
        ("224.0.0.1", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("100.64.0.1", False, False),
        ("not an address", False, False),
    ],
)
def test_inner_addresses_are_for_providers_in_the_house_alone(address, outside, near):
    assert (may_be_called(address), may_be_called(address, near=True)) == (outside, near)


@given(st.ip_addresses())
def test_what_may_be_called_from_outside_may_be_from_inside(address):
    assert not may_be_called(str(address)) or may_be_called(str(address), near=True)


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("192.168.1.5", True),
        ("litellm", True),
        ("proxy.internal", True),
        ("api.openai.com", False),
        ("93.184.216.34", False),
        ("2606:2800:220:1::1", False),
    ],
)
def test_unencrypted_calls_stay_in_the_house(host, near):
    assert is_near(host) is near


def test_a_secret_shows_itself_to_nobody():
    secret = Secret(f"  {KEY}\n")
    assert KEY not in repr(secret) + str(secret) + f"{secret}" + repr(Access("https://x", secret, "K"))
    assert (secret.reveal(), secret == Secret(KEY), len({secret, Secret(KEY)})) == (KEY, True, 1)
