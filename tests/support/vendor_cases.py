"""Both vendors as the contract suite sees them."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import fake_gemini
import fake_openai
from fake_gemini import FakeGemini
from fake_openai import FakeOpenAI
from fake_wire import KEY, painted

from generation.catalogue.loading import shipped_catalogue
from generation.providers.access import Access, Secret
from generation.providers.base import CallContext
from generation.providers.gemini import GeminiProvider
from generation.providers.openai import OpenAIProvider
from generation.request import GenerationRequest, InputAsset

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MODELS = tuple(shipped_catalogue().models.values())


@dataclass(frozen=True)
class Vendor:
    """A fake, the adapter that talks to it, and what differs between vendors."""

    name: str
    fake: type
    adapter: type
    model: str
    rate_limit: Callable[..., Any]
    no_quota: Callable[..., Any]
    rejected: Callable[..., Any]
    set_picture: Callable[[Any, str], None]

    def provider(self, fake, *, key=KEY, base_url=None, **options):
        access = Access(base_url or fake.base_url, None if key is None else Secret(key), f"{self.name.upper()}_KEY")
        return self.adapter(MODELS, access, trust_env=False, **options)

    def request(self, **fields):
        given = {"operation": "text_to_image", "model": self.model, "prompt": "a coin"} | fields
        return GenerationRequest(**given)


def _set_openai(body, text):
    body["data"][0]["b64_json"] = text


def _set_gemini(body, text):
    body["candidates"][0]["content"]["parts"][2]["inlineData"]["data"] = text


OPENAI = Vendor(
    "openai",
    FakeOpenAI,
    OpenAIProvider,
    "gpt-image-2.5-flare",
    lambda headers: fake_openai.error(429, "Slow down", code="rate_limit_exceeded", headers=headers),
    lambda: fake_openai.error(429, "No money", code="insufficient_quota", kind="insufficient_quota"),
    lambda: fake_openai.error(400, "Blocked", code="moderation_blocked", kind="image_generation_user_error"),
    _set_openai,
)
GEMINI = Vendor(
    "gemini",
    FakeGemini,
    GeminiProvider,
    "gemini-nano-banana-2.1",
    lambda headers: fake_gemini.error(429, "Slow down", "RESOURCE_EXHAUSTED", headers=headers),
    lambda: fake_gemini.error(
        429, "No more today", "RESOURCE_EXHAUSTED", fake_gemini.quota("RequestsPerDayPerProject")
    ),
    lambda: fake_gemini.Reply(200, {"promptFeedback": {"blockReason": "SAFETY"}}),
    _set_gemini,
)
VENDORS = [OPENAI, GEMINI]


def context(seconds: float = 20.0, **fields) -> CallContext:
    given = {
        "client_request_id": "ours-1",
        "deadline": NOON + timedelta(seconds=seconds),
        "now": lambda: NOON,
        "cancelled": lambda: False,
    }
    return CallContext(**given | fields)


def input_picture(role="reference", *, label="", layer=0, size=(32, 32), media_type="image/png"):
    kind = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}.get(media_type, "PNG")
    return InputAsset(painted(*size, kind, layer), media_type, role, label, layer)


def shortened(text: str) -> str:
    """Base64 that ends in the middle of a byte."""
    return text[: len(text) // 2 // 4 * 4 + 1]


def cut_picture(text: str) -> str:
    """Whole base64 of half a picture."""
    data = b64decode(text)
    return b64encode(data[: len(data) // 2]).decode()


def wire_coin(vendor: Vendor, *others: str):
    """A spec of one picture by this vendor, then by others."""
    from generation_builders import coin

    return coin(providers=(f"{vendor.name}:{vendor.model}", *others), parameters={"size": "1024x1024"})
