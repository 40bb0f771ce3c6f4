"""An answer of the resolver in words: slots, candidates, gaps, notices, and why a picture is not the first."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.content import Content

from gallery import AssetView
from resolver import AssetResolutionResult, Match
from tui.literal import joined, literal
from tui.slots import Slot
from tui.widgets.chips import chip, chips


def match_text(match: Match, *, pinned: bool) -> Content:
    """A candidate: what it is, why it stands there, what to mind."""
    return joined(_match_lines(match, pinned=pinned))


def _match_lines(match: Match, *, pinned: bool) -> Iterator[Content]:
    asset = match.asset
    yield literal(str(getattr(asset, "path", asset.id)), "bold")
    yield Content.assemble((match.tier, "bold $text-accent"), "  pinned" if pinned else "")
    for reason in match.reasons:
        yield literal(f"  {reason.message}")
    for warning in match.warnings:
        yield literal(f"  ! {warning.message}", "$text-warning")
    yield chips(asset.tags)


def gap_text(slot: Slot) -> Content:
    """A slot that nothing answers, or nothing exact."""
    gap = slot.gap
    if gap is None:
        return literal(f"{slot.title}: nothing fits")
    filled = f"; {gap.filled_by} stands in" if gap.filled_by else ""
    who = f" of {gap.identity}" if gap.identity else ""
    return literal(f"no picture{who} with {gap.wanted_role}{filled}: G drafts a spec", "$text-warning")


def notices_text(result: AssetResolutionResult) -> Content:
    """What is to be said about the question."""
    lines = []
    for notice in result.notices:
        hint = f" → {notice.hint}" if notice.hint else ""
        lines.append(literal(f"{notice.message}{hint}", "$text-warning"))
    return joined(lines)


Explained = Sequence[Mapping[str, Any]]


def why_lines(explained: Explained, views: Mapping[str, AssetView]) -> list[tuple[Content, Content]]:
    """For each slot of the question: a line, and below it the rule, the winner and the smallest change."""
    return [(_why_head(one), joined(_why_told(one, views))) for one in explained]


def _why_head(one: Mapping[str, Any]) -> Content:
    who = f" {one['identity']}" if one["identity"] else ""
    stands = "is the first" if one["rule"] is None else "is among them" if one["chosen"] else "is not among them"
    return literal(f"{one['slot']}{who}: {stands}{', ' + one['tier'] if one['tier'] else ''}")


def _why_told(one: Mapping[str, Any], views: Mapping[str, AssetView]) -> Iterator[Content]:
    yield literal(str(one["message"]))
    if one["lost_to"] is not None:
        view = views.get(one["lost_to"])
        yield literal(f"the first: {view.path if view else one['lost_to']}")
    change = one["change"]
    if one["rule"] is not None and change is None:
        yield literal("no change of its tags would make it the first", "$foreground-muted")
    elif one["rule"] is not None:
        signs = [Content.assemble("+", chip(tag)) for tag in change["add"]]
        signs += [Content.assemble("-", chip(tag)) for tag in change["remove"]]
        yield Content.assemble("the smallest change that makes it the first: ", joined(signs, "  "))
        yield literal("Enter applies it", "$text-accent")
