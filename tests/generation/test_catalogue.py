"""Models, names, prices and shutdown dates are data: what is asked of them is answered for a given day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.catalogue.choosing import CatalogueError, choose
from generation.catalogue.document import catalogue_of
from generation.catalogue.loading import load_catalogue, shipped_catalogue
from generation.catalogue.model import Model
from generation.catalogue.pricing import estimate, is_stale
from generation.request import GenerationRequest, Operation
from ontology.errors import InvalidInputError

SHIPPED = shipped_catalogue()
TODAY = date(2026, 11, 21)
MODELS = st.sampled_from(list(SHIPPED.models.values()))
SIZES = st.one_of(st.none(), st.tuples(st.integers(16, 4096), st.integers(16, 4096)))


def ask(model: Model, **fields: object) -> GenerationRequest:
    return GenerationRequest(model.operations[0], model.id, **{"prompt": "a coin"} | fields)  # type: ignore[arg-type]


def model(name: str) -> Model:
    return SHIPPED.models[name]


@pytest.mark.parametrize(
    ("name", "operation", "meant"),
    [
        ("dalle-3", "text_to_image", "openai:gpt-image-2.5-flare"),
        ("gpt15", "text_to_image", "openai:gpt-image-1.5"),
        ("openai:gpt15", "text_to_image", "openai:gpt-image-1.5"),
        ("nano2", "fusion", "gemini:gemini-nano-banana-2.1"),
        ("openai", "text_to_image", "openai:gpt-image-2.5-flare"),
        ("openai", "fusion", "openai:gpt-image-2.5-sunburst"),
        ("gpt-image-2", "text_to_image", "openai:gpt-image-2"),
        ("stable-diffusion", "text_to_image", "stability:sd3.5-large"),
        ("elevenlabs", "sound_effect", "elevenlabs:eleven_text_to_sound_v2"),
        ("bark", "sound_effect", "replicate:suno-ai/bark"),
        ("local", "fusion", "local:placeholder"),
    ],
)
def test_a_name_stands_for_a_model(name: str, operation: Operation, meant: str) -> None:
    found = choose(SHIPPED, name, operation, TODAY).model
    assert found is not None
    assert found.name == meant


def test_manual_stands_for_no_model() -> None:
    assert choose(SHIPPED, "manual", "fusion", TODAY).model is None


def test_a_name_of_an_older_file_is_taken_with_a_notice() -> None:
    (remark,) = choose(SHIPPED, "dalle-3", "text_to_image", TODAY).remarks
    assert (remark.code, remark.hint) == ("alias", "write openai:gpt-image-2.5-flare")
    assert "retired on 2026-05-12" in remark.message


def test_before_its_sunset_a_model_is_warned_of() -> None:
    (remark,) = choose(SHIPPED, "openai:gpt-image-1.5", "text_to_image", date(2026, 11, 30)).remarks
    assert (remark.code, remark.hint) == ("model_sunset", "write openai:gpt-image-2.5-flare")


def test_from_its_sunset_on_a_model_is_refused_with_its_replacement() -> None:
    with pytest.raises(CatalogueError, match="does not answer since 2026-12-01") as caught:
        choose(SHIPPED, "openai:gpt-image-1.5", "text_to_image", date(2026, 12, 1))
    assert (caught.value.code, caught.value.hint) == ("model_gone", "write openai:gpt-image-2.5-flare")


def test_an_alias_goes_on_to_the_replacement_of_its_model() -> None:
    found = choose(SHIPPED, "gpt15", "text_to_image", date(2026, 12, 1))
    assert found.model == model("openai:gpt-image-2.5-flare")
    assert [remark.code for remark in found.remarks] == ["model_replaced"]


def test_a_model_that_its_maker_advises_against_is_warned_of() -> None:
    (remark,) = choose(SHIPPED, "gemini-3.1-flash-image", "fusion", TODAY).remarks
    assert remark.code == "model_deprecated"


@pytest.mark.parametrize(
    ("name", "operation", "code", "way_out"),
    [
        ("opnai", "fusion", "unknown_provider", "did you mean openai?"),
        ("zzz", "fusion", "unknown_provider", "providers are local, openai"),
        ("openai:gpt-image-3", "fusion", "unknown_model", "did you mean openai:gpt-image-2?"),
        ("elevenlabs", "fusion", "unsupported", "it makes music"),
        ("openai:tts-1", "fusion", "unsupported", "it does text_to_speech"),
        ("gemini:gpt15", "fusion", "unknown_model", "it has"),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused_with_the_way_out(name, operation, code, way_out) -> None:
    with pytest.raises(CatalogueError) as caught:
        choose(SHIPPED, name, operation, TODAY)
    assert caught.value.code == code
    assert way_out in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("name", "size", "quality", "dollars"),
    [
        ("openai:gpt-image-1.5", (1024, 1024), "low", "0.009"),
        ("openai:gpt-image-1.5", (1536, 1024), "low", "0.013"),
        ("openai:gpt-image-1.5", (1024, 1024), "medium", "0.034"),
        ("openai:gpt-image-1.5", (1024, 1536), "medium", "0.050"),
        ("openai:gpt-image-1.5", (1024, 1024), "high", "0.133"),
        ("openai:gpt-image-1.5", (1024, 1536), "high", "0.200"),
        ("openai:gpt-image-2.5-flare", (1024, 1024), "low", "0.006"),
        ("openai:gpt-image-2.5-sunburst", (1024, 1024), "medium", "0.013"),
        ("openai:gpt-image-2.5-flare", (1024, 1024), "high", "0.053"),
        ("openai:gpt-image-2.5-flare", (1024, 1024), "xhigh", "0.094"),
        ("openai:gpt-image-2", (1024, 1024), "high", "0.211"),
        ("gemini:gemini-nano-banana-2.1", (1024, 1024), None, "0.034"),
        ("gemini:gemini-nano-banana-2.1", (2048, 2048), None, "0.050"),
        ("gemini:gemini-nano-banana-2.1", (4096, 4096), None, "0.076"),
        ("gemini:gemini-3.1-flash-image", (1024, 1024), None, "0.067"),
        ("gemini:gemini-3-pro-image", (4096, 4096), None, "0.240"),
        ("stability:sd3.5-large", (1024, 1024), None, "0.065"),
        ("together:black-forest-labs/FLUX.1-schnell", (1000, 1000), None, "0.003"),
    ],
)
def test_a_picture_costs_what_the_price_lists_say(name, size, quality, dollars) -> None:
    found = estimate(model(name), ask(model(name), prompt="", size=size, quality=quality))
    assert found.low is not None
    assert abs(found.low - Decimal(dollars)) < Decimal("0.001")


def test_what_the_spec_leaves_to_the_model_is_taken_as_the_dearest() -> None:
    flare = model("openai:gpt-image-2.5-flare")
    told, left = estimate(flare, ask(flare, size=(1024, 1024), quality="high")), estimate(flare, ask(flare))
    assert left.high == told.high
    assert (left.low or 0) < (told.low or 0)


def test_an_unknown_price_is_unknown_and_not_nothing() -> None:
    flare = model("openai:gpt-image-2.5-flare")
    assert estimate(flare, ask(flare, quality="max")).high is None
    firefly = model("firefly:image4_standard")
    assert estimate(firefly, ask(firefly)).high is None


def test_the_stand_ins_are_free() -> None:
    local = model("local:placeholder")
    assert estimate(local, ask(local, n=16)).to_json() == {
        "low": "0.00",
        "high": "0.00",
        "basis": "free of charge",
        "guess": False,
    }


def test_an_estimate_says_where_the_price_comes_from_and_of_when() -> None:
    found = estimate(model("stability:sd3.5-large"), ask(model("stability:sd3.5-large")))
    assert found.basis == "1 x 0.065 a picture; platform.stability.ai, 6.5 credits of $0.01, 2026-06-30"


@given(MODELS, SIZES, st.sampled_from([None, "auto", "low", "medium", "high"]), st.integers(1, 16), st.integers(0, 16))
def test_the_most_is_never_less_than_the_least_and_more_pictures_never_cost_less(one, size, quality, n, inputs) -> None:
    request = ask(one, size=size, quality=quality, n=n)
    found, more = (
        estimate(one, request, inputs=inputs),
        estimate(one, replace(request, n=n + 1, prompt="a coin" * 9), inputs=inputs),
    )
    if found.high is not None and found.low is not None and more.high is not None:
        assert found.low <= found.high <= more.high


@given(st.sampled_from(["low", "medium", "high"]), st.integers(1, 4096), st.integers(1, 4096))
def test_a_size_between_two_of_the_list_is_reserved_as_the_larger(quality, width, height) -> None:
    flash = model("openai:gpt-image-1.5")
    found = estimate(flash, ask(flash, size=(width, height), quality=quality, prompt=""))
    smallest = estimate(flash, ask(flash, size=(1024, 1024), quality=quality, prompt=""))
    assert found.high is not None
    assert smallest.high is not None
    assert found.high >= smallest.high


def test_a_size_of_the_same_area_is_reserved_as_the_one_of_the_list() -> None:
    flash = model("openai:gpt-image-1.5")
    wide, square = (estimate(flash, ask(flash, size=size, quality="low")) for size in ((2048, 512), (1024, 1024)))
    assert wide.high == square.high


def test_every_model_of_the_catalogue_tells_what_it_can_do() -> None:
    for one in SHIPPED.models.values():
        assert {each.operation for each in one.capabilities()} == set(one.operations)
        assert set(one.operations) <= set(get_args(Operation))
    assert model("openai:gpt-image-2").capability("music") is None


def test_every_price_has_a_source_and_a_date_and_old_ones_are_known() -> None:
    priced = [one.price for one in SHIPPED.models.values() if one.price is not None]
    assert len(priced) > 15
    assert all(price.source and price.as_of <= TODAY for price in priced)
    assert {price.as_of for price in priced if is_stale(price, TODAY)} == {date(2026, 5, 31), date(2026, 6, 30)}


def test_an_entry_of_a_project_changes_only_what_it_says() -> None:
    own = {"openai:gpt-image-2": {"price": {"source": "our contract", "rates": {"image_out": "10"}}}}
    changed = load_catalogue(settings=own).models["openai:gpt-image-2"]
    assert changed.price is not None
    assert changed.price.rates == {"image_out": Decimal(10)}
    assert changed.price.rows == model("openai:gpt-image-2").price.rows  # type: ignore[union-attr]
    assert changed.operations == model("openai:gpt-image-2").operations


def test_a_project_adds_models_and_names_and_takes_a_shutdown_date_back(tmp_path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(
        '[aliases]\nhouse = { target = "openai:gpt-image-9" }\n'
        '[models."openai:gpt-image-9"]\nlike = "openai:gpt-image-2"\naliases = ["nine"]\n'
        '[models."openai:gpt-image-1.5"]\nsunset = ""\n',
        encoding="utf-8",
    )
    found = load_catalogue(file)
    for name in ("house", "nine", "openai:gpt-image-9"):
        assert choose(found, name, "fusion", TODAY).model == found.models["openai:gpt-image-9"]
    assert choose(found, "gpt-image-1.5", "fusion", date(2027, 1, 1)).model is not None


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"providers": {"evil": {"label": "x", "keys": ["HOME"]}}}, "has no `providers`"),
        ({"models": {"openai:x": {"operations": []}}}, "models.openai:x.operations"),
        ({"models": {"openai:x": {"operations": ["fusion"], "base_url": "http://x"}}}, "base_url"),
        ({"models": {"nobody:x": {"operations": ["fusion"]}}}, "there is no provider `nobody`"),
        ({"models": {"openai:x": {"like": "openai:x"}}}, "that it could be like"),
        ({"models": {"openai:gpt-image-2": {"replaced_by": "openai:none"}}}, "there is no model `openai:none`"),
        ({"models": {"openai:gpt-image-2": {"price": {"rates": {"image_out": "-1"}}}}}, "no amount of US dollars"),
        ({"models": {"openai:gpt-image-2": {"price": {"rates": {"text_in": "1"}}}}}, "missing: image_out"),
        ({"models": {"openai:gpt-image-2": {"price": {"rows": [{"size": "1024x1024"}]}}}}, "every row needs `tokens`"),
        ({"models": {"openai:gpt-image-2": {"default_size": "big"}}}, "1024x1024"),
        ({"aliases": {"x": {"target": "openai:none"}}}, "there is no `openai:none`"),
    ],
)
def test_a_bad_entry_is_refused_with_its_file_and_its_name(content, where) -> None:
    shipped = {"providers": {"openai": {"label": "OpenAI"}}, "models": {"openai:gpt-image-2": _bare()}}
    with pytest.raises(InvalidInputError) as caught:
        catalogue_of([("ours", shipped), ("own.toml", content)])
    assert caught.value.code == "invalid_catalogue"
    assert caught.value.message.startswith("own.toml: ")
    assert where in caught.value.message


def _bare() -> dict[str, object]:
    rows = [{"size": "1024x1024", "tokens": 100}]
    price = {"unit": "token", "source": "list", "as_of": TODAY, "rates": {"image_out": "30"}, "rows": rows}
    return {"operations": ["fusion"], "price": price}


def test_a_file_that_is_no_toml_is_named(tmp_path) -> None:
    file = tmp_path / "models.toml"
    file.write_text("models = [", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"models\.toml"):
        load_catalogue(file)
