"""Encoding without the interpreter's lock, and Pillow's warnings kept quiet by several threads at once."""

import io
import os
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from gallery.intake import spool
from gallery.intake.quiet import QuietPillow
from gallery.intake.spool import encoded


def noise(side):
    return Image.effect_noise((side, side), 90).convert("RGB")


def plainly(image, file_format):
    buffer = io.BytesIO()
    image.save(buffer, file_format, quality=85)
    return buffer.getvalue()


@pytest.fixture
def afresh(monkeypatch):
    """A thread that has encoded nothing yet."""
    monkeypatch.setattr(spool, "_OF_THREAD", type("Local", (), {})())


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP"])
def test_a_picture_comes_out_as_from_pillow_after_a_longer_and_a_shorter_one(file_format):
    for side in (9, 300, 9, 40):
        image = noise(side)
        assert encoded(image, file_format, quality=85) == plainly(image, file_format)


def test_a_failure_leaves_nothing_behind_for_the_next():
    with pytest.raises(OSError, match="RGBA"):
        encoded(Image.new("RGBA", (9, 9)), "JPEG", quality=85)
    image = noise(9)
    assert encoded(image, "JPEG", quality=85) == plainly(image, "JPEG")


def test_threads_do_not_mix_their_pictures():
    images = [noise(side) for side in range(5, 200, 3)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda image: encoded(image, "JPEG", quality=85), images))
    assert made == [plainly(image, "JPEG") for image in images]


def test_where_the_system_has_no_files_in_memory_it_goes_without(monkeypatch, afresh):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    image = noise(20)
    assert encoded(image, "JPEG", quality=85) == plainly(image, "JPEG")


def test_a_forked_process_gets_a_file_of_its_own(monkeypatch, afresh):
    encoded(noise(9), "JPEG", quality=85)
    first = spool._own_spool()
    assert spool._own_spool() is first
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert spool._own_spool() is not first


def test_the_rules_for_warnings_are_as_before_when_the_last_has_gone():
    quiet, before = QuietPillow(), list(warnings.filters)
    quiet.__enter__()
    with quiet:
        pass
    with pytest.raises(Image.DecompressionBombWarning):
        warnings.warn("too large", Image.DecompressionBombWarning, stacklevel=1)
    warnings.warn("broken metadata", UserWarning, stacklevel=1)
    quiet.__exit__(None, None, None)
    assert list(warnings.filters) == before
    with pytest.raises(UserWarning):
        warnings.warn("broken metadata", UserWarning, stacklevel=1)
