"""What can be done in Coverage."""

from tui.commands.registry import Command

_HERE = ("coverage",)

COVERAGE = (
    Command("coverage.open", "Show the pictures, or draft a spec for a gap", "enter", _HERE, footer="Show or draft"),
    Command("coverage.next_gap", "Next gap", "n", _HERE, footer="Next gap"),
    Command("coverage.only_gaps", "Only rows with a gap", "x", _HERE, footer="Only gaps"),
)
"""Whoever knows this screen finds the gaps with two keys: `C n`."""
