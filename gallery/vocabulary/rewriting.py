"""One tag in the place of another, wherever the project names it: what would change, and in which files."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from gallery.journal.records import Record
from gallery.query.retagging import retagged as retagged_query
from gallery.store.tables import saved_search
from gallery.vocabulary.mentions import Mention, mentions_in
from gallery.vocabulary.places import Kind, ProjectFile
from ontology.cleaning import clean
from ontology.errors import InvalidInputError
from ontology.escaping import visible
from ontology.splicing import all_reworded
from ontology.tags import local_part
from ontology.terms import Ontology


@dataclass
class Rewriting:
    """What changes in files and saved searches. `owners`: the blocks, scenes and specs in which something does."""

    records: list[Record] = field(default_factory=list)
    owners: dict[Kind, list[str]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def add_file(self, file: ProjectFile, after: str) -> None:
        """Another text for a file; the same one is no change."""
        if after != file.text:
            self.records.append(Record("file", file.name, {"text": file.text}, {"text": after}))

    def names(self, kind: str) -> tuple[str, ...]:
        """The files or searches that change."""
        return tuple(record.name for record in self.records if record.kind == kind)

    def of(self, kind: Kind) -> tuple[str, ...]:
        """The blocks, scenes or specs that change, each once."""
        return tuple(dict.fromkeys(self.owners.get(kind, ())))


def rewrite_files(files: Iterable[ProjectFile], old: str, new: str, ontology: Ontology, into: Rewriting) -> None:
    """Name `new` where a file names `old`; `ontology` is the one in which `old` is known.

    Raises `InvalidInputError` for a place that cannot hold the new tag, and for a file that may name the old one and
    cannot be read.
    """
    for file in files:
        mentions = mentions_in(file)
        if mentions is None:
            _refuse_unread(file, old)
            into.notices.append(f"{visible(file.name)} cannot be read and was left as it is")
            continue
        meant = [mention for mention in mentions if mention.term(ontology) == old]
        if meant:
            into.add_file(file, _reworded(file, meant, new))
            into.owners.setdefault(file.kind, []).extend(mention.owner for mention in meant)


def _refuse_unread(file: ProjectFile, old: str) -> None:
    if not file.is_text or local_part(old) in clean(file.text):
        message = f"{visible(file.name)} cannot be read, and may name `{old}`"
        raise InvalidInputError(message, hint="mend it first: `callsheet doctor` shows where", code="unreadable_file")


def _reworded(file: ProjectFile, meant: list[Mention], new: str) -> str:
    for mention in meant:
        if not mention.fits(new):
            message = f"{visible(file.name)}: `{mention.owner}` names it where only {mention.only}: may stand"
            raise InvalidInputError(message, hint="change that place by hand first", code="wrong_namespace")
    wanted = [(mention.node, mention.written_as(new)) for mention in meant]
    with naming(file):
        return all_reworded(file.text, wanted, is_json=file.is_json)


@contextmanager
def naming(file: ProjectFile) -> Iterator[None]:
    """Faults of editing within say which file it is."""
    try:
        yield
    except InvalidInputError as error:
        message = f"{visible(file.name)}: {error.message}"
        raise InvalidInputError(message, hint=error.hint, code=error.code) from error


def rewrite_searches(connection: Connection, old: str, new: str, into: Rewriting) -> None:
    """Name `new` where a saved search names `old`. Raises `InvalidInputError`."""
    for name, query in saved_queries(connection):
        after = retagged_query(query, old, new)
        if after != query:
            into.records.append(Record("search", name, {"query": query}, {"query": after}))


def saved_queries(connection: Connection) -> Iterator[tuple[str, str]]:
    """(name, query) of every saved search, by name."""
    columns = (saved_search.c.name, saved_search.c.query)
    rows = connection.execute(select(*columns).order_by(saved_search.c.name))
    yield from ((row.name, row.query) for row in rows)
