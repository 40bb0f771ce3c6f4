"""What stands before the routes and turns requests away."""

from abc import ABC, abstractmethod

from starlette.types import ASGIApp, Receive, Scope, Send

from api.context import ApiContext
from api.edge.headers import refuse
from api.errors import HttpError


class Guard(ABC):
    """Hands a request on, or answers with what is wrong with it."""

    def __init__(self, app: ASGIApp, context: ApiContext) -> None:
        self.app = app
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        error = self.fault(scope) if scope["type"] == "http" else None
        if error is not None:
            await refuse(error, scope, receive, send)
            return
        await self.app(scope, receive, send)

    @abstractmethod
    def fault(self, scope: Scope) -> HttpError | None:
        """Why a request is turned away; None where it is not."""
