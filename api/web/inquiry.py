"""What `/resolve` asks, as its address says it: every choice is in there, so Back works and an address can be sent."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from ontology.errors import InvalidInputError
from resolver import Part

PATH: Final = "/resolve"
SEPARATOR: Final = "~"
"""Between the parts of one value; no id and no tag has it."""

IDS: Final = {"location": "location_id", "hero": "hero_id"}
LISTS: Final = {
    "enemy": "enemy_ids",
    "other": "other_character_ids",
    "prefer": "preferred_tags",
    "require": "required_tags",
    "exclude": "excluded_tags",
    "media": "media_types",
    "not": "excluded_asset_ids",
}
SOURCES: Final = ("block", "scene", "prompt")
NEEDS: Final = {"background": "need_background", "hero": "need_hero", "enemies": "need_enemies"}
_ONCE: Final = (*IDS, *SOURCES, "max", "weakest", "fill", "strangers", "op", "source", "text", "inputs", "why")
_SEVERAL: Final = (*LISTS, "need", "pin", "part")
_COMMAND: Final = ("location", "hero", "enemy", "other", "prefer", "require", "exclude", "media", "weakest")
_UNSAYABLE: Final = {
    "pin": "pinned pictures",
    "not": "excluded pictures",
    "need": "slots without an id",
    "part": "the order, types and layers",
}


@dataclass(frozen=True)
class Inquiry:
    """The parameters of the page, by name; those that it does not know are dropped."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Inquiry":
        """Of the parameters of an address, in any order; what is empty says nothing."""
        found: dict[str, list[str]] = {}
        for name, value in pairs:
            if (name in _ONCE or name in _SEVERAL) and value.strip() and value not in found.setdefault(name, []):
                found[name].append(value)
        return cls({name: tuple(each[:1] if name in _ONCE else each) for name, each in found.items() if each})

    def one(self, name: str) -> str:
        """The value, or an empty text."""
        return next(iter(self.several(name)), "")

    def several(self, name: str) -> tuple[str, ...]:
        """All values of a name."""
        return self.values.get(name, ())

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for yet."""
        asking = (*IDS, "enemy", "other", *SOURCES, "need", "source")
        return not any(self.several(name) for name in asking)

    @property
    def href(self) -> str:
        """The address that says the same."""
        pairs = [(name, value) for name in (*_ONCE, *_SEVERAL) for value in self.several(name)]
        return f"{PATH}?{urlencode(pairs)}" if pairs else PATH

    def having(self, name: str, *values: str) -> "Inquiry":
        """With these values in place of the present ones; without any the name is gone."""
        return Inquiry.of((*((key, one) for key, each in self.values.items() if key != name for one in each),
                           *((name, one) for one in values)))  # fmt: skip

    def adding(self, name: str, value: str) -> "Inquiry":
        """With one value more."""
        return self.having(name, *self.several(name), value)

    def without(self, name: str, value: str) -> "Inquiry":
        """With one value less."""
        return self.having(name, *(each for each in self.several(name) if each != value))

    def pinning(self, slot: str, identity: str | None, asset_id: str | None) -> "Inquiry":
        """With this picture pinned to the slot in place of another; None: with none."""
        place = SEPARATOR.join((slot, identity or "", ""))
        kept = [pin for pin in self.several("pin") if not pin.startswith(place)]
        return self.having("pin", *kept, *(() if asset_id is None else (place + asset_id,)))

    def excluding(self, asset_id: str) -> "Inquiry":
        """Without an asset, wherever it was pinned or arranged."""
        kept = [pin for pin in self.several("pin") if not pin.endswith(SEPARATOR + asset_id)]
        return self.having("pin", *kept).adding("not", asset_id)

    def pins(self) -> list[tuple[str, str | None, str]]:
        """`(slot, identity, asset id)` of each pin. Raises `InvalidInputError` for what is none."""
        return [(slot, identity or None, asset_id) for slot, identity, asset_id in map(_three, self.several("pin"))]

    def parts(self) -> list[Part]:
        """How the pictures of a fusion are arranged. Raises `InvalidInputError`."""
        found = []
        for asset_id, fusion_type, layer in map(_three, self.several("part")):
            if not (layer.isascii() and layer.isdigit() and len(layer) < 10):  # noqa: PLR2004  # far beyond any layer
                raise InvalidInputError(f"`{layer[:40]}` is no layer", hint="a whole number from 0")
            found.append(Part(asset_id, fusion_type, int(layer)))
        return found

    def number(self, name: str) -> int | None:
        """A whole number. Raises `InvalidInputError` for what is none."""
        given = self.one(name)
        if not given:
            return None
        if not (given.isascii() and given.isdigit() and len(given) < 10):  # noqa: PLR2004  # far beyond any limit
            raise InvalidInputError(f"`{name}` is {given[:40]!r}, not a whole number", hint="e.g. 5")
        return int(given)

    def fields(self) -> dict[str, Any]:
        """The fields of a request that are given. Raises `InvalidInputError`."""
        found: dict[str, Any] = {field: self.one(name) for name, field in IDS.items() if self.one(name)}
        found |= {field: self.several(name) for name, field in LISTS.items() if self.several(name)}
        found |= {NEEDS[name]: True for name in self.several("need") if name in NEEDS}
        most = self.number("max")
        if most is not None:
            found["max_results"] = most
        if self.one("weakest"):
            found["weakest_tier"] = self.one("weakest")
        if self.one("fill"):
            found["fill"] = True
        if self.one("strangers") == "no":
            found["different_identity"] = "never"
        return found

    def command(self) -> tuple[str, list[str]]:
        """The command that prefills the same, and what it cannot say."""
        words = ["callsheet", "prefill", self.one("op") or "fusion"]
        for name in (*_COMMAND, "block", "scene", "source"):
            for value in self.several(name):
                words += [f"--{name}", value]
        words += [f"--{name}" for name, is_on in self._switches() if is_on]
        for name, option in (("max", "--max"), ("inputs", "--max-inputs")):
            words += [option, self.one(name)] if self.one(name) else []
        words += ["--prompt", self.one("text") or self.one("prompt")] if self.one("text") or self.one("prompt") else []
        lacks = [what for name, what in _UNSAYABLE.items() if self.several(name)]
        if self.one("text") and self.one("prompt") and self.one("text") != self.one("prompt"):
            lacks.append("a prompt of its own beside the one that asks")
        return shlex.join(words), lacks

    def _switches(self) -> tuple[tuple[str, bool], ...]:
        return ("fill", bool(self.one("fill"))), ("no-strangers", self.one("strangers") == "no")


def _three(value: str) -> tuple[str, str, str]:
    pieces = value.split(SEPARATOR)
    if len(pieces) != 3:  # noqa: PLR2004  # what the function is named after
        raise InvalidInputError(f"`{value[:60]}` cannot be read", hint="take it out of the address")
    return pieces[0], pieces[1], pieces[2]


def prefill_link(asset_id: str, suggestion: Mapping[str, Any]) -> str:
    """The page with a suggested operation filled in: its slots asked for, its pictures pinned, its prompt written."""
    prefill = suggestion["prefill"]
    pairs = [("op", prefill["asked"]), ("source", asset_id), ("text", prefill["params"].get("prompt") or "")]
    pins: dict[tuple[str, str], str] = {}
    for entry in (*prefill["slots"], *prefill["unfilled"]):
        slot, identity = entry["slot"], entry["identity"]
        if slot is None:
            continue
        if identity is None:
            pairs.append(("need", "enemies" if slot == "enemy" else slot))
        else:
            pairs.append(("location" if slot == "background" else slot, identity))
        if entry["asset_id"] is not None:
            pins.setdefault((slot, identity or ""), entry["asset_id"])
    pairs += [("pin", SEPARATOR.join((*place, found))) for place, found in pins.items()]
    return Inquiry.of(pairs).href
