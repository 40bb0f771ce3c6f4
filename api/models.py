"""The shapes of bodies, for the documentation of the routes and for what comes in. What goes out is not checked again.

Names and meanings are those of the contract; a body may have more fields than stand here.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_EXAMPLE_ASSET: dict[str, Any] = {
    "id": "a1b2c3d4e5f60718",
    "path": "assets/gate.png",
    "url": "/v1/assets/a1b2c3d4e5f60718/file",
    "tags": ["loc:dungeon_entrance", "role:bg"],
    "media_type": "image",
    "rating": 4,
    "width": 1024,
    "height": 576,
    "created_at": "2026-11-21T09:30:00Z",
    "version": 3,
    "edited_at": None,
}

MAX_IDS = 10_000
Texts = Annotated[list[str], Field(max_length=MAX_IDS)]


class Open(BaseModel):
    """A body that may have more fields."""

    model_config = ConfigDict(extra="allow")


class Strict(BaseModel):
    """A body in which an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(Open):
    """Problem details (RFC 9457). `code` is stable; `hint` says the way out."""

    type: str = Field(examples=["urn:callsheet:problem:not_found"])
    title: str
    status: int
    detail: str
    code: str
    hint: str | None
    errors: list[dict[str, Any]]


class Asset(Open):
    """One asset. `version` is its ETag."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_EXAMPLE_ASSET]})

    id: str
    path: str
    url: str
    tags: list[str]
    media_type: str
    rating: int | None
    width: int | None
    height: int | None
    created_at: str
    version: int


class AssetDetail(Asset):
    """One asset with all that is known of it."""

    generation: dict[str, Any] | None
    parents: list[str]
    operation: str | None
    note: str | None
    history: list[dict[str, Any]]
    paths: list[str]
    sha256: str
    trashed: str | None
    missing: str | None


class AssetPage(Open):
    """`total` on the first page only; `cursor` leads on, null at the end."""

    assets: list[Asset]
    total: int | None
    cursor: str | None


class SimilarAssets(Open):
    """What looks like one asset, nearest first."""

    id: str
    distance: int
    comparable: bool
    assets: list[Asset]


class ItemError(Open):
    """Why one item of many was not done."""

    code: str
    message: str
    hint: str | None


class ItemResult(Open):
    """What became of one asset."""

    id: str
    outcome: str = Field(examples=["changed"])
    error: ItemError | None


class Evidence(Open):
    """Why a tag is suggested, by one source."""

    source: str = Field(examples=["folder"])
    confidence: float
    reason: str


class Suggestion(Open):
    """A tag that an asset may deserve; the best evidence first."""

    id: str
    tag: str = Field(examples=["npc:alex"])
    confidence: float
    sources: list[Evidence]


class Suggestions(Open):
    """Suggested tags, the surest first."""

    suggestions: list[Suggestion]
    results: list[ItemResult]


class BulkResult(Open):
    """Results in the order of the ids; `batch` is null when nothing changed."""

    results: list[ItemResult]
    batch: int | None


class UploadResult(Open):
    """What became of each file, in the order sent."""

    results: list[dict[str, Any]]
    batch: int | None
    batches: list[int]


class History(Open):
    """Batches, newest first."""

    batches: list[dict[str, Any]]


class Terms(Open):
    """Terms of the vocabulary."""

    terms: list[dict[str, Any]]


class Tags(Open):
    """Tags to choose from: `{id, label, kind, via, count, deprecated, is_term}`."""

    tags: list[dict[str, Any]]


class Diagnostics(Open):
    """Findings about a vocabulary; `valid` when none is an error."""

    valid: bool
    diagnostics: list[dict[str, Any]]


class Blocks(Open):
    """The action blocks of the project."""

    blocks: list[dict[str, Any]]


class Resolution(Open):
    """An answer; for a scene of several shots `{scene, shots: [{shot, …}]}`."""


class Explanation(Open):
    """Why one asset is not the answer, slot by slot."""

    asset: str | int
    slots: list[dict[str, Any]]


class Prefill(Open):
    """The parameters of a generation call; nothing was executed."""

    operation: str
    asked: str
    params: dict[str, Any]
    slots: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    unfilled: list[dict[str, Any]]


class Operations(Open):
    """What could be made of an asset."""

    operations: list[dict[str, Any]]


class Coverage(Open):
    """How many pictures everybody and every place has, and what is missing."""

    characters: dict[str, Any]
    locations: dict[str, Any]
    cameras: dict[str, Any]
    gaps: list[dict[str, Any]]


class Health(Open):
    """Whether it works."""

    status: Literal["ok", "failing"]


class AssetPatch(Strict):
    """What is to change in one asset. What is left out stays; null takes rating or note away."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"add": ["npc:alex", "role:char:hero"], "remove": ["role:bg"], "rating": 5}]},
    )

    add: Texts = []
    remove: Texts = []
    rating: int | None = Field(default=None, ge=0, le=5)
    note: str | None = None


class TagDeltas(Strict):
    """Tags to add to and remove from many assets: those of `ids`, or all that `query` finds."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"ids": ["a1b2c3d4e5f60718"], "add": ["npc:alex"], "remove": []}]},
    )

    ids: Texts = []
    query: str | None = None
    add: Texts = []
    remove: Texts = []


class Undo(Strict):
    """Which batch; the newest not yet undone without."""

    batch: int | None = None


class Vocabulary(Strict):
    """A vocabulary as YAML text."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"yaml": "version: 1\nterms:\n  npc:alex: {label: Alex, kind: hero}\n"}]},
    )

    yaml: str


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


class Login(Strict):
    """A token, to be traded for a cookie."""

    token: str
