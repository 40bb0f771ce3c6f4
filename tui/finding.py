"""Reading the finds of a filter: the first page at once, then all ids, from a thread."""

from array import array

from gallery import Page
from tui.context import Project
from tui.jobs import Job
from tui.listing import Selection, number_of

FIRST_PAGE = 100


def first_page(services: Project, query: str) -> Page:
    """What is seen first, and how many there are. Raises CallsheetError."""
    return services.gallery.search(query, limit=FIRST_PAGE)


def all_numbers(services: Project, query: str, job: Job) -> "array[int]":
    """Every id in order, as numbers. Raises CallsheetError."""
    found = array("Q")
    for piece in services.gallery.ids_in_order(query):
        found.extend(map(number_of, piece))
        job.check()
    return found


def selected_ids(services: Project, query: str, selection: Selection, job: Job) -> list[str]:
    """The ids of what is selected, in the order of the query, as it is now. Raises CallsheetError."""
    found: list[str] = []
    for piece in services.gallery.ids_in_order(query):
        found += [one for one in piece if one in selection]
        job.check()
    return found
