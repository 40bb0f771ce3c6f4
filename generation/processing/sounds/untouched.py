"""Sounds as they came: what nothing was done to, and what could not be read."""

from gallery.intake.originals import suffix_and_type
from gallery.sounds.kinds import sound_kind
from generation.processing.model import CheckResult, Processed, ProcessedFile
from ontology.escaping import visible


def as_it_came(data: bytes, seconds: float | None = None) -> ProcessedFile:
    """The very bytes, with what their first ones say that they are; bytes at large where they say nothing."""
    kind = sound_kind(data[:64])
    suffix, media_type = (kind.suffix, kind.media_type) if kind is not None else _other(data)
    return ProcessedFile(data, media_type, None, None, suffix, duration=seconds)


def _other(data: bytes) -> tuple[str, str]:
    return suffix_and_type(data[:64]) or ("bin", "application/octet-stream")


def unread(data: bytes, number: int, why: str) -> Processed:
    """What is to be said of the `number`th sound, which nothing was done to."""
    check = CheckResult("readable", passed=False, detail=visible(why, limit=300))
    return Processed((as_it_came(data),), (check,), {"checks": 0.0}, (number,))
