"""`If-Match`: a write names the version that it was made for."""

import re
from typing import Annotated, Any, Final

from fastapi import Header

from api.errors import HttpError
from api.models import Problem

IfMatch = Annotated[
    str | None, Header(description='The `ETag` of the asset as it was seen, e.g. `"3"`; `*` for whatever it is now.')
]

CHANGES: Final[dict[int | str, dict[str, Any]]] = {status: {"model": Problem} for status in (400, 404, 412, 422, 428)}
"""How a change of one asset may be refused, for the documentation of its route."""

_ONE: Final = re.compile(r'"(\d{1,18})"')
_TAG: Final = re.compile(r'(W/)?"[^"]*"')
_NO_VERSION: Final = -1


def expected_version(if_match: str | None) -> int | None:
    """The version asked for; None for whatever it is. Raises `HttpError`: 428 without, 400 for what is no ETag.

    A tag that is not ours (or a weak one) matches no version.
    """
    if if_match is None:
        hint = "send the asset's ETag as `If-Match`, or `If-Match: *` to overwrite whatever is there"
        raise HttpError("a change needs `If-Match`", hint=hint, code="precondition_required")
    given = if_match.strip()
    if given == "*":
        return None
    found = _ONE.fullmatch(given)
    if found is not None:
        return int(found[1])
    if _TAG.fullmatch(given):
        return _NO_VERSION
    raise HttpError(f"`If-Match: {given[:60]}` is no ETag", hint='send one, as `"3"`', code="bad_precondition")
