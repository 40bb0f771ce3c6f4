"""Running a query in memory. It must answer as `gallery.query.sql` does: a property test holds them equal."""

from collections.abc import Collection

from gallery.folding import folded
from gallery.query.tree import All, AnyOf, Either, Everything, Family, Node, Not, Words


def matches(node: Node, tags: Collection[str], paths: Collection[str]) -> bool:
    """Whether an asset with these stored tags and these files is found."""
    match node:
        case Everything():
            return True
        case AnyOf():
            return any(tag in node.tags for tag in tags)
        case Family():
            return any(_is_in(tag, node) for tag in tags)
        case Words():
            return any(all(word in folded(path) for word in node.words) for path in paths)
        case Not():
            return not matches(node.node, tags, paths)
        case All():
            return all(matches(inner, tags, paths) for inner in node.nodes)
        case Either():
            return any(matches(inner, tags, paths) for inner in node.nodes)


def _is_in(tag: str, family: Family) -> bool:
    return tag in family.also or (tag.startswith(f"{family.prefix}:") and tag not in family.but)
