"""`resolve_assets_for_action`: the front door of the resolver."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ontology.terms import Ontology
from resolver.errors import RequestError
from resolver.index import CandidateIndex
from resolver.index_source import IndexSource
from resolver.notices import notices_for
from resolver.plain import PlainSource
from resolver.reasons import Reasons, warnings_for
from resolver.request import AssetResolutionRequest
from resolver.result import AssetResolutionResult, Gap, Match, SlotTrace
from resolver.selection import Choice, select
from resolver.slots import IDENTITY_TIERS, Slot, existing_tiers, plan_slots
from resolver.source import CandidateSource, Found, Handle


def resolve_assets_for_action(
    request: AssetResolutionRequest | Mapping[str, Any],
    candidates: Iterable[Any] | CandidateIndex,
    *,
    ontology: Ontology | None = None,
) -> AssetResolutionResult:
    """Find background, hero, enemy and other references for an action, with reasons, gaps and a trace.

    `candidates` is any iterable of objects or mappings with `id` and `tags` (their order never matters) or a
    `CandidateIndex`; both give the same answer. With an `ontology`, aliases and replaced ids are followed on both
    sides, wider locations can stand in, and unknown ids become notices. Empty slots are gaps, never errors.

    Raises RequestError and CandidateError.
    """
    asked = canonical_request(request, ontology)
    source: CandidateSource = (
        IndexSource(asked, candidates, ontology)
        if isinstance(candidates, CandidateIndex)
        else PlainSource(asked, candidates, ontology)
    )
    choices = select(asked, plan_slots(asked, ontology), source)
    return AssetResolutionResult(
        request=asked,
        matches=_matches(asked, choices, source),
        gaps=tuple(gap for choice in choices if (gap := _gap(choice)) is not None),
        trace=tuple(_trace(choice) for choice in choices),
        notices=notices_for(asked, ontology),
    )


def canonical_request(
    request: AssetResolutionRequest | Mapping[str, Any], ontology: Ontology | None
) -> AssetResolutionRequest:
    """A request, given as one or as JSON-like data, with aliases and replaced ids followed. Raises RequestError."""
    if isinstance(request, Mapping):
        request = AssetResolutionRequest.from_json(request)
    if not isinstance(request, AssetResolutionRequest):
        raise RequestError(
            f"a request is an AssetResolutionRequest or a mapping, not a {type(request).__name__}",
            hint="docs/resolver.md lists every field of a request",
        )
    return request.canonical(ontology)


def _matches(request: AssetResolutionRequest, choices: Sequence[Choice], source: CandidateSource) -> tuple[Match, ...]:
    uses: Counter[Handle] = Counter()
    for choice in choices:
        uses.update(handle for tier, handle in choice.chosen if tier in IDENTITY_TIERS)
    found = source.found({handle for choice in choices for _, handle in choice.chosen})
    reasons = Reasons(request.preferred_tags)
    return tuple(
        _match(choice.slot, tier, found[handle], reasons, shared=tier in IDENTITY_TIERS and uses[handle] > 1)
        for choice in choices
        for tier, handle in choice.chosen
    )


def _match(slot: Slot, tier: str, found: Found, reasons: Reasons, *, shared: bool) -> Match:
    return Match(
        slot.name,
        slot.identity,
        tier,
        found.asset,
        reasons.of(slot, tier, found.tags),
        warnings_for(slot, tier, found.tags, shared=shared),
    )


def _gap(choice: Choice) -> Gap | None:
    """Where no exact picture answers. A slot without an id is a gap only when it is empty."""
    slot = choice.slot
    filled_by = choice.chosen[0][0] if choice.chosen else None
    if filled_by == "exact" or (slot.identity is None and filled_by is not None):
        return None
    return Gap(slot.name, slot.identity, slot.wanted_role, filled_by)


def _trace(choice: Choice) -> SlotTrace:
    slot = choice.slot
    tiers = {tier: choice.counts.get(tier) for tier in existing_tiers(slot.name, has_id=slot.identity is not None)}
    return SlotTrace(slot.name, slot.identity, tiers)
