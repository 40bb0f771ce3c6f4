"""A proposed operation, told in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from textual.content import Content

from gallery import AssetView
from tui.literal import joined, literal


def in_words(operation: Mapping[str, Any], views: Mapping[str, AssetView]) -> Content:
    """Why it is proposed, and which picture stands where."""
    return joined(_lines(operation, views))


def _lines(operation: Mapping[str, Any], views: Mapping[str, AssetView]) -> Iterator[Content]:
    yield literal(str(operation["reason"]))
    prefill = operation["prefill"]
    for slot in prefill["slots"]:
        view = views.get(slot["asset_id"])
        named = f" {slot['identity']}" if slot["identity"] else ""
        yield literal(f"  {slot['slot']}{named}: {view.path if view else slot['asset_id']}")
    for gap in prefill["unfilled"]:
        yield literal(f"  {gap['slot']} {gap['identity'] or ''}: nothing yet", "$text-warning")
    for warning in prefill["warnings"]:
        yield literal(f"  {warning['message'] if isinstance(warning, Mapping) else warning}", "$text-warning")
