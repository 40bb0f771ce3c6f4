"""docs/providers.md says what the catalogue, the adapters and the fakes say."""

import pytest
from provider_tables import NAMES, PAGE, contract_rows, models_table, shown
from vendor_cases import VENDORS

HOW = "PYTHONPATH=.:tests/support python tests/support/provider_tables.py"


def test_the_table_of_models_is_that_of_the_catalogue():
    assert shown(PAGE.read_text(encoding="utf-8"), "models") == models_table(), HOW


@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_outcomes_is_what_the_fakes_show(name):
    vendor = next(vendor for vendor in VENDORS if vendor.name == name)
    told = [line for line in shown(PAGE.read_text(encoding="utf-8"), "contract").splitlines() if f"`{name}`" in line]
    assert told == contract_rows(vendor), HOW


def test_every_vendor_stands_in_the_tables():
    assert set(NAMES) == {vendor.name for vendor in VENDORS}
