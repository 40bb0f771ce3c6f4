"""Reading a caller's candidate: anything with `id` and `tags`, or a mapping with those keys (contract §3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from resolver.errors import CandidateError
from resolver.roles import raw_tags

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
OLDEST = -(10**18)
"""Microseconds since 1970 of an asset without a date: before every date that `datetime` can hold."""

AssetId = int | str

MEDIA_TYPES = ("image", "video", "audio")


def id_order(asset_id: AssetId) -> tuple[int, int, str]:
    """Sorts numbers before texts, texts by code point."""
    return (0, asset_id, "") if isinstance(asset_id, int) else (1, 0, asset_id)


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


def field_of(asset: Any, name: str) -> Any:
    """A field of a candidate, object or mapping; None where it has none."""
    if isinstance(asset, Mapping):
        return asset.get(name)
    return getattr(asset, name, None)


class Fields(NamedTuple):
    """What the resolver reads of an asset, checked: `tags` as they are spelled, the rest as in `Candidate`."""

    id: AssetId
    tags: tuple[str, ...]
    media_type: str
    rating: float
    created: int


def read_fields(asset: Any) -> Fields:
    """The fields of a caller's object. Raises CandidateError naming the candidate and the field."""
    asset_id = read_id(asset)
    if isinstance(asset, Mapping):
        media_type, rating, created = map(asset.get, ("media_type", "rating", "created_at"))
    else:
        media_type, rating, created = (getattr(asset, name, None) for name in ("media_type", "rating", "created_at"))
    return Fields(
        asset_id,
        read_tags(asset, asset_id),
        read_media_type(media_type, asset_id),
        read_rating(rating, asset_id),
        read_created(created, asset_id),
    )


def read_tags(asset: Any, asset_id: AssetId) -> tuple[str, ...]:
    """The tags as they are spelled, in order; absent is none. Raises CandidateError."""
    tags = tuple(raw_tags(asset))
    if set(map(type, tags)) <= {str} or all(isinstance(tag, str) for tag in tags):
        return tags
    raise CandidateError(
        f"candidate {asset_id!r} has a tag that is not text", candidate=asset, hint="tags are texts, e.g. 'role:bg'"
    )


def read_id(asset: Any) -> AssetId:
    """The id of a candidate: an int or a text. Raises CandidateError."""
    asset_id = field_of(asset, "id")
    if isinstance(asset_id, int) and not isinstance(asset_id, bool):
        return asset_id
    if isinstance(asset_id, str) and asset_id:
        return asset_id
    raise CandidateError(
        f"a candidate has no usable id: {asset_id!r} in {asset!r:.120}",
        candidate=asset,
        hint="an id is an int or a text that is not empty",
    )


def read_media_type(media_type: Any, asset_id: AssetId) -> str:
    """One of MEDIA_TYPES; absent or empty is an image. Raises CandidateError."""
    if not media_type:
        return "image"
    if isinstance(media_type, str) and media_type in MEDIA_TYPES:
        return media_type
    raise CandidateError(
        f"candidate {asset_id!r} has the media type {media_type!r:.60}",
        candidate=asset_id,
        hint=f"a media type is one of {', '.join(MEDIA_TYPES)}",
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
