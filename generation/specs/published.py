"""The JSON Schema of spec files, for editors: what `docs/specs.schema.json` holds. Pure."""

from typing import Any

from pydantic import TypeAdapter

from generation.specs.document import SpecDocument, TemplateDocument

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"

_Entry = SpecDocument | TemplateDocument


def json_schema() -> dict[str, Any]:
    """One spec or template, or a list of them (draft 2020-12). What it cannot say is found by `specs check`."""
    adapter: TypeAdapter[Any] = TypeAdapter(_Entry | list[_Entry])
    said = adapter.json_schema(mode="validation")
    title = "Callsheet generation specs: one spec or template, or a list of them"
    return {"$schema": SCHEMA_ID, "title": title, **said}
