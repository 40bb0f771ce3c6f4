"""One entry of the manifest, in the words of seed file and game engines: camel case, the cost as a number. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from gallery.store.moments import rfc3339
from generation.money import text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """`path` is below `assets/`, with `/`. `cost` in dollars, None is unknown; `made_at`: when it was bought.

    The same result has the same `made_at` however often it is recorded: that is what makes a second time change
    nothing. `more`: further fields, as JSON has them.
    """

    path: str
    type: str = "image"
    description: str | None = None
    provider: str | None = None
    cost: Decimal | None = None
    made_at: datetime | None = None
    stand_in: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)

    def members(self) -> dict[str, Any]:
        """The fields that are written, in this order where the entry is new."""
        cost = text_of(self.cost)
        body: dict[str, Any] = {"type": self.type, "path": self.path}
        body |= {"description": self.description} if self.description is not None else {}
        body |= {"aiGenerated": True}
        body |= {"aiProvider": self.provider} if self.provider is not None else {}
        body |= {"aiCost": None if cost is None else Decimal(cost).normalize()}
        body |= {"generatedDate": rfc3339(self.made_at)} if self.made_at is not None else {}
        body |= {"standIn": True} if self.stand_in else {}
        return body | dict(self.more)

    def resets(self) -> dict[str, Any]:
        """What an earlier result left in the entry and no longer holds."""
        return {} if self.stand_in else {"standIn": False}
