"""The vendors as the contract suite sees them: what is the same for all, and what differs."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import fake_bfl
import fake_firefly
import fake_gemini
import fake_openai
import fake_replicate
import fake_stability
import fake_together
import pytest
from fake_bfl import FakeBfl
from fake_firefly import FakeFirefly
from fake_gemini import FakeGemini
from fake_openai import FakeOpenAI
from fake_replicate import FakeReplicate
from fake_stability import FakeStability
from fake_together import FakeTogether
from fake_wire import KEY, painted

from generation.catalogue.loading import load_catalogue, shipped_catalogue
from generation.providers.access import Access, Secret
from generation.providers.base import CallContext, Pending
from generation.providers.bfl import BflProvider
from generation.providers.firefly import FireflyProvider
from generation.providers.firefly_token import CLIENT_ID
from generation.providers.gemini import GeminiProvider
from generation.providers.openai import OpenAIProvider
from generation.providers.polling import PollingProvider
from generation.providers.replicate import ReplicateProvider
from generation.providers.stability import StabilityProvider
from generation.providers.together import TogetherProvider
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
    set_picture: Callable[[Any, Callable[[str], Any]], None] | None = None
    """Edits the base64 in an answer; None where the answer holds no base64."""
    media_type: str = "image/png"
    key_headers: frozenset[str] = frozenset({"authorization"})
    fusion_model: str | None = None
    """One that takes several pictures; None: it has none."""
    edit_model: str | None = None
    """One that takes a picture."""
    prompt_of: Callable[[Any], str] = lambda seen: seen.body.decode("utf-8", "replace")
    """The words of a request as it came."""
    models: tuple[Any, ...] = MODELS
    lists_nothing: bool = False
    """Whether its free call is one that it cannot do without."""
    price: Decimal = Decimal(0)
    """What the fake takes for one coin, by the catalogue."""
    remembers: bool = False
    """Whether it has a list of calls that can be asked."""
    smuggled: Mapping[str, Any] = field(default_factory=dict)
    """Extras that would change what is bought."""
    no_quota_status: int = 429
    rejected_stage: str = "input"
    usage: str | None = None
    """Where the answer tells what was counted."""
    health_calls: int = 1
    costed_by: str = "generation.providers.vendor:cost_of"
    """What works out what an answer did cost."""
    damage: Callable[[Any, Callable[[bytes], bytes]], None] | None = None
    """Has the next picture damaged on its way, where it comes as bytes."""

    def __str__(self) -> str:
        return self.name

    @property
    def polled(self) -> bool:
        return issubclass(self.adapter, PollingProvider)

    def provider(self, fake, *, key=KEY, base_url=None, **options):
        access = Access(base_url or fake.base_url, None if key is None else Secret(key), f"{self.name.upper()}_KEY")
        if self.adapter is FireflyProvider:
            ims = base_url if fake is None else fake.base_url
            options = {"ims": Access(ims, Secret(fake_firefly.CLIENT), CLIENT_ID)} | options
        return self.adapter(self.models, access, trust_env=False, **options)

    def spec(self, *others):
        """A spec of one picture by this vendor, then by others."""
        from generation_builders import coin

        return coin(providers=(f"{self.name}:{self.model}", *others), parameters={"size": "1024x1024"})

    def request(self, **fields):
        given = {"operation": "text_to_image", "model": self.model, "prompt": "a coin"} | fields
        return GenerationRequest(**given)


def made(provider, request, **lent):
    """The result, after as many polls as it takes, without waiting between them."""
    found = provider.submit(request, context(**lent))
    while isinstance(found, Pending):
        found = provider.poll(found.remote_id, request, context(**lent))
    return found.result


def changed_picture(vendor, body, edit):
    """The answer with its picture edited."""
    vendor.set_picture(body, edit)


def _set_openai(body, edit):
    body["data"][0]["b64_json"] = edit(body["data"][0]["b64_json"])


def _set_gemini(body, edit):
    inline = body["candidates"][0]["content"]["parts"][2]["inlineData"]
    inline["data"] = edit(inline["data"])


def _damage(fake, damage):
    fake.damage = damage


def _moderated(handler, seen):
    handler.vendor.endings.append({"status": "Request Moderated"})
    handler.send(handler.vendor.answer(seen))


def _damage_delivery(fake, damage):
    fake.delivery.damage = damage


OPENAI = Vendor(
    "openai",
    FakeOpenAI,
    OpenAIProvider,
    "gpt-image-2.5-flare",
    lambda headers: fake_openai.error(429, "Slow down", code="rate_limit_exceeded", headers=headers),
    lambda: fake_openai.error(429, "No money", code="insufficient_quota", kind="insufficient_quota"),
    lambda: fake_openai.error(400, "Blocked", code="moderation_blocked", kind="image_generation_user_error"),
    _set_openai,
    fusion_model="gpt-image-2.5-sunburst",
    edit_model="gpt-image-2.5-sunburst",
    smuggled={"n": 10, "model": "dear", "stream": True, "partial_images": 3},
    usage="usage",
    price=Decimal("0.030050"),
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
    media_type="image/jpeg",
    key_headers=frozenset({"x-goog-api-key"}),
    fusion_model="gemini-nano-banana-2.1",
    edit_model="gemini-nano-banana-2.1",
    smuggled={"candidateCount": 9, "tools": [{}], "imageConfig": {"imageSize": "4K"}},
    usage="usageMetadata",
    price=Decimal("0.035115"),
)
REPLICATE = Vendor(
    "replicate",
    FakeReplicate,
    ReplicateProvider,
    "black-forest-labs/flux-schnell",
    lambda headers: fake_replicate.error(429, "Too many", "Request was throttled.", headers=headers),
    lambda: fake_replicate.error(402, "Insufficient credit", "You have insufficient credit to run this model."),
    lambda: fake_replicate.ended("failed", "NSFW content detected in all images."),
    media_type="image/webp",
    fusion_model="black-forest-labs/flux-2-pro",
    edit_model="black-forest-labs/flux-kontext-pro",
    smuggled={"num_outputs": 4, "megapixels": "4"},
    no_quota_status=402,
    rejected_stage="output",
    damage=_damage_delivery,
    price=Decimal("0.003"),
    remembers=True,
)
TOGETHER = Vendor(
    "together",
    FakeTogether,
    TogetherProvider,
    fake_together.SCHNELL,
    lambda headers: fake_together.error(429, "Slow down", kind="rate_limit", headers=headers),
    lambda: fake_together.error(402, "Credit limit exceeded", kind="credit_limit"),
    lambda: fake_together.error(422, "NSFW content detected"),
    _set_openai,
    media_type="image/jpeg",
    fusion_model="black-forest-labs/FLUX.2-pro",
    edit_model="black-forest-labs/FLUX.1-kontext-pro",
    smuggled={"n": 4, "steps": 50, "width": 2048, "response_format": "url", "model": "dear"},
    no_quota_status=402,
    price=Decimal("0.002832"),
)
STABILITY = Vendor(
    "stability",
    FakeStability,
    StabilityProvider,
    "sd3.5-large",
    lambda headers: fake_stability.error(429, "rate_limit_exceeded", "Slow down", headers=headers),
    lambda: fake_stability.error(402, "payment_required", "You lack sufficient credits"),
    lambda: fake_stability.error(403, "content_moderation", "Your request was flagged"),
    edit_model="sd3.5-large",
    smuggled={"model": "stable-image-ultra", "mode": "image-to-image", "strength": 1},
    no_quota_status=402,
    damage=_damage,
    price=Decimal("0.065"),
)
FIREFLY = Vendor(
    "firefly",
    FakeFirefly,
    FireflyProvider,
    "image4_standard",
    lambda headers: fake_firefly.error(429, "too_many_requests", "Slow down", headers=headers),
    lambda: fake_firefly.error(402, "payment_required", "No credits"),
    lambda: fake_firefly.error(422, "prompt_unsafe", "The prompt is unsafe"),
    media_type="image/jpeg",
    key_headers=frozenset(),
    fusion_model=None,
    edit_model="image4_standard",
    smuggled={"numVariations": 4, "size": {"width": 2048, "height": 2048}, "seeds": [1, 2]},
    no_quota_status=402,
    damage=_damage_delivery,
    lists_nothing=True,
    models=tuple(load_catalogue(settings={"firefly:image4_standard": fake_firefly.OUR_PRICE}).models.values()),
    price=Decimal("0.05"),
)
BFL = Vendor(
    "bfl",
    FakeBfl,
    BflProvider,
    "flux-2-pro",
    lambda headers: fake_bfl.error(429, "Too many active tasks", headers=headers),
    lambda: fake_bfl.error(402, "Insufficient credits"),
    lambda: _moderated,
    media_type="image/jpeg",
    key_headers=frozenset({"x-key"}),
    fusion_model="flux-2-pro",
    edit_model="flux-2-pro",
    smuggled={"width": 2048, "height": 2048, "input_image_2": "eA==", "webhook_url": "https://evil.example"},
    no_quota_status=402,
    damage=_damage_delivery,
    price=Decimal("0.03"),
)
VENDORS = [OPENAI, GEMINI, REPLICATE, TOGETHER, STABILITY, FIREFLY, BFL]
DIRECT = [vendor for vendor in VENDORS if not vendor.polled]
POLLED = [vendor for vendor in VENDORS if vendor.polled]


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
    """A spec of one thing by this vendor, then by others."""
    return vendor.spec(*others)


def those_of(vendors, holds=lambda vendor: True):
    """A test of those vendors alone of which this holds: what a vendor has not is not asked of it."""
    return pytest.mark.parametrize("vendor", [vendor for vendor in vendors if holds(vendor)], ids=str)
