"""Steps of one sound, done one after the other. Whatever goes wrong is a result, and bytes always come out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from generation.processing.actions import (
    COMMON_CHECKS,
    OF_ONE_KIND,
    SOUND_CHECKS,
    SOUND_FORMATS,
    Check,
    StepLike,
    read_checks,
    read_options,
)
from generation.processing.checking import check_files
from generation.processing.model import CheckResult, Processed, ProcessedFile, ProcessingContext
from generation.processing.scoring import CHECKS as CHECKS_SCORE
from generation.processing.sounds import shaping
from generation.processing.sounds.checking import ON_FILES, Written, check_sound, check_written, is_near
from generation.processing.sounds.encoding import MP3_BITRATE, WITH_BITRATE, Encoding, encoded, nearest_mp3
from generation.processing.sounds.resampling import resampled
from generation.processing.sounds.untouched import as_it_came, unread
from generation.processing.sounds.wave import SAMPLES, UnreadableError, Wave, opened, samples_of
from ontology.escaping import visible


def worked(data: bytes, number: int, steps: Sequence[StepLike], context: ProcessingContext) -> Processed:
    """What the steps make of one sound, the `number`th of those that were handed in."""
    try:
        with SAMPLES.spend(samples_of(data)):
            work = Work(context, data, opened(data), number)
            for step in steps:
                work.do(step)
            return work.done()
    except UnreadableError as error:
        return unread(data, number, str(error))
    except MemoryError:
        return unread(data, number, "there is not enough memory to open it")


@dataclass
class Work:
    """A sound on its way through the steps."""

    context: ProcessingContext
    original: bytes
    source: Wave
    number: int
    wave: Wave = field(init=False)
    formats: dict[str, Encoding] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    late: list[Check] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wave = self.source

    def do(self, step: StepLike) -> None:
        """One step; what it fails by is noted."""
        try:
            options = read_options(step)
            if step.action not in _STEPS:
                raise ValueError("it is for pictures, and this is a sound")  # noqa: TRY301  # told like any other
            _STEPS[step.action](self, step, options)
        except MemoryError:
            self.fail(step.action, "there is not enough memory for it")
        except Exception as error:  # noqa: BLE001  # paid bytes are not lost for a step, whatever the library says
            self.fail(step.action, str(error) or type(error).__name__)

    def fail(self, code: str, why: str) -> None:
        """Note what was not done."""
        self.checks.append(CheckResult(visible(code, limit=60), passed=False, detail=visible(why, limit=300)))

    def done(self) -> Processed:
        """The files, the late checks and the scores."""
        written = self._written()
        files = [each.file for each in written]
        for check in self.late:
            if check.code in COMMON_CHECKS:
                self.checks.append(check_files(check.code, files, None, self.context.duplicate_of))
            else:
                self.checks.append(check_written(check, written))
        passed = [check.passed for check in self.checks]
        scores = {CHECKS_SCORE: round(sum(passed) / len(passed), 4)} if passed else {}
        return Processed(tuple(files), tuple(self.checks), scores, (self.number,))

    def _written(self) -> list[Written]:
        found = [each for how in self._encodings() if (each := self._encoded(how)) is not None]
        return found or [Written(as_it_came(self.original, self.source.seconds), self.source.rate, self.source.bitrate)]

    def _encodings(self) -> list[Encoding]:
        """What was asked for; else what the name says, where that or the samples differ from what came."""
        if self.formats:
            return list(self.formats.values())
        wanted = self.context.sound_format or self.source.format
        if wanted == self.source.format and self.wave is self.source:
            return []
        had = self.source.bitrate if wanted == self.source.format == "mp3" else None
        return [Encoding(wanted, nearest_mp3(had) if had is not None and had > MP3_BITRATE else None)]

    def _encoded(self, how: Encoding) -> Written | None:
        """One file; a bitrate that was asked for and is not reached is told."""
        try:
            file, bitrate = encoded(self.wave, how)
        except MemoryError:
            self.fail("convert", f"there is not enough memory for {how.format}")
            return None
        except Exception as error:  # noqa: BLE001  # as above
            self.fail("convert", f"no {how.format}: {error}")
            return None
        if how.bitrate is not None and (bitrate is None or not is_near(bitrate, how.bitrate, how.format)):
            told = "unknown" if bitrate is None else f"{round(bitrate / 1000)}k"
            self.fail("convert", f"the {how.format} has a bitrate of {told} instead of {round(how.bitrate / 1000)}k")
        return Written(file, _rate_of(file), bitrate)


def _rate_of(file: ProcessedFile) -> int | None:
    try:
        return opened(file.data).rate
    except UnreadableError:
        return None


def _normalize(work: Work, _: StepLike, options: Mapping[str, Any]) -> None:
    levelled = shaping.normalized(work.wave, options)
    work.wave = levelled.wave
    if levelled.shortfall:
        work.fail("normalize", levelled.shortfall)


def _trim_silence(work: Work, _: StepLike, options: Mapping[str, Any]) -> None:
    work.wave = shaping.without_silence(work.wave, options)


def _fade(work: Work, _: StepLike, options: Mapping[str, Any]) -> None:
    work.wave = shaping.faded(work.wave, options)


def _mono(work: Work, _: StepLike, __: Mapping[str, Any]) -> None:
    work.wave = shaping.in_mono(work.wave)


def _resample(work: Work, _: StepLike, options: Mapping[str, Any]) -> None:
    work.wave = resampled(work.wave, options["rate"])


def _convert(work: Work, _: StepLike, options: Mapping[str, Any]) -> None:
    formats, bitrate = options["formats"], options.get("bitrate")
    if not set(formats) <= set(SOUND_FORMATS) or "pictures" in map(OF_ONE_KIND.get, options):
        raise ValueError("it is for pictures, and this is a sound")
    for name in formats:
        work.formats[name] = Encoding(name, bitrate if name in WITH_BITRATE else None)
    if bitrate is not None and not set(formats) & WITH_BITRATE:
        work.fail("convert", f"{formats[0]} has no bitrate to choose: it holds every sample")


def _validate(work: Work, step: StepLike, _: Mapping[str, Any]) -> None:
    for check in read_checks(step):
        if check.code in ON_FILES:
            work.late.append(check)
        elif check.code in SOUND_CHECKS:
            work.checks.append(check_sound(check, work.wave))
        else:
            work.checks.append(
                CheckResult(check.code, passed=False, detail="this is a sound, the check is for pictures")
            )


def _select(_: Work, __: StepLike, ___: Mapping[str, Any]) -> None:
    """It is about all variations: see `generation.processing.variations`."""


_STEPS: Final[Mapping[str, Callable[[Work, StepLike, Mapping[str, Any]], None]]] = {
    "normalize": _normalize,
    "trim_silence": _trim_silence,
    "fade": _fade,
    "mono": _mono,
    "resample": _resample,
    "convert": _convert,
    "validate": _validate,
    "select": _select,
}
