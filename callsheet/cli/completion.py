"""What the shell offers while a command is typed: ids of the ontology and of assets. Faults stay silent."""

from collections.abc import Iterator

from ontology.errors import CallsheetError
from ontology.terms import Ontology, Term

Offer = tuple[str, str]
"""A value and its help."""

MOST_ASSETS = 50


def complete_tag(incomplete: str) -> list[Offer]:
    """Any id that is listed and not deprecated."""
    return _terms(incomplete, "")


def complete_character(incomplete: str) -> list[Offer]:
    """Characters, `player` included."""
    return _terms(incomplete, "npc:") + _terms(incomplete, "player")


def complete_location(incomplete: str) -> list[Offer]:
    """Locations."""
    return _terms(incomplete, "loc:")


def complete_asset(incomplete: str) -> list[Offer]:
    """Ids of live assets, with their paths."""
    from callsheet.cli.opening import workspace  # noqa: PLC0415  # completion must start fast

    try:
        with workspace() as ws:
            page = ws.gallery.search("", limit=500)
    except CallsheetError:
        return []
    return [(asset.id, asset.path) for asset in page.assets if asset.id.startswith(incomplete)][:MOST_ASSETS]


def complete_collection(incomplete: str) -> list[Offer]:
    """Names of collections."""
    from callsheet.cli.opening import workspace  # noqa: PLC0415  # see above

    try:
        with workspace() as ws:
            found = ws.gallery.collections()
    except CallsheetError:
        return []
    return [(item.name, item.label) for item in found if item.name.startswith(incomplete)]


def complete_block(incomplete: str) -> list[Offer]:
    """Ids of the project's action blocks."""
    from callsheet.cli.opening import workspace  # noqa: PLC0415  # see above

    try:
        with workspace() as ws:
            blocks = ws.blocks
    except CallsheetError:
        return []
    return [(name, str(block.get("label", ""))) for name, block in blocks.items() if name.startswith(incomplete)]


def complete_scene(incomplete: str) -> list[Offer]:
    """Ids of the project's scenes."""
    from callsheet.cli.opening import workspace  # noqa: PLC0415  # see above

    try:
        with workspace() as ws:
            scenes = ws.scenes
    except CallsheetError:
        return []
    return [(name, scene.label or "") for name, scene in scenes.items() if name.startswith(incomplete)]


def _terms(incomplete: str, prefix: str) -> list[Offer]:
    return list(_matching(_vocabulary(), incomplete, prefix))


def _matching(ontology: Ontology | None, incomplete: str, prefix: str) -> Iterator[Offer]:
    terms: list[Term] = list(ontology.terms.values()) if ontology is not None else []
    for term in terms:
        if term.id.startswith((prefix,)) and term.id.startswith(incomplete) and not term.deprecated:
            yield term.id, term.label


def _vocabulary() -> Ontology | None:
    from callsheet.cli.opening import workspace  # noqa: PLC0415  # see above
    from ontology.loader import builtin_ontology  # noqa: PLC0415  # see above

    try:
        with workspace() as ws:
            return ws.ontology
    except CallsheetError:
        return builtin_ontology()
