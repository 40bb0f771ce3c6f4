"""Showing a question, its answer and the call made from it, on a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from callsheet.cli import output
from resolver import AssetResolutionRequest, AssetResolutionResult, Match, Notice, SlotTrace

MOST_NOTICES = 20
"""So many notices are shown; a thousand would push the answer off the screen."""


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
    for notice in notices[:MOST_NOTICES]:
        output.note(f"notice: {notice.message}" + (f" ({notice.hint})" if notice.hint else ""))
    if len(notices) > MOST_NOTICES:
        output.note(f"and {len(notices) - MOST_NOTICES} more notices; --json lists them all")


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


def show_explanation(asset: str, slots: Sequence[Mapping[str, Any]]) -> None:
    """Why one asset is not the answer, slot by slot, and what would make it so."""
    for slot in slots:
        who = f" {slot['identity']}" if slot["identity"] else ""
        stands = f"in tier {slot['tier']}" if slot["tier"] else "in no tier"
        if slot["rule"] is None:
            output.line(f"{slot['slot']}{who}: it is the first")
            continue
        verdict = "returned, but not first" if slot["chosen"] else "not returned"
        output.line(f"{slot['slot']}{who}: {verdict}; it stands {stands}")
        before = f" (before it: {slot['lost_to']})" if slot["lost_to"] else ""
        output.line(f"  why: {slot['message']}{before}")
        if slot["change"] is None:
            output.line("  no change of its tags would make it first")
        else:
            changes = [f"--add {tag}" for tag in slot["change"]["add"]]
            changes += [f"--remove {tag}" for tag in slot["change"]["remove"]]
            output.line(f"  to make it first: callsheet tag {asset} {' '.join(changes)}")


def show_coverage_tables(found: Mapping[str, Any], *, gaps_only: bool = False) -> None:
    """Characters by role, places by backgrounds, then what is missing."""
    if not gaps_only:
        roles = list(dict.fromkeys(role for counts in found["characters"].values() for role in counts))
        rows = [
            (who, *(_number(counts.get(role)) for role in roles), _views(found, who))
            for who, counts in found["characters"].items()
        ]
        output.table(("WHO", *roles, "cameras"), rows)
        output.line()
        places = [(place, _number(counts["bg"]), _views(found, place)) for place, counts in found["locations"].items()]
        output.table(("WHERE", "bg", "cameras"), places)
        output.line()
    if not found["gaps"]:
        output.line("No gaps: every character and every place has an exact picture.")
        return
    output.line("Gaps (an exact answer needs):")
    for gap in found["gaps"]:
        output.line(f"  {gap['slot']:10} {gap['identity']} + {gap['wanted_role']}")


def _number(count: int | None) -> str:
    return "" if count is None else str(count or "-")


def _views(found: Mapping[str, Any], identity: str) -> str:
    views = found["cameras"].get(identity, {})
    return " ".join(f"{tag.removeprefix('camera:')}×{number}" for tag, number in views.items())
