"""Actions, their options and the checks by name, and how each value is read. Pure.

This is the one place that says what a step may hold: specs are checked by it, and processing reads its options with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from generation.processing import values
from generation.processing.values import Reader, ValueFault, near, shown

FORMATS: Final = ("png", "jpeg", "webp", "gif", "avif")
"""What pictures are read from and written as."""
SOUND_FORMATS: Final = ("wav", "flac", "ogg", "opus", "mp3")
"""What sounds are read from and written as."""
MOST_COLUMNS: Final = 256
MOST_PADDING: Final = 4096

_FORMAT = values.choice(*FORMATS, *SOUND_FORMATS, also={"jpg": "jpeg", "wave": "wav", "vorbis": "ogg"})
_BITRATE = values.rate(8000, 512_000, "192k")
_SAMPLE_RATE = values.rate(4000, 192_000, "44100")
_LEVEL_OF_SOUND = values.decibels(-60, 0)
_PIXELS = values.whole(1, values.LONGEST_SIDE)
_PADDING = values.whole(0, MOST_PADDING)
_LEVEL = values.whole(0, 255)
_METHOD = values.choice(
    *("nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"),
    also={"lanczos2": "lanczos", "lanczos3": "lanczos", "cubic": "bicubic", "linear": "bilinear", "pixel": "nearest"},
)
_BLENDS = ("normal", "multiply", "screen", "overlay", "darken", "lighten", "add", "subtract", "difference")

ACTIONS: Final[Mapping[str, Mapping[str, Reader]]] = {
    "resize": {
        "dimensions": values.size,
        "width": _PIXELS,
        "height": _PIXELS,
        "method": _METHOD,
        "fit": values.choice("cover", "contain", "fill"),
        "pad": values.flag,
        "background": values.colour,
        "position": values.position,
        "upscale": values.flag,
    },
    "crop": {"ratio": values.ratio, "dimensions": values.size, "position": values.position},
    "composite": {
        "asset": values.text,
        "query": values.text,
        "place": values.choice("over", "under"),
        "position": values.position,
        "scale": values.number(0.01, 16),
        "opacity": values.number(0, 1),
        "blend": values.choice(*_BLENDS),
    },
    "convert": {
        "formats": values.each(_FORMAT),
        "quality": values.whole(1, 100),
        "lossless": values.flag,
        "background": values.colour,
        "bitrate": _BITRATE,
    },
    "trim": {"threshold": _LEVEL, "padding": _PADDING},
    "background_to_alpha": {"color": values.key_colour, "tolerance": _LEVEL, "feather": _LEVEL},
    "sprite_sheet": {"columns": values.whole(1, MOST_COLUMNS), "padding": _PADDING, "dimensions": values.size},
    "select": {"keep": values.whole(1, 16)},
    "normalize": {"peak": _LEVEL_OF_SOUND, "loudness": values.decibels(-60, -1), "ceiling": _LEVEL_OF_SOUND},
    "trim_silence": {
        "threshold": values.decibels(-120, -1),
        "padding": values.seconds,
        "where": values.choice("both", "start", "end"),
    },
    "fade": {"in": values.seconds, "out": values.seconds, "curve": values.choice("smooth", "linear")},
    "mono": {},
    "resample": {"rate": _SAMPLE_RATE},
    "validate": {"checks": lambda value: value},  # each is read by itself, see `CHECKS`
}
"""Action → option → how its value is read."""

SOUND_ACTIONS: Final = frozenset({"normalize", "trim_silence", "fade", "mono", "resample"})
COMMON_ACTIONS: Final = frozenset({"convert", "select", "validate"})
"""Actions for pictures and sounds alike."""
OF_ONE_KIND: Final[Mapping[str, str]] = {
    "bitrate": "sounds",
    "quality": "pictures",
    "lossless": "pictures",
    "background": "pictures",
}
"""Options of `convert` that are for one kind alone."""
SET_ACTIONS: Final = frozenset({"sprite_sheet", "select"})
"""Actions over all variations of a job together."""

CHECKS: Final[Mapping[str, Reader | None]] = {
    "has_alpha": None,
    "no_alpha": None,
    "dimensions_match": None,
    "is_power_of_two": None,
    "file_size_under_2mb": None,
    "file_size_reasonable": None,
    "not_blank": None,
    "not_duplicate": None,
    "ratio": values.ratio,
    "palette": values.colours,
    "duration_range": values.seconds_range,
    "format": values.choice(*SOUND_FORMATS, also={"wave": "wav", "vorbis": "ogg"}),
    "bitrate": _BITRATE,
    "sample_rate": _SAMPLE_RATE,
    "channels": values.whole(1, 8),
    "loudness": values.loudness_range,
    "true_peak": values.decibels(-60, 6),
    "no_clipping": None,
    "has_signal": None,
    "loops": None,
}
"""Check → how its value is read; None: it has none. (`duration_range: [0.2, 0.6]` has one.)"""

SOUND_CHECKS: Final = frozenset(
    {"duration_range", "format", "bitrate", "sample_rate", "channels", "loudness", "true_peak"}
    | {"no_clipping", "has_signal", "loops"}
)
COMMON_CHECKS: Final = frozenset({"file_size_under_2mb", "file_size_reasonable", "not_duplicate"})
"""Checks of pictures and sounds alike."""


class StepLike(Protocol):
    """An action and its options, as a spec has them."""

    @property
    def action(self) -> str:
        """Its name."""
        ...

    @property
    def options(self) -> Mapping[str, Any]:
        """By name, as they were written."""
        ...


@dataclass(frozen=True, slots=True)
class StepFault:
    """What is wrong with a step; `path`: where, within it. `is_name`: it is the name of an option that is wrong."""

    code: str
    path: tuple[str | int, ...]
    message: str
    hint: str
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One check that is asked for, its value read."""

    code: str
    value: Any = None


def step_faults(action: str, options: Mapping[str, Any]) -> Iterator[StepFault]:
    """Everything wrong with a step: unknown names, each with the nearest known one, and values that cannot be."""
    if action not in ACTIONS:
        yield StepFault("unknown_action", ("action",), f"no step is called `{shown(action)}`", near(action, ACTIONS))
        return
    known = ACTIONS[action]
    for name, value in options.items():
        if name not in known:
            message = f"`{action}` has no option `{shown(name)}`"
            yield StepFault("unknown_option", (name,), message, near(name, sorted(known)), is_name=True)
            continue
        try:
            known[name](value)
        except ValueFault as fault:
            yield StepFault("bad_option", (name,), f"`{name}` of `{action}`: {fault.message}", fault.hint)
    yield from _faults_together(action, options)
    yield from _faults_of_sound(action, options)


def _faults_together(action: str, options: Mapping[str, Any]) -> Iterator[StepFault]:
    """What only the options together show."""
    if action == "resize":
        if not {"dimensions", "width", "height"} & options.keys():
            yield _missing("resize", "a size", "write `dimensions: 512x512`, `width: 512` or `height: 512`")
        elif "dimensions" in options and {"width", "height"} & options.keys():
            yield _missing("resize", "one size", "write `dimensions`, or `width` and `height`")
        if options.get("pad") is True and options.get("fit") in {"cover", "fill"}:
            yield StepFault("bad_option", ("pad",), f"`fit: {options['fit']}` leaves nothing to pad", "leave one out")
    elif action == "crop" and len({"ratio", "dimensions"} & options.keys()) != 1:
        yield _missing("crop", "either a ratio or dimensions", 'write `ratio: "16:9"` or `dimensions: 640x360`')
    elif action == "composite" and len({"asset", "query"} & options.keys()) != 1:
        yield _missing("composite", "either an asset or a query", "write `asset: a0123456789abcdef`")
    elif action == "convert" and "formats" not in options:
        yield _missing("convert", "formats", "write `formats: [png, webp]`")
    elif action == "validate":
        yield from _check_faults(options.get("checks"))


def _faults_of_sound(action: str, options: Mapping[str, Any]) -> Iterator[StepFault]:
    """The same, of steps for sounds."""
    if action == "normalize" and {"peak", "loudness"} <= options.keys():
        yield _missing("normalize", "one level", "write `peak: -1 dB` or `loudness: -16 LUFS`")
    elif action == "fade" and not {"in", "out"} & options.keys():
        yield _missing("fade", "`in` or `out`", "write `out: 0.05`")
    elif action == "resample" and "rate" not in options:
        yield _missing("resample", "a rate", "write `rate: 44100`")


def _missing(action: str, what: str, hint: str) -> StepFault:
    return StepFault("missing_option", ("action",), f"`{action}` needs {what}", hint)


def _check_faults(checks: Any) -> Iterator[StepFault]:
    if not isinstance(checks, list):
        yield StepFault("wrong_type", ("checks",), "`checks` must be a list", "write `checks: [has_alpha]`")
        return
    for number, check in enumerate(checks):
        for name, value in _named(check):
            yield from _fault_of_check(name, value, ("checks", number))


def _named(check: Any) -> list[tuple[Any, Any]]:
    """A check is a word, or a table of words and values."""
    return list(check.items()) if isinstance(check, Mapping) else [(check, None)]


def _fault_of_check(name: Any, value: Any, path: tuple[str | int, ...]) -> Iterator[StepFault]:
    if not isinstance(name, str) or name not in CHECKS:
        yield StepFault("unknown_check", path, f"no check is called `{shown(name)}`", near(str(name), CHECKS))
        return
    read = CHECKS[name]
    if read is None:
        if value is not None:
            yield StepFault("wrong_type", path, f"the check `{name}` takes no value", f"write `- {name}`")
    elif value is None:
        yield StepFault("wrong_type", path, f"the check `{name}` needs a value", f"write `- {name}: …`")
    else:
        try:
            read(value)
        except ValueFault as fault:
            hint = fault.hint.replace("write ", f"write `- {name}: ", 1)
            yield StepFault("wrong_type", path, fault.message, f"{hint}`" if hint != fault.hint else hint)


def read_options(step: StepLike) -> dict[str, Any]:
    """The options of a step, read. Raises `ValueFault` for the first fault of it."""
    for fault in step_faults(step.action, step.options):
        raise ValueFault(fault.message, fault.hint)
    return {name: ACTIONS[step.action][name](value) for name, value in step.options.items()}


def read_checks(step: StepLike) -> tuple[Check, ...]:
    """The checks of a `validate` step whose options were read."""
    found = []
    for check in step.options["checks"]:
        for name, value in _named(check):
            read = CHECKS[name]
            found.append(Check(name, None if read is None else read(value)))
    return tuple(found)
