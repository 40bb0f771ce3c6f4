"""Steps over the sounds of a job. The libraries are loaded when there is something to do."""

from collections.abc import Sequence

from gallery.sounds.kinds import sound_kind
from gallery.sounds.library import NoAudioLibraryError, require_audio
from generation.processing.actions import StepLike
from generation.processing.model import Processed, ProcessingContext
from generation.processing.sounds.untouched import as_it_came, unread


def process_sounds(
    sounds: Sequence[bytes], steps: Sequence[StepLike], *, context: ProcessingContext | None = None
) -> tuple[Processed, ...]:
    """What the steps make of each sound. Raises nothing for a sound, step or check that is not as it should be.

    A step that cannot be done is left out, with a result under its name that was not passed; without the extra `audio`
    none can. Where nothing changed the samples and no other format was asked for, the bytes are those that came in.
    """
    context = context or ProcessingContext()
    return tuple(_one(data, number, steps, context) for number, data in enumerate(sounds))


def _one(data: bytes, number: int, steps: Sequence[StepLike], context: ProcessingContext) -> Processed:
    kind = sound_kind(data[:64])
    if not steps and (context.sound_format is None or kind is None or kind.format == context.sound_format):
        return Processed((as_it_came(data),), sources=(number,))
    try:
        require_audio()
    except NoAudioLibraryError as error:
        return unread(data, number, f"{error.message}; {error.hint}")
    from generation.processing.sounds.working import worked  # noqa: PLC0415  # needs what may not be installed

    return worked(data, number, steps, context)
