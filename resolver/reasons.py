"""Why an asset was chosen and what to beware of, as findings with stable codes (listed in `docs/resolver.md`)."""

from collections.abc import Iterator

from resolver.findings import Finding
from resolver.roles import is_character, is_location
from resolver.slots import Slot


def reasons_for(slot: Slot, tier: str, tags: frozenset[str], preferred: tuple[str, ...]) -> tuple[Finding, ...]:
    """What speaks for an asset with these canonical tags in this slot, in the order in which the rules ask."""
    return tuple(_reasons(slot, tier, tags, preferred))


def _reasons(slot: Slot, tier: str, tags: frozenset[str], preferred: tuple[str, ...]) -> Iterator[Finding]:
    if tier in ("exact", "identity") and slot.identity is not None:
        yield Finding("identity", f"shows {slot.identity}", (slot.identity,))
    if tier == "broader":
        shown = next(shown for ids in slot.wider if (shown := tuple(tag for tag in ids if tag in tags)))
        yield Finding("broader", f"shows {', '.join(shown)}, which contains {slot.identity}", shown)
    roles = tuple(role for role in slot.role_order if role in tags)
    if roles:
        yield Finding("role", f"is made as {roles[0]}", roles[:1])
    elif tier == "identity" and slot.is_background:
        yield Finding("unpeopled", "shows nobody, so it can serve as a background")
    liked = tuple(tag for tag in preferred if tag in tags)
    if liked:
        yield Finding("preferred", f"has the preferred {', '.join(liked)}", liked)


def warnings_for(slot: Slot, tier: str, tags: frozenset[str], *, shared: bool) -> tuple[Finding, ...]:
    """What a person should know before paying: the asset serves twice, or shows somebody or somewhere else."""
    return tuple(_warnings(slot, tier, tags, shared=shared))


def _warnings(slot: Slot, tier: str, tags: frozenset[str], *, shared: bool) -> Iterator[Finding]:
    if shared:
        yield Finding("shared", "is the answer to more than one slot of this request")
    if tier == "role":
        belongs = is_location if slot.is_background else is_character
        strangers = tuple(sorted(tag for tag in tags if belongs(tag)))
        if strangers:
            wanted = f", not {slot.identity}" if slot.identity else ""
            yield Finding("different_identity", f"shows {', '.join(strangers)}{wanted}", strangers)
