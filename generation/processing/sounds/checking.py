"""The checks of a sound: what each asks, and what it says. None of them raises."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from generation.processing.actions import COMMON_CHECKS, Check
from generation.processing.model import CheckResult, ProcessedFile
from generation.processing.sounds.encoding import WITH_BITRATE
from generation.processing.sounds.loudness import loudness
from generation.processing.sounds.resampling import true_peak
from generation.processing.sounds.shaping import decibels, peak_of
from generation.processing.sounds.wave import Samples, Wave

ON_FILES: Final = COMMON_CHECKS | {"format", "bitrate", "sample_rate"}
"""Checks of the files that come out in the end; all others look at the sound where the step stands."""

_FULL_SCALE: Final = 0.9995
_CLIPPED_RUN: Final = 3
"""So many samples in a row at full scale are a top that was cut off; one alone is a peak."""
_SIGNAL: Final = -60.0
_END_SECONDS: Final = 0.05
_END_LEVELS: Final = 6.0
_QUIET: Final = -50.0
_MOST_JUMP: Final = 3.0
_LEAST_JUMP: Final = 0.01
_MP3_SLACK, _SLACK = 0.02, 0.15
_SLACK_PEAK: Final = 0.05


@dataclass(frozen=True, slots=True)
class Written:
    """A file with its sample rate in Hz and its bitrate as measured, None where they are not known."""

    file: ProcessedFile
    rate: int | None
    bitrate: int | None


def check_sound(check: Check, wave: Wave) -> CheckResult:
    """One check of the samples."""
    return _SOUND_CHECKS[check.code](check.code, wave, check.value)


def check_written(check: Check, files: Sequence[Written]) -> CheckResult:
    """One check of how the files are written."""
    return _FILE_CHECKS[check.code](check.code, files, check.value)


def _duration_range(code: str, wave: Wave, wanted: tuple[float, float]) -> CheckResult:
    low, high = wanted
    passed = low <= wave.seconds <= high
    return CheckResult(code, passed, f"{wave.seconds:.3f} s, asked for {low:g} to {high:g} s")


def _channels(code: str, wave: Wave, wanted: int) -> CheckResult:
    have = wave.samples.shape[1]
    return CheckResult(code, have == wanted, f"{have}, asked for {wanted}")


def _loudness(code: str, wave: Wave, wanted: tuple[float, float]) -> CheckResult:
    found = loudness(wave.samples, wave.rate)
    if found is None:
        return CheckResult(code, passed=False, detail="it is silent")
    return CheckResult(
        code, wanted[0] <= found <= wanted[1], f"{found:.1f} LUFS, asked for {wanted[0]:g} to {wanted[1]:g}"
    )


def _true_peak(code: str, wave: Wave, most: float) -> CheckResult:
    found = decibels(true_peak(wave.samples, wave.rate))
    return CheckResult(code, found <= most + _SLACK_PEAK, f"{found:.1f} dBTP, {most:g} is the most")


def _no_clipping(code: str, wave: Wave, _: Any) -> CheckResult:
    runs = clipped_runs(wave.samples)
    return CheckResult(
        code, runs == 0, f"cut off at full scale in {runs} place{'s' if runs > 1 else ''}" if runs else ""
    )


def clipped_runs(samples: Samples) -> int:
    """How often, over all channels, several samples in a row lie at full scale or beyond on one side."""
    found = 0
    for channel in samples.T:
        for side in (channel, -channel):
            marks = np.concatenate([[0], (side >= _FULL_SCALE).astype(np.int8), [0]])
            steps = np.diff(marks)
            lengths = np.flatnonzero(steps < 0) - np.flatnonzero(steps > 0)
            found += int((lengths >= _CLIPPED_RUN).sum())
    return found


def _has_signal(code: str, wave: Wave, _: Any) -> CheckResult:
    level = decibels(peak_of(wave.samples - wave.samples.mean(axis=0)))
    passed = level > _SIGNAL
    return CheckResult(code, passed, "" if passed else f"its peak is at {max(level, -120):.0f} dB: it is silent")


def _loops(code: str, wave: Wave, _: Any) -> CheckResult:
    """Whether its end goes on in its beginning: in level, and without a jump that is larger than its own steps."""
    samples = wave.samples.astype(np.float64)
    length = max(2, min(round(_END_SECONDS * wave.rate), len(samples) // 2))
    first, last = samples[:length], samples[-length:]
    levels = [decibels(float(np.sqrt((end**2).mean()))) for end in (first, last)]
    if abs(levels[0] - levels[1]) > _END_LEVELS and max(levels) > _QUIET:
        return CheckResult(code, passed=False, detail=f"it begins at {levels[0]:.0f} dB and ends at {levels[1]:.0f} dB")
    steps = np.abs(np.diff(np.concatenate([last, first]), axis=0))
    jump = float(steps[length - 1].max())
    own = float(np.delete(steps, length - 1, axis=0).max(initial=0.0))
    passed = jump <= max(own * _MOST_JUMP, _LEAST_JUMP)
    return CheckResult(
        code, passed, "" if passed else f"from its end to its beginning it jumps by {jump:.2f} of full scale"
    )


_SOUND_CHECKS: Final[Mapping[str, Callable[[str, Wave, Any], CheckResult]]] = {
    "duration_range": _duration_range,
    "channels": _channels,
    "loudness": _loudness,
    "true_peak": _true_peak,
    "no_clipping": _no_clipping,
    "has_signal": _has_signal,
    "loops": _loops,
}


def _format(code: str, files: Sequence[Written], wanted: str) -> CheckResult:
    have = [each.file.suffix for each in files]
    return CheckResult(code, wanted in have, f"{', '.join(have)}, asked for {wanted}")


def _bitrate(code: str, files: Sequence[Written], wanted: int) -> CheckResult:
    """Of the files whose bitrate can be chosen; of all where there is none."""
    chosen = [each for each in files if each.file.suffix in WITH_BITRATE] or list(files)
    told = ", ".join(f"{each.file.suffix} {_in_k(each.bitrate)}" for each in chosen)
    passed = all(each.bitrate is not None and is_near(each.bitrate, wanted, each.file.suffix) for each in chosen)
    return CheckResult(code, passed, f"{told}, asked for {_in_k(wanted)}")


def is_near(found: int, wanted: int, file_format: str) -> bool:
    """Whether a bitrate is the one asked for: nearly so where the format has steps, about so where it follows sound."""
    slack = _MP3_SLACK if file_format == "mp3" else _SLACK
    return abs(found - wanted) <= wanted * slack


def _in_k(bitrate: int | None) -> str:
    return "unknown" if bitrate is None else f"{round(bitrate / 1000)}k"


def _sample_rate(code: str, files: Sequence[Written], wanted: int) -> CheckResult:
    have = [each.rate for each in files]
    told = ", ".join(dict.fromkeys("unknown" if rate is None else f"{rate} Hz" for rate in have))
    return CheckResult(code, all(rate == wanted for rate in have), f"{told}, asked for {wanted} Hz")


_FILE_CHECKS: Final[Mapping[str, Callable[[str, Sequence[Written], Any], CheckResult]]] = {
    "format": _format,
    "bitrate": _bitrate,
    "sample_rate": _sample_rate,
}
