"""The jobs page by page, the newest first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from generation.ledger.book import Book
from generation.ledger.jobs import list_jobs
from generation.ledger.states import JOB_STATES
from generation.ledger.views import JobView, job_name
from ontology.errors import InvalidInputError
from ontology.escaping import visible

MOST: Final = 500
_CURSOR: Final = re.compile(r"j([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class JobPage:
    """`cursor` leads to older jobs; None on the last page."""

    jobs: tuple[JobView, ...]
    cursor: str | None

    def to_json(self) -> dict[str, Any]:
        """`{jobs, cursor}`."""
        return {"jobs": [job.to_json() for job in self.jobs], "cursor": self.cursor}


def job_page(
    book: Book, *, states: Sequence[str] = (), run: str | None = None, cursor: str | None = None, limit: int = 50
) -> JobPage:
    """Jobs of these states, of this run, older than the cursor. Raises `InvalidInputError` for what is no state."""
    for state in states:
        if state not in JOB_STATES:
            known = ", ".join(JOB_STATES)
            raise InvalidInputError(f"no job is ever `{visible(state, limit=40)}`", hint=f"states are {known}")
    found = list_jobs(book, states=states, run=run, before=_key(cursor), limit=limit + 1)
    following = job_name(found[limit - 1].key) if len(found) > limit else None
    return JobPage(tuple(found[:limit]), following)


def _key(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidInputError("this is not a cursor of a page", hint="take the one from the page before")
    return int(found[1])
