"""However many threads decode, only so many pixels are held at one time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from gallery_builders import picture_bytes

from gallery.intake import media
from gallery.intake.media import FileBytes, examine_bytes
from gallery.intake.pixel_budget import PixelBudget


class Watched(PixelBudget):
    """Remembers the most that was held."""

    most = 0

    def held(self):
        with self._changed:
            self.most = max(self.most, self._whole - self._free)


def spend_all(budget, amounts, workers=8):
    def spend(amount):
        with budget.spend(amount):
            budget.held()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(spend, amounts))


def test_no_more_is_held_than_there_is():
    budget = Watched(10)
    spend_all(budget, [7, 2, 9, 4, 4, 1, 10, 3] * 50)
    assert 0 < budget.most <= 10
    assert budget._free == 10


def test_more_than_there_is_at_all_is_held_alone():
    budget = Watched(10)
    spend_all(budget, [1000, 3, 1000, 3] * 20)
    assert budget.most == 10


def test_who_wants_much_is_not_overtaken_for_ever():
    budget = PixelBudget(10)
    order = []

    def want(name, amount):
        with budget.spend(amount):
            order.append(name)

    with budget.spend(5):
        large = threading.Thread(target=want, args=("large", 10))
        large.start()
        while not budget._queue.locked():
            pass
        small = threading.Thread(target=want, args=("small", 1))
        small.start()
        small.join(0.05)
        assert order == []
    large.join()
    small.join()
    assert order == ["large", "small"]


def test_what_was_held_is_given_back_after_an_error():
    budget = PixelBudget(10)
    with pytest.raises(ValueError, match="mine"), budget.spend(10):
        raise ValueError("mine")
    assert budget._free == 10


def test_pictures_are_decoded_within_the_budget(monkeypatch):
    held = []
    budget = PixelBudget(media.MAX_PIXELS_AT_ONCE)
    monkeypatch.setattr(media, "_PIXELS", budget)
    true_shrunk = media._shrunk

    def shrunk(*given):
        held.append(media.MAX_PIXELS_AT_ONCE - budget._free)
        return true_shrunk(*given)

    monkeypatch.setattr(media, "_shrunk", shrunk)
    examine_bytes(FileBytes(picture_bytes(size=(400, 300)), 0))
    examine_bytes(FileBytes(picture_bytes(size=(4000, 3000), file_format="JPEG"), 0))
    assert held[0] == 120_000
    assert held[1] < 4000 * 3000 / 16  # a JPEG is decoded at a fraction of its size
    assert budget._free == media.MAX_PIXELS_AT_ONCE == 80_000_000
