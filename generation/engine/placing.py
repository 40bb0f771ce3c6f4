"""Where a result goes: a file below `assets/`, in nobody's way, and into the gallery as one batch of the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Final

from gallery import AddResult
from gallery.embedded.facts import MADE_HERE, GenerationFacts
from gallery.intake.making import Made, maker_of, take_made
from gallery.intake.originals import suffix_and_type
from gallery.store.paths import ProjectPaths
from generation.engine.beside import put_beside
from generation.engine.context import GenerationContext
from generation.engine.marks import is_as_left, leave_mark
from generation.engine.naming import STAND_IN_TAG, plain_name
from generation.engine.orders import Order
from generation.engine.pictures import Finished
from generation.engine.previewing import PREVIEW_TAG
from generation.ledger.views import JobView
from generation.money import text_of
from generation.specs.model import Spec
from ontology.errors import ConflictError, TagError
from ontology.escaping import visible
from ontology.normalize import normalize_tags

GENERATED: Final = "generated"
"""Below `assets/`: where results go that name no place of their own."""

_HEAD: Final = 64
_HASH_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made it, for how much (of each picture, in dollars), and whether it only stands in."""

    provider: str
    model: str
    cost: Decimal | None
    stand_in: bool


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """One picture where it lies: its key below `assets/`, its asset, and the keys of what lies beside it."""

    key: str
    asset: str | None
    further: tuple[str, ...]
    picture: Finished

    def to_json(self) -> dict[str, Any]:
        """`{path, asset, further, scores, checks}`, paths below `assets/`."""
        return {
            "path": self.key,
            "asset": self.asset,
            "further": list(self.further),
            "scores": dict(self.picture.scores or {}),
            "checks": [dict(check) for check in self.picture.checks or ()],
        }


@dataclass(frozen=True, slots=True)
class Placed:
    """What was taken in, and every picture, the best first."""

    added: AddResult
    files: tuple[PlacedFile, ...]


def refuse_taken_place(context: GenerationContext, spec: Spec) -> None:
    """Raises `ConflictError` where the spec's place holds a file that was not made by it: no file is written over."""
    place = spec.integration.manifest_path if spec.integration is not None else None
    if place is None or not context.assets.exists(place):
        return
    if not _is_ours(context, spec, place) and not is_as_left(context, spec, place, "copies"):
        raise ConflictError(
            f"assets/{visible(place)} is there and was not made by the spec {visible(spec.id, limit=60)}",
            hint="move it away, or give the spec another manifest_path",
            code="path_taken",
        )


def place(context: GenerationContext, job: JobView, order: Order, pictures: Sequence[Finished], maker: Maker) -> Placed:
    """Write the files and take them in. What is there already, byte for byte, is left alone."""
    spec = order.spec
    keys = [_put(context, spec, picture, number) for number, picture in enumerate(pictures)]
    beside = [put_beside(context, spec, key, picture.further) for key, picture in zip(keys, pictures, strict=True)]
    tags = _tags(context, order, maker)
    parents = [*(item.asset_id for item in spec.inputs if item.asset_id is not None), *order.promotes]
    made = [
        Made(
            context.assets.path(key),
            facts=_facts(job, order, picture, maker),
            tags=tags,
            parents=parents,
            operation=spec.operation,
        )
        for key, picture in zip(keys, pictures, strict=True)
        if suffix_and_type(picture.data[:_HEAD]) is not None
    ]
    added = take_made(context.gallery.context, made) if made else AddResult((), ())
    ids = {item.path: item.id for item in added.results}
    names = ProjectPaths(context.gallery.context.root)
    files = tuple(
        PlacedFile(key, ids.get(names.stored(str(context.assets.path(key)))), further, picture)
        for key, further, picture in zip(keys, beside, pictures, strict=True)
    )
    return Placed(added, files)


def _put(context: GenerationContext, spec: Spec, picture: Finished, number: int) -> str:
    key = _key(spec, picture, number)
    if context.assets.exists(key):
        present = context.assets.read(key)
        if present == picture.data:
            return key
        if not _is_ours(context, spec, key):  # it came there while the picture was made, which is paid for
            key = key if is_as_left(context, spec, key, "copies") else _beside(key, picture.data)
        else:
            _move_aside(context, key, present)
    leave_mark(context, spec, key, picture.data, "results")  # the asset may name another spec, which made the same
    context.assets.store(key, picture.data)
    return key


def _key(spec: Spec, picture: Finished, number: int) -> str:
    """`manifest_path` for the first, `NAME-2` and so on for the others; the suffix is that of the bytes."""
    kind = suffix_and_type(picture.data[:_HEAD])
    written = spec.integration.manifest_path if spec.integration is not None else None
    if written is None:
        digits = sha256(picture.data).hexdigest()[:_HASH_DIGITS]
        suffix = kind[0] if kind is not None else picture.media_type.rpartition("/")[2]
        return f"{GENERATED}/{plain_name(spec.id)}-{digits}.{suffix}"
    path = PurePosixPath(written)
    suffix = path.suffix
    if kind is not None and suffix.lower().lstrip(".").replace("jpeg", "jpg") != kind[0]:
        suffix = f".{kind[0]}"
    stem = path.stem if number == 0 else f"{path.stem}-{number + 1}"
    return str(path.with_name(f"{stem}{suffix}"))


def _is_ours(context: GenerationContext, spec: Spec, key: str) -> bool:
    is_made_by_it = maker_of(context.gallery.context, context.assets.path(key)) == spec.id
    return is_made_by_it or is_as_left(context, spec, key, "results")


def _beside(key: str, data: bytes) -> str:
    path = PurePosixPath(key)
    return str(path.with_name(f"{path.stem}.{sha256(data).hexdigest()[:_HASH_DIGITS]}{path.suffix}"))


def _move_aside(context: GenerationContext, key: str, present: bytes) -> None:
    """An earlier result keeps its asset, its tags and its bytes, under a name with its hash."""
    aside = _beside(key, present)
    context.assets.path(key).replace(context.assets.path(aside))
    context.gallery.add([context.assets.path(aside)], origin="generation")


def _tags(context: GenerationContext, order: Order, maker: Maker) -> tuple[str, ...]:
    marks = [STAND_IN_TAG] * maker.stand_in + [PREVIEW_TAG] * (order.final is not None)
    gallery = context.gallery.context
    try:
        return (*order.spec.tags, *normalize_tags(marks, gallery.ontology, policy=gallery.tag_policy))
    except TagError:  # a vocabulary under which the word is no tag; the mark on the making stays
        return order.spec.tags


def _facts(job: JobView, order: Order, picture: Finished, maker: Maker) -> GenerationFacts:
    spec = order.spec
    size = spec.size if order.final is None else None  # that of a preview is chosen by route
    return GenerationFacts(
        tool="callsheet",
        source=MADE_HERE,
        reason="it was made here",
        prompt=spec.prompt or None,
        negative_prompt=spec.negative_prompt,
        model=maker.model,
        seed=None if picture.seed is None else str(picture.seed),
        width=None if size is None else size[0],
        height=None if size is None else size[1],
        provider=maker.provider,
        revised_prompt=picture.revised_prompt,
        cost=text_of(maker.cost),
        stand_in=maker.stand_in,
        scores=picture.scores,
        checks=picture.checks,
        spec_id=spec.id,
        job=job.id,
    )
