"""What it takes to reach a provider: its address and its key, both handed in. Keys show themselves to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from generation.errors import AuthError, InvalidRequestError, UntrustedHostError
from generation.providers.addresses import host_is_listed
from ontology.escaping import visible

_NEAR_SUFFIXES: Final = (".localhost", ".local", ".internal", ".lan", ".test")


class Secret:
    """A text that neither its `repr` nor a traceback shows. Two are equal when their texts are."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text.strip()

    def reveal(self) -> str:
        """The text. Keep it in no variable: tracebacks may show those."""
        return self._text

    def is_sendable(self) -> bool:
        """Whether it can stand in a header: printable ASCII without spaces."""
        return self._text.isascii() and self._text.isprintable() and " " not in self._text and bool(self._text)

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True)
class ProjectAddress:
    """An address that a file of the project names, which may be a stranger's. `allowed`: hosts that the user trusts.

    `way_out`: what the user does to allow another, with `{host}` in it.
    """

    file: str
    allowed: tuple[str, ...]
    way_out: str

    def check(self, provider: str, host: str) -> None:
        """Raises `UntrustedHostError` for a host that is neither allowed nor this machine."""
        if is_loopback(host) or host_is_listed(host, self.allowed):
            return
        shown = visible(host, limit=80)
        raise UntrustedHostError(
            f"{visible(self.file)} sends the key of {provider} to {shown}, which you have not allowed",
            field="base_url",
            hint=self.way_out.format(host=shown),
            provider=provider,
        )


@dataclass(frozen=True, slots=True)
class Access:
    """Where a provider is and how it knows us.

    `key`: None where there is none, which matters when it is asked; `key_name`: the variable that would hold it;
    `headers`: others to send along, such as an organisation's; `said_by`: the project, where it names the address.
    """

    base_url: str
    key: Secret | None
    key_name: str
    headers: Mapping[str, str] = field(default_factory=dict)
    said_by: ProjectAddress | None = None

    def checked_base(self, provider: str) -> SplitResult:
        """The address in parts.

        Raises `InvalidRequestError` (`provider_address`) for one that cannot be called, `UntrustedHostError` for
        one of the project's that the user has not allowed to get the key.
        """
        try:
            parts = urlsplit(self.base_url.strip())
            _ = parts.port
            host = parts.hostname
        except ValueError:
            raise _bad_address(provider, "it is no address") from None
        if parts.scheme not in {"http", "https"} or not host:
            raise _bad_address(provider, "it is no https address")
        if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
            raise _bad_address(provider, "it must hold neither user, password, query nor fragment")
        if parts.scheme == "http" and not is_near(host):
            raise _bad_address(provider, f"the key would travel unencrypted to {visible(host, limit=80)}")
        self.check_trust(provider)
        return parts

    def check_trust(self, provider: str) -> None:
        """Raises `UntrustedHostError` where the key would go to a host of the project's that is not allowed."""
        if self.said_by is None or self.key is None:
            return
        try:
            host = urlsplit(self.base_url.strip()).hostname
        except ValueError:
            return  # `checked_base` says so
        if host:
            self.said_by.check(provider, host)

    def checked_key(self, provider: str) -> Secret:
        """The key. Raises `AuthError` where there is none, or none that can be sent."""
        if self.key is None or not self.key.reveal():
            raise AuthError(
                f"{provider} has no key", provider=provider, hint=f"set {self.key_name}", code="provider_no_key"
            )
        if not self.key.is_sendable():
            hint = f"copy {self.key_name} again, without quotes or spaces"
            raise AuthError(f"the key of {provider} has characters that no key has", provider=provider, hint=hint)
        return self.key


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine."""
    plain = host.lower().rstrip(".")
    if plain == "localhost" or plain.endswith(".localhost"):
        return True
    try:
        return ip_address(plain.partition("%")[0]).is_loopback
    except ValueError:
        return False


def is_near(host: str) -> bool:
    """Whether a host is this machine or in this house: unencrypted calls to it stay inside."""
    if host == "localhost" or ("." not in host.rstrip(".") and ":" not in host) or host.endswith(_NEAR_SUFFIXES):
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def _bad_address(provider: str, why: str) -> InvalidRequestError:
    return InvalidRequestError(
        f"the address that is set for {provider} cannot be used: {why}",
        field="base_url",
        hint=f"mend providers.{provider}.base_url, or leave it out",
        code="provider_address",
        provider=provider,
    )
