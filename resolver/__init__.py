"""What fits: a request and candidates in; tiers, ranks, reasons and gaps out. Prefill of operations, action blocks.

This room is pure: no file, clock, random source, environment or log. It knows `ontology` and nothing else of the house.
"""

from resolver.about_asset import request_about
from resolver.action_block import request_from_action_block
from resolver.arranging import FUSION_TYPES, Part, arranged
from resolver.compatible import compatible_action_blocks
from resolver.covering import coverage
from resolver.covering_cells import gap_of_cell
from resolver.covering_views import coverage_views
from resolver.errors import (
    ActionBlockError,
    CandidateError,
    LookupFailedError,
    OperationError,
    RequestError,
    SceneError,
    SnapshotError,
)
from resolver.explain import explain_asset
from resolver.findings import Finding, Notice
from resolver.index import CandidateIndex
from resolver.pinning import Pin, pinned
from resolver.prefill import OPERATIONS, prefill_operation
from resolver.prompt import request_from_prompt
from resolver.request import AssetResolutionRequest
from resolver.resolve import resolve_assets_for_action
from resolver.result import AssetResolutionResult, Gap, Match, SlotTrace
from resolver.roles import get_asset_cameras, get_asset_characters, get_asset_locations, get_asset_roles
from resolver.scene_plan import MissingReference, Plan, ShotRow, plan_scenes
from resolver.scenes import Scene, Shot, requests_of, scene_from_mapping, scenes_from_mapping
from resolver.selection import TierCount
from resolver.suggestions import suggest_operations

__all__ = [
    "FUSION_TYPES",
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
    "MissingReference",
    "Notice",
    "OperationError",
    "Part",
    "Pin",
    "Plan",
    "RequestError",
    "Scene",
    "SceneError",
    "Shot",
    "ShotRow",
    "SlotTrace",
    "SnapshotError",
    "TierCount",
    "arranged",
    "compatible_action_blocks",
    "coverage",
    "coverage_views",
    "explain_asset",
    "gap_of_cell",
    "get_asset_cameras",
    "get_asset_characters",
    "get_asset_locations",
    "get_asset_roles",
    "pinned",
    "plan_scenes",
    "prefill_operation",
    "request_about",
    "request_from_action_block",
    "request_from_prompt",
    "requests_of",
    "resolve_assets_for_action",
    "scene_from_mapping",
    "scenes_from_mapping",
    "suggest_operations",
]
