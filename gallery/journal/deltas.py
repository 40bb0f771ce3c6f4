"""Taking back one change of one asset, whatever has happened to the asset since. Pure: no database here.

A change is `before` and `after` of the fields it touched. What it did itself is undone; what a later batch has touched
stays as that batch left it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Delta = tuple[Mapping[str, Any], Mapping[str, Any]]
"""The fields of one change before and after."""

LISTS = frozenset({"tags", "rejected", "parents"})
"""Fields that are taken back element by element."""

SINGLES = ("rating", "note", "operation", "edited_at", "trashed_at", "missing_since")
"""Fields that are taken back as a whole, if nobody has touched them since."""

ADDED = "added"
"""The field by which a change says that it took the asset in: taking it back is a move to the trash."""


def reverted(
    change_before: Mapping[str, Any],
    change_after: Mapping[str, Any],
    now: Mapping[str, Any],
    later: Sequence[Delta],
    *,
    moment: str,
) -> dict[str, Any]:
    """The fields that get a new value, with it. Empty when nothing is left of the change, or it cannot be undone.

    `now`: the asset's present editable fields. `later`: before and after of the standing later changes of this asset.
    `moment`: RFC 3339, for what goes to the trash.
    """
    if change_after.get(ADDED):
        return {"trashed_at": moment} if now["trashed_at"] is None else {}
    new: dict[str, Any] = {}
    for name in LISTS & change_after.keys():
        items = _without(change_before[name], change_after[name], now[name], _elements_touched(name, later))
        if items != now[name]:
            new[name] = items
    for name in SINGLES:
        is_own = name in change_after and now[name] == change_after[name] and not _is_touched(name, later)
        if is_own and not is_of_the_file(name, change_after):
            new[name] = change_before[name]
    return new


def _is_touched(name: str, later: Iterable[Delta]) -> bool:
    return any(name in after for _, after in later)


def is_of_the_file(name: str, after: Mapping[str, Any]) -> bool:
    """Whether a field says what was found on disk: that stays, whatever is undone."""
    return (name == "missing_since" and "paths" in after) or (name == "edited_at" and "sha256" in after)


def _without(before: Sequence[str], after: Sequence[str], now: Sequence[str], touched: set[str]) -> list[str]:
    if not touched and list(now) == list(after):
        return list(before)
    added = set(after) - set(before) - touched
    removed = [item for item in before if item not in after and item not in touched]
    result = [item for item in now if item not in added]
    for item in removed:
        if item not in result:
            result.insert(_place(item, before, result), item)
    return result


def _place(item: str, before: Sequence[str], items: Sequence[str]) -> int:
    """Where something comes back: behind the nearest one that stood before it and is still there."""
    for earlier in reversed(before[: before.index(item)]):
        if earlier in items:
            return items.index(earlier) + 1
    return 0


def _elements_touched(name: str, later: Iterable[Delta]) -> set[str]:
    touched: set[str] = set()
    for before, after in later:
        if name in after and name in before:
            touched |= set(before[name]) ^ set(after[name])
    return touched
