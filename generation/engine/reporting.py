"""The report that each run leaves, as JSON and as Markdown."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from generation.engine.context import GenerationContext
from generation.run_report import run_report
from ontology.errors import CallsheetError


def keep_report(context: GenerationContext, run: str, answer: Mapping[str, Any]) -> str | None:
    """Keep the report of a run by its answer; its name without suffix, by time. None where nothing is to be kept."""
    if context.reports is None or not answer["jobs"]:
        return None
    name = f"{context.book.now():%Y%m%d-%H%M%S}-{run}"
    report = run_report(answer)
    with suppress(CallsheetError):  # what was made is there, whether it can be told of or not
        context.reports.store_json(f"{name}.json", report.to_json())
        context.reports.store(f"{name}.md", report.to_markdown().encode())
    return name
