"""A request for a sound made to fit what a model takes; see `fitting`. Pure."""

from collections.abc import Iterable, Mapping

from generation.catalogue.model import Model
from generation.errors import InvalidRequestError
from generation.providers.fitting import Fit
from generation.request import GenerationRequest
from ontology.escaping import visible

_OF_PICTURES = ("size", "aspect_ratio", "quality", "background")


def fitted_sound(model: Model, request: GenerationRequest, *, in_words: Iterable[str] = ()) -> Fit:
    """What is asked of pictures alone left out, and what the model does not take; one of its formats."""
    fit = Fit(model, request)
    for field in _OF_PICTURES:
        if getattr(request, field) is not None:
            fit.change(field, None, "a sound has none")
    fit.leave_out(in_words=in_words)
    fit.limit_n()
    fit.choose_format()
    return fit


def keep_within(fit: Fit, field: str, least: float, most: float) -> None:
    """The nearest value that the model takes."""
    asked = getattr(fit.request, field)
    if asked is not None and not least <= asked <= most:
        fit.change(field, min(max(asked, least), most), f"{fit.model.id} takes {least:g} to {most:g}")


def format_word(provider: str, words: Mapping[str, str], chosen: str) -> str:
    """How the provider calls a format. Raises `InvalidRequestError` for one that the catalogue alone knows."""
    if chosen not in words:
        message = f"{provider} is not known to give {visible(chosen, limit=40)}"
        hint = f"it gives {', '.join(words)}"
        raise InvalidRequestError(message, field="format", hint=hint, provider=provider, code="unsupported")
    return words[chosen]


def check_words(
    provider: str, request: GenerationRequest, *, characters: int | None = None, size: int | None = None
) -> None:
    """Raises `InvalidRequestError` for a text that is empty, or longer than the provider takes (`size`: in bytes)."""
    text = request.prompt
    length = len(text.encode("utf-8", "surrogatepass"))
    if request.inputs:
        raise _unfit(provider, "a sound is made of words alone", "leave the inputs out", "inputs")
    if not text.strip():
        raise _unfit(provider, "there are no words to make a sound of", "write a prompt")
    if characters is not None and len(text) > characters:
        message = f"the text has {len(text)} characters, {provider} takes {characters}"
        raise _unfit(provider, message, "make several specs of it")
    if size is not None and length > size:
        raise _unfit(provider, f"the text has {length} bytes, {provider} takes {size}", "make several specs of it")


def _unfit(provider: str, message: str, hint: str, field: str = "prompt") -> InvalidRequestError:
    return InvalidRequestError(message, field=field, hint=hint, provider=provider)
