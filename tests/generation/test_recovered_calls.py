"""A call whose answer was lost, looked for in the provider's history: what is another's is never taken for it."""

import pytest
from generation_builders import CountingProvider, coin, open_generation
from sound_cases import SPEECH
from vendor_cases import REPLICATE, wire_coin

from generation.engine.resolving import ask_provider
from generation.errors import AmbiguousOutcomeError, ProviderError


def unheard(handler, seen):
    """The connection is gone before anything was accepted."""
    handler.drop()


def only(outcome):
    (job,) = outcome.jobs
    return job


def spoken():
    return coin(
        providers=(f"{SPEECH.name}:{SPEECH.model}",), asset_type="audio", operation="text_to_speech", parameters={},
        prompt="The gate is open.",
    )  # fmt: skip


@pytest.fixture(params=[(REPLICATE, lambda: wire_coin(REPLICATE)), (SPEECH, spoken)], ids=["replicate", "elevenlabs"])
def case(request):
    return request.param


def test_what_was_brought_by_another_call_for_the_same_is_not_brought_twice(case, tmp_path):
    """Both ask for the very same, one after the other; the second was never accepted."""
    vendor, spec = case
    with vendor.fake() as fake, open_generation(tmp_path / "project", vendor.provider(fake)) as generation:
        assert only(generation.generate([spec()])).state == "done"
        for item in getattr(fake, "history", ()):
            item["request_id"] = "req-1"  # as the header of the answer said
        fake.script.append(unheard)
        second = only(generation.generate([spec()], force=True))
        assert (second.state, second.assets, fake.charges) == ("unknown", (), 1)
        assert len({item.remote_id or item.request_id for item in second.attempts}) == 1


class Slipping(CountingProvider):
    """Its answer is lost, and looking for the call goes wrong by a fault of ours."""

    def recover(self, request, context):
        return {}["history"]


def test_a_fault_while_a_call_is_looked_for_leaves_it_unknown(tmp_path):
    provider = Slipping(tmp_path / "charges", script=[AmbiguousOutcomeError("lost")])
    with open_generation(tmp_path / "project", provider) as generation:
        job = only(generation.generate([coin()]))
        assert job.state == "unknown"
        with pytest.raises(ProviderError, match="KeyError"):
            ask_provider(generation.context, job.id)


def test_what_was_accepted_and_not_heard_is_found_though_another_asked_for_the_same(case, tmp_path):
    vendor, spec = case
    with vendor.fake() as fake, open_generation(tmp_path / "project", vendor.provider(fake)) as generation:
        fake.script.append(lambda handler, seen: (handler.vendor.answer(seen), handler.drop()))
        assert only(generation.generate([spec()])).state == "done"
        assert fake.charges == 1
