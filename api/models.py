"""The shapes of bodies that go out, for the documentation of the routes: what goes out is not checked again.

Names and meanings are those of the contract; a body may have more fields than stand here.
"""

from typing import Any, Literal

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
    "duration": None,
    "created_at": "2026-11-21T09:30:00Z",
    "version": 3,
    "edited_at": None,
}


class Open(BaseModel):
    """A body that may have more fields."""

    model_config = ConfigDict(extra="allow")


class Problem(Open):
    """Problem details (RFC 9457). `code` is stable; `hint` says the way out.

    Where a budget says no (402) there are `wanted`, `limit`, `left` and `resets` too.
    """

    type: str = Field(examples=["urn:callsheet:problem:not_found"])
    title: str
    status: int
    detail: str
    code: str
    hint: str | None
    errors: list[dict[str, Any]]


class Asset(Open):
    """One asset. `version` is its ETag; `duration` of a sound is in seconds."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_EXAMPLE_ASSET]})

    id: str
    path: str
    url: str
    tags: list[str]
    media_type: str
    rating: int | None
    width: int | None
    height: int | None
    duration: float | None
    created_at: str
    version: int


class AssetDetail(Asset):
    """One asset with all that is known of it. `sample_rate` (Hz) and `channels` are those of a sound."""

    sample_rate: int | None
    channels: int | None
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


class AssetOrder(Open):
    """All ids that a query finds, in order."""

    ids: list[str]
    total: int
    slips: list[str]


class AssetCard(Asset):
    """One asset, and the address of its thumbnail, which names its bytes; null where none can be."""

    thumbnail: str | None


class AssetCards(Open):
    """Assets in the order asked for; those that there are not are left out."""

    assets: list[AssetCard]


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


class Batch(Open):
    """One change; `undone_by` names the batch that took it back. Of one asset also what was there before and after."""

    batch: int
    kind: str = Field(examples=["tag"])
    at: str
    actor: str
    origin: str
    reverts: int | None
    undone_by: int | None
    size: int
    run: int | None
    records: list[dict[str, Any]]


class History(Open):
    """Batches, newest first; `cursor` leads on to older ones, null at the end."""

    batches: list[Batch]
    cursor: str | None


class AssetChange(Open):
    """What a batch did to one asset: the touched fields before and after."""

    asset: str
    path: str
    before: dict[str, Any]
    after: dict[str, Any]


class OpenedBatch(Batch):
    """One batch with what it did to assets; `cursor` leads on, null at the end."""

    changes: list[AssetChange]
    cursor: str | None


class Finding(Open):
    """What the doctor saw; `error` means damage, `info` asks for nothing. `mended`: it was so, and is no more."""

    code: str = Field(examples=["missing_thumbnail"])
    severity: Literal["info", "warning", "error"]
    message: str
    hint: str | None
    asset: str | None
    path: str | None
    mended: bool


class Findings(Open):
    """The first findings, how many there are of each code, and the gravest severity."""

    findings: list[Finding]
    counts: dict[str, int]
    severities: dict[str, int]
    worst: Literal["info", "warning", "error"]


class Statistics(Open):
    """The numbers of what a query finds; `facets` by namespace."""

    query: str
    assets: int
    bytes: int
    tagged: int
    untagged: int
    states: dict[str, int]
    facets: dict[str, Any]


class SavedSearch(Open):
    """A query under a name, which any query uses as `@name`."""

    name: str = Field(examples=["night-gates"])
    query: str
    saved_at: str


class Searches(Open):
    """The saved searches, by name."""

    searches: list[SavedSearch]


class Collection(Open):
    """A named, ordered set of assets; `hidden` members are in the trash or missing."""

    name: str = Field(examples=["alex_approved"])
    label: str
    created_at: str
    size: int
    hidden: int


class Collections(Open):
    """The collections, by name."""

    collections: list[Collection]


class CollectionPage(Collection):
    """A collection and its live members in order; `cursor` leads on, null at the end."""

    assets: list[Asset]
    cursor: str | None


class Accepted(BulkResult):
    """What was accepted, and what became of each asset."""

    suggestions: list[Suggestion]


class Terms(Open):
    """Terms of the vocabulary."""

    terms: list[dict[str, Any]]


class VocabularyChange(Open):
    """What a change of the vocabulary touches, or would; `batch` is null when nothing was written."""

    action: str = Field(examples=["rename"])
    term: str
    to: str | None
    assets: dict[str, Any]
    rejected: int
    searches: list[str]
    blocks: list[str]
    scenes: list[str]
    specs: list[str]
    files: list[str]
    notices: list[str]
    batch: int | None


class TermUses(Open):
    """How often terms are used: `{id, label, assets, wider, blocks, scenes, specs, searches, builtin, deprecated}`."""

    terms: list[dict[str, Any]]


class OrphanTags(Open):
    """Tags in use without a term, terms without a use, and files that could not be looked at."""

    tags: list[dict[str, Any]]
    unused: list[dict[str, Any]]
    unread: list[str]


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


class SpecDraft(Open):
    """A spec that was drafted, and the file below the project's folder in which it stands."""

    id: str
    file: str = Field(examples=["specs/headmistress-npc.yaml"])
    text: str
    tags: list[str]


class Generation(Open):
    """One job. `cost` in US dollars, null while a call of it is of unknown outcome."""

    id: str | None
    spec_id: str
    status: str
    provider: str | None
    model: str | None
    cost: str | None
    assets: list[str]
    outcome: str | None
    error: dict[str, Any] | None


class Generations(Open):
    """Jobs, the newest first."""

    jobs: list[Generation]
    cursor: str | None


class OrderedGenerations(Open):
    """The jobs as they were written down; of a dry run what they would be, with `estimate` and `budget`."""

    jobs: list[Generation]


class Jobs(Open):
    """Jobs."""

    jobs: list[Generation]


class Costs(Open):
    """What was spent in a month, on what, and how it went. Amounts in US dollars."""

    month: str
    spent: str
    reserved: str
    unknown: str
    limit: str
    by_provider: list[dict[str, Any]]


class CostsHealth(Open):
    """How generation stands: budget, providers, the last ten jobs, and a score of 0-100 with its parts."""

    timestamp: str
    budget: dict[str, Any]
    providers: list[dict[str, Any]]
    recent_generations: list[dict[str, Any]]
    health_score: int


class Health(Open):
    """Whether it works."""

    status: Literal["ok", "failing"]
