"""Everybody who makes sounds and nothing else, built for a project."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from generation.providers.elevenlabs import BASE_URL as ELEVENLABS_URL
from generation.providers.elevenlabs import ElevenLabsProvider
from generation.providers.espeak import EspeakProvider, found_program
from generation.providers.google_speech import BASE_URL as GOOGLE_URL
from generation.providers.google_speech import GoogleSpeechProvider
from generation.providers.hibari import HibariProvider
from generation.providers.procedural import ProceduralMusic, ProceduralSfx

if TYPE_CHECKING:
    from generation.catalogue.model import Model
    from generation.providers.access import Access
    from generation.providers.base import Provider

AccessTo = Callable[[str, str, tuple[str, ...], Mapping[str, str]], "Access"]
"""Provider, its usual address, variables that may hold another, headers by variable → how it is reached."""


def sound_makers(models: "Sequence[Model]", access: AccessTo) -> "tuple[Provider, ...]":
    """Those of this machine; then those that are asked over HTTP."""
    return (
        ProceduralSfx(),
        ProceduralMusic(),
        EspeakProvider(found_program()),
        HibariProvider(),
        ElevenLabsProvider(models, access("elevenlabs", ELEVENLABS_URL, ("ELEVENLABS_BASE_URL",), {})),
        GoogleSpeechProvider(models, access("google", GOOGLE_URL, ("GOOGLE_TTS_BASE_URL",), {})),
    )
