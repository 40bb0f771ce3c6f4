"""What a spec asks for beyond the purchase: steps, checks, formats, the manifest, constants, a command, reports."""

import io
import json
import sys

import pytest
from generation_builders import CountingProvider, charges, coin, only, open_generation
from PIL import Image

from gallery.sounds.library import NoAudioLibraryError
from generation.manifest.integrating import ManifestPlan
from generation.specs.model import Integration, Step
from generation.storage.folder import FolderStorage

AT_COIN = Integration(manifest_key="coin", manifest_path="ui/coin.png", description="A coin")
SMALL = Step("resize", {"dimensions": "8x8"})


@pytest.fixture
def fake(tmp_path):
    return CountingProvider(tmp_path / "charges")


@pytest.fixture
def root(tmp_path):
    return tmp_path / "project"


def size_of(path):
    with Image.open(path) as image:
        return image.size


def checks_of(generation, job):
    return {
        check["code"]: check["passed"] for check in generation.context.gallery.get(job.assets[0]).generation["checks"]
    }


def plan_of(root, *command, **options):
    return ManifestPlan(
        root / "assets" / "manifest.json", root / ".callsheet" / "manifest.lock", root, command=command, **options
    )


def test_steps_are_done_before_the_picture_is_kept(root, fake):
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(post_processing=(SMALL,), integration=AT_COIN)]))
        assert size_of(root / "assets" / "ui" / "coin.png") == (8, 8)
        assert job.files == [{"path": "ui/coin.png", "asset": job.assets[0], "best": True, "further": []}]
        asset = generation.context.gallery.get(job.assets[0]).asset
        assert (asset.width, asset.height) == (8, 8)


def test_a_check_that_is_not_passed_marks_the_asset_and_buys_nothing_again(root, fake):
    steps = (SMALL, Step("validate", {"checks": ["has_alpha", "dimensions_match"]}))
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(post_processing=steps)]))
        assert (job.state, job.error) == ("done", None)
        assert checks_of(generation, job) == {"has_alpha": False, "dimensions_match": True}
        assert job.scores[job.assets[0]]["checks"] == 0.5
        assert [(check["asset"], check["code"]) for check in job.checks if not check["passed"]] == [
            (job.assets[0], "has_alpha")
        ]
    assert len(charges(fake.books)) == 1


def test_a_check_that_is_asked_for_later_is_stored_on_the_asset_that_is_there(root, fake):
    with open_generation(root, fake) as generation:
        first = only(generation.generate([coin(integration=AT_COIN)]))
        assert generation.context.gallery.get(first.assets[0]).generation["checks"] is None
        later = coin(integration=AT_COIN, post_processing=(Step("validate", {"checks": ["has_alpha"]}),))
        second = only(generation.generate([later]))
        assert (second.assets, second.outcome) == (first.assets, "unchanged")
        assert checks_of(generation, second) == {"has_alpha": False}
    assert len(charges(fake.books)) == 1


def test_a_step_that_cannot_be_done_is_told_and_loses_nothing(root, fake):
    steps = (Step("composite", {"asset": "a0123456789abcdef"}), SMALL)
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(post_processing=steps, integration=AT_COIN)]))
        assert checks_of(generation, job) == {"composite": False}
    assert size_of(root / "assets" / "ui" / "coin.png") == (8, 8)


def test_only_the_best_variations_are_kept_where_a_step_selects(root, fake):
    steps = (Step("select", {"keep": 2}),)
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(parameters={"size": "16x16", "n_variations": 4}, post_processing=steps)]))
        assert len(job.assets) == 2
        assert [file["best"] for file in job.files] == [True, False]
        assert len(list((root / ".callsheet" / "results").rglob("*.png"))) == 4


FORMATS = (Step("convert", {"formats": ["png", "webp", "jpeg"]}),)


def test_further_formats_lie_beside_the_first_and_only_that_is_an_asset(root, fake):
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(post_processing=FORMATS, integration=AT_COIN)]))
        assert len(job.assets) == 1
        assert job.files[0]["further"] == ["ui/coin.webp", "ui/coin.jpg"]
    for name in ("coin.png", "coin.webp", "coin.jpg"):
        assert size_of(root / "assets" / "ui" / name) == (16, 16)


def test_copies_follow_when_the_spec_changes_and_files_of_others_are_left_alone(root, fake):
    with open_generation(root, fake) as generation:
        generation.generate([coin(post_processing=FORMATS, integration=AT_COIN)])
        mine = root / "assets" / "ui" / "coin.jpg"
        mine.write_bytes(b"my own work")
        job = only(generation.generate([coin(post_processing=(SMALL, *FORMATS), integration=AT_COIN)]))
        webp, jpeg = job.files[0]["further"]
        assert webp == "ui/coin.webp"
        assert size_of(root / "assets" / webp) == (8, 8)
        assert jpeg != "ui/coin.jpg"
        assert size_of(root / "assets" / jpeg) == (8, 8)
        assert mine.read_bytes() == b"my own work"
    assert len(charges(fake.books)) == 1


def test_the_place_of_a_spec_may_be_that_of_its_copy_and_of_its_asset_later(root, fake):
    webp_first = (Step("convert", {"formats": ["webp", "png"]}),)
    with open_generation(root, fake) as generation:
        first = only(generation.generate([coin(post_processing=webp_first, integration=AT_COIN)]))
        assert (first.files[0]["path"], first.files[0]["further"]) == ("ui/coin.webp", ["ui/coin.png"])
        again = only(generation.generate([coin(post_processing=webp_first, integration=AT_COIN)]))
        assert (again.state, again.outcome) == ("done", "unchanged")
        turned = only(generation.generate([coin(post_processing=(SMALL,), integration=AT_COIN)]))
        assert turned.files[0]["path"] == "ui/coin.png"
    assert size_of(root / "assets" / "ui" / "coin.png") == (8, 8)


def test_a_sheet_is_one_asset_with_an_atlas_that_names_its_file(root, fake):
    spec = coin(
        parameters={"size": "16x16", "n_variations": 4}, post_processing=(Step("sprite_sheet", {"columns": 2}),)
    )
    with open_generation(root, fake) as generation:
        job = only(generation.generate([spec]))
        (file,) = job.files
        atlas = json.loads((root / "assets" / file["further"][0]).read_text(encoding="utf-8"))
        assert f"generated/{atlas['meta']['image']}" == file["path"]
        assert len(atlas["frames"]) == 4
        assert size_of(root / "assets" / file["path"]) == (atlas["meta"]["size"]["w"], atlas["meta"]["size"]["h"])


@pytest.mark.parametrize("by", ["asset", "query", "path"])
def test_a_composite_takes_an_asset_by_id_or_query_or_a_path_below_the_project(root, fake, by):
    with open_generation(root, fake) as generation:
        frame = root / "assets" / "frame.png"
        frame.write_bytes(plain((255, 0, 0)))
        (added,) = generation.context.gallery.add([frame]).results
        generation.context.gallery.tag([added.id], add=["gold"])
        options = {"asset": {"asset": added.id}, "query": {"query": "gold"}, "path": {"asset": "assets/frame.png"}}[by]
        job = only(generation.generate([coin(post_processing=(Step("composite", options),), integration=AT_COIN)]))
        assert job.checks == []
    with Image.open(root / "assets" / "ui" / "coin.png") as image:
        assert image.convert("RGB").getpixel((8, 8)) == (255, 0, 0)


def plain(colour):
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_duplicate_of_another_is_told_but_not_one_of_what_the_spec_made_itself(root, fake):
    steps = (Step("validate", {"checks": ["not_duplicate"]}),)
    with open_generation(root, fake) as generation:
        first = only(generation.generate([coin(post_processing=steps)]))
        assert checks_of(generation, first) == {"not_duplicate": True}
        again = only(generation.generate([coin(post_processing=steps)]))
        assert again.checks[0]["passed"]
        other = only(generation.generate([coin(id="other", post_processing=steps)]))
        assert not other.checks[0]["passed"]
        assert first.assets[0] in other.checks[0]["detail"]


def test_a_picture_that_looks_like_one_in_the_gallery_is_a_duplicate(root, fake):
    steps = (
        Step("composite", {"asset": "assets/hero.png"}),
        Step("convert", {"formats": ["jpeg"]}),
        Step("validate", {"checks": ["not_duplicate"]}),
    )
    with open_generation(root, fake) as generation:
        Image.radial_gradient("L").crop((0, 0, 200, 150)).resize((64, 64)).save(root / "assets" / "hero.png")
        (hero,) = generation.context.gallery.add([root / "assets" / "hero.png"]).results
        job = only(generation.generate([coin(parameters={"size": "64x64"}, post_processing=steps)]))
        assert [check["code"] for check in job.checks] == ["not_duplicate"]
        assert hero.id in job.checks[0]["detail"]


def test_steps_of_films_are_told_of_as_not_carried_out(root, fake):
    with open_generation(root, fake) as generation:
        job = only(generation.generate([coin(asset_type="video", post_processing=(Step("fade", {"in": 1}),))]))
        assert job.state == "done"
        assert job.to_json()["notices"] == ["not carried out yet for video: fade"]


def test_nothing_is_bought_for_steps_of_a_sound_that_need_what_is_not_installed(root, fake, monkeypatch):
    def missing():
        raise NoAudioLibraryError("sounds need soundfile and numpy, which are not installed", hint="callsheet[audio]")

    monkeypatch.setattr("generation.engine.finishing.require_audio", missing)
    with open_generation(root, fake) as generation:
        spec = coin(asset_type="audio", post_processing=(Step("fade", {"in": 1}),))
        job = only(generation.generate([spec]))
        assert (job.state, job.error["code"], job.error["hint"]) == ("failed", "missing_extra", "callsheet[audio]")
    assert charges(fake.books) == []


def test_a_result_goes_into_the_manifest_and_a_second_time_changes_nothing(root, fake):
    plan = plan_of(root)
    with open_generation(root, fake, manifest=plan) as generation:
        spec = coin(integration=AT_COIN, post_processing=(SMALL,))
        assert generation.generate([spec]).jobs[0].state == "done"
        before = plan.path.read_bytes()
        entry = json.loads(before)["assets"]["images"]["coin"]
        assert entry == {
            "type": "image",
            "path": "ui/coin.png",
            "description": "A coin",
            "aiGenerated": True,
            "aiProvider": "fake",
            "aiCost": 0.04,
            "generatedDate": entry["generatedDate"],
        }
        generation.generate([spec])
        assert plan.path.read_bytes() == before


def test_a_stand_in_says_so_in_the_manifest(root):
    plan = plan_of(root)
    with open_generation(root, manifest=plan) as generation:
        generation.generate([coin(providers=("local",), integration=AT_COIN)])
    assert json.loads(plan.path.read_bytes())["assets"]["images"]["coin"]["standIn"] is True


def test_nothing_is_bought_for_a_manifest_that_is_broken(root, fake):
    plan = plan_of(root)
    with open_generation(root, fake, manifest=plan) as generation:
        plan.path.write_text("{\n  oops", encoding="utf-8")
        job = only(generation.generate([coin(integration=AT_COIN)]))
        assert job.state == "failed"
        assert "manifest.json:2:3" in job.error["message"]
        assert plan.path.read_text(encoding="utf-8") == "{\n  oops"
    assert charges(fake.books) == []


def test_what_was_bought_is_kept_where_the_manifest_broke_meanwhile_and_the_entry_follows_at_no_cost(root, fake):
    plan = plan_of(root)
    fake.script = [lambda: plan.path.write_text("{", encoding="utf-8")]
    with open_generation(root, fake, manifest=plan) as generation:
        job = only(generation.generate([coin(integration=AT_COIN)]))
        assert (job.state, len(job.assets)) == ("failed", 1)
        plan.path.unlink()
        (ended,) = generation.run([job.id])
        assert (ended.state, ended.assets) == ("done", job.assets)
        assert "coin" in json.loads(plan.path.read_bytes())["assets"]["images"]
    assert len(charges(fake.books)) == 1


def test_constants_and_the_command_follow_a_run_once(root, fake):
    program = "open('ran', 'a').write('x')"
    plan = plan_of(root, sys.executable, "-c", program, constants=root / "src", languages=("python",))
    specs = [
        coin(integration=AT_COIN),
        coin(id="gem", prompt="a gem", integration=Integration(manifest_key="gem", manifest_path="ui/gem.png")),
    ]
    with open_generation(root, fake, manifest=plan) as generation:
        assert [job.notices for job in generation.generate(specs).jobs] == [[], []]
        generation.generate(specs)
    said = (root / "src" / "assets.py").read_text(encoding="utf-8")
    assert "COIN" in said
    assert "GEM" in said
    assert (root / "ran").read_text(encoding="utf-8") == "x"


def test_a_command_or_constants_that_fail_are_told_with_the_job(root, fake):
    plan = plan_of(root, sys.executable, "-c", "print('no such page'); raise SystemExit(4)")
    with open_generation(root, fake, manifest=plan) as generation:
        (said,) = only(generation.generate([coin(integration=AT_COIN)])).notices
        assert said.endswith("ended with 4: no such page")
    taken = plan_of(root, constants=root / "src")
    (root / "src").mkdir()
    (root / "src" / "assets.js").write_text("// mine\n", encoding="utf-8")
    with open_generation(root, fake, manifest=taken) as generation:
        job = only(generation.generate([coin(integration=AT_COIN)]))
        assert job.state == "done"
        assert "not made from a manifest" in job.notices[0]


def test_every_run_leaves_a_report(root, fake):
    steps = (Step("validate", {"checks": ["has_alpha"]}),)
    with open_generation(root, fake, reports=FolderStorage(root / ".callsheet" / "reports")) as generation:
        job = only(generation.generate([coin(post_processing=steps)]))
        generation.generate([coin()], dry_run=True)
    as_json, as_markdown = sorted((root / ".callsheet" / "reports").iterdir())
    body = json.loads(as_json.read_bytes())
    assert (body["made"], body["spent"]) == (1, "0.04")
    assert [(check["asset"], check["code"]) for check in body["checks"]["failed"]] == [(job.assets[0], "has_alpha")]
    assert "has\\_alpha" in as_markdown.read_text(encoding="utf-8")
