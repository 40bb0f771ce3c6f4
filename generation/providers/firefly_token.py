"""Adobe's tokens: bought with id and secret of an application, good for a day, renewed before they end."""

from collections.abc import Callable, Mapping
from threading import Lock, local
from typing import Final
from urllib.parse import urlencode

from generation.errors import AuthError, ProviderError, TransientError
from generation.providers.access import Access, Secret
from generation.providers.failures import Said, by_status, page_text
from generation.providers.http import POLL_SECONDS, Wire
from generation.providers.messages import Answer, Raw, Sealed
from generation.providers.polling import unpaid
from generation.providers.vendor import OK, Content

CLIENT_ID: Final = "FIREFLY_SERVICES_CLIENT_ID"
IMS_URL: Final = "https://ims-na1.adobelogin.com"
PATH: Final = "ims/token/v3"
SCOPE: Final = "openid,AdobeID,session,additional_info,read_organizations,firefly_api,ff_apis"
EARLY_SECONDS: Final = 300.0
"""How long before its end a token is renewed."""
FRESH_SECONDS: Final = 60.0
"""A token that is refused so soon was never good: another one would be no better."""

_SHORTEST, _LONGEST = 60.0, 86_400.0


class _NoKey:
    """The call for a token stands for itself: id and secret are in its body."""

    def __init__(self, *secrets: Secret | None) -> None:
        self._secrets = tuple(each for each in secrets if each is not None)

    def headers(self) -> Mapping[str, tuple[str, Secret]]:
        return {}

    def secrets(self) -> tuple[Secret, ...]:
        return self._secrets


class TokenRing:
    """See `generation.providers.http.Keyring`. `access`: its key is the secret of the application.

    `ims`: where tokens are given; its key is the id of the application.
    """

    def __init__(
        self, provider: str, access: Access, ims: Access, monotonic: Callable[[], float], *, trust_env: bool
    ) -> None:
        self._provider, self._access, self._ims, self._monotonic = provider, access, ims, monotonic
        self._lock = Lock()
        self._token: Secret | None = None
        self._got = self._ends = 0.0
        self._former: tuple[Secret, ...] = ()
        self._given = local()
        """With which token each thread asked last: it is told of that one."""
        self._wire = Wire(provider, ims, {}, trust_env=trust_env, keyring=_NoKey(access.key, ims.key))

    def headers(self) -> Mapping[str, tuple[str, Secret]]:
        """A token that is good for now, and the id."""
        with self._lock:
            if self._token is None or self._monotonic() >= self._ends:
                self._renew(POLL_SECONDS)
            assert self._token is not None  # noqa: S101  # it was just made
            self._given.token = self._token
            return {
                "Authorization": ("Bearer ", self._token),
                "x-api-key": ("", self._ims.checked_key(self._provider)),
            }

    def secrets(self) -> tuple[Secret, ...]:
        """Secret, id, the token and the one before it."""
        held = (self._access.key, self._ims.key, self._token, *self._former)
        return tuple(each for each in held if each is not None)

    def renew(self, seconds: float) -> Answer:
        """Fetch a new token, whether there is one or not. Raises `AuthError`, `TransientError`."""
        with self._lock:
            return self._renew(seconds)

    def forget(self) -> bool:
        """The token that this thread asked with was refused. Whether a new one may be good: this one had been.

        Several jobs hear of the end of one token, and it is forgotten by the first of them.
        """
        with self._lock:
            if getattr(self._given, "token", None) is not self._token:
                return True
            if self._token is None or self._monotonic() - self._got < FRESH_SECONDS:
                return False
            self._former, self._token = (self._token,), None
            return True

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def _renew(self, seconds: float) -> Answer:
        secret, client = self._access.checked_key(self._provider), self._ims.checked_key(self._provider)
        answer = self._wire.tell(PATH, _asking(client, secret), seconds=seconds)
        content = Content.of(answer)
        token = content.get("access_token") if content is not None else None
        if answer.status not in OK or not isinstance(token, str):
            raise self._refused(answer, content)
        found = Secret(token)
        if not found.is_sendable():
            raise TransientError("adobe gave a token that cannot be sent", provider=self._provider)
        told = content.get("expires_in") if content is not None else None
        lasts = min(max(float(told), _SHORTEST), _LONGEST) if isinstance(told, int | float) else _SHORTEST
        self._former = () if self._token is None else (self._token,)
        self._token, self._got = found, self._monotonic()
        self._ends = self._got + max(lasts - EARLY_SECONDS, lasts / 2)
        return answer

    def _refused(self, answer: Answer, content: Content | None) -> ProviderError:
        """`{error, error_description}`; a wrong id or secret is a 400 or a 401."""
        code = str(content.get("error") or "") if content is not None else ""
        told = str(content.get("error_description") or code or "no token") if content is not None else page_text(answer)
        said = Said(self._wire.safe(told), code=self._wire.safe(code, limit=80), own=content is not None)
        if code in {"invalid_client", "unauthorized_client", "invalid_scope", "invalid_client_secret"}:
            return AuthError(
                f"adobe gives no token: {said.message}", provider=self._provider, status=answer.status,
                hint=f"check {self._ims.key_name} and {self._access.key_name}",
            )  # fmt: skip
        return unpaid(by_status(self._provider, answer, said))


def _asking(client: Secret, secret: Secret) -> Raw:
    return Raw(
        Sealed(
            urlencode(
                {
                    "grant_type": "client_credentials",
                    "client_id": client.reveal(),
                    "client_secret": secret.reveal(),
                    "scope": SCOPE,
                }
            ).encode()
        ),
        "application/x-www-form-urlencoded",
    )
