"""How large an answer may be: as large as what was asked for can be, and no larger."""

from contextlib import suppress

import pytest
from fake_wire import Reply
from vendor_cases import OPENAI, context

from generation.errors import AmbiguousOutcomeError
from generation.providers import answer_sizes
from generation.providers.answer_sizes import LARGEST, USUAL, largest_answer
from generation.request import GenerationRequest

MINUTES = 60.0


def request(operation="text_to_image", **fields):
    return GenerationRequest(**{"operation": operation, "model": "m", "prompt": "a coin"} | fields)


@pytest.mark.parametrize(
    ("asked", "least"),
    [
        ({}, USUAL),
        ({"n": 10, "size": (3840, 2160)}, 10 * 3840 * 2160 * 4 * 4 // 3),
        ({"n": 10}, 10 * 1536 * 1024 * 4 * 4 // 3),
        ({"operation": "music", "duration": 10 * MINUTES}, 48_000 * 4 * 600),
        ({"operation": "music"}, 48_000 * 4 * 600),
        ({"operation": "text_to_speech", "prompt": "word " * 2000}, 44_100 * 2 * 16 * 60),
        ({"operation": "sound_effect", "duration": 30.0, "n": 4}, USUAL),
    ],
    ids=str,
)
def test_there_is_room_for_all_that_was_asked_for(asked, least):
    assert least <= largest_answer(request(**asked)) <= LARGEST


@pytest.mark.parametrize(
    "asked", [{"n": 10**6, "size": (10**5, 10**5)}, {"operation": "music", "duration": 1e300},
              {"operation": "text_to_speech", "prompt": "x" * 10**6}], ids=["pictures", "seconds", "words"]
)  # fmt: skip
def test_there_is_a_limit_to_it(asked):
    assert largest_answer(request(**asked)) == LARGEST


@pytest.mark.parametrize(("n", "taken"), [(1, False), (8, True)])
def test_many_large_pictures_are_not_lost_for_being_many(monkeypatch, n, taken):
    """They were paid for: an answer that is as large as what was asked for is read to its end."""
    monkeypatch.setattr(answer_sizes, "USUAL", 1024 * 1024)

    def large(handler, seen):
        reply = handler.vendor.answer(seen)
        with suppress(OSError):
            handler.send(Reply(200, reply.data + b" " * 6_000_000, reply.headers))

    with OPENAI.fake() as fake:
        provider = OPENAI.provider(fake)
        fake.script.append(large)
        asked = OPENAI.request(n=n, size=(1024, 1024))
        if taken:
            assert len(provider.submit(asked, context()).result.outputs) == n
            return
        with pytest.raises(AmbiguousOutcomeError, match="more than 5 MB"):
            provider.submit(asked, context())
