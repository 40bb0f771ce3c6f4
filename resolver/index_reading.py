"""Reading single assets out of an index: what it knows of them, without asking anybody for the assets themselves."""

from datetime import datetime, timedelta
from typing import Any

from resolver.candidate import EPOCH, MEDIA_TYPES, OLDEST, Candidate
from resolver.documents import Documents
from resolver.facts import Facts
from resolver.ranks import document_at


def candidate_at(documents: Documents, facts: Facts, document: int) -> Candidate:
    """The candidate that a document stands for; its asset is a mapping with what the resolver reads of one."""
    position = document_at(document)
    created = documents.ranks.created[position]
    media_type = next(media for media in MEDIA_TYPES if document in documents.media[media])
    asset: dict[str, Any] = {
        "id": documents.ids[position],
        "tags": [documents.postings.names[number] for number in documents.runs[position]],
        "media_type": media_type,
        "rating": documents.ranks.rating(document),
        "created_at": _moment(created),
    }
    return Candidate(asset, asset["id"], documents.tags(document, facts), media_type, asset["rating"], created)


def _moment(microseconds: int) -> datetime | None:
    return None if microseconds == OLDEST else EPOCH + timedelta(microseconds=microseconds)
