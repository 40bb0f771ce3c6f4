"""How good suggestions are, on labelled pictures: each tag of the demo project is hidden once and has to be found."""

import pytest

from callsheet.demo import demo_project
from callsheet.workspace import Workspace

FOUND_AMONG_FIRST_FIVE = 0.6
RIGHT_FROM_09 = 0.9
IDENTITIES = 0.95


@pytest.fixture(scope="module")
def hidden(tmp_path_factory):
    """(hidden tag, what is then suggested) for each tag of each picture."""
    root, _ = demo_project(tmp_path_factory.mktemp("labelled") / "demo")
    found = []
    with Workspace.open(root) as ws:
        for asset in ws.gallery.search("", limit=500).assets:
            for tag in asset.tags:
                ws.gallery.untag(asset.id, tag)
                (answer,) = ws.gallery.suggest(asset.id).assets
                ws.gallery.undo()
                found.append((tag, answer.suggestions))
    return found


@pytest.mark.slow
def test_most_hidden_tags_are_among_the_first_five(hidden):
    assert len(hidden) > 200
    recall = sum(tag in [one.tag for one in answer[:5]] for tag, answer in hidden) / len(hidden)
    print(f"recall among the first five: {recall:.2f}")  # noqa: T201  # shown when it fails
    assert recall >= FOUND_AMONG_FIRST_FIVE


@pytest.mark.slow
def test_nearly_all_hidden_characters_and_places_are_found(hidden):
    identities = [(tag, answer) for tag, answer in hidden if tag.startswith(("npc:", "loc:", "player"))]
    recall = sum(tag in [one.tag for one in answer[:5]] for tag, answer in identities) / len(identities)
    print(f"recall of characters and places: {recall:.2f}")  # noqa: T201  # shown when it fails
    assert recall >= IDENTITIES


@pytest.mark.slow
def test_what_is_accepted_above_09_is_nearly_always_right(hidden):
    sure = [one.tag == tag for tag, answer in hidden for one in answer if one.confidence >= 0.9]
    print(f"precision from 0.9 on: {sum(sure) / len(sure):.2f} of {len(sure)}")  # noqa: T201  # shown when it fails
    assert len(sure) > 30
    assert sum(sure) / len(sure) >= RIGHT_FROM_09


@pytest.mark.slow
def test_the_surer_the_likelier(hidden):
    def precision(low, high):
        right = [one.tag == tag for tag, answer in hidden for one in answer if low <= one.confidence < high]
        return sum(right) / len(right)

    assert precision(0.25, 0.5) < precision(0.5, 0.9) < precision(0.9, 1)
