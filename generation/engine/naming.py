"""From a name of a chain to a route by the catalogue, and from a spec to the name of its file. Pure."""

from datetime import date
from typing import Final, cast

from generation.catalogue.choosing import CatalogueError, choose
from generation.catalogue.model import Catalogue
from generation.engine.routing import Route
from generation.request import Operation
from generation.specs.model import Spec

STAND_IN_TAG: Final = "stand-in"
"""The free word that every picture carries that was made offline in place of the real thing."""


def route_of(catalogue: Catalogue, name: str, operation: str, today: date) -> Route:
    """The route that a name stands for; one that stands for nothing says so by its `fault`."""
    try:
        found = choose(catalogue, name, cast(Operation, operation), today)
    except CatalogueError as error:
        fault = error.message if error.hint is None else f"{error.message}; {error.hint}"
        return Route(name, name.partition(":")[0], fault=(error.code, fault))
    told = "; ".join(remark.message for remark in found.remarks) or None
    if found.model is None:
        return Route(name, found.provider)
    return Route(
        name, found.provider, found.model.id, found.model.sunset, replaced_by=found.model.replaced_by, notice=told
    )


def file_stem(spec: Spec) -> str:
    """How the file of its result is called, without suffix: as `manifest_path` says, else by its id."""
    written = spec.integration.manifest_path if spec.integration is not None else None
    if written is not None:
        return written.rpartition("/")[2].rpartition(".")[0] or plain_name(spec.id)
    return plain_name(spec.id)


def plain_name(text: str) -> str:
    """At most 80 characters that any file system takes."""
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in text)
    return kept.strip("-")[:80] or "result"
