"""A month's costs as CSV, for spreadsheets."""

import csv
import io
import re
from typing import Final

from generation.ledger.reports import DIMENSIONS, CostReport
from ontology.errors import InvalidInputError

_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_COLUMNS: Final = (
    *("spent", "reserved", "unknown", "calls", "succeeded", "failed", "success_rate", "average", "seconds"),
)


def month_named(text: str) -> str:
    """A UTC month, `2026-11`. Raises `InvalidInputError` (`usage`)."""
    if not _MONTH.fullmatch(text) or text < "0001" or text == "9999-12":  # months without a beginning or an end
        raise InvalidInputError(f"{text!r:.40} is no month", hint="write it as 2026-11", code="usage")
    return text


def costs_csv(found: CostReport) -> str:
    """A row for each line; text that a spreadsheet would take for a formula is made harmless."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("month", "by", "name", *_COLUMNS))
    for name in DIMENSIONS:
        for line in found.lines[name]:
            said = line.to_json(name)
            writer.writerow((found.month, name, _harmless(line.name), *(said[column] for column in _COLUMNS)))
    return buffer.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} else text
