"""docs/providers.md says of sounds what the catalogue, the adapters and the fakes say."""

import re

import pytest
from provider_tables import PAGE, shown
from sound_cases import SOUND_VENDORS
from sound_tables import contract_row, models_table

from generation.synthesis.moods import MOODS
from generation.synthesis.vocabulary import CHANGES, PRESETS

HOW = "PYTHONPATH=.:tests/support python tests/support/sound_tables.py"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_table_of_models_is_that_of_the_catalogue():
    assert shown(TEXT, "sound models") == models_table(), HOW


@pytest.mark.parametrize("vendor", SOUND_VENDORS, ids=str)
def test_the_table_of_outcomes_is_what_the_fakes_show(vendor):
    assert contract_row(vendor) in shown(TEXT, "sound contract").splitlines(), HOW


def words_of(start: str) -> set[str]:
    found = re.search(rf"{re.escape(start)}.*?`([a-z0-9\s-]+)`", TEXT, re.DOTALL)
    assert found is not None
    return set(found[1].split())


def test_the_page_has_every_word_for_a_sound():
    places = ("- Games and screens:", "- Things:", "- Places,")
    assert set().union(*map(words_of, places)) == set(PRESETS)
    assert words_of("- Changes:") >= {change.words.split()[0] for change in CHANGES}
    assert words_of("**Music.** `procedural-music` takes") >= {mood.words.split()[0] for mood in MOODS}
