"""What fits: a request and candidates in; tiers, ranks, reasons and gaps out. Prefill of operations, action blocks.

This room is pure: no file, clock, random source, environment or log. It knows `ontology` and nothing else of the house.
"""

from resolver.action_block import request_from_action_block
from resolver.errors import (
    ActionBlockError,
    CandidateError,
    LookupFailedError,
    OperationError,
    RequestError,
    SnapshotError,
)
from resolver.findings import Finding, Notice
from resolver.index import CandidateIndex
from resolver.prefill import OPERATIONS, prefill_operation
from resolver.request import AssetResolutionRequest
from resolver.resolve import resolve_assets_for_action
from resolver.result import AssetResolutionResult, Gap, Match, SlotTrace
from resolver.roles import get_asset_cameras, get_asset_characters, get_asset_locations, get_asset_roles
from resolver.selection import TierCount

__all__ = [
    "OPERATIONS",
    "ActionBlockError",
    "AssetResolutionRequest",
    "AssetResolutionResult",
    "CandidateError",
    "CandidateIndex",
    "Finding",
    "Gap",
    "LookupFailedError",
    "Match",
    "Notice",
    "OperationError",
    "RequestError",
    "SlotTrace",
    "SnapshotError",
    "TierCount",
    "get_asset_cameras",
    "get_asset_characters",
    "get_asset_locations",
    "get_asset_roles",
    "prefill_operation",
    "request_from_action_block",
    "resolve_assets_for_action",
]
