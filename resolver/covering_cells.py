"""A cell of the coverage table as the gap that it would be: whom a missing picture would show, and for what."""

from ontology.terms import Ontology
from resolver.covering import wanted_of
from resolver.roles import BACKGROUND_ROLE, HERO_ROLE, MONSTER_ROLE, NPC_ROLE, POV_ROLE, ROLE

_SLOT_OF = {
    BACKGROUND_ROLE: "background",
    HERO_ROLE: "hero",
    POV_ROLE: "hero",
    MONSTER_ROLE: "enemy",
    NPC_ROLE: "other",
}


def gap_of_cell(identity: str, mark: str, ontology: Ontology) -> dict[str, str]:
    """`{slot, identity, wanted_role}`, and `camera` where `mark` is one and not a role.

    A missing view is wanted in the role that the character or place is most likely asked for.
    """
    slot, role = wanted_of(identity, ontology)
    if mark.startswith(ROLE):
        return {"slot": _SLOT_OF.get(mark, slot), "identity": identity, "wanted_role": mark}
    return {"slot": slot, "identity": identity, "wanted_role": role, "camera": mark}
