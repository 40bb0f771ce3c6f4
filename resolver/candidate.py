"""Reading a caller's candidate: anything with `id` and `tags`, or a mapping with those keys (contract §3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ontology.normalize import clean
from ontology.terms import Ontology
from resolver.errors import CandidateError
from resolver.roles import raw_tags

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
OLDEST = -(10**18)
"""Microseconds since 1970 of an asset without a date: before every date that `datetime` can hold."""

AssetId = int | str


@dataclass(slots=True)
class Candidate:
    """One asset as the resolver sees it. `asset` is the caller's own object, handed back untouched.

    `tags` are canonical; `rating` is 0–5 (absent = 0); `created` is microseconds since 1970, UTC (absent = OLDEST).
    """

    asset: Any
    id: AssetId
    tags: frozenset[str]
    media_type: str
    rating: float
    created: int

    @property
    def id_order(self) -> tuple[int, int, str]:
        """Sorts numbers before texts, texts by code point."""
        return (0, self.id, "") if isinstance(self.id, int) else (1, 0, self.id)


class TagReader(dict[str, str]):
    """Raw tag → canonical tag, each distinct spelling worked out once.

    Aliases and replaced ids are followed on reading, so an asset tagged before they were declared still counts.
    """

    def __init__(self, ontology: Ontology | None) -> None:
        super().__init__()
        self._renamed: Mapping[str, str] = ontology.renamed if ontology is not None else {}

    def __missing__(self, raw: str) -> str:
        cleaned = clean(raw)
        tag = self._renamed.get(cleaned, cleaned)
        self[raw] = tag
        return tag


def field(asset: Any, name: str) -> Any:
    """A field of a candidate, object or mapping; None where it has none."""
    if isinstance(asset, Mapping):
        return asset.get(name)
    return getattr(asset, name, None)


def read_candidate(asset: Any, reader: TagReader) -> Candidate:
    """The candidate behind a caller's object. Raises CandidateError naming the candidate and the field."""
    asset_id = read_id(asset)
    try:
        tags = frozenset(map(reader.__getitem__, raw_tags(asset)))
    except (AttributeError, TypeError) as error:
        raise CandidateError(
            f"candidate {asset_id!r} has a tag that is not text", candidate=asset, hint="tags are texts, e.g. 'role:bg'"
        ) from error
    return Candidate(
        asset,
        asset_id,
        tags,
        field(asset, "media_type") or "image",
        read_rating(field(asset, "rating"), asset_id),
        read_created(field(asset, "created_at"), asset_id),
    )


def read_candidates(assets: Iterable[Any], ontology: Ontology | None) -> list[Candidate]:
    """Every candidate, in the order given. Two with one id are an error, for no order of them could be told apart."""
    if isinstance(assets, Mapping | str) or not isinstance(assets, Iterable):
        raise CandidateError(
            f"candidates are a {type(assets).__name__}, not a list of assets",
            candidate=assets,
            hint="give a list of objects or mappings with `id` and `tags`",
        )
    reader = TagReader(ontology)
    found = [read_candidate(asset, reader) for asset in assets]
    seen: set[AssetId] = set()
    for candidate in found:
        if candidate.id in seen:
            raise CandidateError(
                f"two candidates have the id {candidate.id!r}", candidate=candidate.id, hint="give each asset once"
            )
        seen.add(candidate.id)
    return found


def read_id(asset: Any) -> AssetId:
    """The id of a candidate: an int or a text. Raises CandidateError."""
    asset_id = field(asset, "id")
    if isinstance(asset_id, int) and not isinstance(asset_id, bool):
        return asset_id
    if isinstance(asset_id, str) and asset_id:
        return asset_id
    raise CandidateError(
        f"a candidate has no usable id: {asset_id!r} in {asset!r:.120}",
        candidate=asset,
        hint="an id is an int or a text that is not empty",
    )


def read_rating(rating: Any, asset_id: AssetId) -> float:
    """A rating, 0–5; absent is 0. Raises CandidateError."""
    if rating is None:
        return 0
    if isinstance(rating, int | float) and not isinstance(rating, bool) and 0 <= rating <= 5:  # noqa: PLR2004  # contract §3
        return rating
    raise CandidateError(
        f"candidate {asset_id!r} has the rating {rating!r:.60}",
        candidate=asset_id,
        hint="a rating is a number from 0 to 5",
    )


def read_created(created: Any, asset_id: AssetId) -> int:
    """A date as microseconds since 1970, UTC; a naive one is UTC; absent is OLDEST. Raises CandidateError."""
    if created is None:
        return OLDEST
    try:
        # RFC 3339 allows a small t and z, which Python does not read.
        moment = created if isinstance(created, datetime) else datetime.fromisoformat(created.upper())
    except (AttributeError, TypeError, ValueError) as error:
        raise CandidateError(
            f"candidate {asset_id!r} has the date {created!r:.60}",
            candidate=asset_id,
            hint="created_at is a datetime or RFC 3339 text, e.g. 2026-11-21T09:00:00Z",
        ) from error
    if moment.utcoffset() is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // MICROSECOND
