"""Candidates with canonical tags, for looking at assets one by one; answers are given from columns and indexes."""

from collections.abc import Iterable, Mapping
from typing import Any

from ontology.normalize import clean
from ontology.terms import Ontology
from resolver.candidate import Candidate, read_fields


class TagReader(dict[str, str]):
    """Raw tag → canonical tag, each distinct spelling worked out once.

    Aliases and replaced ids are followed on reading, so an asset tagged before they were declared still counts.
    """

    def __init__(self, ontology: Ontology | None) -> None:
        super().__init__()
        self._renamed: Mapping[str, str] = ontology.renamed if ontology is not None else {}

    def __missing__(self, raw: str) -> str:
        cleaned = clean(raw)
        tag = self[raw] = self._renamed.get(cleaned, cleaned)
        return tag


def read_candidate(asset: Any, reader: TagReader) -> Candidate:
    """The candidate behind a caller's object. Raises CandidateError naming the candidate and the field."""
    fields = read_fields(asset)
    tags = frozenset(map(reader.__getitem__, fields.tags))
    return Candidate(asset, fields.id, tags, fields.media_type, fields.rating, fields.created)


def read_candidates(assets: Iterable[Any], ontology: Ontology | None) -> list[Candidate]:
    """Every candidate, in the order given. Raises CandidateError; whether ids are unique is not looked at."""
    reader = TagReader(ontology)
    return [read_candidate(asset, reader) for asset in assets]
