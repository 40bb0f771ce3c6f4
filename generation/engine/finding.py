"""A call whose answer was lost, found in the provider's own history; never one that another purchase has brought."""

from generation.engine.context import GenerationContext
from generation.errors import ProviderError
from generation.ledger import jobs
from generation.ledger.views import AttemptView
from generation.providers.base import CallContext, Pending, Provider, Submission
from generation.request import GenerationRequest
from ontology.errors import CallsheetError


def found_again(
    context: GenerationContext, attempt: AttemptView, provider: Provider, request: GenerationRequest, lend: CallContext
) -> Submission | None:
    """The call, as far as the provider can tell; None where it cannot. Free. Raises `ProviderError`.

    Providers tell calls apart by what was asked, and two purchases may have asked for the very same.
    """
    try:
        found = provider.recover(request, lend)
    except CallsheetError:
        raise
    except Exception as error:  # the seam to an adapter: a fault of it decides nothing
        message = f"{provider.name} cannot be asked for the call: {type(error).__name__}: {error}"
        raise ProviderError(
            message, provider=provider.name, hint="a fault of the adapter", code="internal", charged="unknown",
            outcome_known=False,
        ) from error  # fmt: skip
    if found is None:
        return None
    names = (found.remote_id,) if isinstance(found, Pending) else (found.result.remote_id, found.result.request_id)
    return None if jobs.is_anothers(context.book, attempt, [name for name in names if name]) else found
