"""The numbers of a gallery, as they leave it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    """How many assets have one value (None: it is not known), and their size in bytes where that is told."""

    value: str | int | None
    assets: int
    bytes: int | None = None

    def to_json(self) -> Json:
        """`{value, assets}`, and `bytes` where they are told."""
        told = {"value": self.value, "assets": self.assets}
        return told if self.bytes is None else {**told, "bytes": self.bytes}


@dataclass(frozen=True, slots=True)
class Ranking:
    """How many assets have any of some values, how many values there are, and the most frequent, most frequent first.

    An asset may have several of them.
    """

    assets: int
    different: int
    top: tuple[Share, ...]

    def to_json(self) -> Json:
        """`{assets, different, top}`."""
        return {"assets": self.assets, "different": self.different, "top": [share.to_json() for share in self.top]}


@dataclass(frozen=True, slots=True)
class Statistics:
    """Numbers of the assets that a query finds. `states` alone also counts those that it finds in the other states.

    `bytes` counts every asset once; `copies` are further files with the same bytes, `copied_bytes` their size. `alike`
    assets share their likeness (`dhash`) with another. `facets` is by namespace; `player` is counted as a character,
    "" are free words. `months` are those of creation, in UTC, oldest first.
    """

    query: str
    states: Mapping[str, int]
    assets: int
    bytes: int
    tagged: int
    media_types: tuple[Share, ...]
    formats: tuple[Share, ...]
    ratings: tuple[Share, ...]
    facets: Mapping[str, Ranking]
    months: tuple[Share, ...]
    tools: Ranking
    models: Ranking
    copies: int
    copied_bytes: int
    alike: int

    def to_json(self) -> Json:
        """Everything, `untagged` too; shares as lists of `{value, assets}`."""
        lists = {
            name: [share.to_json() for share in getattr(self, name)]
            for name in ("media_types", "formats", "ratings", "months")
        }
        numbers = {
            name: getattr(self, name)
            for name in ("query", "assets", "bytes", "tagged", "copies", "copied_bytes", "alike")
        }
        return {
            **numbers,
            "untagged": self.assets - self.tagged,
            "states": dict(self.states),
            **lists,
            "facets": {name: ranking.to_json() for name, ranking in self.facets.items()},
            "tools": self.tools.to_json(),
            "models": self.models.to_json(),
        }
