"""Taking back one change of something that is no asset, whatever has happened to it since. Pure.

A value is a JSON object, None where the thing does not exist. A change that neither makes nor removes it holds the
touched fields alone, before and after. A field that is an object itself (the members of a collection: id → place) is
looked at element by element, where None stands for an element that is not there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Value = Mapping[str, Any]
RecordDelta = tuple[Value | None, Value | None]
"""One change, before and after."""


def touched_elements(delta: RecordDelta) -> frozenset[str] | None:
    """The elements that must be known to take a change back; None for the whole thing."""
    before, after = delta
    if before is None or after is None:
        return None
    return frozenset(element for value in after.values() if isinstance(value, Mapping) for element in value)


def record_reverted(
    before: Value | None, after: Value | None, now: Value | None, later: Sequence[RecordDelta]
) -> RecordDelta | None:
    """The change that takes this one back, before and after; None when nothing is left of it.

    `now`: the present value. `later`: the standing later changes of the same thing.
    """
    if after is None:
        return (None, before) if now is None and before is not None and not later else None
    if now is None:
        return None
    if before is None and not later:
        return (now, None) if _is_still(after, now) else None
    return _partly(before, after, now, later)


def _is_still(value: Value, now: Value) -> bool:
    return all(now.get(name) == field for name, field in value.items() if not isinstance(field, Mapping))


def _partly(before: Value | None, after: Value, now: Value, later: Sequence[RecordDelta]) -> RecordDelta | None:
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for name, value in after.items():
        if isinstance(value, Mapping):
            was = (before or {}).get(name, {})
            own = dict(_own_elements(value, now.get(name, {}), set(_elements_touched(name, later))))
            if own:
                old[name], new[name] = own, {element: was.get(element) for element in own}
        elif before is not None and now.get(name) == value and not any(name in fields for fields in _fields(later)):
            old[name], new[name] = value, before.get(name)
    return (old, new) if new else None


def _own_elements(after: Value, now: Value, touched: set[str]) -> Iterator[tuple[str, Any]]:
    for element, value in after.items():
        if element not in touched and now.get(element) == value:
            yield element, value


def _fields(later: Iterable[RecordDelta]) -> Iterator[Value]:
    for delta in later:
        yield from (value for value in delta if value is not None)


def _elements_touched(name: str, later: Iterable[RecordDelta]) -> Iterator[str]:
    for fields in _fields(later):
        yield from fields.get(name, ())
