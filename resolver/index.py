"""`CandidateIndex`: a body of candidates that is kept between requests, and answers without reading them all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeGuard

from ontology.normalize import clean
from resolver.arrivals import Arrivals
from resolver.candidate import AssetId, read_fields, read_id, read_rating
from resolver.columns import Batch, checked_iterable, read_columns
from resolver.documents import Documents
from resolver.errors import CandidateError, LookupFailedError
from resolver.postings import Postings
from resolver.ranks import TOP
from resolver.snapshot import pack, unpack
from resolver.stored_documents import documents_of, sections_of

Lookup = Callable[[Sequence[AssetId]], Iterable[Any]]
"""From ids, each once and in no particular order, to their assets in any order."""

_BATCH = 20_000


class CandidateIndex:
    """Candidates by id, with their tags and ranks in bitmaps. The same answers as from a list, much sooner.

    Without `lookup` it holds the assets it is given. With one it holds ids, tags and ranks only, in about 80 bytes an
    asset, and asks `lookup` once for each answer, for the assets of that answer. An asset that is changed in place is
    not noticed: tell it by `update`. Answers may be given from several threads; an edit needs the index to itself.

    Raises CandidateError for a candidate that cannot be used, and two with one id.
    """

    def __init__(self, candidates: Iterable[Any] = (), *, lookup: Lookup | None = None) -> None:
        self._lookup = lookup
        self._assets: dict[AssetId, Any] = {}
        self._documents = self._read(candidates)

    def __len__(self) -> int:
        return len(self._documents)

    def __contains__(self, asset_id: object) -> bool:
        return is_asset_id(asset_id) and self._documents.document(asset_id) is not None

    def __iter__(self) -> Iterator[Any]:
        """The assets that are held, in the order in which they came.

        Raises TypeError for an index with `lookup`, which holds none.
        """
        if self._lookup is not None:
            raise TypeError("an index with a lookup holds no assets to iterate over")
        return iter(self._assets.values())

    @property
    def documents(self) -> Documents:
        """What the index knows, for reading."""
        return self._documents

    def add(self, asset: Any) -> None:
        """Take in one more asset. Raises CandidateError where its id is there already."""
        fields = read_fields(asset)
        if self._documents.document(fields.id) is not None:
            raise _twice(fields.id)
        self._documents.insert(fields)
        self._settle(fields.id, asset)

    def update(self, asset: Any) -> None:
        """Take in an asset in place of the one with its id, if there is one. Raises CandidateError."""
        fields = read_fields(asset)
        document = self._documents.document(fields.id)
        if document is None:
            self._documents.insert(fields)
        else:
            self._documents.change(document, fields)
        self._settle(fields.id, asset)

    def retag(self, asset_id: AssetId, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        """Let an asset lose some tags and gain others; a tag in both is kept.

        For an index with `lookup`; one that holds assets is told by `update` (TypeError). Raises CandidateError where
        there is no such id.
        """
        document, documents = self._changeable(asset_id), self._documents
        postings, held = documents.postings, documents.runs[TOP - document]
        added: list[int] = []
        come: list[int] = []
        gone: list[int] = []
        for tag in add:
            number = postings.spelled(tag)
            added.append(number)
            if number not in held and number not in come:
                come.append(number)
        for tag in remove:
            known = postings.known(tag)
            if known is None:
                known = postings.known(clean(tag))
            if known is not None and known in held and known not in added and known not in gone:
                gone.append(known)
        documents.retag(document, held, gone, come)

    def rate(self, asset_id: AssetId, rating: float | None) -> None:
        """Give an asset another rating, 0-5, None for none. Raises CandidateError; TypeError as `retag` does."""
        self._documents.ranks.rerate(self._changeable(asset_id), read_rating(rating, asset_id))

    def discard(self, asset_id: object) -> None:
        """Forget the asset with this id. Anything else than the id of an asset is not there, and does no harm."""
        if not is_asset_id(asset_id):
            return
        document = self._documents.document(asset_id)
        if document is not None:
            self._documents.remove(document)
            self._assets.pop(asset_id, None)
            self._tidy()

    def to_bytes(self, batch: int) -> bytes:
        """The index as bytes, without assets: ids, tags and ranks. `batch` is the caller's mark of how far it has seen.

        It needs about 70 bytes an asset. The same index gives other bytes after other edits, and the same answers.
        """
        return pack(batch, sections_of(self._documents))

    @classmethod
    def from_bytes(cls, buffer: bytes | bytearray | memoryview, *, lookup: Lookup) -> tuple["CandidateIndex", int]:
        """(index, batch) from the bytes of `to_bytes`. The buffer, which may be a mapped file, has to stay as it is.

        Raises SnapshotError for bytes that are damaged, cut off, of another kind or of another version.
        """
        batch, sections = unpack(buffer)
        index = cls(lookup=lookup)
        index._documents = documents_of(sections)
        return index, batch

    @classmethod
    def from_batches(cls, batches: Iterable[Batch], *, lookup: Lookup) -> "CandidateIndex":
        """An index of many assets that are read column by column, some thousands at a time, in any order.

        Their ids are taken to be unique. Raises CandidateError for a tag that is not text.
        """
        arrivals = Arrivals(Postings())
        for batch in batches:
            arrivals.extend(batch)
        index = cls(lookup=lookup)
        index._documents = Documents.built(arrivals)
        return index

    def assets(self, asset_ids: Sequence[AssetId]) -> Mapping[AssetId, Any]:
        """The assets of some ids, held or looked up. Raises LookupFailedError where the lookup leaves one out."""
        if self._lookup is None:
            return self._assets
        found = {read_id(asset): asset for asset in self._lookup(asset_ids)} if asset_ids else {}
        missing = [asset_id for asset_id in asset_ids if asset_id not in found]
        if missing:
            raise LookupFailedError(missing)
        return found

    def _changeable(self, asset_id: AssetId) -> int:
        """The document of an asset that is not held here. Raises CandidateError and TypeError."""
        if self._lookup is None:
            raise TypeError("an index that holds its assets is told of a change by update()")
        document = self._documents.document(asset_id) if is_asset_id(asset_id) else None
        if document is None:
            raise CandidateError(f"no candidate has the id {asset_id!r:.60}", candidate=asset_id, hint="add() it first")
        return document

    def _settle(self, asset_id: AssetId, asset: Any) -> None:
        if self._lookup is None:
            self._assets[asset_id] = asset
        self._tidy()

    def _tidy(self) -> None:
        if self._documents.disordered():
            self._documents = self._documents.renumbered()

    def _read(self, candidates: Iterable[Any]) -> Documents:
        """All candidates, some thousands at a time so that a stream of millions is never held."""
        arrivals, seen = Arrivals(Postings()), set[AssetId]()
        coming = iter(checked_iterable(candidates))
        while batch := list(islice(coming, _BATCH)):
            columns = read_columns(batch)
            if not seen.isdisjoint(columns.ids):
                raise _twice(next(asset_id for asset_id in columns.ids if asset_id in seen))
            seen.update(columns.ids)
            arrivals.extend(columns.batch())
            if self._lookup is None:
                self._assets.update(zip(columns.ids, columns.assets, strict=True))
        return Documents.built(arrivals)


def is_asset_id(value: object) -> TypeGuard[AssetId]:
    """Whether a value can be the id of an asset: an int (True is none) or a text."""
    return isinstance(value, int | str) and not isinstance(value, bool)


def _twice(asset_id: AssetId) -> CandidateError:
    return CandidateError(
        f"two candidates have the id {asset_id!r}", candidate=asset_id, hint="use update() to replace one"
    )
