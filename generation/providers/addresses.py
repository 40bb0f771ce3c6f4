"""Which hosts and addresses a result may be fetched from: an answer must not make us call our own network. Pure."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")


def host_is_listed(host: str, listed: Sequence[str]) -> bool:
    """Whether a host is one of these, or below one that begins with a dot (`.delivery.example`)."""
    plain = host.lower().rstrip(".")
    return any(
        plain == entry or (entry.startswith(".") and plain.endswith(entry))
        for entry in (each.lower().rstrip(".") for each in listed)
    )


def may_be_called(address: str, *, near: bool = False) -> bool:
    """Whether an address may be connected to. `near`: the provider itself is on this machine or in this house.

    Link-local addresses (where clouds keep their credentials), multicast and reserved ones never may.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(found)
    if inner.is_link_local or inner.is_multicast or inner.is_unspecified:
        return False
    return inner.is_global or (near and (inner.is_loopback or inner.is_private))


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
