"""Addresses of pages with what was chosen on them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode


def address(path: str, values: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    """The path with the values that are not empty and not the default."""
    given = {name: value for name, value in values.items() if value not in ("", None, defaults.get(name))}
    return f"{path}?{urlencode(given)}" if given else path
