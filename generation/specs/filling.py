"""Which specs are to fill a gap of the coverage."""

from collections.abc import Iterable, Mapping
from typing import Any

from gallery.services import SpecView


def filling(gap: Mapping[str, Any], specs: Iterable[SpecView]) -> list[str]:
    """Where the specs stand whose result would be an exact picture for the gap, `{identity, wanted_role}`; else ids."""
    tags = {gap["identity"], gap["wanted_role"]}
    return [spec.place.file if spec.place else spec.id for spec in specs if tags <= set(spec.tags)]
