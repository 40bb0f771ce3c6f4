"""Assets on their way into an index, column by column, before they are put in order."""

from array import array
from dataclasses import dataclass, field
from itertools import chain

from ontology.normalize import clean
from resolver.candidate import MEDIA_TYPES, read_tags
from resolver.columns import Batch
from resolver.packed_ids import PackedIds
from resolver.postings import Postings
from resolver.tag_runs import TagRuns

_MEDIA_NUMBERS: dict[str | None, int] = {None: 0, "": 0, **{media: number for number, media in enumerate(MEDIA_TYPES)}}


class _Numbers(dict[str, int]):
    """Spelling → number of the tag, each worked out once."""

    def __init__(self, postings: Postings) -> None:
        super().__init__()
        self._postings = postings

    def __missing__(self, spelled: str) -> int:
        if not isinstance(spelled, str):
            raise TypeError
        number = self[spelled] = self._postings.number(clean(spelled))
        return number


class _Halves(dict[float | None, int]):
    """Rating → whole half stars."""

    def __missing__(self, rating: float | None) -> int:
        half = self[rating] = int((rating or 0) * 2)
        return half


@dataclass(slots=True)
class Arrivals:
    """`runs` are tag numbers of `postings`, `halves` whole half stars, `media` numbers of MEDIA_TYPES.

    `created` is microseconds since 1970, UTC. Ratings between two half stars stand in `odd_ratings`, by place.
    """

    postings: Postings
    ids: PackedIds = field(default_factory=PackedIds)
    created: "array[int]" = field(default_factory=lambda: array("q"))
    halves: bytearray = field(default_factory=bytearray)
    odd_ratings: dict[int, float] = field(default_factory=dict)
    media: bytearray = field(default_factory=bytearray)
    runs: TagRuns = field(default_factory=TagRuns)
    _numbers: _Numbers = field(init=False)
    _half_of: _Halves = field(default_factory=_Halves, init=False)

    def __post_init__(self) -> None:
        self._numbers = _Numbers(self.postings)

    def extend(self, batch: Batch) -> None:
        """Take in assets whose ids are nobody else's. Raises CandidateError for a tag that is not text."""
        start = len(self.created)
        self.ids.extend(batch.ids)
        self.created.extend(array("q", batch.created))
        self.halves += bytes(map(self._half_of.__getitem__, batch.ratings))
        if any((rating or 0) * 2 % 1 for rating in set(batch.ratings)):
            self.odd_ratings.update(
                (place, rating) for place, rating in enumerate(batch.ratings, start) if rating and rating * 2 % 1
            )
        self.media += bytes(map(_MEDIA_NUMBERS.__getitem__, batch.media_types))
        try:
            numbers = list(map(self._numbers.__getitem__, chain.from_iterable(batch.tags)))
        except TypeError:
            for asset_id, tags in zip(batch.ids, batch.tags, strict=True):
                read_tags({"id": asset_id, "tags": tags}, asset_id)
            raise
        self.runs.extend(list(map(len, batch.tags)), numbers)
