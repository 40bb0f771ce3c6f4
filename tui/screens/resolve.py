"""Resolve: who, where, against whom; the candidates of each slot, pins, exclusions, reasons; prefilling."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from gallery import AssetView, BulkResult
from ontology.errors import CallsheetError, NotFoundError
from resolver import Match
from tui.commands.moving import DETAILS, MOVING
from tui.commands.registry import Command
from tui.commands.resolve import RESOLVE
from tui.jobs import Job
from tui.literal import joined, literal
from tui.messages import GalleryChanged, VocabularyChanged
from tui.question import Answer, Question, answer
from tui.resolution_text import Explained, gap_text, match_text, notices_text, why_lines
from tui.screens.chooser import ChooserScreen
from tui.screens.entry import Field, FormScreen
from tui.screens.prefill import PrefillScreen
from tui.screens.resolve_question import Asking
from tui.slots import slots_of
from tui.subject import Subject
from tui.widgets.candidates import Candidates
from tui.widgets.job_line import JobLine
from tui.widgets.picture import Picture
from tui.widgets.question_bar import QuestionBar

_NOTHING_YET = (
    "",
    "  Ask for pictures:",
    "",
    "  l  where            n  who        e  against whom      o  who else",
    "  b  an action block  s  a shot     t  a prompt",
    "",
    "  Or press u on a picture in Browse: what goes with it.",
)
_RESOLVING = ("", "  Resolving …")


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


class ResolveScreen(Asking):
    """`subject.about`: a picture whose tags ask. Without one, the question of the last time is asked again."""

    NAME: ClassVar[str] = "resolve"
    OWN: ClassVar[tuple[Command, ...]] = (*RESOLVE, *MOVING, *DETAILS)
    AUTO_FOCUS = "#candidates"
    HELP = Candidates.HELP
    DEFAULT_CSS = """
    ResolveScreen #candidates { width: 1fr; height: 1fr; }
    ResolveScreen #about { width: 40%; max-width: 70; padding: 0 1; border-left: vkey $panel; }
    ResolveScreen #shown { height: 40%; max-height: 20; margin-bottom: 1; }
    ResolveScreen.-narrow #shown, ResolveScreen.-normal #shown { display: none; }
    ResolveScreen #details { height: auto; width: 1fr; }
    ResolveScreen.-narrow #middle, ResolveScreen.-normal #middle { layout: vertical; }
    ResolveScreen.-narrow #about, ResolveScreen.-normal #about {
        width: 1fr; max-width: 100%; height: auto; max-height: 30%; border-left: none; border-top: hkey $panel;
    }
    """

    def compose(self) -> ComposeResult:
        """Question, candidates, what is known of one, keys."""
        yield QuestionBar()
        with Horizontal(id="middle"):
            yield Candidates(self.thumbnail)
            with VerticalScroll(id="about", can_focus=False):
                yield Picture(self.thumbnail, id="shown")
                yield Static("", id="details", markup=False)
        yield Static("", id="status", markup=False)
        yield JobLine()
        yield self.keys()

    def on_mount(self) -> None:
        """Ask."""
        self.answer: Answer | None = None
        self.pins: dict[tuple[str, str | None], str] = {}
        kept = self.kept.get("question")
        first = Question.from_json(kept) if isinstance(kept, dict) else Question()
        self.ask(Question(about=self.subject.about) if self.subject.about else first)

    @property
    def candidates(self) -> Candidates:
        """The strips of pictures."""
        return self.query_one(Candidates)

    def ask(self, question: Question) -> None:
        """Ask another question; pins stay, and count where their picture is still a candidate."""
        if question.is_empty:
            self.pins = {}
        self.question = question
        self.keep(question=question.to_json())
        self.query_one(QuestionBar).show(question)
        if self.answer is None and not question.is_empty:
            self._show_nothing(_RESOLVING)
        services = self.services
        self.shell.run_job(
            "Resolving", lambda _: answer(services, question), self._answered, group="resolve", failed=self._failed
        )

    def _failed(self, error: CallsheetError) -> None:
        """A block, shot or picture that is gone is asked no more."""
        self.shell.tell_error(error)
        self._answered(None)

    def _answered(self, found: Answer | None) -> None:
        self.answer = found
        if found is not None and found.source is not None:
            self._pin_source(found)
        self.show_answer()

    def _pin_source(self, found: Answer) -> None:
        """The picture that asks stands first where it answers."""
        for match in found.result.matches:
            if match.asset.id == found.source and match.tier in ("exact", "identity"):
                self.pins.setdefault((match.slot, match.identity), match.asset.id)

    def _show_nothing(self, told: Sequence[str]) -> None:
        self.query_one("#about").display = False
        self.candidates.empty = told
        self.candidates.show([], self.pins)

    def show_answer(self) -> None:
        """Show the candidates, the pinned ones first."""
        request = None if self.answer is None else self.answer.result.request
        self.query_one(QuestionBar).show(self.question, request)
        if self.answer is None:
            self._show_nothing(_NOTHING_YET)
            return
        self.query_one("#about").display = True
        self.answer = replace(self.answer, pins=dict(self.pins))
        self.candidates.show(slots_of(self.answer.pinned(self.services.ontology)), self.pins)

    @on(Candidates.Moved)
    def _moved(self) -> None:
        slot, match = self.candidates.slot, self.candidates.current
        told = []
        if self.answer is not None and self.answer.result.notices:
            told.append(notices_text(self.answer.result))
        if slot is not None and match is not None:
            told.append(match_text(match, pinned=self.pins.get(slot.key) == match.asset.id))
        if slot is not None and slot.gap is not None:
            told.append(gap_text(slot))
        self.query_one("#details", Static).update(joined(told, "\n\n"))
        self.query_one("#about", VerticalScroll).scroll_home(animate=False)
        self.query_one(Picture).show(None if match is None else match.asset.id)
        self.show_status()

    def show_status(self) -> None:
        """How much was found."""
        if self.answer is None:
            told = "nothing is asked yet" if self.question.is_empty else ""
            self.query_one("#status", Static).update(literal(told))
            return
        result, question = self.answer.result, self.question
        parts = [_number(len(result.matches), "candidate"), _number(len(result.gaps), "gap")]
        parts += [f"{len(question.excluded):,} excluded; X allows them"] if question.excluded else []
        parts += ["down all tiers"] if question.fill else []
        self.query_one("#status", Static).update(literal(" · ".join(parts)))

    @on(Candidates.Opened)
    def _opened(self) -> None:
        self.do_pin()

    @on(GalleryChanged)
    def _gallery_changed(self) -> None:
        self.ask(self.question)

    @on(VocabularyChanged)
    def _vocabulary_changed(self) -> None:
        self.ask(self.question)

    def why_not(self, command: Command) -> str | None:
        """What needs a candidate, or an answer."""
        if command.id in ("resolve.pin", "resolve.exclude", "resolve.why", "resolve.copy"):
            return None if self.candidates.current is not None else "there is no candidate here"
        if command.id in ("resolve.why_other", "resolve.prefill") and self.answer is None:
            return "nothing is asked yet\n→ l where, n who, e against whom, or b a block"
        return None

    def _current(self) -> Match:
        match = self.candidates.current
        if match is None:
            raise NotFoundError("there is no candidate here", hint="ask for a place or somebody")
        return match

    def do_pin(self) -> None:
        """Make the candidate the first of its slot, or take the pin out."""
        match = self._current()
        key = (match.slot, match.identity)
        if self.pins.get(key) == match.asset.id:
            del self.pins[key]
        else:
            self.pins[key] = match.asset.id
        self.show_answer()

    def do_exclude(self) -> None:
        """Ask again without this picture."""
        asset_id = self._current().asset.id
        self.pins = {key: pinned for key, pinned in self.pins.items() if pinned != asset_id}
        self.ask(replace(self.question, excluded=(*self.question.excluded, asset_id)))

    def do_include(self) -> None:
        """Ask again with all pictures."""
        self.ask(replace(self.question, excluded=()))

    def do_fill(self) -> None:
        """Go on down the tiers, or not."""
        self.ask(replace(self.question, fill=not self.question.fill))

    def do_copy(self) -> None:
        """Copy the id."""
        asset_id = self._current().asset.id
        self.shell.copy_to_clipboard(asset_id)
        self.shell.tell(f"copied the id: {asset_id}")

    def do_why(self) -> None:
        """Why the candidate is not the first."""
        self._explain(lambda _: self._current().asset.id)

    def do_why_other(self) -> None:
        """Why a picture that is found by words is not the first."""

        def done(given: dict[str, str] | None) -> None:
            if given is not None and given["which"].strip():
                self._explain(lambda _: self._found(given["which"]))

        fields = (Field("which", "Which picture? A query, or id:…; the first found is taken", self._shown_in_browse()),)
        self.app.push_screen(FormScreen("Why not another picture?", fields), done)

    def _shown_in_browse(self) -> str:
        return f"id:{self.subject.at}" if self.subject.at else ""

    def _found(self, query: str) -> str:
        page = self.services.gallery.search(query, limit=1)
        if not page.assets:
            raise NotFoundError("no picture is found by these words", hint="docs/query.md describes the language")
        return page.assets[0].id

    def _explain(self, which: Any) -> None:
        current = self.answer
        if current is None:
            return
        request = current.result.request

        def work(job: Job) -> tuple[str, Explained, Mapping[str, AssetView]]:
            asset_id = which(job)
            explained = self.services.explain(request, asset_id)
            ids = [asset_id, *(one["lost_to"] for one in explained if one["lost_to"])]
            return asset_id, explained, self.services.gallery.views(ids)

        self.shell.run_job("Looking why", work, lambda found: self._show_why(*found), group="why")

    def _show_why(self, asset_id: str, explained: Explained, views: Mapping[str, AssetView]) -> None:
        slot = self.candidates.slot
        here = None if slot is None else slot.key
        ordered = sorted(explained, key=lambda one: (one["slot"], one["identity"]) != here)

        def done(place: int | None) -> None:
            if place is not None:
                self._apply(asset_id, ordered[place])

        name = views[asset_id].path.rpartition("/")[2] if asset_id in views else asset_id
        title = literal(f"Why not {name}?", limit=60).plain
        self.app.push_screen(ChooserScreen(title, why_lines(ordered, views), subtitle="Enter applies · Esc"), done)

    def _apply(self, asset_id: str, explained: Mapping[str, Any]) -> None:
        change = explained["change"]
        if explained["rule"] is None or change is None:
            return

        def done(result: BulkResult) -> None:
            for item in result.failed[:1]:
                self.shell.tell(item.error.message if item.error else "not changed", severity="error")
            if not result.failed:
                self.shell.tell("changed its tags; z takes it back")

        gallery = self.services.gallery
        self.shell.change(
            "Tagging", lambda _: gallery.tag([asset_id], add=change["add"], remove=change["remove"], replace=True), done
        )

    def do_gap(self) -> None:
        """Draft a spec for what the slot lacks."""
        slot, services = self.candidates.slot, self.services
        if slot is None or slot.gap is None:
            self.shell.tell("this slot has its exact picture: there is no gap", severity="warning")
            return
        gap = slot.gap.to_json()

        def work() -> Mapping[str, Any]:
            draft = services.draft_spec(gap)
            return services.save_spec(draft["file_name"], draft["text"])

        def done(saved: Mapping[str, Any]) -> None:
            self.shell.tell(f"drafted {saved['path']}: look it over, then callsheet generate {saved['id']}")

        self.shell.change("Drafting a spec", lambda _: work(), done)

    def do_prefill(self) -> None:
        """Prefill an operation with what stands first, and show it."""
        current, services = self.answer, self.services
        if current is not None:
            self.app.push_screen(PrefillScreen(again=lambda operation: current.prefill(services, operation)))

    def subject_for(self, screen: str) -> Subject | None:
        """Tag mode is about the candidate below the cursor."""
        match = self.candidates.current
        return Subject(ids=(match.asset.id,)) if match is not None and screen == "tag" else None
