"""What can be done in Coverage."""

from tui.commands.registry import Command

_HERE = ("coverage",)

COVERAGE = (
    Command("coverage.open", "Show the pictures, or draft a spec for a gap", "enter", _HERE, footer="Show or draft"),
    Command("coverage.next_gap", "Next gap", "n", _HERE, footer="Next gap"),
    Command("coverage.only_gaps", "Only rows with a gap", "x", _HERE, footer="Only gaps"),
    Command(
        "coverage.generate",
        "Generate what is missing",
        "G",
        _HERE,
        footer="Generate",
        help="Drafts the spec where there is none, and asks what it would cost.",
    ),
)
"""Whoever knows this screen finds the gaps with two keys: `C n`."""
