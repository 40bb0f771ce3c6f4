"""Commands that work on every screen."""

from tui.commands.registry import Command

EVERYWHERE = (
    Command("app.palette", "All commands", "ctrl+p", help="Every command by name, with its keys."),
    Command("app.keys", "Keys of this screen", "question_mark", footer="Keys"),
    Command("app.help", "Help for what has the focus", "f1"),
    Command("app.leave", "Leave", "escape", help="Close what is open, stop what runs, or give up a choice."),
    Command("app.undo", "Undo the newest change", "z", help="Takes back the newest batch, whoever made it."),
    Command("app.redo", "Redo", "Z"),
    Command("app.theme", "Choose a theme"),
    Command("app.stop", "Stop what is running", help="Slow work ends at its next step; what is written stays."),
    Command("app.quit", "Quit", "q,ctrl+q"),
)
