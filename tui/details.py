"""All that is told of a picture beside the list, as literal text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual.content import Content

from gallery import AssetDetail, FamilyTree
from gallery.sounds.lengths import length_text, sampling_text
from gallery.views import Relative
from resolver import compatible_action_blocks
from tui.context import Project
from tui.literal import joined, literal, literal_lines
from tui.widgets.chips import chips

MOST_OF_A_PROMPT = 800
MOST_LINES = 6
_MADE_WITH = ("model", "seed", "steps", "sampler", "tool")


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a picture, from several services."""

    detail: AssetDetail
    operations: Sequence[Mapping[str, Any]]
    blocks: Sequence[Mapping[str, Any]]
    family: FamilyTree


def read_details(services: Project, asset_id: str) -> Told:
    """Everything about a picture. Raises CallsheetError."""
    detail = services.gallery.get(asset_id)
    is_live = detail.trashed is None and detail.missing is None
    operations = services.operations(detail.asset.id) if is_live else []
    blocks = compatible_action_blocks(detail.asset, services.block_files.blocks, ontology=services.ontology)
    return Told(detail, operations, blocks, services.gallery.family_tree(detail.asset.id, depth=2))


def details_text(told: Told, labels: Mapping[str, str]) -> Content:
    """What stands beside the list. `labels`: id of a block → what it is called."""
    return joined(_lines(told, labels))


def _lines(told: Told, labels: Mapping[str, str]) -> Iterator[Content]:
    detail = told.detail
    yield literal(detail.asset.path, "bold")
    yield chips(detail.asset.tags)
    yield literal(_facts(detail), "$foreground-muted")
    if detail.note:
        yield literal_lines(detail.note)
    if detail.generation is not None:
        yield from _made(detail.generation)
    if told.operations:
        yield _head("What to make of it", "M shows them")
        yield from (literal(f"  {one['priority']} {one['label']}") for one in told.operations[:MOST_LINES])
    if told.blocks:
        yield _head("Fits the blocks")
        for block in told.blocks[:MOST_LINES]:
            fits = ", ".join(fit["slot"] for fit in block["fits"])
            yield literal(f"  {labels.get(block['block_id'], block['block_id'])}{f' as {fits}' if fits else ''}")
    made = f"Made from, by {detail.operation}" if detail.operation else "Made from"
    yield from _family(made, told.family.ancestors)
    yield from _family("Led to", told.family.descendants)


def _facts(detail: AssetDetail) -> str:
    asset = detail.asset
    return " · ".join(
        [
            asset.id,
            *([f"{asset.width}×{asset.height}"] if asset.width else []),
            *([length_text(asset.duration)] if asset.duration is not None else []),
            *([sampling_text(detail.sample_rate, detail.channels)] if detail.sample_rate else []),
            *([asset.media_type] if asset.media_type != "image" else []),
            *([f"★{asset.rating}"] if asset.rating is not None else []),
            f"{asset.created_at:%Y-%m-%d}",
            *(["in the trash"] if detail.trashed else []),
            *(["edited since it was tagged"] if asset.edited_at else []),
        ]
    )


def _made(generation: Mapping[str, Any]) -> Iterator[Content]:
    prompt = generation.get("prompt")
    if prompt:
        yield _head("Prompt", "Y copies it")
        cut = f"{prompt[:MOST_OF_A_PROMPT]}…" if len(prompt) > MOST_OF_A_PROMPT else str(prompt)
        yield literal_lines(cut)
    facts = [f"{name} {generation[name]}" for name in _MADE_WITH if generation.get(name) not in (None, "")]
    if facts:
        yield literal(" · ".join(facts), "$foreground-muted")


def _family(title: str, root: Relative) -> Iterator[Content]:
    if root.relatives:
        yield _head(title)
        for relative in root.relatives[:MOST_LINES]:
            yield literal(f"  {relative.path or relative.id}{'' if relative.state == 'live' else ' – not here'}")


def _head(title: str, hint: str = "") -> Content:
    return Content.assemble("\n", literal(title, "bold"), (f"  {hint}", "$foreground-muted") if hint else "")
