"""Ontology: the terms with their uses; a filter; adding a term, and renaming one after a look at what it would do."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from gallery.vocabulary.views import TermUsage, VocabularyChange
from ontology.find import find_terms
from ontology.terms import Term
from tui.commands.moving import DETAILS, MOVING
from tui.commands.ontology import ONTOLOGY
from tui.commands.registry import Command
from tui.literal import literal
from tui.messages import GalleryChanged, VocabularyChanged
from tui.screens.entry import ConfirmScreen, Field, FormScreen
from tui.screens.listed import ListedScreen
from tui.subject import Subject
from tui.vocabulary_text import change_text, term_rows, term_text
from tui.widgets.rows import Row

MOST_FOUND = 200


class OntologyScreen(ListedScreen):
    """What is declared, built-in terms among it. Uses are counted in the background."""

    NAME: ClassVar[str] = "ontology"
    OWN: ClassVar[tuple[Command, ...]] = (*ONTOLOGY, *MOVING, *DETAILS)
    EMPTY = "no term is so called; a adds one"
    HELP = """
The terms of the project and the built-in ones, and on how many pictures each is. / filters by id, label, alias and
keyword; o puts the most used first. Enter shows the pictures. a adds a term, r renames one: both show first what would
change, and z takes it back.
"""
    DEFAULT_CSS = """
    OntologyScreen #search { height: 1; border: none; padding: 0 1; background: $panel; }
    OntologyScreen #search:focus { border: none; background: $surface; }
    """

    def compose_tools(self) -> ComposeResult:
        """The filter."""
        yield Input(placeholder="/ filters", id="search", select_on_focus=False)

    def on_mount(self) -> None:
        """Show the terms, count their uses."""
        self._uses: dict[str, TermUsage] = {}
        self._by_use = self.kept.get("by_use") is True
        self._show()
        self._count()

    def _count(self) -> None:
        def done(found: tuple[TermUsage, ...]) -> None:
            self._uses = {one.id: one for one in found}
            self._show()

        self.shell.run_job("Counting uses", lambda _: self.services.vocabulary.usage(), done, group="usage")

    def _show(self, *, at: str | None = None) -> None:
        ontology = self.services.ontology
        text = self.query_one("#search", Input).value
        found = [hit.term for hit in find_terms(text, ontology, limit=MOST_FOUND)] if text.strip() else None
        terms = list(ontology.terms.values()) if found is None else found
        self.rows.show(term_rows(terms, self._uses, ontology, by_use=self._by_use), at=at)
        self.show_head("Ontology" + (f" · {ontology.label}" if ontology.label else ""))
        self.show_status(f"{len(terms):,} of {len(ontology.terms):,} terms")

    @property
    def term(self) -> Term | None:
        """The term below the cursor."""
        row = self.rows.current
        return None if row is None else self.services.ontology.terms.get(str(row.key))

    def told_of(self, row: Row) -> Content:
        """All that is declared of the term."""
        ontology = self.services.ontology
        term = ontology.terms.get(str(row.key))
        return (
            literal("") if term is None else term_text(term, self._uses.get(term.id), ontology, root=self.context.root)
        )

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show()

    @on(Input.Submitted, "#search")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.set_focus(self.rows)

    def leave(self) -> bool:
        """Esc: the filter line, then the filter."""
        search = self.query_one("#search", Input)
        if super().leave():
            return True
        if search.has_focus:
            self.set_focus(self.rows)
        elif search.value:
            search.value = ""
        else:
            return False
        return True

    def do_filter(self) -> None:
        """Type a filter."""
        self.set_focus(self.query_one("#search", Input))

    def do_sort(self) -> None:
        """The other order."""
        self._by_use = not self._by_use
        self.keep(by_use=self._by_use)
        self._show()

    def do_open(self) -> None:
        """The pictures that carry the term, or a narrower one."""
        term = self.term
        if term is not None:
            self.shell.go("browse", Subject(query=term.id))

    def do_copy(self) -> None:
        """Copy the id."""
        term = self.term
        if term is not None:
            self.shell.copy_to_clipboard(term.id)
            self.shell.tell(f"copied {term.id}")

    def do_add(self) -> None:
        """Ask for a term, show what would be written, write it."""
        near = self.term
        namespace = f"{near.namespace}:" if near is not None and near.namespace else "npc:"
        fields = (
            Field("term", "Id", namespace, "npc:alex"),
            Field("label", "Label", "", "Alex"),
            Field("kind", "Kind of a character: hero, npc or monster", "", "empty: npc"),
            Field("broader", "Part of (ids, separated by spaces)"),
            Field("keywords", "Keywords (separated by commas)"),
        )

        def done(given: dict[str, str] | None) -> None:
            if given is not None:
                self._add(given)

        self.app.push_screen(FormScreen("Add a term", fields), done)

    def _add(self, given: dict[str, str]) -> None:
        asked = {
            "label": given["label"].strip() or None,
            "kind": given["kind"].strip().lower() or None,
            "broader": given["broader"].split(),
            "keywords": [word.strip() for word in given["keywords"].split(",") if word.strip()],
        }
        vocabulary = self.services.vocabulary
        self._preview(
            "Add it?",
            lambda dry_run: vocabulary.add(given["term"], **asked, dry_run=dry_run),  # type: ignore[arg-type]  # the service checks the kind
        )

    def do_rename(self) -> None:
        """Ask for another id, show what would change, change it."""
        term = self.term
        if term is None:
            return
        vocabulary = self.services.vocabulary

        def done(given: dict[str, str] | None) -> None:
            if given is not None:
                self._preview("Rename it?", lambda dry_run: vocabulary.rename(term.id, given["new"], dry_run=dry_run))

        fields = (Field("new", f"Another id for {term.id}; the old one stays as an alias", term.id),)
        self.app.push_screen(FormScreen("Rename", fields), done)

    def _preview(self, title: str, change: Callable[[bool], VocabularyChange]) -> None:
        def ask(plan: VocabularyChange) -> None:
            self.app.push_screen(ConfirmScreen(title, change_text(plan)), decided)

        def decided(yes: bool | None) -> None:
            if yes:
                self.shell.change("Changing the vocabulary", lambda _: change(False), changed)

        def changed(made: VocabularyChange) -> None:
            self.shell.tell(f"{made.action} {made.term}{f' → {made.to}' if made.to else ''}; z takes it back")
            self._show(at=made.to or made.term)
            self._count()

        self.shell.run_job("Looking at what would change", lambda _: change(True), ask, group="preview")

    @on(GalleryChanged)
    def _gallery_changed(self) -> None:
        self._show()
        self._count()

    @on(VocabularyChanged)
    def _vocabulary_changed(self) -> None:
        self._show()
        self._count()
