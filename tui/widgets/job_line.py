"""One line that tells what runs in the background, and how to stop it. Empty it takes no room."""

from textual.widgets import Static

from tui.jobs import Job
from tui.literal import literal


class JobLine(Static):
    """Shown while a job runs."""

    DEFAULT_CSS = """
    JobLine { height: 1; display: none; background: $panel; color: $text; padding: 0 1; }
    JobLine.-running { display: block; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, job: Job | None) -> None:
        """Show how far a job is; None: nothing runs."""
        self.set_class(job is not None, "-running")
        if job is not None:
            far = f" {job.done:,} of {job.of:,}" if job.of else f" {job.done:,}" if job.done else ""
            self.update(literal(f"{job.title}{far} … Esc stops it"))
