"""Why an asset was chosen and what to beware of, as findings with stable codes (listed in `docs/resolver.md`)."""

from typing import Final

from resolver.findings import Finding
from resolver.roles import characters_among, locations_among
from resolver.slots import IDENTITY_TIERS, Slot

_UNPEOPLED: Final = Finding("unpeopled", "shows nobody, so it can serve as a background")
_SHARED: Final = (Finding("shared", "is the answer to more than one slot of this request"),)


class Reasons:
    """What speaks for the assets of one answer. The same is said of many, and is one finding."""

    def __init__(self, preferred: tuple[str, ...]) -> None:
        self._preferred = preferred
        self._made: dict[str | tuple[str, ...], Finding] = {}

    def of(self, slot: Slot, tier: str, tags: frozenset[str]) -> tuple[Finding, ...]:
        """What speaks for an asset with these canonical tags in a slot, in the order in which the rules ask."""
        found: list[Finding] = []
        made, who = self._made, slot.identity
        if tier in IDENTITY_TIERS and who is not None:
            found.append(made.get(who) or made.setdefault(who, Finding("identity", f"shows {who}", (who,))))
        elif tier == "broader":
            shown = next(shown for ids in slot.wider if (shown := tuple(filter(tags.__contains__, ids))))
            found.append(Finding("broader", f"shows {', '.join(shown)}, which contains {slot.identity}", shown))
        role = next(filter(tags.__contains__, slot.role_order), None)
        if role is not None:
            found.append(made.get(role) or made.setdefault(role, Finding("role", f"is made as {role}", (role,))))
        elif tier == "identity" and slot.is_background:
            found.append(_UNPEOPLED)
        liked = tuple(filter(tags.__contains__, self._preferred))
        if liked:
            words = f"has the preferred {', '.join(liked)}"
            found.append(made.get(liked) or made.setdefault(liked, Finding("preferred", words, liked)))
        return tuple(found)


def warnings_for(slot: Slot, tier: str, tags: frozenset[str], *, shared: bool) -> tuple[Finding, ...]:
    """What a person should know before paying: the asset serves twice, or shows somebody or somewhere else."""
    if tier != "role":
        return _SHARED if shared else ()
    strangers = tuple(sorted((locations_among if slot.is_background else characters_among)(tags)))
    if not strangers:
        return ()
    wanted = f", not {slot.identity}" if slot.identity else ""
    return (Finding("different_identity", f"shows {', '.join(strangers)}{wanted}", strangers),)
