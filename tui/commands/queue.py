"""What can be done in the queue of generation."""

from tui.commands.registry import Command

_HERE = ("queue",)

QUEUE = (
    Command("queue.open", "Show what was made", "enter", _HERE, footer="Show", help="In Browse."),
    Command(
        "queue.run", "Go on with the job, or try it again", "r", _HERE, footer="Go on", help="Asks what it would cost."
    ),
    Command("queue.run_all", "Go on with all that are due", "a", _HERE, help="Asks what it would cost."),
    Command(
        "queue.cancel", "Cancel the job", "x", _HERE, footer="Cancel", help="What was sent already may be charged."
    ),
    Command(
        "queue.resolve",
        "Say how an unknown call ended",
        "u",
        _HERE,
        footer="Unknown",
        help="Ask the provider, or say whether it was charged.",
    ),
    Command(
        "queue.stop", "Stop after what was sent", "s", _HERE, help="What is made here; the rest stays in the queue."
    ),
    Command("queue.open_only", "Only open jobs, or all", "o", _HERE, footer="Only open"),
    Command("queue.copy_id", "Copy the id", "y", _HERE, help="Of the job."),
    Command("queue.copy_prompt", "Copy the prompt", "Y", _HERE),
)
