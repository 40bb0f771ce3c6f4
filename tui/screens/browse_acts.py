"""The part of Browse that does something with the pictures: the one below the cursor, or all that are selected."""

from gallery import BulkResult
from tui.finding import selected_ids
from tui.jobs import Job
from tui.listing import Selection
from tui.screens.base import CallsheetScreen
from tui.widgets.walking import Walker


class BrowseActs(CallsheetScreen):
    """Commands over the selection."""

    selection: Selection

    @property
    def finds(self) -> Walker:
        """The list or the grid."""
        return self.query_one("#finds", Walker)

    def chosen(self, job: Job) -> list[str]:
        """The ids that an act is about. Called in a thread."""
        finds = self.finds
        if self.selection.count(finds.listing):
            return selected_ids(self.services, finds.listing.query, self.selection, job)
        return [finds.current] if finds.current is not None else []

    def do_preview(self) -> None:
        """Show or hide the picture; on a narrow terminal it takes the place of the list."""
        self.toggle_class("-side" if self.has_class("-narrow") else "-alone")

    def do_copy_id(self) -> None:
        """Copy the ids."""
        self.shell.run_job("Reading the ids", self.chosen, lambda ids: self._copy("\n".join(ids), f"{len(ids):,} id"))

    def do_copy_prompt(self) -> None:
        """Copy the prompt of the picture below the cursor."""
        current = self.finds.current
        if current is None:
            return

        def done(prompt: str | None) -> None:
            if prompt:
                self._copy(prompt, "the prompt")
            else:
                self.shell.tell("this picture says no prompt", severity="warning")

        self.shell.run_job("", lambda _: self._prompt_of(current), done, group="prompt", quiet=True)

    def _prompt_of(self, asset_id: str) -> str | None:
        generation = self.services.gallery.get(asset_id).generation
        prompt = None if generation is None else generation.get("prompt")
        return prompt if isinstance(prompt, str) else None

    def _copy(self, text: str, what: str) -> None:
        if text:
            self.shell.copy_to_clipboard(text)
            self.shell.tell(f"copied {what}: {text[:60]}")

    def do_trash(self) -> None:
        """Move to the trash. The files stay where they are."""

        def work(job: Job) -> BulkResult:
            return self.services.gallery.trash(self.chosen(job))

        def done(result: BulkResult) -> None:
            gone = sum(item.outcome == "trashed" for item in result.results)
            self.selection.clear()
            self.shell.tell(f"{gone:,} in the trash; z takes it back")

        self.shell.change("Moving to the trash", work, done)
