"""The frozen values that leave the work on the vocabulary, and their JSON."""

from dataclasses import dataclass, field
from typing import Any

from gallery.views import Json

SHOWN_ASSETS = 5
"""So many assets stand by name in a change."""


@dataclass(frozen=True, slots=True)
class VocabularyChange:
    """What a change of the vocabulary touches. `action`: rename, merge, deprecate or add.

    `assets` counts those whose tags change, trashed and missing ones among them, and `first_assets` names some.
    `rejected` counts those where the tag was turned down. `searches`: names. `blocks`, `scenes`: ids. `specs`, `files`:
    paths from the project on. `notices`: what was left as it is. `batch`: None when nothing was written.
    """

    action: str
    term: str
    to: str | None
    assets: int = 0
    first_assets: tuple[str, ...] = ()
    rejected: int = 0
    searches: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    specs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    batch: int | None = None

    @property
    def does_something(self) -> bool:
        """Whether anything changes at all."""
        return bool(self.assets or self.rejected or self.searches or self.files)

    def to_json(self) -> Json:
        """`{action, term, to, assets: {total, first}, rejected, searches, blocks, scenes, specs, files, …, batch}`."""
        return {
            "action": self.action,
            "term": self.term,
            "to": self.to,
            "assets": {"total": self.assets, "first": list(self.first_assets)},
            "rejected": self.rejected,
            "searches": list(self.searches),
            "blocks": list(self.blocks),
            "scenes": list(self.scenes),
            "specs": list(self.specs),
            "files": list(self.files),
            "notices": list(self.notices),
            "batch": self.batch,
        }


@dataclass(frozen=True, slots=True)
class Uses:
    """How often something is used: live assets, and blocks, scenes, specs and saved searches that name it."""

    assets: int = 0
    blocks: int = 0
    scenes: int = 0
    specs: int = 0
    searches: int = 0

    @property
    def any(self) -> bool:
        """Whether it is used at all."""
        return self != Uses()

    def to_json(self) -> Json:
        """`{assets, blocks, scenes, specs, searches}`."""
        return {
            "assets": self.assets,
            "blocks": self.blocks,
            "scenes": self.scenes,
            "specs": self.specs,
            "searches": self.searches,
        }


@dataclass(frozen=True, slots=True)
class TermUsage:
    """How often a term is used, in all its spellings. `wider`: live assets that carry it or a narrower term."""

    id: str
    label: str
    uses: Uses
    wider: int
    is_builtin: bool
    deprecated: bool = False

    def to_json(self) -> Json:
        """`{id, label, assets, wider, blocks, scenes, specs, searches, builtin, deprecated}`."""
        uses = self.uses.to_json()
        return {
            "id": self.id,
            "label": self.label,
            "assets": uses.pop("assets"),
            "wider": self.wider,
            **uses,
            "builtin": self.is_builtin,
            "deprecated": self.deprecated,
        }


@dataclass(frozen=True, slots=True)
class OrphanTag:
    """A tag that is in use, and that the vocabulary does not allow. `near`: the term that may be meant."""

    tag: str
    uses: Uses
    code: str
    message: str
    near: str | None
    hint: str

    def to_json(self) -> Json:
        """`{tag, assets, blocks, scenes, specs, searches, code, message, near, hint}`."""
        texts = {"code": self.code, "message": self.message, "near": self.near, "hint": self.hint}
        return {"tag": self.tag, **self.uses.to_json(), **texts}


@dataclass(frozen=True, slots=True)
class Orphans:
    """Tags without a term, the most used first, and terms of the project without a use, by id.

    `unread`: files that could not be looked at.
    """

    tags: tuple[OrphanTag, ...]
    unused: tuple[TermUsage, ...]
    unread: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """`{tags, unused: [{id, label}], unread}`."""
        return {
            "tags": [orphan.to_json() for orphan in self.tags],
            "unused": [{"id": term.id, "label": term.label} for term in self.unused],
            "unread": list(self.unread),
        }
