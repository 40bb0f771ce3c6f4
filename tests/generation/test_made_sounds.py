"""A sound that was bought: processed, put where the spec says, taken into the gallery, and nothing lost of it."""

import io
import json

import pytest
import soundfile
from gallery_builders import make_picture
from generation_builders import PRICE, CountingProvider, charges, coin, open_generation
from sounds import joined, silence, sound, tone

from generation.manifest.integrating import ManifestPlan
from generation.providers.base import Capability
from generation.result import Cost, GenerationResult, Output
from generation.specs.model import Integration, SpecInput, Step
from ontology.errors import CallsheetError

CAME = sound(joined(silence(0.2), tone(0.35, level=-18), silence(0.3)))
JUMP = (
    Step("normalize", {"peak": "-1.0 dB"}),
    Step("trim_silence", {"threshold": "-40 dB"}),
    Step("validate", {"checks": [{"duration_range": [0.2, 0.6]}, {"format": "mp3"}, {"bitrate": "192k"}]}),
)
AT_JUMP = Integration(
    manifest_section="audio.sfx.jump",
    manifest_key="sfxJump1A",
    manifest_path="audio/sfx/jump/sfxJump1A.mp3",
    manifest_type="audio",
)


class Whistler(CountingProvider):
    """Makes the same sound for every call."""

    made = CAME

    def capabilities(self):
        return [Capability("sound_effect", "whistle-1", max_n=4, accepts=frozenset({"n", "duration"}))]

    def _result(self, request):
        outputs = tuple(Output(self.made, "audio/wav", number) for number in range(request.n))
        return GenerationResult(outputs, self.name, "whistle-1", Cost(PRICE * request.n, "reported"))


@pytest.fixture
def fake(tmp_path):
    return Whistler(tmp_path / "charges")


@pytest.fixture
def root(tmp_path):
    return tmp_path / "project"


def jump(**changes):
    fields = {"id": "jump", "asset_type": "audio", "operation": "sound_effect", "parameters": {}, "prompt": "a jump"}
    return coin(**fields | changes)


def only(outcome):
    (job,) = outcome.jobs
    return job


def test_a_made_sound_becomes_an_asset_with_its_checks_and_an_entry_of_the_manifest(root, fake):
    plan = ManifestPlan(root / "assets" / "manifest.json", root / ".callsheet" / "manifest.lock", root)
    with open_generation(root, fake, manifest=plan) as generation:
        job = only(generation.generate([jump(post_processing=JUMP, integration=AT_JUMP)]))
        assert (job.state, [check["passed"] for check in job.checks]) == ("done", [True] * 3)
        gallery = generation.context.gallery
        (asset_id,) = job.assets
        found = gallery.get(asset_id)
        assert found.asset.path == "assets/audio/sfx/jump/sfxJump1A.mp3"
        assert (found.asset.media_type, found.asset.tags) == ("audio", ("gold",))
        assert found.asset.duration == pytest.approx(0.35, abs=0.005)
        assert found.generation["scores"] == {"checks": 1.0}
        assert [item.id for item in gallery.search("media:audio duration:<1 format:mp3").assets] == [asset_id]
        entry = json.loads(plan.path.read_bytes())["assets"]["audio"]["sfx"]["jump"]["sfxJump1A"]
        assert (entry["type"], entry["path"]) == ("audio", "audio/sfx/jump/sfxJump1A.mp3")
        kept = generation.context.results
        assert [kept.read(output["key"]) for purchase in purchases(generation) for output in purchase] == [CAME]


def purchases(generation):
    with generation.context.gallery.context.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT outputs FROM generation_attempt")
        return [json.loads(row[0]) for row in rows]


def test_the_same_spec_again_makes_the_same_bytes_and_costs_nothing(root, fake):
    """An Ogg file is numbered by chance by the library that writes it."""
    spec = jump(post_processing=(Step("convert", {"formats": ["ogg", "opus"]}),))
    with open_generation(root, fake) as generation:
        first = only(generation.generate([spec]))
        again = only(generation.generate([spec]))
        assert (first.assets, again.state) == (again.assets, "done")
    assert len(charges(fake.books)) == 1
    assert len([path for path in (root / "assets").rglob("*") if path.is_file()]) == 2


def test_without_steps_the_asset_is_what_was_bought(root, fake):
    with open_generation(root, fake) as generation:
        job = only(generation.generate([jump(parameters={"n_variations": 1})]))
        (path,) = (root / "assets" / "generated").iterdir()
        assert (path.read_bytes(), path.suffix, len(job.assets)) == (CAME, ".wav", 1)


def test_the_file_is_what_its_name_says(root, fake):
    with open_generation(root, fake) as generation:
        only(generation.generate([jump(integration=Integration(manifest_path="audio/jump.flac"))]))
    assert soundfile.info(io.BytesIO((root / "assets" / "audio" / "jump.flac").read_bytes())).format == "FLAC"


def test_what_was_paid_for_and_is_no_sound_is_kept_and_told(root, fake):
    fake.made = b"not a sound"
    with open_generation(root, fake) as generation:
        job = only(generation.generate([jump(post_processing=JUMP)]))
        assert [(check["code"], check["passed"]) for check in job.checks] == [("readable", False)]
        (path,) = (root / "assets" / "generated").iterdir()
        assert path.read_bytes() == b"not a sound"
    assert len(charges(fake.books)) == 1


def test_a_query_of_an_input_passes_over_sounds_and_one_that_is_named_is_refused(root, tmp_path):
    """A sound may carry the same tags as the pictures of somebody."""
    painter = CountingProvider(tmp_path / "charges")
    with open_generation(root, painter) as generation:
        gallery = generation.context.gallery
        (root / "assets").mkdir(exist_ok=True)
        (root / "assets" / "voice.wav").write_bytes(CAME)
        picture, voice = gallery.add([make_picture(root / "assets" / "a.png"), root / "assets" / "voice.wav"]).results
        gallery.tag([picture.id, voice.id], add=["npc:alex"])
        spec = coin(operation="image_to_image", inputs=(SpecInput(query="npc:alex", limit=4),))
        job = only(generation.generate([spec]))
        assert (job.state, [item.asset_id for item in painter.seen[0].inputs]) == ("done", [picture.id])
        for item, why in ((SpecInput(asset_id=voice.id), "is a sound"), (SpecInput(query="media:audio"), "no picture")):
            with pytest.raises(CallsheetError, match=why):
                generation.generate([coin(operation="image_to_image", inputs=(item,))]).only()
