"""How what a file says meets what the gallery has. Pure.

Nothing is taken away: tags and rejected tags are added, an empty field is filled. Where both say something different
the gallery keeps its own, and the contradiction is reported. With `replace` the file wins wherever it speaks. A tag
that a rule of the vocabulary keeps apart from one that is there is left out and reported.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gallery.views import ItemError
from ontology.escaping import visible
from ontology.tags import MAX_TAGS

LISTS = ("tags", "rejected")
SINGLES = ("rating", "note", "parents", "operation")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Merged:
    """The fields that get another value, with it, and what could not be settled."""

    after: dict[str, Any]
    problems: tuple[ItemError, ...]


Clash = Callable[[Sequence[str], Sequence[str]], ItemError | None]
"""Why an asset with the first tags cannot have the second."""


def merged(
    now: Mapping[str, Any],
    said: Mapping[str, Any],
    *,
    replace: bool,
    canonical: Callable[[str], str],
    clash: Clash = lambda _before, _after: None,
) -> Merged:
    """What becomes of an asset. `now` and `said`: editable fields by name; tags of `said` are canonical already."""
    after: dict[str, Any] = {}
    problems: list[ItemError] = []
    for name in LISTS:
        if name in said:
            after[name] = _list(now[name], said[name], replace=replace, canonical=canonical)
    if "tags" in after:
        fitting = _fitting(after["tags"], now["tags"], problems, clash)
        after["tags"] = _at_most(fitting, now["tags"], problems)
        gained = set(after["tags"]) - set(now["tags"]) - set(said.get("rejected", ()))
        after["rejected"] = [tag for tag in after.get("rejected", now["rejected"]) if tag not in gained]
    for name in SINGLES:
        if name in said and said[name] != now[name]:
            if replace or not _says(now[name]):
                after[name] = said[name]
            elif _says(said[name]):
                problems.append(_contradiction(name, now[name], said[name]))
    return Merged({name: value for name, value in after.items() if value != now[name]}, tuple(problems))


def _says(value: Any) -> bool:
    return value is not None and value != []


def _list(now: list[str], said: list[str], *, replace: bool, canonical: Callable[[str], str]) -> list[str]:
    present = {canonical(tag): tag for tag in now}
    if replace:
        return [present.get(tag, tag) for tag in said]
    return now + [tag for tag in said if tag not in present]


def _fitting(tags: list[str], now: list[str], problems: list[ItemError], clash: Clash) -> list[str]:
    """The tags without those that do not go together with one before them. What was there already may stay so."""
    if clash(now, tags) is None:
        return tags
    kept = [tag for tag in tags if tag in now]
    for tag in tags:
        error = None if tag in now else clash(kept, [*kept, tag])
        if error is not None:
            problems.append(error)
        elif tag not in now:
            kept.append(tag)
    return [tag for tag in tags if tag in kept]


def _at_most(tags: list[str], now: list[str], problems: list[ItemError]) -> list[str]:
    most = max(MAX_TAGS, len(now))
    if len(tags) <= most:
        return tags
    message = f"it would have {len(tags)} tags, {MAX_TAGS} are the most; the last were left out"
    problems.append(ItemError("too_many_tags", message, "take some away, then import again"))
    return tags[:most]


def _contradiction(name: str, now: Any, said: Any) -> ItemError:
    here, there = (visible(_worded(value), limit=_SHOWN) for value in (now, said))
    return ItemError("conflict", f"{name} is `{here}` here and `{there}` there", "--replace takes what the file says")


def _worded(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)
