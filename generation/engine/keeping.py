"""What was bought is kept before it is booked: bytes by their hash, and a record from which the booking can be made.

A process that dies between the two has lost nothing: the record is found, and the purchase is settled by it.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from gallery.embedded.redaction import redacted
from generation.engine.context import GenerationContext
from generation.errors import ProviderError
from generation.ledger import purchasing
from generation.ledger.costing import Booked, booked
from generation.ledger.sharing import names_of_call
from generation.ledger.views import AttemptView
from generation.money import LARGEST, ZERO
from generation.result import Cost, CostEstimate, GenerationResult
from ontology.errors import CallsheetError

_SUFFIXES: Final[Mapping[str, str]] = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "video/mp4": "mp4",
    "video/webm": "webm",
}


def suffix_of(media_type: str) -> str:
    """The suffix of a file of this type, without its dot; `bin` for one that is not known."""
    return _SUFFIXES.get(media_type.partition(";")[0].strip().lower(), "bin")


def keep(context: GenerationContext, attempt: AttemptView, result: GenerationResult) -> dict[str, Any]:
    """Store the bytes, then the record. Raises `CallsheetError` where they cannot be stored."""
    outputs = []
    for output in result.outputs:
        key = f"{output.sha256[:2]}/{output.sha256}.{suffix_of(output.media_type)}"
        if not context.results.exists(key):
            context.results.store(key, output.data)
        outputs.append(
            {
                "key": key,
                "sha256": output.sha256,
                "media_type": output.media_type,
                "index": output.index,
                "width": output.width,
                "height": output.height,
                "duration": output.duration,
                "seed": output.seed,
                "revised_prompt": output.revised_prompt,
                "stand_in": result.stand_in,
            }
        )
    amount = result.cost.amount
    record: dict[str, Any] = {
        "outputs": outputs,
        "cost": {"amount": None if amount is None else str(amount), "source": result.cost.source},
        "adjustments": [item.to_json() for item in result.adjustments],
        "request_id": result.request_id,
        "remote_id": result.remote_id,
        "model_version": result.model_version,
        "partial": result.partial,
        "usage": dict(result.usage),
        "raw": redacted(json.dumps(dict(result.raw), ensure_ascii=False, default=str)),
    }
    context.results.store_json(_record_key(attempt), record)
    return record


def kept_record(context: GenerationContext, attempt: AttemptView) -> dict[str, Any] | None:
    """The record of a purchase whose result was stored; None where none was."""
    key = _record_key(attempt)
    if not context.results.exists(key):
        return None
    try:
        found = json.loads(context.results.read(key))
    except (ValueError, CallsheetError):
        return None
    return found if isinstance(found, dict) else None


def book_record(context: GenerationContext, attempt: AttemptView, record: Mapping[str, Any]) -> AttemptView:
    """Settle the purchase by its record."""
    told = record["cost"]
    whole = purchasing.whole_call(context.book, attempt)
    estimate = CostEstimate(whole.estimate_low, whole.estimate_high, whole.basis)
    cost = Cost(None if told["amount"] is None else Decimal(told["amount"]), told["source"])
    return purchasing.settle(
        context.book,
        attempt.key,
        booked(estimate, cost),
        outputs=record["outputs"],
        adjustments=record["adjustments"],
        request_id=record.get("request_id"),
    )


def _record_key(attempt: AttemptView) -> str:
    return f"calls/{names_of_call(attempt.client_request_id)[0]}.json"


def error_body(error: CallsheetError) -> dict[str, Any]:
    """An error as it is kept: without keys, whatever a provider echoed."""
    hint = None if error.hint is None else redacted(error.hint)
    body: dict[str, Any] = {"code": error.code, "message": redacted(error.message), "hint": hint}
    amounts = getattr(error, "amounts", None)
    return body | amounts() if amounts is not None else body


def cost_of_failure(error: ProviderError, attempt: AttemptView) -> Booked:
    """What a call that gave nothing did cost: as the provider told, else the most that was reserved for all of it."""
    if error.cost is not None and error.cost.is_finite() and ZERO <= error.cost <= LARGEST:
        return Booked(error.cost, "computed")
    return Booked(attempt.estimate_high or ZERO, "estimated")
