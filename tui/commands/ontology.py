"""What can be done in Ontology."""

from tui.commands.registry import Command

_HERE = ("ontology",)

ONTOLOGY = (
    Command("ontology.filter", "Filter", "slash", _HERE, footer="Filter"),
    Command("ontology.open", "Show the pictures in Browse", "enter", _HERE, footer="Pictures"),
    Command("ontology.add", "Add a term", "a", _HERE, footer="Add"),
    Command("ontology.rename", "Rename a term", "r", _HERE, footer="Rename", help="Shows first what would change."),
    Command("ontology.sort", "By use or by id", "o", _HERE, footer="Order"),
    Command("ontology.copy", "Copy the id", "y", _HERE),
)
