"""The table of errors of a vendor, row by row: `(reply, kind of error, its code, seconds it asks to wait)`."""

import json

import pytest
from vendor_cases import made

from generation.errors import AmbiguousOutcomeError, ProviderError


def _named(item):
    return json.dumps(body)[:60] if (body := getattr(item, "body", None)) else None


def every_row_of(rows):
    """Run the test for each row."""
    return pytest.mark.parametrize(("reply", "kind", "code", "wait"), rows, ids=_named)


def assert_told_as(provider, fake, request, row):
    """The reply becomes this error, with what was charged; nothing is sent again."""
    reply, kind, code, wait = row
    fake.script.append(reply)
    with pytest.raises(ProviderError) as caught:
        made(provider, request)
    found = caught.value
    assert (type(found), found.code, found.retry_after, found.status) == (kind, code, wait, reply.status)
    assert (found.provider, found.request_id) == (provider.name, "req-1")
    assert found.charged == ("unknown" if kind is AmbiguousOutcomeError else "no")
    assert len(fake.submissions) == 1
