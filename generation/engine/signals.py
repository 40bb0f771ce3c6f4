"""Why a job stops where it is: raised within the engine, never out of it."""

from datetime import datetime

from generation.ledger.views import AttemptView
from ontology.errors import CallsheetError


class StoppedError(Exception):
    """The program is to end: the job goes back into the queue."""


class CancelledError(Exception):
    """Somebody cancelled the job."""


class LostError(Exception):
    """Nobody knows what became of a call."""

    def __init__(self, attempt: AttemptView, error: CallsheetError | None = None) -> None:
        super().__init__(attempt.client_request_id)
        self.attempt, self.error = attempt, error


class LaterError(Exception):
    """The job goes on at a moment: a provider asked for it, or works on it."""

    def __init__(self, moment: datetime, error: CallsheetError) -> None:
        super().__init__(error.message)
        self.moment, self.error = moment, error


class ManualError(Exception):
    """A person is to make it. The message says how."""

    def __init__(self, instructions: str) -> None:
        super().__init__(instructions)
        self.instructions = instructions
