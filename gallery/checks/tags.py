"""Whether the vocabulary still knows the tags that are stored."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from gallery.checks.findings import Finding, number_of
from gallery.context import GalleryContext
from gallery.store.tables import asset_tag
from ontology.normalize import check_tags


def check_vocabulary(context: GalleryContext, connection: Connection) -> Iterator[Finding]:
    """Tags that could not be given any more, and those that are spelt as they were before a rename."""
    ontology = context.ontology
    used = connection.execute(select(asset_tag.c.tag, func.count()).group_by(asset_tag.c.tag).order_by(asset_tag.c.tag))
    for tag, number in used:
        assets = number_of(number, "asset")
        current = ontology.canonical(tag)
        errors = check_tags([tag], ontology, policy="open").errors
        if errors:
            yield Finding("unknown_tag", "warning", f"{errors[0].message}, and is on {assets}", errors[0].hint)
        elif current != tag:
            message = f"`{tag}` on {assets} is read as `{current}`"
            hint = f"nothing to do; `callsheet ontology rename {tag} {current}` writes it so"
            yield Finding("renamed_tag", "info", message, hint)
