"""The root of every error that Callsheet raises on purpose, and the kinds that concern the vocabulary."""

from collections.abc import Sequence

from ontology.diagnostics import Diagnostic


class CallsheetError(Exception):
    """Something went wrong that a caller can act on.

    `code` is stable and meant for programs, `message` names the thing and the place, `hint` says the way out (or is
    None). Faces turn the class into a status or an exit code; the message never depends on the face.
    """

    code = "error"

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if code is not None:
            self.code = code

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return (self.code, self.message, self.hint) == (other.code, other.message, other.hint)

    def __hash__(self) -> int:
        return hash((type(self), self.code, self.message, self.hint))


class InvalidInputError(CallsheetError):
    """The caller's input cannot be used as it is (exit code 2)."""

    code = "invalid"


class NotFoundError(CallsheetError):
    """An asset, project, term or path that was named does not exist (exit code 4)."""

    code = "not_found"


class ConflictError(CallsheetError):
    """The thing is locked, newer than we are, or was changed by somebody else meanwhile (exit code 5)."""

    code = "conflict"


class IntegrityError(CallsheetError):
    """Stored data is damaged or contradicts itself (exit code 8)."""

    code = "integrity"


class TagError(InvalidInputError):
    """One or more texts cannot become tags; `diagnostics` has one entry for each."""

    code = "invalid_tag"

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        first = self.diagnostics[0]
        more = f" (and {len(self.diagnostics) - 1} more)" if len(self.diagnostics) > 1 else ""
        super().__init__(first.message + more, hint=first.hint, code=first.code)


class OntologyError(InvalidInputError):
    """A vocabulary could not be loaded; `diagnostics` has every fault of the load, not only the first."""

    code = "invalid_ontology"

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        count = len(self.diagnostics)
        first = self.diagnostics[0]
        noun = "fault" if count == 1 else "faults"
        super().__init__(
            f"the ontology has {count} {noun}, the first: {first}",
            hint="run `callsheet ontology check` to see them all",
        )
