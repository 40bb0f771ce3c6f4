"""What the shape of a spec cannot tell: whether its tags, providers, inputs and steps exist and go together. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gallery.query.fields import Surroundings
from generation.catalogue.choosing import CatalogueError, choose
from generation.catalogue.model import MANUAL, Catalogue
from generation.processing.preflight import faults_of_steps
from generation.request import Operation
from generation.specs.document import Input, SpecDocument
from generation.specs.faults import Path, place_of
from generation.specs.model import AssetType, Spec
from ontology.cardinality import clashes
from ontology.diagnostics import Severity
from ontology.errors import InvalidInputError
from ontology.nodes import Findings, Node
from ontology.normalize import Policy, check_tags
from ontology.terms import Ontology
from resolver import AssetResolutionRequest, resolve_assets_for_action

LEAST_INPUTS: dict[Operation, int] = {
    "image_to_image": 1,
    "inpaint": 1,
    "fusion": 2,
    "image_to_video": 1,
    "video_transition": 2,
}
"""How many pictures an operation needs at least."""

MADE_BY: dict[AssetType, tuple[Operation, ...]] = {
    "image": ("text_to_image", "image_to_image", "fusion", "inpaint"),
    "audio": ("text_to_speech", "sound_effect", "music"),
    "video": ("image_to_video", "video_transition"),
}
"""Which operations make which type of asset."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What specs are held against. Without `catalogue` and `now` their providers are not looked up."""

    ontology: Ontology
    tag_policy: Policy = "warn"
    catalogue: Catalogue | None = None
    now: Callable[[], datetime] | None = None


class _AnySearch(dict[str, str]):
    """Whatever a saved search is called here: that it exists is found out when the query is run."""

    def __contains__(self, _: object) -> bool:
        return True

    def __getitem__(self, _: str) -> str:
        return ""


@dataclass(slots=True)
class Check:
    """The check of one document. `tags` are the valid ones, canonical, once `of_tags` has run."""

    document: SpecDocument
    node: Node
    findings: Findings
    rules: Rules
    tags: tuple[str, ...] = field(default=())

    def _add(
        self, code: str, path: Path, message: str, hint: str | None, severity: Severity = "error", *, key: bool = False
    ) -> None:
        at = place_of(self.node, path, key=key)
        self.findings.add(code, at, message, hint, id=self.document.id, severity=severity)

    def of_tags(self) -> None:
        """`tags`, then those of the metadata, and its category."""
        metadata = self.document.metadata
        said: list[tuple[str, Path]] = [(tag, ("tags", number)) for number, tag in enumerate(self.document.tags)]
        said += [(tag, ("metadata", "tags", number)) for number, tag in enumerate(metadata.tags)]
        said += [(metadata.category, ("metadata", "category"))] if metadata.category is not None else []
        for tag, path in said:
            for found in check_tags([tag], self.rules.ontology, policy=self.rules.tag_policy).diagnostics:
                self._add(found.code, path, found.message, found.hint, found.severity)
        checked = check_tags([tag for tag, _ in said], self.rules.ontology, policy="open")
        self.tags = checked.tags
        for clash in clashes(self.tags, self.rules.ontology):
            self._add("clashing_tags", ("tags",), f"{', '.join(clash.tags)}: {clash.rule}", "keep one of them")

    def of_spec(self, spec: Spec) -> None:
        """Everything else, of the spec that the document makes."""
        self._operation(spec)
        self._providers(spec)
        for number, item in enumerate(self.document.inputs):
            self._input(item, number)
        for number, fault in faults_of_steps(spec.post_processing, spec.asset_type):
            path = ("post_processing", number, *fault.path)
            self._add(fault.code, path, fault.message, fault.hint, key=fault.is_name)
        self._habits()

    def _operation(self, spec: Spec) -> None:
        path = ("generation", "operation" if self.document.generation.operation else "type")
        made = MADE_BY[spec.asset_type]
        if spec.operation not in made:
            message = f"{spec.operation} makes no {spec.asset_type}"
            self._add("operation_unfit", path, message, f"{spec.asset_type} is made by {', '.join(made)}")
            return
        least = LEAST_INPUTS.get(spec.operation, 0)
        open_ended = any(item.resolve is not None for item in spec.inputs)
        given = sum(item.limit for item in spec.inputs)
        if given < least and not open_ended:
            message = f"{spec.operation} needs at least {least} inputs, and there are {given}"
            self._add("inputs_missing", path, message, "list them under `inputs:`, by asset, query or resolve")
        elif given and spec.operation == "text_to_image":
            hint = "leave `operation` out, or write image_to_image or fusion"
            self._add("inputs_unused", ("inputs",), "text_to_image takes no inputs", hint, "warning", key=True)

    def _providers(self, spec: Spec) -> None:
        catalogue, now = self.rules.catalogue, self.rules.now
        if catalogue is None or now is None:
            return
        refused: list[tuple[Path, CatalogueError]] = []
        usable = False
        for path, name in self._chain():
            try:
                choice = choose(catalogue, name, spec.operation, now().date())
            except CatalogueError as error:
                refused.append((path, error))
                continue
            usable = True
            for remark in choice.remarks:
                severity: Severity = "notice" if remark.code == "alias" else "warning"
                self._add(remark.code, path, remark.message, remark.hint, severity)
            most = None if choice.model is None else choice.model.max_inputs
            if most is not None and len(spec.inputs) > most:
                message = f"{name} takes at most {most} inputs"
                self._add("too_many_inputs", ("inputs",), message, "the last are left out", "warning", key=True)
        for path, fault in refused:
            may_pass = fault.code == "unsupported" and usable
            self._add(fault.code, path, fault.message, fault.hint, "warning" if may_pass else "error")

    def _chain(self) -> Iterator[tuple[Path, str]]:
        """Whom to ask in turn, each with its place; what stands behind `manual` is never asked."""
        made = self.document.generation
        named: list[tuple[Path, str]] = [(("generation", "provider"), made.provider)] if made.provider else []
        named += [(("generation", "fallback", number), name) for number, name in enumerate(made.fallback)]
        seen: set[str] = set()
        for path, name in named:
            if MANUAL in seen:
                message = f"`{name}` stands behind `manual` and is never asked"
                self._add("never_asked", path, message, "put manual last", "warning")
            elif name in seen:
                self._add("never_asked", path, f"`{name}` stands there twice", "take one out", "warning")
            seen.add(name)
        yield from named

    def _input(self, item: Input, number: int) -> None:
        if item.resolve is not None:
            self._resolve(item.resolve, ("inputs", number, "resolve"))
        elif item.query is not None:
            self._query(item.query, ("inputs", number, "query"))

    def _resolve(self, fields: dict[str, Any], path: Path) -> None:
        try:
            request = AssetResolutionRequest.from_json(fields)
            notices = resolve_assets_for_action(request, (), ontology=self.rules.ontology).notices
        except InvalidInputError as error:
            self._add("bad_input", path, error.message, error.hint)
            return
        for notice in notices:
            self._add(notice.code, path, notice.message, notice.hint, "warning")

    def _query(self, text: str, path: Path) -> None:
        if self.rules.now is None:
            return
        from gallery.query.parsing import parse  # noqa: PLC0415  # a parser, for the few specs with a query

        try:
            parse(text, self.rules.ontology, Surroundings(self.rules.now(), searches=_AnySearch()))
        except InvalidInputError as error:
            self._add("bad_query", path, error.message.split("\n")[0], error.hint)

    def of_braces(self) -> None:
        """A spec is no template: what looks like a placeholder is said as it stands."""
        for part in ("base", "style", "negative"):
            if "{{" in (getattr(self.document.prompt, part) or ""):
                message = "`{{…}}` is filled in templates only, and stands in this prompt as it is"
                hint = "write `template: NAME` in place of `id`, and list `parameters`"
                self._add("placeholder_in_spec", ("prompt", part), message, hint, "warning")

    def _habits(self) -> None:
        """Words of older models, and what makes no difference."""
        quality = self.document.prompt.parameters.quality
        if quality in ("hd", "standard"):
            now = {"hd": "high", "standard": "medium"}[quality]
            message = f"the quality `{quality}` is called `{now}` now"
            self._add("older_word", ("prompt", "parameters", "quality"), message, f"write {now}", "notice")
        if not self.document.observability.track_cost:
            message = "costs are always tracked"
            self._add("always_tracked", ("observability", "track_cost"), message, "take the line out", "notice")
