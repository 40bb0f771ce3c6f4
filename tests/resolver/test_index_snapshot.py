import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_agreement import edited, edits, same
from resolver_strategies import VOCABULARY, assets, requests

from ontology.errors import IntegrityError
from resolver import CandidateIndex, SnapshotError, resolve_assets_for_action
from resolver.snapshot import VERSION

laws = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)

ASSETS = [
    {"id": 1, "tags": ["npc:ann", "role:char:hero"], "rating": 3.25, "created_at": "2026-01-01T00:00:00Z"},
    {"id": "a0000000000000007", "tags": ["loc:gate", "role:bg", "\ud800", 'quo"te', "Straße"], "rating": 5},
    {"id": "odd\ud800", "tags": ["npc:ann", "npc:anna"], "media_type": "video"},
]
QUESTION = {"hero_id": "npc:ann", "location_id": "loc:gate", "media_types": ["image", "video"], "fill": True}


def lookup(ids):
    return [asset for asset in ASSETS if asset["id"] in ids]


def answer(index):
    return resolve_assets_for_action(QUESTION, index, ontology=VOCABULARY)


@pytest.fixture(scope="module")
def stored():
    return CandidateIndex(ASSETS).to_bytes(77)


def test_an_index_comes_back_from_its_bytes_with_its_batch(stored):
    index, batch = CandidateIndex.from_bytes(stored, lookup=lookup)
    assert batch == 77
    assert len(index) == 3
    assert all(asset["id"] in index for asset in ASSETS)
    assert answer(index) == answer(ASSETS)
    assert index.to_bytes(77) == stored


def test_a_snapshot_may_be_any_buffer(stored):
    for buffer in (bytearray(stored), memoryview(stored)):
        assert answer(CandidateIndex.from_bytes(buffer, lookup=lookup)[0]) == answer(ASSETS)


@laws
@given(requests, assets, edits, edits)
def test_an_index_from_its_bytes_answers_and_is_edited_as_before(request, candidates, before, after):
    held = {asset["id"]: asset for asset in candidates}
    index = CandidateIndex(candidates, lookup=lambda ids: [held[asset_id] for asset_id in ids])
    edited(index, held, before)
    again, _ = CandidateIndex.from_bytes(index.to_bytes(0), lookup=lambda ids: [held[asset_id] for asset_id in ids])
    same(request, again, list(held.values()), VOCABULARY)
    edited(again, held, after)
    same(request, again, list(held.values()), VOCABULARY)
    assert len(again) == len(held)


@laws
@given(st.data())
def test_a_flipped_byte_is_an_error_and_never_another_answer(stored, data):
    place = data.draw(st.integers(0, len(stored) - 1))
    damaged = bytearray(stored)
    damaged[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SnapshotError):
        CandidateIndex.from_bytes(damaged, lookup=lookup)


def test_bytes_cut_off_anywhere_are_refused(stored):
    for length in range(len(stored)):
        with pytest.raises(SnapshotError):
            CandidateIndex.from_bytes(stored[:length], lookup=lookup)


def test_bytes_with_more_behind_them_are_refused(stored):
    with pytest.raises(SnapshotError, match="bytes of"):
        CandidateIndex.from_bytes(stored + b"\0", lookup=lookup)


@pytest.mark.parametrize("foreign", [b"", b"PK\x03\x04", b"\x80\x04N.", b"x" * 10_000])
def test_foreign_bytes_are_refused(foreign):
    with pytest.raises(SnapshotError, match="no index of Callsheet"):
        CandidateIndex.from_bytes(foreign, lookup=lookup)


def test_a_newer_version_is_refused_by_its_number(stored):
    newer = stored[:16] + struct.pack("<I", VERSION + 1) + stored[20:]
    with pytest.raises(SnapshotError, match=f"version {VERSION + 1}, this program reads {VERSION}") as error:
        CandidateIndex.from_bytes(newer, lookup=lookup)
    assert isinstance(error.value, IntegrityError)
    assert error.value.code == "invalid_snapshot"
    assert "build the index anew" in error.value.hint


def test_sections_that_contradict_each_other_are_refused():
    from resolver.snapshot import pack

    for sections in ([], [b""] * 13, [b"", b"", b"", b"", b"", b"", b"", b"[]", b"", b"", b"7", b"", b""]):
        with pytest.raises(SnapshotError, match="contradicts itself"):
            CandidateIndex.from_bytes(pack(0, sections), lookup=lookup)
