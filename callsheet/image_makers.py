"""Everybody who makes pictures over HTTP beside OpenAI and Google, built for a project."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from callsheet.provider_keys import ProviderAccess
from generation.providers.bfl import BASE_URL as BFL_URL
from generation.providers.bfl import BflProvider
from generation.providers.firefly import BASE_URL as FIREFLY_URL
from generation.providers.firefly import FireflyProvider
from generation.providers.firefly_token import CLIENT_ID, IMS_URL
from generation.providers.replicate import BASE_URL as REPLICATE_URL
from generation.providers.replicate import ReplicateProvider
from generation.providers.stability import BASE_URL as STABILITY_URL
from generation.providers.stability import StabilityProvider
from generation.providers.together import BASE_URL as TOGETHER_URL
from generation.providers.together import TogetherProvider

if TYPE_CHECKING:
    from generation.catalogue.model import Model
    from generation.providers.access import Access
    from generation.providers.base import Provider

AccessTo = Callable[[str, str, tuple[str, ...], Mapping[str, str]], "Access"]
"""Provider, its usual address, variables that may hold another, headers by variable → how it is reached."""


def image_makers(models: "Sequence[Model]", access: AccessTo, reach: ProviderAccess) -> "tuple[Provider, ...]":
    """Each with its own address and key. Firefly has two of both: Adobe gives its tokens elsewhere."""
    ims = reach.of(
        "firefly_ims", IMS_URL, keys=(CLIENT_ID,), variables=("FIREFLY_IMS_BASE_URL",), headers={}
    )  # fmt: skip
    return (
        BflProvider(models, access("bfl", BFL_URL, ("BFL_BASE_URL",), {})),
        FireflyProvider(models, access("firefly", FIREFLY_URL, ("FIREFLY_BASE_URL",), {}), ims=ims),
        ReplicateProvider(models, access("replicate", REPLICATE_URL, ("REPLICATE_BASE_URL",), {})),
        StabilityProvider(models, access("stability", STABILITY_URL, ("STABILITY_BASE_URL",), {})),
        TogetherProvider(models, access("together", TOGETHER_URL, ("TOGETHER_BASE_URL",), {})),
    )
