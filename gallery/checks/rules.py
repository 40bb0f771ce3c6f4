"""Whether assets carry tags that do not go together, by rules that came after the tags."""

from collections import defaultdict
from collections.abc import Iterator

from pyroaring import BitMap
from sqlalchemy import Connection, select

from gallery.checks.findings import Finding, number_of
from gallery.context import GalleryContext
from gallery.store.tables import asset, asset_tag
from gallery.vocabulary.stored import carriers
from ontology.cardinality import Rules

_SHOWN = 3


def check_rules(context: GalleryContext, connection: Connection) -> Iterator[Finding]:
    """One finding for each rule that live assets break, with how many they are and the first of them."""
    rules = context.ontology.derived(Rules)
    if not rules.there_are:
        return
    under: dict[str | int, dict[str, str]] = defaultdict(dict)
    for tag in connection.execute(select(asset_tag.c.tag).distinct().order_by(asset_tag.c.tag)).scalars():
        meant = context.ontology.canonical(tag)
        for rule in rules.of(meant):
            under[rule][tag] = meant
    for rule, tags in under.items():
        broken = _carrying_several(connection, tags)
        if broken:
            first = select(asset.c.id).where(asset.c.key.in_(list(broken[:_SHOWN]))).order_by(asset.c.key)
            named = ", ".join(connection.execute(first).scalars())
            more = ", …" if len(broken) > _SHOWN else ""
            count = number_of(len(broken), "asset")
            message = f"{rules.told(rule)}: this rule is broken by {count}, {named}{more}"
            yield Finding("clashing_tags", "warning", message, "take all but one away with `callsheet untag`")


def _carrying_several(connection: Connection, tags: dict[str, str]) -> BitMap:
    """Keys of the assets that carry tags of two meanings. `tags`: spelling → meaning."""
    carrying: dict[str, BitMap] = defaultdict(BitMap)
    if len(set(tags.values())) > 1:
        for tag, key in carriers(connection, tags):
            carrying[tags[tag]].add(key)
    once, several = BitMap(), BitMap()
    for keys in carrying.values():
        several |= once & keys
        once |= keys
    return several
