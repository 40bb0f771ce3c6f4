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


def complete_spec(incomplete: str) -> list[Offer]:
    """Ids of the project's specs, and names of its templates."""
    from callsheet.cli.opening import workspace  # noqa: PLC0415  # see above

    try:
        with workspace() as ws:
            found = ws.specs.loaded
    except CallsheetError:
        return []
    offers: list[Offer] = [(spec.id, spec.operation) for spec in found.specs.values()]
    offers += [(name, "template") for name in found.templates]
    return [offer for offer in offers if offer[0].startswith(incomplete)]


def complete_block(incomplete: str) -> list[Offer]:
    """Ids of the project's action blocks."""
    from callsheet.cli.opening import workspace  # noqa: PLC0415  # see above

    try:
        with workspace() as ws:
            blocks = ws.blocks
    except CallsheetError:
        return []
    return [(name, str(block.get("label", ""))) for name, block in blocks.items() if name.startswith(incomplete)]


def complete_query(incomplete: str) -> list[Offer]:
    """Fields and tags of a query, what may stand behind `is:`, `has:`, `sort:`, and saved searches."""
    from gallery.query.fields import HAS, IS, NAMES, SORTS  # noqa: PLC0415  # see above

    sign = "-" if incomplete.startswith("-") else ""
    wanted = incomplete.removeprefix("-")
    if wanted.startswith("@"):
        return [(f"{sign}@{name}", text) for name, text in complete_search(wanted[1:])]
    words = [f"{name}:" for name in NAMES] + [f"is:{name}" for name in (*IS, "orphan")]
    words += [f"has:{name}" for name in HAS] + [f"sort:{minus}{name}" for name in SORTS for minus in ("", "-")]
    found = [(f"{sign}{word}", "") for word in sorted(words) if word.startswith(wanted)]
    return found + [(f"{sign}{tag}", label) for tag, label in complete_tag(wanted)]


def complete_search(incomplete: str) -> list[Offer]:
    """Names of saved searches, with their queries."""
    from callsheet.cli.opening import workspace  # noqa: PLC0415  # see above

    try:
        with workspace() as ws:
            saved = ws.gallery.searches()
    except CallsheetError:
        return []
    return [(search.name, search.query) for search in saved if search.name.startswith(incomplete)]


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
