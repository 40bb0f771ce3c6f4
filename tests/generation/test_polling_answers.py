"""What an answer to "how is it doing?" means, for every provider that is asked so."""

import time

import pytest
from fake_wire import Reply
from generation_builders import CountingProvider, coin, open_generation
from vendor_cases import POLLED, context, those_of

from generation.errors import TransientError
from generation.providers.base import Done, Pending


@pytest.mark.parametrize("word", ["Reasoning", "post_processing", "", None, 7])
@those_of(POLLED)
def test_a_state_that_nobody_knows_is_no_end(vendor, fake, provider, word):
    """It goes on over there, and will be charged: asking again is free, and giving up would say it cost nothing."""
    request = vendor.request()
    name = provider.submit(request, context()).remote_id
    fake.health = Reply(200, {"status": word})
    found = provider.poll(name, request, context())
    assert (type(found), found.poll_after >= 1.0) == (Pending, True)
    fake.health = None
    while isinstance(found, Pending):
        found = provider.poll(name, request, context())
    assert isinstance(found, Done)


class Asked(CountingProvider):
    """Notes when it is asked how a call is doing."""

    def poll(self, *asked):
        self.moments = [*getattr(self, "moments", ()), time.monotonic()]
        return super().poll(*asked)


def test_who_asks_too_often_waits_as_long_as_the_provider_says(tmp_path):
    provider = Asked(tmp_path / "charges", script=["pending", TransientError("slow down", retry_after=1.6)])
    with open_generation(tmp_path / "project", provider) as generation:
        (job,) = generation.generate([coin()]).jobs
    assert job.state == "done"
    refused, then = provider.moments[:2]
    assert then - refused >= 1.6
