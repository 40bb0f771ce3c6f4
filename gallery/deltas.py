"""Taking back one change of one asset, whatever has happened to the asset since. Pure: no database here.

A change is `before` and `after` of the fields it touched. What it did itself is undone; what a later batch has touched
stays as that batch left it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Delta = tuple[Mapping[str, Any], Mapping[str, Any]]
"""The fields of one change before and after."""

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
    if "tags" in change_after:
        tags = _tags_without(change_before["tags"], change_after["tags"], now["tags"], _tags_touched(later))
        if tags != now["tags"]:
            new["tags"] = tags
    for name in ("rating", "trashed_at", "missing_since"):
        is_own = name in change_after and now[name] == change_after[name] and not _is_touched(name, later)
        if is_own and not _is_of_the_file(name, change_after):
            new[name] = change_before[name]
    return new


def _is_touched(name: str, later: Iterable[Delta]) -> bool:
    return any(name in after for _, after in later)


def _is_of_the_file(name: str, after: Mapping[str, Any]) -> bool:
    """A file that was found is there, whatever is undone."""
    return name == "missing_since" and "paths" in after


def _tags_without(before: Sequence[str], after: Sequence[str], now: Sequence[str], touched: set[str]) -> list[str]:
    if not touched and list(now) == list(after):
        return list(before)
    added = set(after) - set(before) - touched
    removed = [tag for tag in before if tag not in after and tag not in touched]
    result = [tag for tag in now if tag not in added]
    for tag in removed:
        if tag not in result:
            result.insert(_place(tag, before, result), tag)
    return result


def _place(tag: str, before: Sequence[str], tags: Sequence[str]) -> int:
    """Where a tag comes back: behind the nearest one that stood before it and is still there."""
    for earlier in reversed(before[: before.index(tag)]):
        if earlier in tags:
            return tags.index(earlier) + 1
    return 0


def _tags_touched(later: Iterable[Delta]) -> set[str]:
    touched: set[str] = set()
    for before, after in later:
        if "tags" in after and "tags" in before:
            touched |= set(before["tags"]) ^ set(after["tags"])
    return touched
