"""The front door: the `Workspace` library, settings, wiring, the command line, migrations and the demo project's data.

This room alone reads settings and builds things; every other room is handed what it needs.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from callsheet.workspace import Workspace as Workspace
    from ontology.errors import CallsheetError as CallsheetError

__version__ = "0.1.0"

_HOMES = {"Workspace": "callsheet.workspace", "CallsheetError": "ontology.errors"}

__all__ = ["CallsheetError", "Workspace", "__version__"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for: `callsheet --version` must not wait for a database library."""
    if name not in _HOMES:
        raise AttributeError(f"module 'callsheet' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  # see above

    return getattr(import_module(_HOMES[name]), name)
