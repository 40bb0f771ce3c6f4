"""What an import does with a part of its entries: decided for all of them, before anything of it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from gallery.context import GalleryContext
from gallery.embedded.facts import GenerationFacts
from gallery.exchange.circles import Descent, circle
from gallery.exchange.entries import Entry, Unreadable
from gallery.exchange.matching import known_assets
from gallery.exchange.merging import merged
from gallery.exchange.results import ImportItem
from gallery.exchange.sidecar_state import is_read, unchanged_since
from gallery.exchange.tag_reading import TagReading
from gallery.exchange.taking_in import Newcomer, Place, free_places
from gallery.journal.batches import Change
from gallery.journal.tagging import clash_error
from gallery.reading.generations import generations_of
from gallery.views import ItemError

_TAG_FIELDS = ("tags", "rejected")
_DECIDED_BY = ("tags", "rejected", "rating", "note", "parents", "operation")

Files = Mapping[str, tuple[tuple[Place, ...], bool]]
"""By `where` of an entry: its places, and whether one of them holds its bytes."""


@dataclass
class Part:
    """What is to be written for some entries, and what is to be told of them."""

    results: list[ImportItem] = field(default_factory=list)
    newcomers: list[Newcomer] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    generations: list[tuple[int, GenerationFacts]] = field(default_factory=list)
    sidecars: list[tuple[str, str]] = field(default_factory=list)
    claimed: dict[str, str | None] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)

    def is_empty(self) -> bool:
        """Whether nothing is to be written."""
        return not (self.newcomers or self.changes or self.generations or self.sidecars)


@dataclass
class Deciding:
    """The rules of one import.

    `claimed`: ids and hashes of the assets that earlier entries were about, with the digest of the sidecar that spoke.
    `renamed`: ids of the file that are others here. `parents`: those that earlier entries gave, as on a dry run the
    database does not have them.
    """

    context: GalleryContext
    tags: TagReading
    is_foreign: bool
    replace: bool
    renamed: dict[str, str] = field(default_factory=dict)
    claimed: dict[str, str | None] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)

    def decide(self, connection: Connection, entries: Sequence[Entry | Unreadable], files: Files) -> Part:
        """Decide them in their order; nothing is written, and `claimed` is left to `settle`."""
        readable = [item for item in entries if isinstance(item, Entry)]
        known = known_assets(connection, readable)
        part = Part()
        free = free_places(connection, readable)
        rows = {entry.where: known.match(entry) for entry in readable}
        whole = unchanged_since(connection, [(entry, rows[entry.where]) for entry in readable])
        self._descent = Descent(self.parents)
        self._descent.read(connection, {self._here(name) for item in readable for name in item.said.get("parents", ())})
        for item in entries:
            if isinstance(item, Unreadable):
                part.results.append(ImportItem(item.where, None, "failed", item.error))
                continue
            row = rows[item.where]
            said, problems = self._said(item)
            if row is None:
                part.results.append(self._newcomer(item, said, problems, part, files, free))
            else:
                # What cannot be held whole takes nothing away: a slip in one tag must not cost another.
                wins = (self.replace or item.where in whole) and not problems
                part.results.append(self._known(item, row, said, problems, part, wins=wins))
        self._decide_generations(connection, readable, rows, part, whole)
        return part

    def settle(self, part: Part, *, is_written: bool) -> None:
        """Remember what a part was about, now that it is done."""
        self.claimed |= part.claimed
        if not is_written:
            self.parents |= part.parents

    def _here(self, name: str) -> str:
        """What the asset that the file calls so is called in this gallery."""
        return self.renamed.get(name, name)

    def _without_circle(self, name: str, said: dict[str, Any]) -> tuple[ItemError, ...]:
        """Takes the parents out of what is said when the asset would descend from itself; what is to be told then."""
        parents = said.get("parents")
        if not parents:
            return ()
        if self._descent.leads_back(name, parents):
            del said["parents"]
            return (circle(name),)
        return ()

    def _adopt(self, name: str, settled: Mapping[str, Any], part: Part) -> None:
        if "parents" in settled:
            self._descent.decide(name, settled["parents"])
            part.parents[name] = settled["parents"]

    def _said(self, entry: Entry) -> tuple[dict[str, Any], tuple[ItemError, ...]]:
        said = dict(entry.said)
        problems = list(entry.problems)
        for name in _TAG_FIELDS:
            if name in said:
                said[name], faults = self.tags.read(said[name], is_foreign=self.is_foreign)
                problems += faults
        if "parents" in said:
            said["parents"] = list(dict.fromkeys(map(self._here, said["parents"])))
        return said, tuple(problems)

    def _is_claimed(self, part: Part, *names: str) -> bool:
        return any(name in self.claimed or name in part.claimed for name in names)

    def _newcomer(
        self,
        entry: Entry,
        said: dict[str, Any],
        problems: tuple[ItemError, ...],
        part: Part,
        files: Files,
        free: set[str],
    ) -> ImportItem:
        facts = entry.facts
        if facts is None:
            return ImportItem(entry.where, None, "failed", _UNKNOWN)
        if self._is_claimed(part, facts.id, facts.sha256):
            return ImportItem(entry.where, facts.id, "failed", _repeated(facts.id))
        part.claimed |= dict.fromkeys((facts.id, facts.sha256))
        found, is_there = files.get(entry.where, ((), False))
        own = tuple(place for place in found if place[0] in free)
        free -= {place[0] for place in own}
        lost = [path for path in entry.paths if path not in {place[0] for place in own}]
        told = (*problems, *(_taken(path) for path in lost), *self._without_circle(facts.id, said))
        limited = merged(_NOTHING, said, replace=False, canonical=self.context.ontology.canonical)
        self._adopt(facts.id, limited.after, part)
        part.newcomers.append(Newcomer(entry, facts, _NOTHING | limited.after, own, is_there))
        return ImportItem(entry.where, facts.id, "added", None, (*told, *limited.problems))

    def _known(
        self,
        entry: Entry,
        row: Row[Any],
        said: dict[str, Any],
        problems: tuple[ItemError, ...],
        part: Part,
        *,
        wins: bool,
    ) -> ImportItem:
        digest = entry.sidecar and entry.sidecar.digest
        if self._is_claimed(part, row.id):
            if digest is not None and digest in (self.claimed.get(row.id), part.claimed.get(row.id)):
                return ImportItem(entry.where, row.id, "unchanged")  # the same beside another copy of the picture
            return ImportItem(entry.where, row.id, "failed", _repeated(row.id))
        part.claimed |= dict.fromkeys((row.id, row.sha256), digest)
        if row.trashed_at is not None and (entry.facts is None or entry.facts.trashed_at is None):
            return ImportItem(entry.where, row.id, "in_trash", None, problems)
        if is_read(entry):
            return ImportItem(entry.where, row.id, "unchanged")
        now = {name: getattr(row, name) for name in _DECIDED_BY}
        ontology = self.context.ontology
        clash = partial(clash_error, ontology=ontology)
        circles = self._without_circle(row.id, said)
        settled = merged(now, said, replace=wins, canonical=ontology.canonical, clash=clash)
        told = (*problems, *circles, *settled.problems)
        self._adopt(row.id, settled.after, part)
        if settled.after:
            part.changes.append(Change(row.key, {name: now[name] for name in settled.after}, settled.after))
        if entry.sidecar is not None and not told:
            part.sidecars.append((entry.sidecar.path, entry.sidecar.digest))
        return ImportItem(entry.where, row.id, "changed" if settled.after else "unchanged", None, told)

    def _decide_generations(
        self,
        connection: Connection,
        entries: Sequence[Entry],
        rows: Mapping[str, Row[Any] | None],
        part: Part,
        whole: set[str],
    ) -> None:
        """How an asset was made is nobody's decision: it is filled in where nothing is known, beside the journal."""
        told = {item.path: (number, item) for number, item in enumerate(part.results)}
        wanted: dict[int, Entry] = {}
        for entry in entries:
            row = rows[entry.where]
            if row is not None and entry.generation is not None and told[entry.where][1].outcome != "failed":
                wanted[row.key] = entry
        present = generations_of(connection, list(wanted))
        for key, entry in wanted.items():
            body = entry.generation.to_json() if entry.generation is not None else {}
            here = present.get(key)
            wins = self.replace or entry.where in whole
            if here is None or (wins and _said_of_making(body) != _said_of_making(here)):
                number, item = told[entry.where]
                if entry.generation is not None and item.outcome in ("changed", "unchanged"):
                    part.generations.append((key, entry.generation))
                    part.results[number] = replace(item, outcome="changed")


_NOTHING: dict[str, Any] = {
    "tags": [],
    "rejected": [],
    "rating": None,
    "note": None,
    "parents": [],
    "operation": None,
}


def _said_of_making(body: Mapping[str, Any]) -> dict[str, Any]:
    """Without what tells how it was read: a sidecar speaks of the making alone."""
    return {name: value for name, value in body.items() if name not in ("source", "certainty", "reason", "raw")}


_UNKNOWN = ItemError("not_found", "no asset of this gallery is meant", "add the pictures first: `callsheet add FOLDER`")


def _repeated(asset_id: str) -> ItemError:
    return ItemError("repeated", f"{asset_id} was spoken of before in this import", "keep one of them")


def _taken(path: str) -> ItemError:
    message = f"another picture is at {path}, or it cannot be read"
    return ItemError("path_taken", message, "the rest was taken; add the picture where it is now")
