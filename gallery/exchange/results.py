"""What an export and an import tell of what they did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gallery.views import ItemError

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ImportItem:
    """What became of one entry: added, changed, unchanged, in_trash, failed; of a record, which has no id, too.

    `problems`: what of it could not be held, and where the gallery and the file contradict each other.
    """

    path: str
    id: str | None
    outcome: str
    error: ItemError | None = None
    problems: tuple[ItemError, ...] = ()

    def to_json(self) -> Json:
        """`{path, id, outcome, error, problems}`."""
        return {
            "path": self.path,
            "id": self.id,
            "outcome": self.outcome,
            "error": self.error and self.error.to_json(),
            "problems": [problem.to_json() for problem in self.problems],
        }


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Results in the order of the source.

    `undeclared`: terms of closed namespaces that the ontology lacks; `declared`: the file they were written to.
    `unmapped`: foreign namespaces that were dropped, with how many different tags had them.
    """

    results: tuple[ImportItem, ...]
    batches: tuple[int, ...] = ()
    undeclared: tuple[str, ...] = ()
    declared: str | None = None
    unmapped: Mapping[str, int] = field(default_factory=dict)

    @property
    def batch(self) -> int | None:
        """The last batch written."""
        return self.batches[-1] if self.batches else None

    @property
    def is_complete(self) -> bool:
        """Whether everything could be held as it stood."""
        return not any(item.outcome == "failed" or item.problems for item in self.results)

    def to_json(self) -> Json:
        """`{results, batch, batches, undeclared, declared, unmapped}`."""
        return {
            "results": [item.to_json() for item in self.results],
            "batch": self.batch,
            "batches": list(self.batches),
            "undeclared": list(self.undeclared),
            "declared": self.declared,
            "unmapped": dict(self.unmapped),
        }


@dataclass(frozen=True, slots=True)
class ExportItem:
    """What became of one asset: written, unchanged, failed. `path` is the file that was made of it, if any."""

    id: str
    path: str | None
    outcome: str
    error: ItemError | None = None

    def to_json(self) -> Json:
        """`{id, path, outcome, error}`."""
        return {"id": self.id, "path": self.path, "outcome": self.outcome, "error": self.error and self.error.to_json()}


@dataclass(frozen=True, slots=True)
class ExportResult:
    """How much was written where. `results` has the assets where each makes files of its own."""

    target: str
    assets: int
    collections: int = 0
    searches: int = 0
    results: tuple[ExportItem, ...] = field(default=())

    def to_json(self) -> Json:
        """`{target, assets, collections, searches, results}`."""
        return {
            "target": self.target,
            "assets": self.assets,
            "collections": self.collections,
            "searches": self.searches,
            "results": [item.to_json() for item in self.results],
        }
