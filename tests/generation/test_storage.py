"""One contract for every storage."""

import io
import json
import os
import wave

import pytest

from generation.storage.folder import FolderStorage
from generation.storage.memory import MemoryStorage
from ontology.errors import CallsheetError, InvalidInputError, NotFoundError


@pytest.fixture(params=["folder", "memory"])
def storage(request, tmp_path):
    return FolderStorage(tmp_path / "kept") if request.param == "folder" else MemoryStorage()


def sound(seconds):
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return buffer.getvalue()


def test_what_is_stored_is_read_back(storage):
    url = storage.store("ui/coin.png", b"bytes")
    assert storage.read("ui/coin.png") == b"bytes"
    assert storage.url("ui/coin.png") == url
    assert storage.exists("ui/coin.png")


def test_what_is_stored_again_takes_the_place_of_what_was_there(storage):
    storage.store("a", b"one")
    storage.store("a", b"two")
    assert storage.read("a") == b"two"


def test_json_is_stored_as_text_in_utf_8(storage):
    storage.store_json("calls/a.json", {"b": [1, "é"]})
    assert json.loads(storage.read("calls/a.json")) == {"b": [1, "é"]}


def test_what_is_deleted_is_gone_and_deleting_it_again_says_so(storage):
    storage.store("a", b"one")
    assert storage.delete("a") is True
    assert storage.delete("a") is False
    assert not storage.exists("a")


@pytest.mark.parametrize("asking", ["read", "url", "duration"])
def test_what_is_not_there_is_an_error(storage, asking):
    with pytest.raises(NotFoundError):
        getattr(storage, asking)("nothing/there.png")


def test_the_duration_of_a_sound_is_in_seconds(storage):
    storage.store("beep.wav", sound(1.5))
    storage.store("coin.png", b"\x89PNG")
    storage.store("broken.wav", b"RIFF\0\0\0\0WAVE")
    assert storage.duration("beep.wav") == pytest.approx(1.5)
    assert storage.duration("coin.png") is None
    assert storage.duration("broken.wav") is None


@pytest.mark.parametrize("key", ["", "/a", "../a", "a/../../b", "a//b", "a\\b", "c:a", "a\0", "./a"])
def test_a_key_that_leads_elsewhere_is_refused(storage, key):
    with pytest.raises(InvalidInputError) as caught:
        storage.store(key, b"x")
    assert caught.value.code == "invalid_key"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    kept = FolderStorage(tmp_path / "kept")
    kept.store("a", b"x")
    (tmp_path / "kept" / "out").symlink_to(tmp_path)
    with pytest.raises(InvalidInputError, match="through a link"):
        kept.store("out/b", b"x")


def test_a_folder_keeps_no_drafts_and_reports_a_full_or_forbidden_place(tmp_path, monkeypatch):
    kept = FolderStorage(tmp_path / "kept")
    kept.store("a", b"x")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["a"]

    def refuse(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(CallsheetError):
        kept.store("a", b"y")
    assert kept.read("a") == b"x"
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["a"]
