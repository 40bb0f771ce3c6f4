"""Running a query in memory. It must answer as `gallery.query.sql` does: a property test holds them equal."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, assert_never

from gallery.query.globbing import is_like
from gallery.query.record import Making, Record
from gallery.query.tree import (
    All,
    AnyOf,
    ChildOf,
    Choice,
    Either,
    Everything,
    Fact,
    Family,
    Glob,
    Has,
    Id,
    Leaf,
    Member,
    Node,
    Not,
    Number,
    Orphan,
    ParentOf,
    Query,
    Ratio,
    Sort,
    Span,
    Text,
    TextField,
    Under,
)
from gallery.store.folding import folded
from gallery.store.moments import utc

_NOTHING = Making()


def matches(node: Node, record: Record) -> bool:
    """Whether the asset is found."""
    match node:
        case Not():
            return not matches(node.node, record)
        case All():
            return all(matches(inner, record) for inner in node.nodes)
        case Either():
            return any(matches(inner, record) for inner in node.nodes)
        case _:
            return _leaf_matches(node, record)


def found(query: Query, records: Iterable[Record]) -> list[Record]:
    """Those that match, in the order that the query asks for."""
    return ordered([record for record in records if matches(query.node, record)], query.sorts)


def ordered(records: Iterable[Record], sorts: tuple[Sort, ...]) -> list[Record]:
    """The records in this order (see `Query`)."""
    result = sorted(records, key=lambda record: record.id, reverse=not sorts[0].descending)
    for sort in reversed(sorts):
        values = {record.id: _sort_value(sort, record) for record in result}
        without = [record for record in result if values[record.id] is None]
        having = [record for record in result if values[record.id] is not None]
        having.sort(key=lambda record: values[record.id], reverse=sort.descending)  # used at once
        result = having + without
    return result


def _leaf_matches(node: Leaf, record: Record) -> bool:  # noqa: C901, PLR0912  # one case for each leaf
    match node:
        case Everything():
            return True
        case AnyOf() | Family() | Orphan():
            return any(_is_meant(tag, node) for tag in record.tags)
        case Number():
            return _is_between(node, record)
        case Ratio():
            return _has_ratio(node, record)
        case Span():
            moment = getattr(record, node.field)
            since_fits = node.since is None or (moment is not None and utc(moment) >= node.since)
            return moment is not None and since_fits and (node.until is None or utc(moment) < node.until)
        case Has():
            return _FACTS[node.fact](record)
        case Choice():
            value = (record.making or _NOTHING).seed if node.field == "seed" else getattr(record, node.field)
            return bool(value == node.value)
        case Text():
            return any(_holds(text, node) for text in _texts(node.field, record))
        case Glob():
            return any(is_like(folded(path), node.pattern) for path in record.paths)
        case Under():
            return any(
                folded(path) == node.folder or folded(path).startswith(f"{node.folder}/") for path in record.paths
            )
        case Id():
            return record.id.startswith(node.prefix)
        case ChildOf():
            return any(parent.startswith(node.prefix) for parent in record.parents)
        case ParentOf():
            return any(child.startswith(node.prefix) for child in record.children)
        case Member():
            return node.collection in record.collections
        case _:
            assert_never(node)


def _is_meant(tag: str, node: AnyOf | Family | Orphan) -> bool:
    if isinstance(node, AnyOf):
        return tag in node.tags
    if isinstance(node, Family):
        return tag in node.also or (tag.startswith(f"{node.prefix}:") and tag not in node.but)
    namespace, colon, _ = tag.partition(":")
    return bool(colon) and namespace not in node.open_namespaces and tag not in node.known


def _is_between(node: Number, record: Record) -> bool:
    if node.field == "tags":
        value: int | None = len(set(record.tags))
    elif node.field == "steps":
        value = (record.making or _NOTHING).steps
    else:
        value = getattr(record, node.field)
    return value is not None and (node.low is None or value >= node.low) and (node.high is None or value <= node.high)


def _has_ratio(node: Ratio, record: Record) -> bool:
    if record.width is None or record.height is None:
        return False
    if node.low is not None:
        least, have = node.low.numerator * record.height, record.width * node.low.denominator
        if have < least or (node.low_open and have == least):
            return False
    if node.high is not None:
        most, have = node.high.numerator * record.height, record.width * node.high.denominator
        if have > most or (node.high_open and have == most):
            return False
    return True


def _texts(field: TextField, record: Record) -> Iterable[str]:
    if field == "path":
        return map(folded, record.paths)
    if field == "lora":
        return ["\n".join(map(folded, record.making.loras))] if record.making and record.making.loras else []
    text = record.note if field == "note" else getattr(record.making, field, None)
    return [] if text is None else [folded(text)]


def _holds(text: str, node: Text) -> bool:
    if not node.whole:
        return all(word in text for word in node.words)
    (whole,) = node.words
    return f"\n{whole}\n" in f"\n{text}\n" if node.field == "lora" else text == whole


def _sort_value(sort: Sort, record: Record) -> Any:
    if sort.field == "collection":
        return record.collections.get(sort.collection or "")
    value = getattr(record, sort.field)
    return utc(value) if sort.field in {"created", "added"} else value


def _made(name: str) -> Callable[[Record], bool]:
    return lambda record: getattr(record.making or _NOTHING, name) is not None


_FACTS: Mapping[Fact, Callable[[Record], bool]] = {
    "rating": lambda record: record.rating is not None,
    "width": lambda record: record.width is not None,
    "height": lambda record: record.height is not None,
    "duration": lambda record: record.duration is not None,
    "note": lambda record: record.note is not None,
    "edited": lambda record: record.edited is not None,
    "trashed": lambda record: record.trashed,
    "missing": lambda record: record.missing,
    "generation": lambda record: record.making is not None,
    "prompt": _made("prompt"),
    "negative": _made("negative"),
    "model": _made("model"),
    "seed": _made("seed"),
    "steps": _made("steps"),
    "sampler": _made("sampler"),
    "lora": lambda record: bool((record.making or _NOTHING).loras),
    "tags": lambda record: bool(record.tags),
    "parents": lambda record: bool(record.parents),
    "children": lambda record: bool(record.children),
}
