"""Which specs are to fill a gap of the coverage."""

from collections.abc import Iterable, Mapping
from typing import Any

from generation.specs.model import Spec


def filling(gap: Mapping[str, Any], specs: Iterable[Spec]) -> list[Spec]:
    """The specs whose result would be an exact picture for the gap, `{identity, wanted_role, camera}`, in their order.

    What a gap does not name is not asked for.
    """
    tags = {gap[name] for name in ("identity", "wanted_role", "camera") if gap.get(name)}
    return [spec for spec in specs if tags <= set(spec.tags)]
