"""Trash: the record leaves the sight of everybody, the file stays where it is."""

import pytest
from gallery_builders import make_pictures


@pytest.fixture
def files(root):
    return make_pictures(root, 2)


@pytest.fixture
def ids(gallery, files):
    return [item.id for item in gallery.add(files, tags=["role:bg"]).results]


def outcomes(bulk):
    return [item.outcome for item in bulk.results]


def test_a_trashed_asset_is_invisible_and_its_file_stays(gallery, files, ids):
    content = files[0].read_bytes()
    assert outcomes(gallery.trash([ids[0][:9], "nope"])) == ["trashed", "failed"]
    assert [view.id for view in gallery.search().assets] == [ids[1]]
    assert [view.id for view in gallery.candidates()] == [ids[1]]
    assert gallery.count("role:bg") == 1
    assert files[0].read_bytes() == content
    assert gallery.get(ids[0]).asset.tags == ("role:bg",)
    assert gallery.get(ids[0]).to_json()["trashed"] == "2026-11-21T12:00:00Z"


def test_restore_brings_it_back(gallery, ids):
    gallery.trash(ids)
    assert outcomes(gallery.restore(ids[:1])) == ["restored"]
    assert gallery.count() == 1
    assert [(b.kind, b.size) for b in gallery.history(limit=2)] == [("restore", 1), ("trash", 2)]


def test_doing_it_twice_changes_nothing(gallery, ids):
    gallery.trash(ids[:1])
    assert outcomes(gallery.trash(ids)) == ["unchanged", "trashed"]
    again = gallery.trash(ids)
    assert (outcomes(again), again.batch) == (["unchanged"] * 2, None)
    assert outcomes(gallery.restore(["a" + "f" * 16])) == ["failed"]


def test_a_dry_run_changes_nothing(gallery, ids):
    bulk = gallery.trash(ids, dry_run=True)
    assert (outcomes(bulk), bulk.batch, gallery.count()) == (["trashed"] * 2, None, 2)
