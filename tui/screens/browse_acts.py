"""The part of Browse that does something with the pictures: the one below the cursor, or all that are selected."""

from collections.abc import Sequence

from gallery import BulkResult
from tui.jobs import Job
from tui.screens.browse_base import BrowseBase
from tui.screens.bulk import BulkScreen, Decision, Plan
from tui.subject import Subject


class BrowseActs(BrowseBase):
    """Commands over the selection."""

    def tags_there(self) -> tuple[str, ...]:
        """The tags of the picture below the cursor."""
        view = self.finds.listing.view_at(self.finds.cursor)
        return () if view is None else view.tags

    def about_what(self) -> str:
        """How many assets an act is about."""
        selected = self.selected
        return f"for {selected:,} selected assets" if selected else ""

    def retag(self, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Change the tags of one picture at once, of several after showing what would happen."""
        gallery = self.services.gallery
        if self.selected:

            def plan(job: Job) -> Plan:
                ids = self.chosen(job)
                return Plan(tuple(add), tuple(remove), gallery.tag(ids, add=add, remove=remove, dry_run=True))

            self.shell.run_job("Looking at what would change", plan, self._ask)
        elif self.finds.current is not None:
            current = self.finds.current
            self.shell.change(
                "Tagging", lambda _: gallery.tag(current, add=add, remove=remove, replace=True), self.tell_failures
            )
            self.shell.tag_sets.last = list(add)

    def _ask(self, plan: Plan) -> None:
        def decided(decision: Decision | None) -> None:
            if decision in ("apply", "replace"):
                self._carry_out(plan, replace=decision == "replace")

        self.app.push_screen(BulkScreen(plan), decided)

    def _carry_out(self, plan: Plan, *, replace: bool) -> None:
        ids = [item.id for item in plan.outcome.results]
        gallery = self.services.gallery

        def done(result: BulkResult) -> None:
            changed = sum(item.outcome == "changed" for item in result.results)
            self.shell.tell(f"changed {changed:,}; z takes it back")
            self.tell_failures(result)

        if plan.add:
            self.shell.tag_sets.last = list(plan.add)
        self.shell.change(
            "Tagging", lambda _: gallery.tag(ids, add=plan.add, remove=plan.remove, replace=replace), done
        )

    def subject_for(self, screen: str) -> Subject | None:  # noqa: ARG002  # the same for all
        """Other screens are about what is selected, else about what is found."""
        finds = self.finds
        count = self.selected
        if count and not self.selection.everything:
            return Subject(ids=self.selection.ids(finds.listing), at=None)
        return Subject(query=finds.listing.query, at=finds.current if finds.cursor else None)

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
