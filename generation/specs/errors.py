"""What can be wrong with specs as a whole."""

from collections.abc import Sequence

from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError


class SpecError(InvalidInputError):
    """A spec, template or file that was named cannot be used; `diagnostics` has every fault of it."""

    code = "invalid_spec"

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        more = f" (and {len(self.diagnostics) - 1} more)" if len(self.diagnostics) > 1 else ""
        super().__init__(f"{self.diagnostics[0]}{more}", hint="`callsheet specs check` shows all of it")
