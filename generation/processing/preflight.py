"""Whether steps can be done at all, asked before anything is spent. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generation.processing.actions import (
    CHECKS,
    COMMON_ACTIONS,
    COMMON_CHECKS,
    FORMATS,
    OF_ONE_KIND,
    SOUND_ACTIONS,
    SOUND_CHECKS,
    SOUND_FORMATS,
    StepFault,
    StepLike,
    read_options,
    step_faults,
)
from generation.processing.values import shown
from ontology.diagnostics import Diagnostic

_OTHERS = {"image": "sounds", "audio": "pictures"}
_NAMED = {"image": "a picture's", "audio": "a sound's"}

HasPicture = Callable[[Mapping[str, Any]], bool]
"""Whether there is a picture for the options of a `composite` (`asset` or `query`)."""


def check_steps(
    steps: Sequence[StepLike], *, asset_type: str = "image", has_picture: HasPicture | None = None
) -> tuple[Diagnostic, ...]:
    """What is wrong with the steps, each finding at the place of its step, if that has one (`file`, `line`, `column`).

    `has_picture` is asked about every sound `composite`, where it is given.
    """
    faults = faults_of_steps(steps, asset_type)
    found = [_at(steps[number], fault) for number, fault in faults]
    faulty = {number for number, _ in faults}
    for number, step in enumerate(steps):
        if step.action == "composite" and number not in faulty and has_picture and not has_picture(step.options):
            named = shown(step.options.get("asset") or step.options.get("query"))
            message = f"`composite` finds no picture for `{named}`"
            found.append(_at(step, StepFault("not_found", (), message, "name an asset, see `callsheet ls`")))
    return tuple(found)


def faults_of_steps(steps: Sequence[StepLike], asset_type: str) -> list[tuple[int, StepFault]]:
    """What is wrong with each step, by its number from 0: in itself, for this type of asset, beside the others."""
    found = []
    sheets = 0
    for number, step in enumerate(steps):
        faults = list(step_faults(step.action, step.options)) or _unfit(step, asset_type)
        sheets += step.action == "sprite_sheet"
        if step.action == "sprite_sheet" and sheets > 1:
            faults.append(StepFault("step_unfit", (), "there is one sheet already", "leave this step out"))
        found += [(number, fault) for fault in faults]
    return found


def _unfit(step: StepLike, asset_type: str) -> list[StepFault]:
    """Steps for sounds among those of a picture, and the other way round. Films may have either."""
    if asset_type not in _OTHERS:
        return []
    other = _OTHERS[asset_type]
    own, leave = _NAMED[asset_type], f"leave it out of {_NAMED[asset_type]} steps"
    if step.action not in COMMON_ACTIONS and (step.action in SOUND_ACTIONS) != (asset_type == "audio"):
        return [StepFault("step_unfit", (), f"`{step.action}` is for {other}", leave)]
    own_checks = COMMON_CHECKS | (SOUND_CHECKS if asset_type == "audio" else CHECKS.keys() - SOUND_CHECKS)
    wrong = [name for name in _check_names(step) if name not in own_checks]
    faults = [StepFault("step_unfit", (), f"the check `{name}` is for {other}", "leave it out") for name in wrong]
    if step.action != "convert":
        return faults
    formats = SOUND_FORMATS if asset_type == "audio" else FORMATS
    for name in read_options(step)["formats"]:
        if name not in formats:
            message, hint = f"{name} is a format of {other}", f"{own} formats are {', '.join(formats)}"
            faults.append(StepFault("step_unfit", ("formats",), message, hint))
    misplaced = [name for name in step.options if OF_ONE_KIND.get(name) == other]
    return faults + [
        StepFault("step_unfit", (name,), f"`{name}` of `convert` is for {other}", leave) for name in misplaced
    ]


def _check_names(step: StepLike) -> list[str]:
    if step.action != "validate":
        return []
    names: list[str] = []
    for check in step.options["checks"]:
        names += list(check) if isinstance(check, Mapping) else [check]
    return names


def _at(step: StepLike, fault: StepFault) -> Diagnostic:
    place = getattr(step, "place", None)
    return Diagnostic(
        fault.code,
        fault.message,
        fault.hint,
        file=getattr(place, "file", None),
        line=getattr(place, "line", None),
        column=getattr(place, "column", None),
    )
