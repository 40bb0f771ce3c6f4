"""Tokens for the server: `.callsheet/tokens.json`, for the owner's eyes alone, with hashes instead of tokens."""

import hashlib
import hmac
import json
import os
import secrets
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.scopes import SCOPES
from callsheet.project import Project
from gallery.store.faults import unreachable
from gallery.store.moments import rfc3339
from gallery.store.turns import turn
from ontology.errors import ConflictError, IntegrityError, InvalidInputError, NotFoundError

PREFIX: Final = "cs_"
"""How every token begins, so that it can be recognised where it leaked."""

_PATIENCE_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token: never itself."""

    name: str
    sha256: str
    scopes: tuple[str, ...]
    created_at: str

    def to_json(self) -> dict[str, Any]:
        """`{name, scopes, created_at}`."""
        return {"name": self.name, "scopes": list(self.scopes), "created_at": self.created_at}


class TokenFile:
    """The tokens of a project. Read anew whenever the file changes, so that a revoked one ends at once."""

    def __init__(self, project: Project) -> None:
        self._path = project.tokens_file
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._tokens: tuple[Token, ...] = ()

    def create(self, name: str, scopes: Sequence[str], moment: Any) -> str:
        """Make a token and return it: it is shown this once. `moment`: an aware datetime.

        Raises `InvalidInputError` for a name or a scope, `ConflictError` (`taken`) for a name that is in use.
        """
        if not name.strip() or len(name) > 60 or not name.isprintable():  # noqa: PLR2004  # said in the message
            raise InvalidInputError("a token's name has 1 to 60 printable characters", hint="--name editor")
        wrong = [scope for scope in scopes if scope not in SCOPES]
        if wrong or not scopes:
            what = f"there is no scope {wrong[0]!r:.60}" if wrong else "a token needs a scope"
            raise InvalidInputError(what, hint=f"one of {', '.join(SCOPES)}")
        made = PREFIX + secrets.token_urlsafe(32)
        entry = Token(name, _hash(made), tuple(dict.fromkeys(scopes)), rfc3339(moment))
        with self._changing():
            known = self.tokens()
            if any(item.name == name for item in known):
                raise ConflictError(f"a token {name!r} is there already", hint="revoke it first", code="taken")
            self._write((*known, entry))
        return made

    def revoke(self, name: str) -> Token:
        """Take a token away. Raises `NotFoundError`."""
        with self._changing():
            known = self.tokens()
            found = next((item for item in known if item.name == name), None)
            if found is None:
                raise NotFoundError(f"there is no token {name!r:.60}", hint="`callsheet token list` lists them")
            self._write([item for item in known if item is not found])
        return found

    def tokens(self) -> tuple[Token, ...]:
        """All of them, the oldest first. Raises `IntegrityError` for a file that is not ours."""
        with self._lock:
            try:
                status = self._path.stat()
                seen = (status.st_mtime_ns, status.st_size, status.st_ino)
                if seen != self._seen:
                    self._tokens = _read(self._path)
                    self._seen = seen
            except FileNotFoundError:
                self._tokens, self._seen = (), None
            except OSError as error:
                raise unreachable(self._path, error) from error
            return self._tokens

    def check(self, token: str) -> frozenset[str] | None:
        """The scopes of a token; None for one that is unknown. Takes as long for a near miss as for a far one."""
        given, scopes = _hash(token), None
        for item in self.tokens():
            if hmac.compare_digest(item.sha256, given):
                scopes = frozenset(item.scopes)
        return scopes

    def _changing(self) -> Any:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return turn(self._path.with_name("tokens.lock"), _PATIENCE_SECONDS)

    def _write(self, tokens: Sequence[Token]) -> None:
        """Whole or not at all, and from its first byte readable by the owner alone."""
        entries = [{**item.to_json(), "sha256": item.sha256} for item in tokens]
        draft = self._path.with_name(f".tokens-{secrets.token_hex(4)}.tmp")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump({"tokens": entries}, file, indent=2)
            draft.replace(self._path)
        except OSError as error:
            raise unreachable(self._path, error) from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _read(path: Path) -> tuple[Token, ...]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["tokens"]
        return tuple(Token(item["name"], item["sha256"], tuple(item["scopes"]), item["created_at"]) for item in entries)
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"{path} is damaged", hint="delete it, then make new tokens") from error
