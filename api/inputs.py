"""The shapes of bodies that come in. Names and meanings are those of the contract."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.models import Open

MAX_IDS = 10_000
Texts = Annotated[list[str], Field(max_length=MAX_IDS)]


class Strict(BaseModel):
    """A body in which an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _strict(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [example]})


class AssetPatch(Strict):
    """What is to change in one asset. What is left out stays; null takes rating or note away."""

    model_config = _strict({"add": ["npc:alex", "role:char:hero"], "remove": ["role:bg"], "rating": 5})

    add: Texts = []
    remove: Texts = []
    rating: int | None = Field(default=None, ge=0, le=5)
    note: str | None = None


class Selected(Strict):
    """Many assets: those of `ids`, or all that `query` finds."""

    model_config = _strict({"query": "is:trashed"})

    ids: Texts = []
    query: str | None = None


class TagDeltas(Selected):
    """Tags to add to and remove from many assets: those of `ids`, or all that `query` finds."""

    model_config = _strict({"ids": ["a1b2c3d4e5f60718"], "add": ["npc:alex"], "remove": []})

    add: Texts = []
    remove: Texts = []


class SuggestedTags(Selected):
    """Tags to take or to turn down where they are suggested."""

    model_config = _strict({"ids": ["a1b2c3d4e5f60718"], "tags": ["npc:alex"]})

    tags: Texts = []


class AcceptedTags(SuggestedTags):
    """Also `above`: every tag of at least this confidence, in place of `tags`."""

    above: float | None = Field(default=None, ge=0, le=1)


class SearchText(Strict):
    """A query to save; `replace` where the name stands for another one."""

    model_config = _strict({"query": 'loc:gate "moon" -draft'})

    query: str
    replace: bool = False


class NewName(Strict):
    """What it shall be called."""

    model_config = _strict({"name": "alex-final"})

    name: str


class NewCollection(Selected):
    """A collection to make: empty, or of the assets named."""

    model_config = _strict({"name": "Alex approved", "query": "npc:alex rating:>=4"})

    name: str


class Placed(Selected):
    """Assets to put into a collection; `at` is the place of the first, from 1 (the end without)."""

    model_config = _strict({"ids": ["a1b2c3d4e5f60718"], "at": 1})

    at: int | None = Field(default=None, ge=1)


class Examination(Strict):
    """How to examine: read every file (`full`), mend what can be mended (`repair`)."""

    model_config = _strict({"repair": True})

    full: bool = False
    repair: bool = False


class Undo(Strict):
    """Which batch; the newest not yet undone without."""

    batch: int | None = None


class Vocabulary(Strict):
    """A vocabulary as YAML text."""

    model_config = _strict({"yaml": "version: 1\nterms:\n  npc:alex: {label: Alex, kind: hero}\n"})

    yaml: str


class NewTerm(Strict):
    """A term to declare. `file`: where, from the project on; without one, among its like."""

    model_config = _strict({"id": "npc:mara", "label": "Mara", "kind": "npc", "dry_run": True})

    id: str
    label: str | None = None
    kind: Literal["hero", "npc", "monster"] | None = None
    broader: Texts = []
    aliases: Texts = []
    keywords: Texts = []
    file: str | None = None
    dry_run: bool = False


class TermRename(Strict):
    """Another id for a term, wherever it stands; the old one stays as an alias unless `keep_alias` is false."""

    model_config = _strict({"old": "npc:alex", "new": "npc:alexis", "dry_run": True})

    old: str
    new: str
    keep_alias: bool = True
    dry_run: bool = False


class TermMerge(Strict):
    """A term that goes on as another one."""

    model_config = _strict({"old": "npc:alex", "into": "npc:ruby", "dry_run": True})

    old: str
    into: str
    dry_run: bool = False


class TermDeprecation(Strict):
    """A term that is not for new pictures, and what to use instead, if anything."""

    model_config = _strict({"term": "npc:alex", "dry_run": True})

    term: str
    replaced_by: str | None = None
    dry_run: bool = False


class Question(Open):
    """What is asked: the fields of a request, at the top or under `request`, which win over what else is given.

    That is an action block (its id, or itself), a scene (`SCENE` or `SCENE/SHOT`) or a prompt. `candidates` are
    resolved instead of the gallery. Field names may be camelCase.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"location_id": "loc:dungeon_entrance", "hero_id": "npc:alex", "enemy_ids": ["npc:boss_01"]},
                {"block": "alex_faces_gravelord", "max_results": 3},
            ]
        },
    )

    request: dict[str, Any] | None = None
    block: str | dict[str, Any] | None = None
    scene: str | None = None
    prompt: str | None = None
    candidates: list[dict[str, Any]] | None = None


class ExplainQuestion(Question):
    """A question, and the `asset` (its id) that was not the answer."""

    asset: str | int


class PrefillQuestion(Question):
    """A question, what to start from, and the prompt of the call, which asks the question too if nothing else does."""

    source: str | int | None = None
    max_inputs: int | None = Field(default=None, ge=1)


class SpecGap(Strict):
    """A gap of a result or of the coverage; `camera`: the view that is missing."""

    model_config = _strict({"slot": "other", "identity": "npc:headmistress", "wanted_role": "role:char:npc"})

    slot: Literal["background", "hero", "enemy", "other"]
    identity: str | None = None
    wanted_role: str | None = None
    camera: str | None = None


Value = str | int | float | bool
Dollars = Annotated[str, Field(pattern=r"^[0-9]{1,7}(\.[0-9]{1,6})?$", examples=["0.50"])]
JobId = Annotated[str, Field(pattern=r"^j[1-9][0-9]{0,17}$", examples=["j12"])]


class NewGeneration(Strict):
    """What is to be made: exactly one of `spec`, `prefill` and `again`.

    `spec`: the id of a spec, a template with `set` (and `output_name`), or a spec itself. `prefill`: what
    `/v1/prefill/{operation}` answers. `again`: a job whose order is made once more. `providers` and `n` win over the
    spec's, `max_cost` is the most that all of it may cost, `force` buys also what was bought before. `preview` makes
    pictures of the cheapest size and quality, tagged `preview`, that fill no gap. With `dry_run` nothing is made: who
    would be asked, what it may cost, and what the budget would do is answered.
    """

    model_config = _strict({"spec": "headmistress", "providers": ["local"], "dry_run": True})

    spec: str | dict[str, Any] | None = None
    prefill: dict[str, Any] | None = None
    again: JobId | None = None
    set: dict[str, Value | list[Value]] = {}
    output_name: str | None = None
    providers: Annotated[list[str], Field(max_length=20)] = []
    n: int | None = Field(default=None, ge=1, le=100)
    max_cost: Dollars | None = None
    force: bool = False
    preview: bool = False
    dry_run: bool = False


class UnknownOutcome(Strict):
    """What became of a call of unknown outcome, one of three.

    `charged`: so much, and the result is lost; `not_charged`: it is made again; `poll`: the provider is asked.
    """

    model_config = _strict({"charged": "0.04"})

    charged: Dollars | None = None
    not_charged: bool = False
    poll: bool = False


class Login(Strict):
    """A token, to be traded for a cookie."""

    token: str
