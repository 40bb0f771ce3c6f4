"""Steps done one after the other. Whatever goes wrong is a result, and bytes always come out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from PIL import Image

from generation.processing import composing, sizing
from generation.processing.actions import FORMATS, SOUND_ACTIONS, StepLike, read_checks, read_options
from generation.processing.checking import ON_FILES, Looked, check_files, check_picture
from generation.processing.encoding import Encoding, encoded
from generation.processing.model import CheckResult, Processed, ProcessedFile, ProcessingContext
from generation.processing.opening import PIXELS, Opened, UnreadableError, media_type_of, opened, pixels_of
from generation.processing.scoring import scores_of
from generation.processing.sheets import Sheet, packed
from generation.processing.values import Colour
from ontology.escaping import visible


def process(data: bytes, steps: Sequence[StepLike], *, context: ProcessingContext | None = None) -> Processed:
    """What the steps make of one picture. Raises nothing for a picture, step or check that is not as it should be.

    A step that cannot be done is left out, with a result under its name that was not passed. Where nothing changed the
    pixels and no format was asked for, the bytes are those that came in. `sprite_sheet` packs the one picture.
    """
    return process_all([data], steps, context=context)[0]


def process_all(
    pictures: Sequence[bytes], steps: Sequence[StepLike], *, context: ProcessingContext | None = None
) -> tuple[Processed, ...]:
    """As `process`, for the variations of one job: one result for each in their order, or one for a sheet of all.

    Pictures that cannot be read take no part in a sheet, and come out as they are behind it.
    """
    context = context or ProcessingContext()
    cut = next((number for number, step in enumerate(steps) if step.action == "sprite_sheet"), None)
    if cut is None:
        return tuple(_alone(data, number, steps, context) for number, data in enumerate(pictures))
    return _together(pictures, steps[:cut], steps[cut], steps[cut + 1 :], context)


@dataclass
class _Work:
    """A picture on its way through the steps."""

    context: ProcessingContext
    original: bytes
    source: Opened
    image: Image.Image
    changed: bool = False
    size: tuple[int, int] | None = None
    formats: dict[str, Encoding] = field(default_factory=dict)
    checks: list[CheckResult] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    palette: tuple[Colour, ...] | None = None
    sources: tuple[int, ...] = (0,)
    atlas: Callable[[str], ProcessedFile] | None = None

    def do(self, step: StepLike) -> None:
        """One step; what it fails by is noted."""
        try:
            options = read_options(step)
            if step.action in SOUND_ACTIONS:
                raise ValueError("it is for sounds, and this is a picture")  # noqa: TRY301  # told like any other
            _STEPS[step.action](self, step, options)
        except MemoryError:
            self.fail(step.action, "there is not enough memory for it")
        except Exception as error:  # noqa: BLE001  # paid bytes are not lost for a step, whatever Pillow says of it
            self.fail(step.action, visible(str(error) or type(error).__name__, limit=300))

    def fail(self, code: str, why: str) -> None:
        """Note what was not done."""
        self.checks.append(CheckResult(visible(code, limit=60), passed=False, detail=why))

    def become(self, image: Image.Image) -> None:
        """The picture from here on."""
        self.changed = self.changed or image is not self.image
        self.image = image

    def done(self) -> Processed:
        """The files, the late checks and the scores."""
        files = self._files()
        if self.changed and self.source.frames > 1:
            self.fail("animation", f"only the first of {self.source.frames} frames was worked on")
        self.checks += [check_files(code, files, self.image, self.context.duplicate_of) for code in self.late]
        scores = scores_of(self.image, self.checks, self.palette)
        return Processed(tuple(files), tuple(self.checks), scores, self.sources)

    def _files(self) -> list[ProcessedFile]:
        files = []
        for how in self._encodings():
            try:
                files.append(encoded(self.image, replace(how, kept=self.source.kept)))
            except MemoryError:
                self.fail("convert", f"there is not enough memory for {how.format}")
            except Exception as error:  # noqa: BLE001  # as above
                self.fail("convert", visible(f"no {how.format}: {error}", limit=300))
        files = files or [_as_it_came(self.original, self.source.image.size)]
        return files + ([self.atlas(files[0].suffix)] if self.atlas is not None else [])

    def _encodings(self) -> list[Encoding]:
        if self.formats:
            return list(self.formats.values())
        if not self.changed:
            return []
        clear = self.image.mode == "RGBA" and self.source.format == "jpeg"
        return [Encoding("png" if clear or self.source.format not in FORMATS else self.source.format)]


def _as_it_came(data: bytes, size: tuple[int, int] | None) -> ProcessedFile:
    media_type, suffix = media_type_of(data)
    width, height = size or (None, None)
    return ProcessedFile(data, media_type, width, height, suffix)


def _unread(data: bytes, number: int, why: str) -> Processed:
    check = CheckResult("readable", passed=False, detail=visible(why, limit=300))
    return Processed((_as_it_came(data, None),), (check,), {"checks": 0.0}, (number,))


def _alone(data: bytes, number: int, steps: Sequence[StepLike], context: ProcessingContext) -> Processed:
    if not steps:
        return _untouched(data, number)
    try:
        with PIXELS.spend(pixels_of(data)):
            work = _begun(data, number, steps, context)
            return work.done()
    except UnreadableError as error:
        return _unread(data, number, str(error))
    except MemoryError:
        return _unread(data, number, "there is not enough memory to open it")


def _untouched(data: bytes, number: int) -> Processed:
    """No step asks for anything: sounds and films come by here too."""
    try:
        source = opened(data)
    except (UnreadableError, MemoryError):
        return Processed((_as_it_came(data, None),), sources=(number,))
    return Processed((_as_it_came(data, source.image.size),), (), scores_of(source.image, ()), (number,))


def _begun(data: bytes, number: int, steps: Sequence[StepLike], context: ProcessingContext) -> _Work:
    source = opened(data)
    work = _Work(context, data, source, source.image, size=context.size, sources=(number,))
    for step in steps:
        work.do(step)
    return work


def _together(
    pictures: Sequence[bytes],
    before: Sequence[StepLike],
    packing: StepLike,
    after: Sequence[StepLike],
    context: ProcessingContext,
) -> tuple[Processed, ...]:
    works: list[_Work] = []
    lost: list[Processed] = []
    for number, data in enumerate(pictures):
        try:
            with PIXELS.spend(pixels_of(data)):
                works.append(_begun(data, number, before, context))
        except UnreadableError as error:
            lost.append(_unread(data, number, str(error)))
        except MemoryError:
            lost.append(_unread(data, number, "there is not enough memory to open it"))
    try:
        sheet = packed([work.image for work in works], read_options(packing)) if works else None
    except (ValueError, MemoryError) as error:
        for work in works:
            work.fail(packing.action, visible(str(error) or "there is not enough memory for it", limit=300))
        sheet = None
    if sheet is None:  # paid bytes are not lost for a sheet that cannot be
        singles = [*(work.done() for work in works), *lost]
        return tuple(sorted(singles, key=lambda item: item.sources))
    return (_of_sheet(works, sheet, after, context), *lost)


def _of_sheet(works: Sequence[_Work], sheet: Sheet, after: Sequence[StepLike], context: ProcessingContext) -> Processed:
    first = works[0]
    checks = [check for work in works for check in work.checks]
    whole = _Work(context, first.original, Opened(sheet.image, "png"), sheet.image, changed=True, checks=checks)
    whole.sources = tuple(work.sources[0] for work in works)
    whole.formats = dict(first.formats)
    whole.late = list(dict.fromkeys(code for work in works for code in work.late))
    whole.palette = first.palette
    for step in after:
        whole.do(step)
    if whole.image is sheet.image:
        whole.atlas = lambda suffix: _atlas(sheet, len(works), context.name, suffix)
    else:  # its boxes would lie
        whole.fail("sprite_sheet", "no atlas: a later step changed the sheet; move it before `sprite_sheet`")
    return whole.done()


def _atlas(sheet: Sheet, count: int, name: str, suffix: str) -> ProcessedFile:
    digits = len(str(count))
    names = [f"{name}-{number:0{digits}}" for number in range(1, count + 1)]
    return ProcessedFile(sheet.atlas(names, f"{name}.{suffix}"), "application/json", None, None, "json")


def _resize(work: _Work, _: StepLike, options: Mapping[str, Any]) -> None:
    work.become(sizing.resized(work.image, options))
    if "dimensions" in options:
        work.size = options["dimensions"]
    else:
        work.size = options.get("width", work.image.width), options.get("height", work.image.height)


def _crop(work: _Work, _: StepLike, options: Mapping[str, Any]) -> None:
    work.become(sizing.cropped(work.image, options))
    work.size = options.get("dimensions", work.image.size)


def _trim(work: _Work, _: StepLike, options: Mapping[str, Any]) -> None:
    work.become(sizing.trimmed(work.image, options))
    work.size = work.image.size


def _composite(work: _Work, _: StepLike, options: Mapping[str, Any]) -> None:
    named = options.get("asset") or options.get("query")
    data = work.context.picture_of(options) if work.context.picture_of is not None else None
    if data is None:
        raise ValueError(f"there is no picture for `{named}`")
    work.become(composing.composed(work.image, opened(data).image, options))


def _background_to_alpha(work: _Work, _: StepLike, options: Mapping[str, Any]) -> None:
    work.become(composing.keyed(work.image, options))


def _convert(work: _Work, _: StepLike, options: Mapping[str, Any]) -> None:
    if "bitrate" in options or not set(options["formats"]) <= set(FORMATS):
        raise ValueError("it is for sounds, and this is a picture")
    settings = {name: options[name] for name in ("quality", "lossless", "background") if name in options}
    for name in options["formats"]:
        work.formats[name] = Encoding(name, **settings)


def _validate(work: _Work, step: StepLike, _: Mapping[str, Any]) -> None:
    for check in read_checks(step):
        if check.code in ON_FILES:
            work.late.append(check.code)
            continue
        if check.code == "palette":
            work.palette = check.value
        work.checks.append(check_picture(check, Looked(work.image, work.size)))


def _select(_: _Work, __: StepLike, ___: Mapping[str, Any]) -> None:
    """It is about all variations: see `generation.processing.variations`."""


_STEPS: Final[Mapping[str, Callable[[_Work, StepLike, Mapping[str, Any]], None]]] = {
    "resize": _resize,
    "crop": _crop,
    "trim": _trim,
    "composite": _composite,
    "background_to_alpha": _background_to_alpha,
    "convert": _convert,
    "validate": _validate,
    "select": _select,
}
