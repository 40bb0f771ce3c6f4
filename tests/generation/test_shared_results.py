"""Two specs whose results are the same bytes: one asset in two places, and each spec keeps its own."""

from pathlib import Path

import pytest
from generation_builders import CountingProvider, coin, only, open_generation

from generation.specs.model import Integration


@pytest.fixture
def fake(tmp_path):
    return CountingProvider(tmp_path / "charges")


@pytest.fixture
def root(tmp_path):
    return tmp_path / "project"


COIN = coin(integration=Integration(manifest_path="ui/coin.png"))
TOKEN = coin(id="token", tags=("silver",), integration=Integration(manifest_path="ui/token.png"))


def test_the_second_spec_is_satisfied_by_the_same_asset_as_often_as_it_is_asked(root, fake):
    with open_generation(root, fake) as generation:
        first, second = (only(generation.generate([spec])) for spec in (COIN, TOKEN))
        assert second.assets == first.assets
        assert set(generation.context.gallery.get(first.assets[0]).asset.tags) == {"gold", "silver"}
        for spec in (COIN, TOKEN, COIN, TOKEN):
            again = only(generation.generate([spec]))
            assert (again.state, again.outcome, again.error) == ("done", "unchanged", None)
            assert again.assets == first.assets
    assert (root / "assets/ui/coin.png").read_bytes() == (root / "assets/ui/token.png").read_bytes()
    assert len(fake.seen) == 1


@pytest.mark.parametrize("changed", [COIN, TOKEN])
def test_a_spec_that_changes_leaves_the_place_of_the_other_alone(root, fake, changed):
    from dataclasses import replace

    with open_generation(root, fake) as generation:
        shared = only(generation.generate([COIN])).assets[0]
        only(generation.generate([TOKEN]))
        before = (root / "assets/ui/coin.png").read_bytes()
        made = only(generation.generate([replace(changed, prompt="a better one")]))
        assert (made.state, made.assets == (shared,)) == ("done", False)
        gallery = generation.context.gallery
        assert gallery.get(made.assets[0]).asset.path == f"assets/ui/{changed.id}.png"
        kept = gallery.get(shared)
        assert kept.missing is None
        assert (root / kept.asset.path).read_bytes() == before
        (other,) = {"coin", "token"} - {changed.id}
        assert (root / f"assets/ui/{other}.png").read_bytes() == before
        for spec in (COIN, TOKEN):
            assert only(generation.generate([spec])).state == "done"


def test_what_somebody_has_put_there_since_is_not_written_over(root, fake):
    with open_generation(root, fake) as generation:
        only(generation.generate([COIN]))
        only(generation.generate([TOKEN]))
        Path(root / "assets/ui/token.png").write_bytes(b"mine")
        job = only(generation.generate([TOKEN]))
        assert (job.state, job.error["code"]) == ("failed", "path_taken")
    assert (root / "assets/ui/token.png").read_bytes() == b"mine"


def test_a_picture_that_was_in_the_gallery_already_is_taken_for_the_result(root, fake):
    """Made elsewhere, or imported from a copy: the asset does not say that this spec made it."""
    with open_generation(root, fake) as generation:
        made = root / "assets/ui/coin.png"
        only(generation.generate([COIN]))
        data = made.read_bytes()
    with open_generation(root.with_name("other"), fake) as generation:
        mine = root.with_name("other") / "mine.png"
        mine.write_bytes(data)
        generation.context.gallery.add([mine])
        for outcome in ("made", "unchanged"):
            job = only(generation.generate([COIN]))
            assert (job.state, job.outcome, job.error) == ("done", outcome, None)
