"""The vendors of sounds as the contract suite sees them."""

from dataclasses import dataclass, replace
from decimal import Decimal

import fake_elevenlabs
import fake_gemini
import fake_openai
from fake_elevenlabs import FakeElevenLabs
from fake_gemini_speech import FakeGeminiSpeech
from fake_google_speech import FakeGoogleSpeech
from fake_openai_speech import FakeOpenAISpeech
from fake_replicate import FakeReplicate
from vendor_cases import REPLICATE, Vendor

from generation.providers.elevenlabs import ElevenLabsProvider
from generation.providers.gemini import GeminiProvider
from generation.providers.google_speech import GoogleSpeechProvider
from generation.providers.openai import OpenAIProvider
from generation.providers.replicate import ReplicateProvider
from generation.request import GenerationRequest


@dataclass(frozen=True)
class SoundVendor(Vendor):
    """`operation`: what it is asked for; `seconds`: of what its fake makes; `label`: its name in the suite."""

    operation: str = "text_to_speech"
    label: str = ""
    seconds: float = 1.5

    def __str__(self) -> str:
        return self.label

    costed_by: str = "generation.providers.sound_answers:cost_of_sound"

    def spec(self, *others):
        return replace(super().spec(*others), asset_type="audio", operation=self.operation, parameters={})

    def request(self, **fields):
        given = {"operation": self.operation, "model": self.model, "prompt": "The gate is open."} | fields
        return GenerationRequest(**given)


def _set_gemini(body, edit):
    inline = body["candidates"][0]["content"]["parts"][0]["inlineData"]
    inline["data"] = edit(inline["data"])


def _set_google(body, edit):
    body["audioContent"] = edit(body["audioContent"])


def _damage(fake, damage):
    fake.damage = damage


def _eleven(label, model, operation, price, seconds=1.5):
    return SoundVendor(
        "elevenlabs",
        FakeElevenLabs,
        ElevenLabsProvider,
        model,
        lambda headers: fake_elevenlabs.error(429, "system_busy", "Slow down", headers=headers),
        lambda: fake_elevenlabs.error(401, "quota_exceeded", "This request exceeds your quota"),
        lambda: fake_elevenlabs.error(400, "content_against_policy", "It may violate our Terms of Service"),
        media_type="audio/mpeg",
        key_headers=frozenset({"xi-api-key"}),
        smuggled={"model_id": "dear", "duration_seconds": 30, "music_length_ms": 600_000, "text": "x", "prompt": "x"},
        no_quota_status=401,
        damage=_damage,
        price=Decimal(price),
        operation=operation,
        label=label,
        seconds=seconds,
    )


EFFECTS = _eleven("elevenlabs effects", "eleven_text_to_sound_v2", "sound_effect", "0.012")
SPEECH = _eleven("elevenlabs speech", "eleven_v4", "text_to_speech", "0.001360")
MUSIC = _eleven("elevenlabs music", "music_v2", "music", "0.012")
OPENAI_SPEECH = SoundVendor(
    "openai",
    FakeOpenAISpeech,
    OpenAIProvider,
    "tts-1",
    lambda headers: fake_openai.error(429, "Slow down", code="rate_limit_exceeded", headers=headers),
    lambda: fake_openai.error(429, "No money", code="insufficient_quota", kind="insufficient_quota"),
    lambda: fake_openai.error(400, "Blocked", code="content_policy_violation"),
    media_type="audio/mpeg",
    smuggled={"model": "dear", "input": "x" * 4000, "stream_format": "sse"},
    damage=_damage,
    price=Decimal("0.000255"),
    label="openai speech",
)
GEMINI_SPEECH = SoundVendor(
    "gemini",
    FakeGeminiSpeech,
    GeminiProvider,
    "gemini-3.8-flash-tts",
    lambda headers: fake_gemini.error(429, "Slow down", "RESOURCE_EXHAUSTED", headers=headers),
    lambda: fake_gemini.error(
        429, "No more today", "RESOURCE_EXHAUSTED", fake_gemini.quota("RequestsPerDayPerProject")
    ),
    lambda: fake_gemini.Reply(200, {"promptFeedback": {"blockReason": "SAFETY"}}),
    _set_gemini,
    media_type="audio/wav",
    key_headers=frozenset({"x-goog-api-key"}),
    smuggled={"candidateCount": 9, "tools": [{}], "responseModalities": ["IMAGE"]},
    price=Decimal("0.000344"),
    label="gemini speech",
)
GOOGLE = SoundVendor(
    "google",
    FakeGoogleSpeech,
    GoogleSpeechProvider,
    "chirp3-hd",
    lambda headers: fake_gemini.error(429, "Slow down", "RESOURCE_EXHAUSTED", headers=headers),
    lambda: fake_gemini.error(
        429, "No more today", "RESOURCE_EXHAUSTED", fake_gemini.quota("CharactersPerDayPerProject")
    ),
    lambda: fake_gemini.error(400, "never", "INVALID_ARGUMENT"),
    _set_google,
    media_type="audio/wav",
    key_headers=frozenset({"x-goog-api-key"}),
    smuggled={"input": {"text": "x"}, "voice": {"name": "dear"}, "audioEncoding": "MP3"},
    price=Decimal("0.000510"),
    label="google",
)


def _replicate(label, model, operation, price):
    return SoundVendor(
        "replicate",
        FakeReplicate,
        ReplicateProvider,
        model,
        REPLICATE.rate_limit,
        REPLICATE.no_quota,
        REPLICATE.rejected,
        media_type="audio/wav",
        smuggled={"duration": 300, "seconds": 300},
        no_quota_status=402,
        rejected_stage="output",
        damage=REPLICATE.damage,
        price=Decimal(price),
        remembers=True,
        operation=operation,
        label=label,
        seconds=2.0,
    )


BARK = _replicate("replicate bark", "suno-ai/bark", "sound_effect", "0.000563")
MUSICGEN = _replicate("replicate musicgen", "meta/musicgen", "music", "0.003500")
SOUND_VENDORS = [EFFECTS, SPEECH, MUSIC, OPENAI_SPEECH, GEMINI_SPEECH, GOOGLE, BARK, MUSICGEN]
