"""Previews: the least that a model makes, never in the place of the final picture, promoted without paying twice."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from generation_builders import CountingProvider, charges, coin, ledger_sums, only, open_generation

from generation.catalogue.loading import shipped_catalogue
from generation.catalogue.pricing import estimate as price_by_catalogue
from generation.engine.orders import order_of
from generation.engine.previewing import cheapest, preview_of
from generation.errors import BudgetError
from generation.providers.base import Capability
from generation.request import GenerationRequest
from generation.result import CostEstimate
from generation.specs.model import Integration, Step
from ontology.errors import ConflictError, InvalidInputError, NotFoundError

FREE = Decimal(0)
CATALOGUE = shipped_catalogue()


@dataclass
class ByArea(CountingProvider):
    """A cent for each begun 256 square pixels, half of it at quality `low`."""

    def capabilities(self):
        return [
            Capability("text_to_image", "painter-1", max_n=4, accepts=self.accepts, qualities=("low", "high")),
        ]

    def estimate(self, request):
        across, down = request.size or (64, 64)
        each = Decimal(-(-across * down // 256)) * (1 if request.quality == "low" else 2) / 100
        return CostEstimate(each * request.n, each * request.n, "by area")

    def _result(self, request):
        found = super()._result(request)
        object.__setattr__(found.cost, "amount", self.estimate(request).high)
        return found


@pytest.fixture
def fake(tmp_path):
    return ByArea(tmp_path / "charges", accepts=frozenset({"size", "n", "quality"}))


@pytest.fixture
def root(tmp_path):
    return tmp_path / "project"


def hero(**changes):
    fields = {
        "id": "hero",
        "tags": ("npc:alex", "role:char:hero"),
        "parameters": {"size": "64x32", "quality": "high"},
        "integration": Integration(manifest_key="hero", manifest_path="images/hero.png"),
        "post_processing": (Step("resize", {"dimensions": "8x8"}),),
    }
    return coin(**fields | changes)


def test_a_preview_asks_for_the_least_that_the_model_makes_and_costs_that(root, fake):
    with open_generation(root, fake) as generation:
        job = only(generation.generate([hero()], preview=True))
        assert (job.state, job.to_json()["preview"]) == ("done", True)
        assert (fake.seen[0].size, fake.seen[0].quality) == ((32, 16), "low")
        assert ledger_sums(generation)[0] == Decimal("0.02")
        detail = generation.context.gallery.get(job.assets[0])
        assert (detail.asset.width, detail.asset.height) == (32, 16)


def test_a_preview_says_so_and_stands_in_nobodys_place(root, fake):
    with open_generation(root, fake) as generation:
        job = only(generation.generate([hero()], preview=True))
        asset = generation.context.gallery.get(job.assets[0]).asset
        assert asset.tags == ("npc:alex", "preview")
        assert asset.path.startswith("assets/generated/hero-")
        assert not (root / "assets/images/hero.png").exists()


def test_the_final_picture_is_bought_after_a_preview_as_if_there_were_none(root, fake):
    with open_generation(root, fake) as generation:
        preview = only(generation.generate([hero()], preview=True))
        final = only(generation.generate([hero()]))
        assert (final.outcome, fake.seen[1].size) == ("made", (64, 32))
        assert final.assets != preview.assets
        tags = generation.context.gallery.get(final.assets[0]).asset.tags
        assert tags == ("npc:alex", "role:char:hero")


def test_a_preview_is_bought_once(root, fake):
    with open_generation(root, fake) as generation:
        first = only(generation.generate([hero()], preview=True))
        again = only(generation.generate([hero()], preview=True))
        assert (again.outcome, again.assets) == ("unchanged", first.assets)
    assert len(charges(fake.books)) == 1


@pytest.mark.parametrize("by", ["asset", "job"])
def test_a_preview_is_promoted_to_the_final_picture_which_is_derived_from_it(root, fake, by):
    with open_generation(root, fake) as generation:
        preview = only(generation.generate([hero()], preview=True))
        final = only(generation.promote([preview.assets[0] if by == "asset" else preview.id]))
        assert (final.state, final.outcome, final.to_json()["preview"]) == ("done", "made", False)
        detail = generation.context.gallery.get(final.assets[0])
        assert detail.asset.path == "assets/images/hero.png"
        assert detail.parents == preview.assets
        assert "preview" in generation.context.gallery.get(preview.assets[0]).asset.tags


def test_promoted_twice_and_generated_it_is_bought_once(root, fake):
    with open_generation(root, fake) as generation:
        preview = only(generation.generate([hero()], preview=True))
        generation.promote([preview.id])
        spent = ledger_sums(generation)[0]
        assert only(generation.promote([preview.assets[0]])).outcome == "unchanged"
        assert only(generation.generate([hero()])).outcome == "unchanged"
        assert ledger_sums(generation)[0] == spent
    assert len(charges(fake.books)) == 2


def test_looking_ahead_tells_the_prices_of_preview_and_final_and_writes_nothing(root, fake):
    with open_generation(root, fake) as generation:
        (ahead,) = generation.generate([hero()], preview=True, dry_run=True).to_json()["jobs"]
        assert (ahead["cost"], ahead["preview"]) == ("0.02", True)
        assert not generation.context.book.database.exists()
        preview = only(generation.generate([hero()], preview=True))
        batch = generation.context.gallery.last_batch()
        (ahead,) = generation.promote([preview.id], dry_run=True).to_json()["jobs"]
        assert (ahead["cost"], ahead["preview"], ahead["outcome"]) == ("0.16", False, "dry_run")
        assert generation.context.gallery.last_batch() == batch
    assert len(charges(fake.books)) == 1


def test_one_of_several_variations_is_promoted_alone(root, fake):
    many = hero(parameters={"size": "64x32", "n_variations": 3})
    with open_generation(root, fake) as generation:
        preview = only(generation.generate([many], preview=True))
        assert len(preview.assets) == 3
        final = only(generation.promote([preview.assets[1]]))
        assert (fake.seen[-1].n, len(final.assets)) == (1, 1)
        assert generation.context.gallery.get(final.assets[0]).parents == (preview.assets[1],)


def test_the_seed_that_the_provider_told_goes_along_and_the_job_says_so(root, fake):
    @dataclass
    class Seeded(ByArea):
        def _result(self, request):
            found = super()._result(request)
            for output in found.outputs:
                object.__setattr__(output, "seed", 77)
            return found

    seeded = Seeded(fake.books, accepts=frozenset({"size", "n", "quality", "seed"}))
    with open_generation(root, seeded) as generation:
        preview = only(generation.generate([hero()], preview=True))
        final = only(generation.promote([preview.id]))
        assert [request.seed for request in seeded.seen] == [None, 77]
        assert "seed: 77" in final.notices[0]
        again = only(generation.generate([hero(parameters={"size": "64x32", "quality": "high", "seed": 77})]))
        assert again.outcome == "unchanged"


def test_what_is_no_preview_is_not_promoted_and_keeps_no_other_from_it(root, fake):
    with open_generation(root, fake) as generation:
        final = only(generation.generate([coin()]))
        preview = only(generation.generate([hero()], preview=True))
        results = generation.promote([final.id, final.assets[0], "j99", preview.id]).jobs
        assert [type(item.error) for item in results[:3]] == [InvalidInputError, InvalidInputError, NotFoundError]
        assert results[3].state == "done"


def test_a_preview_that_is_not_made_yet_cannot_be_promoted(root, fake):
    fake.script.append(InterruptedError("gone"))
    with open_generation(root, fake) as generation:
        lost = only(generation.generate([hero()], preview=True))
        assert lost.state == "unknown"
        (refused,) = generation.promote([lost.id]).jobs
        assert isinstance(refused.error, ConflictError)


def test_a_limit_refuses_the_final_picture_and_leaves_the_preview(root, fake):
    with open_generation(root, fake) as generation:
        preview = only(generation.generate([hero()], preview=True))
        outcome = generation.promote([preview.id], max_cost=Decimal("0.05"))
        with pytest.raises(BudgetError):
            outcome.only()
    assert len(charges(fake.books)) == 1


def test_only_pictures_have_previews(root, fake):
    with open_generation(root, fake) as generation:
        sound = coin(asset_type="audio", operation="sound_effect")
        (refused,) = generation.generate([sound], preview=True).jobs
        assert refused.error.code == "no_preview"
    assert charges(fake.books) == []


def test_where_a_model_makes_nothing_less_no_preview_is_bought_in_place_of_the_final_picture(root, fake):
    with open_generation(root, fake) as generation:
        tiny = hero(parameters={"size": "1x1", "quality": "low"})
        job = only(generation.generate([tiny], preview=True))
        assert job.state == "failed"
        assert "nothing cheaper than" in job.error["message"]
    assert charges(fake.books) == []


def test_a_preview_that_saves_nothing_is_told_of_before(root, tmp_path):
    fake = CountingProvider(tmp_path / "charges")  # each picture costs the same
    with open_generation(root, fake) as generation:
        (ahead,) = generation.generate([hero()], preview=True, dry_run=True).to_json()["jobs"]
        assert "nothing cheaper" in ahead["notices"][0]


def test_the_order_of_a_preview_reads_back_as_it_was_written(root, fake):
    with open_generation(root, fake) as generation:
        for spec, preview in ((hero(), True), (hero(), False)):
            order = generation.order(spec, preview=preview)
            assert order_of(order.to_json()) == order
        promoted = order_of({**order.to_json(), "promotes": ["a0"], "notices": ["so"]})
        assert (promoted.promotes, promoted.notices) == (("a0",), ("so",))


def test_a_preview_keeps_what_says_who_and_what_is_to_be_seen():
    made = preview_of(hero(tags=("npc:alex", "camera:view:pov", "role:char:hero", "role:pov:player", "mood")))
    assert made.tags == ("npc:alex", "camera:view:pov", "mood")
    assert (made.post_processing, made.integration, made.prompt) == ((), None, "a coin")


class Listed:
    def __init__(self, model):
        self.model = model

    def estimate(self, request):
        return price_by_catalogue(self.model, request)


@pytest.mark.parametrize(
    ("name", "asked", "size", "quality"),
    [
        ("openai:gpt-image-1.5", {"size": (1536, 1024), "quality": "high"}, (1536, 1024), "low"),
        ("openai:gpt-image-1.5", {}, (1024, 1024), "low"),
        ("openai:gpt-image-2.5-flare", {"size": (1024, 1024)}, (512, 512), "low"),
        ("openai:gpt-image-2.5-flare", {"size": (1024, 1536), "quality": "medium"}, (1024, 1536), "low"),
        ("gemini:gemini-3.1-flash-image", {"size": (2048, 2048)}, (512, 512), None),
        ("firefly:image4_standard", {"aspect_ratio": "16:9"}, (1344, 768), None),
    ],
)
def test_the_cheapest_of_a_model_of_the_catalogue(name, asked, size, quality):
    model = CATALOGUE.models[name]
    request = GenerationRequest("text_to_image", model.id, "a coin", **asked)
    found = cheapest(Listed(model), model.capability("text_to_image"), request)
    assert (found.size, found.quality) == (size, quality)
    least, most = price_by_catalogue(model, found).high, price_by_catalogue(model, request).high
    assert least == most is None or least <= most
