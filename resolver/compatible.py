"""Which action blocks a picture fits: the resolver asked with that one picture alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ontology.terms import Ontology
from resolver.action_block import request_from_action_block
from resolver.block_view import BlockView
from resolver.canonical_reading import TagReader, read_candidate
from resolver.errors import ActionBlockError
from resolver.findings import Finding
from resolver.request import TIERS
from resolver.resolve import resolve_assets_for_action
from resolver.result import Match

Blocks = Mapping[str, Mapping[str, Any]] | Iterable[Mapping[str, Any]]


def compatible_action_blocks(asset: Any, blocks: Blocks, *, ontology: Ontology | None = None) -> list[dict[str, Any]]:
    """The blocks that a picture fits, best first: `[{block_id, fits, reasons}]`; blocks it does not fit are left out.

    `blocks`: id → block, or blocks with an `id`. `fits`: `[{slot, identity, tier}]`, the slots and characters of the
    block's request that the picture answers when it is the only candidate; a stand-in that shows somebody or somewhere
    else is no fit. Only pictures fit, for a block asks for nothing else. `reasons`: `[{code, message, tags}]`. A block
    may be listed with no fits, for its preferred tags alone or because the picture is its base image.

    Order: base image first, then more slots at `exact`, at `identity`, at `broader`, at `role`, more preferred tags,
    fewer slots left open, block id by code point. Raises ActionBlockError for a block of the wrong shape, without an id
    or with an id twice; CandidateError for a picture that cannot be read.
    """
    ranked = [found for item in named_blocks(blocks) if (found := _fit(asset, *item, ontology)) is not None]
    return [found for _, found in sorted(ranked, key=lambda entry: entry[0])]


def named_blocks(blocks: Blocks) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(id, block) of each block. Raises ActionBlockError for what is no block, has no id, or an id that is taken."""
    given: Iterable[tuple[Any, Any]] = (
        blocks.items() if isinstance(blocks, Mapping) else ((None, one) for one in blocks)
    )
    seen: set[str] = set()
    for number, (key, block) in enumerate(given, start=1):
        view = BlockView(block)
        found = view.get("id") if key is None else key
        if found is None or found == "":
            raise ActionBlockError(f"block number {number} has no id", hint="give it an `id`, or a mapping id → block")
        block_id = str(found)
        if block_id in seen:
            raise ActionBlockError(f"two blocks have the id {block_id!r:.60}", hint="give each block its own id")
        seen.add(block_id)
        yield block_id, block


def is_fit(match: Match) -> bool:
    """Whether a match really answers its slot: nobody else's picture in the place of somebody."""
    codes = {warning.code for warning in match.warnings}
    return match.identity is None or "different_identity" not in codes


def _fit(
    asset: Any, block_id: str, block: Mapping[str, Any], ontology: Ontology | None
) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
    """The sort key and the entry of one block; None where the picture does not fit it."""
    asked = request_from_action_block(block, ontology=ontology).canonical(ontology)
    candidate = read_candidate(asset, TagReader(ontology))
    result = resolve_assets_for_action(asked, [asset], ontology=ontology)
    matches = [match for match in result.matches if is_fit(match)]
    reasons = {reason: None for match in matches for reason in match.reasons}
    liked = tuple(tag for tag in asked.preferred_tags if tag in candidate.tags)
    if liked:
        reasons[Finding("preferred", f"has the preferred {', '.join(liked)}", liked)] = None
    is_base = BlockView(block).base_image_asset_id == candidate.id
    if is_base:
        reasons = {Finding("base_image", "is the picture that the block starts from"): None} | reasons
    if not reasons or candidate.media_type not in asked.media_types:
        return None
    tiers = Counter(match.tier for match in matches)
    key = (not is_base, *(-tiers[tier] for tier in TIERS), -len(liked), len(result.trace) - len(matches), block_id)
    fits = [{"slot": match.slot, "identity": match.identity, "tier": match.tier} for match in matches]
    return key, {"block_id": block_id, "fits": fits, "reasons": [reason.to_json() for reason in reasons]}
