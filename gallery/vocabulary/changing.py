"""Changing the vocabulary together with everything that uses it: each change is one batch, which undo takes back.

The files of the ontology are read anew for each change, and the outcome must load before anything is written.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from gallery.context import GalleryContext
from gallery.journal.batches import BatchKind, Origin, apply
from gallery.journal.records import Record
from gallery.vocabulary.places import Places, ProjectFile, using_files, vocabulary_files
from gallery.vocabulary.rewriting import Rewriting, rewrite_files, rewrite_searches
from gallery.vocabulary.stored import Retagged, retagged
from gallery.vocabulary.views import SHOWN_ASSETS, VocabularyChange
from ontology.errors import InvalidInputError, OntologyError
from ontology.loader import check_ontology_files
from ontology.terms import Ontology


@dataclass(frozen=True)
class Present:
    """The vocabulary as its files say it now. `texts`: by the name of the file."""

    files: Sequence[ProjectFile]
    ontology: Ontology

    @property
    def texts(self) -> dict[str, str]:
        """The text of each file by its name."""
        return {file.name: file.text for file in self.files}


@dataclass
class Plan:
    """What a change is going to do. `terms`: the ontology's files that get another text, or are made."""

    action: BatchKind
    term: str
    to: str | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    rewriting: Rewriting = field(default_factory=Rewriting)
    assets: Sequence[Retagged] = ()

    def retag(self, connection: Connection, places: Places, old: str, forms: Collection[str], known: Ontology) -> None:
        """Have `to` stand for `old` everywhere, and on assets for all these spellings. Raises `InvalidInputError`."""
        assert self.to is not None  # noqa: S101  # narrows the type for the checker
        rewrite_files(using_files(places), old, self.to, known, self.rewriting)
        rewrite_searches(connection, old, self.to, self.rewriting)
        self.assets = retagged(connection, forms, self.to)

    def outcome(self, batch: int | None) -> VocabularyChange:
        """What callers see of it."""
        carrying = [item.id for item in self.assets if item.carries]
        return VocabularyChange(
            self.action,
            self.term,
            self.to,
            assets=len(carrying),
            first_assets=tuple(carrying[:SHOWN_ASSETS]),
            rejected=sum("rejected" in item.change.after for item in self.assets),
            searches=self.rewriting.names("search"),
            blocks=self.rewriting.of("block"),
            scenes=self.rewriting.of("scene"),
            specs=self.rewriting.of("spec"),
            files=(*sorted(self.terms), *self.rewriting.names("file")),
            notices=tuple(self.rewriting.notices),
            batch=batch,
        )


def carry_out(
    context: GalleryContext,
    places: Places,
    decide: Callable[[Connection, Present], Plan],
    *,
    origin: Origin,
    dry_run: bool,
) -> VocabularyChange:
    """Decide what to do, make sure that the vocabulary will load, and do it. Raises what `decide` raises."""
    database = context.database
    with database.read() if dry_run else database.write() as connection:
        present = read_present(places)
        plan = decide(connection, present)
        _refuse_unsound(present, plan.terms)
        records = [*_records(present, plan.terms), *plan.rewriting.records]
        changes = [item.change for item in plan.assets]
        if dry_run or not (records or changes):
            return plan.outcome(None)
        return plan.outcome(apply(connection, context, plan.action, changes, records=records, origin=origin))


def read_present(places: Places) -> Present:
    """The vocabulary of the project. Raises `OntologyError` where it has a fault, and what reading files raises."""
    files = vocabulary_files(places)
    ontology, found = check_ontology_files((file.name, file.text.encode()) for file in files)
    if ontology is None:
        raise OntologyError([item for item in found if item.severity == "error"])
    return Present(files, ontology)


def _records(present: Present, after: Mapping[str, str]) -> list[Record]:
    before = present.texts
    return [
        Record("file", name, {"text": before[name]} if name in before else None, {"text": text})
        for name, text in sorted(after.items())
    ]


def _refuse_unsound(present: Present, after: Mapping[str, str]) -> None:
    """Raises `InvalidInputError` when the files would not load any more."""
    if not after:
        return
    texts = present.texts | dict(after)
    ontology, found = check_ontology_files((name, text.encode()) for name, text in texts.items())
    if ontology is None:
        first = next(item for item in found if item.severity == "error")
        raise InvalidInputError(
            f"the vocabulary would not load any more: {first.message} ({first.file}:{first.line})",
            hint=f"nothing was changed; {first.hint}",
            code="would_not_load",
        )
