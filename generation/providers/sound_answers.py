"""What an answer with a sound in it means, whoever gave it."""

from collections.abc import Mapping
from typing import Any

from generation.catalogue.charging import Tokens, cost_of_sound
from generation.providers.failures import nothing_whole
from generation.providers.sounds import DamagedSoundError, sound, sound_of
from generation.providers.vendor import HttpProvider, Sent
from generation.result import GenerationResult, Output


def result_of(
    provider: HttpProvider, sent: Sent, content: Mapping[str, Any], data: object, claimed: str = "", *,
    credits_: int | None = None, tokens: Tokens | None = None, **facts: Any,
) -> GenerationResult:  # fmt: skip
    """The sound of an answer, at its cost. `data`: its bytes, or base64 of them; `claimed`: what they are said to be.

    Raises `ProviderFailedError` for one that is damaged: it was paid for.
    """
    made = _read(data, claimed)
    if isinstance(made, DamagedSoundError):
        cost = cost_of_sound(sent.model, sent.request, None, credits_=credits_, tokens=tokens)
        raise nothing_whole(provider.name, sent.answer, str(made), cost.amount)
    cost = cost_of_sound(sent.model, sent.request, made.duration, credits_=credits_, tokens=tokens)
    return provider.made(sent, content, [made], cost=cost, **facts)


def _read(data: object, claimed: str) -> Output | DamagedSoundError:
    try:
        return sound_of(data, claimed) if isinstance(data, bytes) else sound(data, claimed)
    except DamagedSoundError as damage:
        return damage
