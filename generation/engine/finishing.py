"""From what was bought to what is kept: processed, scored, the best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from gallery.sounds.library import require_audio
from generation.engine.context import GenerationContext
from generation.engine.looking import duplicate_of, picture_of
from generation.engine.naming import file_stem
from generation.engine.pictures import Finished, FurtherFile
from generation.engine.purchase import Purchase
from generation.processing.actions import SOUND_FORMATS
from generation.processing.model import Processed, ProcessingContext
from generation.processing.running import process_all
from generation.processing.scoring import overall
from generation.processing.sounds.processing import process_sounds
from generation.processing.variations import number_to_keep, rank
from generation.specs.model import Spec


@dataclass(frozen=True, slots=True)
class Chosen:
    """The pictures or sounds, the best first; `best`: its score from 0 to 1, None where nothing was scored.

    `notices`: what the spec asks for and was not done.
    """

    pictures: tuple[Finished, ...]
    best: float | None = None
    notices: tuple[str, ...] = ()


def refuse_without_libraries(spec: Spec) -> None:
    """Before anything is spent: raises `CallsheetError` where the steps of a sound could not be done here."""
    if spec.asset_type == "audio" and spec.post_processing:
        require_audio()


def finish(context: GenerationContext, spec: Spec, purchases: Sequence[Purchase]) -> Chosen:
    """Process every output of every purchase. Raises `CallsheetError` where a stored result cannot be read."""
    outputs = [output for purchase in purchases for output in sorted(purchase.outputs, key=_index)]
    data = [context.results.read(output["key"]) for output in outputs]
    if spec.asset_type == "video":
        plain = [_plain(output, each) for output, each in zip(outputs, data, strict=True)]
        return Chosen(tuple(plain), notices=_not_done(spec))
    around = ProcessingContext(
        *(file_stem(spec), spec.size, picture_of(context), duplicate_of(context, spec)), sound_format=_format_of(spec)
    )
    carry_out = process_sounds if spec.asset_type == "audio" else process_all
    processed = carry_out(data, spec.post_processing, context=around)
    ranking = rank(processed, keep=number_to_keep(spec.post_processing))
    pictures = [_finished(outputs[processed[number].sources[0]], processed[number]) for number in ranking.kept]
    return Chosen(tuple(pictures), score_of(pictures[0]) if pictures else None)


def _format_of(spec: Spec) -> str | None:
    """What the name of the spec's file says that a sound is; None where it says nothing of the kind."""
    written = spec.integration.manifest_path if spec.integration is not None else None
    suffix = PurePosixPath(written).suffix.lower().lstrip(".") if written is not None else ""
    return suffix if suffix in SOUND_FORMATS else None


def _index(output: Mapping[str, Any]) -> int:
    return int(output.get("index", 0))


def _plain(output: Mapping[str, Any], data: bytes) -> Finished:
    return Finished(data, output["media_type"], output.get("seed"), output.get("revised_prompt"))


def _finished(output: Mapping[str, Any], made: Processed) -> Finished:
    """`output`: the first that it is made of."""
    main, *others = made.files
    return Finished(
        main.data,
        main.media_type,
        output.get("seed"),
        output.get("revised_prompt"),
        scores=made.scores or None,
        checks=tuple(check.to_json() for check in made.checks) or None,
        further=tuple(FurtherFile(file.data, file.suffix) for file in others),
    )


def _not_done(spec: Spec) -> tuple[str, ...]:
    """Films are kept as they came."""
    actions = dict.fromkeys(step.action for step in spec.post_processing)
    return (f"not carried out yet for {spec.asset_type}: {', '.join(actions)}",) if actions else ()


def score_of(picture: Finished) -> float | None:
    """Its scores in one, see `generation.processing.scoring.overall`; None where it has none."""
    return overall(picture.scores or {})
