"""What the resolver refuses: a request or a candidate that cannot be used."""

from collections.abc import Sequence

from ontology.errors import IntegrityError, InvalidInputError


class RequestError(InvalidInputError):
    """A request that no candidates could answer; every fault of it is in the message."""

    code = "invalid_request"


class CandidateError(InvalidInputError):
    """A candidate that cannot be read, or two with one id. `candidate` is the offending object or id."""

    code = "invalid_candidate"

    def __init__(self, message: str, *, candidate: object, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.candidate = candidate


class OperationError(InvalidInputError):
    """An operation that cannot be prefilled because it does not exist."""

    code = "unknown_operation"


class ActionBlockError(InvalidInputError):
    """An action block whose shape is wrong, so that nothing of it can be used."""

    code = "invalid_action_block"


class SceneError(InvalidInputError):
    """A scene, or a file of scenes, that cannot be used; `faults` has every one, each naming scene, shot and field."""

    code = "invalid_scene"

    def __init__(self, faults: Sequence[str], *, hint: str | None = None) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults), hint=hint)


class LookupFailedError(IntegrityError):
    """An index knows assets that its lookup does not find. `missing` are their ids."""

    code = "lookup_failed"

    def __init__(self, missing: Sequence[int | str]) -> None:
        self.missing = tuple(missing)
        super().__init__(
            f"the lookup of an index found no asset for {', '.join(map(repr, self.missing[:5]))}",
            hint="the index is behind the assets: discard() what is gone, or build it anew",
        )


class SnapshotError(IntegrityError):
    """The bytes of an index are damaged, cut off, of another kind or of a newer version."""

    code = "invalid_snapshot"
