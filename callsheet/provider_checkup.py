"""Asking those who make things whether they can be asked: keys and health, by free calls alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from callsheet.wiring import build_catalogue, build_providers
from callsheet.workspace import Workspace
from gallery.checks.findings import Finding, Severity
from ontology.errors import CallsheetError

if TYPE_CHECKING:
    from generation.providers.base import Provider

_AT_ONCE: Final = 8
_SEVERITIES: Final[dict[str, Severity]] = {
    "ready": "info",
    "no_key": "info",
    "absent": "info",
    "refused": "warning",
    "unwell": "warning",
}


def examine_providers(ws: Workspace) -> Iterator[Finding]:
    """One finding for each provider that is asked over HTTP, in the order of their names. Nothing is paid for.

    Then one for each of this machine that lacks what it needs. Codes: `provider_ready`, `provider_no_key`,
    `provider_refused`, `provider_unwell`, `provider_absent`, and `host_not_allowed`.
    """
    made = build_providers(ws.project, ws.loaded_settings, build_catalogue(ws.project, ws.settings))
    named = [made[name] for name in sorted(made)]
    asked = [provider for provider in named if not provider.stand_in]
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            yield from pool.map(_finding, asked)
        here = [_finding(provider) for provider in named if provider.stand_in]
        yield from (finding for finding in here if finding.code == "provider_absent")
    finally:
        for provider in asked:
            with suppress(AttributeError):
                provider.close()  # type: ignore[attr-defined]  # those that hold connections have it


def _finding(provider: "Provider") -> Finding:
    try:
        health = provider.check()
    except CallsheetError as error:
        return Finding(error.code, "warning", error.message, error.hint)
    hint = "copy the key again, or make a new one in its account" if health.state == "refused" else None
    return Finding(f"provider_{health.state}", _SEVERITIES[health.state], health.detail, hint)
