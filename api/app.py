"""The program that a server runs: routes, and around them what holds for every request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from api import errors
from api.context import ApiContext
from api.description import describe
from api.directory import Directory
from api.edge.bodies import Bodies
from api.edge.compression import Compression
from api.edge.following import Following
from api.edge.hosts import Hosts
from api.edge.request_logs import RequestLogs
from api.edge.tokens import Tokens
from api.process import answering
from api.routes import (
    asset_writes,
    assets,
    browsing,
    collections,
    costs,
    events,
    examining,
    files,
    generations,
    health,
    journal,
    login,
    metrics,
    resolving,
    searches,
    specs,
    suggestions,
    tags,
    trash,
    vocabulary,
    vocabulary_writes,
)
from api.web.pages import PAGES
from api.web.problem_pages import ProblemPages
from ontology.errors import CallsheetError

ROUTES = (
    *(browsing, assets, asset_writes, trash, files, suggestions, searches, collections, journal, examining),
    *(
        vocabulary,
        vocabulary_writes,
        tags,
        resolving,
        specs,
        generations,
        costs,
        events,
        login,
        health,
        metrics,
        *PAGES,
    ),
)
"""Modules with `router(context)`; the first route that fits answers."""


def create_app(context: ApiContext) -> FastAPI:
    """The application for one context. It opens nothing: the context's services do, when they are first asked.

    From its start to its end it makes what is ordered, also what was left behind when another server ended.
    """

    @asynccontextmanager
    async def making(_: FastAPI) -> AsyncIterator[None]:
        with answering():
            context.background.watch()
            yield
        await run_in_threadpool(context.background.close, context.leaving.is_set)

    app = FastAPI(
        lifespan=making,
        title="Callsheet",
        version=context.version,
        summary="Tag generated pictures by who, where and how; resolve references for a shot; prefill the paid call.",
        docs_url=None,  # these pages would load their scripts from elsewhere
        redoc_url=None,
    )
    for module in ROUTES:
        app.router.routes.extend(module.router(context).routes)  # themselves: included routers are searched one by one
    app.router.middleware_stack = Directory(app.router)
    describe(app)
    app.add_exception_handler(CallsheetError, errors.on_callsheet_error)
    app.add_exception_handler(HTTPException, errors.on_http_exception)
    app.add_exception_handler(RequestValidationError, errors.on_validation_error)
    app.add_exception_handler(UnicodeEncodeError, errors.on_no_text)
    # The last one added is the outermost.
    app.add_middleware(Following, context=context)
    app.add_middleware(Bodies, context=context)
    app.add_middleware(Tokens, context=context)
    app.add_middleware(Hosts, context=context)
    if context.origins:
        app.add_middleware(CORSMiddleware, allow_origins=context.origins, allow_methods=["*"], allow_headers=["*"])
    app.add_middleware(RequestLogs, meters=context.meters)
    app.add_middleware(ProblemPages, context=context)
    app.add_middleware(Compression)
    return app
