"""Showing a question, its answer and the call made from it, on a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from callsheet.cli import output
from resolver import AssetResolutionRequest, AssetResolutionResult, Match, Notice, SlotTrace


def show_question(request: AssetResolutionRequest) -> None:
    """What is asked, in one or two lines."""
    parts = [
        ("at", [request.location_id] if request.location_id else ["any background"] if request.need_background else []),
        ("hero", [request.hero_id] if request.hero_id else ["anybody"] if request.need_hero else []),
        ("against", list(request.enemy_ids)),
        ("with", list(request.other_character_ids)),
        ("prefer", list(request.preferred_tags)),
        ("require", list(request.required_tags)),
        ("without", list(request.excluded_tags)),
    ]
    output.line(" · ".join(f"{name} {', '.join(tags)}" for name, tags in parts if tags))


def show_resolution(result: AssetResolutionResult, *, explain: bool = False) -> None:
    """The answer as a table, then gaps; notices on stderr; with `explain` how every tier stood."""
    show_question(result.request)
    output.line()
    if result.matches:
        output.table(("SLOT", "WHO / WHERE", "TIER", "ID", "PICTURE", "WHY"), [_row(match) for match in result.matches])
    else:
        output.line("no picture fits")
    show_gaps(result)
    if explain:
        output.line()
        output.line("How the tiers stood (fit = assets that fit; taken = of these, already in another slot):")
        output.table(("SLOT", "WHO / WHERE", "TIER", "FIT", "TAKEN", "RETURNED"), _trace_rows(result.trace))
    show_notices(result.notices)


def show_gaps(result: AssetResolutionResult) -> None:
    """What no exact picture answers."""
    if not result.gaps:
        return
    output.line()
    output.line("Gaps (what is missing for an exact answer):")
    for gap in result.gaps:
        wanted = " + ".join(part for part in (gap.identity, gap.wanted_role) if part)
        stands_in = f"for now tier {gap.filled_by} stands in" if gap.filled_by else "nothing stands in"
        output.line(f"  {gap.slot:10} {wanted}: {stands_in}")


def show_notices(notices: Sequence[Notice]) -> None:
    """Remarks about the question, on stderr."""
    for notice in notices:
        output.note(f"notice: {notice.message}" + (f" ({notice.hint})" if notice.hint else ""))


def why(match: Match) -> str:
    """Reasons, then warnings, as one sentence."""
    reasons = "; ".join(reason.message for reason in match.reasons)
    warnings = "".join(f"  ! {warning.message}" for warning in match.warnings)
    return reasons + warnings


def _row(match: Match) -> tuple[Any, ...]:
    return (
        match.slot,
        match.identity or "",
        output.coloured(match.tier, output.TIER_COLOURS),
        str(match.asset.id),
        match.asset.path,
        why(match),
    )


def _trace_rows(trace: Sequence[SlotTrace]) -> Iterator[tuple[str, ...]]:
    for slot in trace:
        for tier, count in slot.tiers.items():
            figures = (count.fit, count.taken_elsewhere, count.returned) if count else ("not reached", "", "")
            yield (slot.slot, slot.identity or "", tier, *map(str, figures))


def show_prefill(call: Mapping[str, Any], result: AssetResolutionResult) -> None:
    """A prefilled call for a person; its JSON is what --json prints."""
    paths = {match.asset.id: match.asset.path for match in result.matches}
    asked = "" if call["asked"] == call["operation"] else f" (asked: {call['asked']})"
    output.line(f"{call['operation']}{asked}")
    params = call["params"]
    if "fusion_assets" in params:
        entries = params["fusion_assets"]
        rows = [
            (
                str(item["layer"]),
                item["fusion_type"],
                item["tier"] or "source",
                str(item["asset_id"]),
                paths.get(item["asset_id"], ""),
            )
            for item in entries
        ]
        output.table(("LAYER", "TYPE", "TIER", "ID", "PICTURE"), rows)
    for name, value in params.items():
        if name != "fusion_assets" and value is not None:
            output.line(f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}")
    for warning in call["warnings"]:
        output.note(f"warning: {warning['message']}")
    for slot in call["unfilled"]:
        output.note(f"unfilled: {slot['slot']} {slot['identity'] or ''}".rstrip())
    show_notices(result.notices)
