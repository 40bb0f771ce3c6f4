"""Tags of pictures that look all but the same: copies, crops of little, variations of one seed."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from gallery.likeness.dhash import BITS
from gallery.likeness.similar import Near, near_each
from gallery.store.chunks import chunked
from gallery.store.tables import asset
from gallery.suggestions.subject import Subject
from gallery.suggestions.values import Evidence, SourceName
from ontology.terms import Ontology

NAME: SourceName = "similar"

RADIUS = 6
"""Bits of 64 that may differ. Copies are 3 apart at most; from 8 on likeness is often chance."""

MOST = 16
"""Neighbours of a picture that are asked for their tags, the nearest first."""

WEIGHT = 0.95
"""Two pictures with one hash may still show different things."""

_FADES_AT = 16
"""So many bits away a neighbour would count nothing."""


class _Neighbour(NamedTuple):
    id: str
    tags: frozenset[str]
    bits: int

    @property
    def weight(self) -> float:
        """1 for the same hash, less for each bit."""
        return 1 - self.bits / _FADES_AT


class NearPictures:
    """The source. Near pictures of many assets are looked up together."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology

    def evidence(self, connection: Connection, subjects: Sequence[Subject]) -> Iterator[tuple[int, Evidence]]:
        """What the nearest tagged pictures carry."""
        near = near_each(connection, {subject.dhash for subject in subjects if subject.dhash is not None}, RADIUS)
        chosen = {
            subject.key: _nearest(near[subject.dhash], subject.key) for subject in subjects if subject.dhash is not None
        }
        tagged = self._tagged(connection, sorted({key for found in chosen.values() for key, _ in found}))
        for key, found in chosen.items():
            neighbours = [_Neighbour(*tagged[other], bits) for other, bits in found if other in tagged]
            yield from ((key, item) for item in _of(neighbours))

    def _tagged(self, connection: Connection, keys: Sequence[int]) -> dict[int, tuple[str, frozenset[str]]]:
        """Id and canonical tags of those that have any."""
        found: dict[int, tuple[str, frozenset[str]]] = {}
        for piece in chunked(keys):
            rows = connection.execute(select(asset.c.key, asset.c.id, asset.c.tags).where(asset.c.key.in_(piece)))
            found.update(
                (key, (name, frozenset(map(self._ontology.canonical, tags)))) for key, name, tags in rows if tags
            )
        return found


def _nearest(near: Collection[Near], own: int) -> list[Near]:
    return sorted((item for item in near if item[0] != own), key=lambda item: (item[1], item[0]))[:MOST]


def _of(neighbours: Sequence[_Neighbour]) -> Iterator[Evidence]:
    """For each of their tags: the share of those that carry it, the nearer the more, times the nearest's nearness."""
    everything = sum(neighbour.weight for neighbour in neighbours)
    for tag in sorted({tag for neighbour in neighbours for tag in neighbour.tags}):
        carrying = [neighbour for neighbour in neighbours if tag in neighbour.tags]
        nearest = carrying[0]
        share = sum(neighbour.weight for neighbour in carrying) / everything
        yield Evidence(tag, NAME, WEIGHT * share * nearest.weight, _reason(len(carrying), len(neighbours), nearest))


def _reason(carrying: int, of: int, nearest: _Neighbour) -> str:
    near = "looks the same" if nearest.bits == 0 else f"differs in {nearest.bits} of {BITS} bits of likeness"
    return f"{nearest.id}, which {near}, carries it" + (f" ({carrying} of {of} such pictures)" if of > 1 else "")
