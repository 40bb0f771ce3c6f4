"""Steps of processing and checks by name, with the options of each: a misspelt one is found before anything is paid.

Pure.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from generation.specs.fields import shown

ACTIONS: Mapping[str, frozenset[str]] = {
    name: frozenset(options.split())
    for name, options in {
        "resize": "dimensions width height method fit pad background upscale",
        "crop": "ratio dimensions position",
        "composite": "asset query place position scale opacity blend",
        "convert": "formats quality lossless background",
        "trim": "threshold padding",
        "background_to_alpha": "color tolerance feather",
        "sprite_sheet": "columns padding dimensions",
        "normalize": "peak loudness",
        "trim_silence": "threshold",
        "fade": "in out",
        "validate": "checks",
    }.items()
}
"""Action → its options."""

CHECKS: Mapping[str, bool] = {
    "has_alpha": False,
    "no_alpha": False,
    "dimensions_match": False,
    "is_power_of_two": False,
    "file_size_under_2mb": False,
    "file_size_reasonable": False,
    "not_blank": False,
    "not_duplicate": False,
    "ratio": True,
    "duration_range": True,
    "format": True,
    "bitrate": True,
    "sample_rate": True,
    "loudness": True,
}
"""Check → whether it is written with a value (`duration_range: [0.2, 0.6]`)."""


class StepFault(NamedTuple):
    """What is wrong with a step; `path`: where, within it."""

    code: str
    path: tuple[str | int, ...]
    message: str
    hint: str
    is_name: bool = False


def step_faults(action: str, options: Mapping[str, Any]) -> Iterator[StepFault]:
    """Unknown actions, options and checks, each with the nearest known name."""
    if action not in ACTIONS:
        yield StepFault("unknown_action", ("action",), f"no step is called `{shown(action)}`", _hint(action, ACTIONS))
        return
    known = ACTIONS[action]
    for name in options:
        if name not in known:
            message = f"`{action}` has no option `{shown(name)}`"
            yield StepFault("unknown_option", (name,), message, _hint(name, sorted(known)), is_name=True)
    if action == "validate":
        yield from _check_faults(options.get("checks"))


def _check_faults(checks: Any) -> Iterator[StepFault]:
    if not isinstance(checks, list):
        yield StepFault("wrong_type", ("checks",), "`checks` must be a list", "write `checks: [has_alpha]`")
        return
    for number, check in enumerate(checks):
        named = list(check.items()) if isinstance(check, dict) else [(check, None)]
        for name, value in named:
            yield from _fault_of_check(name, value, ("checks", number))


def _fault_of_check(name: Any, value: Any, path: tuple[str | int, ...]) -> Iterator[StepFault]:
    if not isinstance(name, str) or name not in CHECKS:
        yield StepFault("unknown_check", path, f"no check is called `{shown(name)}`", _hint(str(name), CHECKS))
    elif CHECKS[name] and value is None:
        yield StepFault("wrong_type", path, f"the check `{name}` needs a value", f"write `- {name}: …`")
    elif not CHECKS[name] and value is not None:
        yield StepFault("wrong_type", path, f"the check `{name}` takes no value", f"write `- {name}`")
    elif name == "duration_range" and not _is_range(value):
        message = f"`{shown(value)}` is not a range of seconds"
        yield StepFault("wrong_type", path, message, "write `- duration_range: [0.2, 0.6]`")


def _is_range(value: Any) -> bool:
    ends = value if isinstance(value, list) else []
    fit = len(ends) == 2 and all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)  # noqa: PLR2004  # two ends
    return fit and 0 <= ends[0] <= ends[1]


def _hint(name: str, known: Any) -> str:
    near = get_close_matches(name.lower(), list(known), 1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
