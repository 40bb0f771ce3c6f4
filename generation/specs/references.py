"""Specs of the pictures that a plan of scenes lacks: those that there are, and drafts of the others. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from generation.specs.drafting import Gap, SpecDraft, draft_of_gap
from generation.specs.errors import SpecError
from generation.specs.model import Spec
from generation.specs.reading import Rules, read_specs
from ontology.errors import CallsheetError, InvalidInputError
from resolver import MissingReference


@dataclass(frozen=True, slots=True)
class ReferenceSpec:
    """What would make a picture. `draft`: None where the project has the spec; `error`: why there is none at all."""

    spec: Spec | None = None
    draft: SpecDraft | None = None
    error: CallsheetError | None = None


def specs_of_references(
    missing: Sequence[MissingReference], specs: Mapping[str, Spec], rules: Rules, *, taken: Collection[str]
) -> list[ReferenceSpec]:
    """For each the project's spec whose result would have its tags, else a draft with an id of its own.

    `taken`: ids that no draft may have. What cannot be drafted (nobody knows the id) is told, and the rest goes on.
    """
    makers = _Makers(specs.values())
    names = set(taken)
    found: list[ReferenceSpec] = []
    for one in missing:
        spec = makers.of(one)
        found.append(ReferenceSpec(spec) if spec is not None else _drafted(one, rules, names))
        draft = found[-1].draft
        names |= {draft.id} if draft is not None else set()
    return found


def _drafted(one: MissingReference, rules: Rules, taken: Collection[str]) -> ReferenceSpec:
    try:
        if one.media_type != "image":
            hint = "write its spec by hand: `callsheet specs new NAME`"
            raise InvalidInputError(f"no spec of a {one.media_type} can be drafted", hint=hint, code="invalid_gap")
        gap = Gap.of({**one.to_json(), "required_tags": one.required_tags}, rules.ontology)
        draft = draft_of_gap(gap, rules.ontology, taken=taken)
    except CallsheetError as error:
        return ReferenceSpec(error=error)
    read = read_specs(draft.text.encode(), draft.file_name, rules)
    if read.errors:
        return ReferenceSpec(error=SpecError(read.errors))
    return ReferenceSpec(read.specs[0], draft)


class _Makers:
    """Who makes a picture with these tags: each tag leads to the specs that have it."""

    def __init__(self, specs: Iterable[Spec]) -> None:
        self._by_tag: defaultdict[str, dict[str, Spec]] = defaultdict(dict)
        for spec in specs:
            for tag in spec.tags:
                self._by_tag[tag][spec.id] = spec

    def of(self, one: MissingReference) -> Spec | None:
        """The first of them by id, None where there is none."""
        fits = set.intersection(*(set(self._by_tag.get(tag, ())) for tag in one.tags))
        with_type = [name for name in fits if self._by_tag[one.tags[0]][name].asset_type == one.media_type]
        return self._by_tag[one.tags[0]][min(with_type)] if with_type else None
