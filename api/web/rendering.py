"""Templates to responses. What comes from data is escaped twice: for HTML, and so that nothing unseen hides in it."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.context import ApiContext
from api.edge.tokens import GRANTED
from api.web.navigation import NAVIGATION
from api.web.statics import script_urls, static_url
from gallery.sounds.lengths import length_text
from generation.job_words import ENDS, EVENTS, LANES
from ontology.escaping import visible

_FOLDER: Final = Path(__file__).parent / "templates"
HEADERS: Final = {"Cache-Control": "private, no-cache", "Vary": "HX-Request"}
"""A page is asked for again, but may be kept for going back."""


def show(context: ApiContext, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page, or a piece of one for htmx, with these values. A name that the template lacks a value for is a fault."""
    known = {
        "project": context.project,
        "version": context.version,
        "here": request.url.path,
        "has_tokens": context.tokens is not None,
        "may": lambda wanted: may(request, wanted),
    }
    text = environment().get_template(template).render(known | values)
    return HTMLResponse(text, status, HEADERS)


def may(request: Request, wanted: str) -> bool:
    """Whether whoever asks may do what needs this scope."""
    scopes: frozenset[str] | None = getattr(request.state, GRANTED, None)
    return scopes is None or wanted in scopes


def wants_piece(request: Request) -> bool:
    """Whether htmx asks, which replaces a part of the page."""
    return "hx-request" in request.headers and "hx-history-restore-request" not in request.headers


@cache
def environment() -> Environment:
    """The templates. Every text that a template puts out goes through `visible`; `lines` keeps line ends.

    `exact` is for the values of fields and for what is copied, which come back as they are; `duration` is for seconds.
    """
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"static": static_url, "scripts": script_urls, "navigation": NAVIGATION}
    made.globals |= {"states": LANES, "said_of_jobs": {"events": dict(EVENTS), "ends": sorted(ENDS)}}
    made.filters |= {"lines": lines, "exact": escape, "duration": length_text}
    return made


def _shown(value: Any) -> Any:
    """What is put out for a value: unseen characters of a text are shown escaped."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def lines(text: str) -> Markup:
    """A text of several lines, for an element that keeps line ends; all else as elsewhere."""
    return Markup("\n").join(visible(line) for line in text.splitlines())
