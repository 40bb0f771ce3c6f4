"""One line that tells what runs in the background, and how to stop it. Empty it takes no room."""

from textual.widgets import Static

from tui.literal import literal


class JobLine(Static):
    """Shown while a job runs, or something is made."""

    DEFAULT_CSS = """
    JobLine { height: 1; display: none; background: $panel; color: $text; padding: 0 1; }
    JobLine.-running { display: block; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, text: str) -> None:
        """Say what runs; empty: nothing does."""
        self.set_class(bool(text), "-running")
        self.update(literal(text))
