"""A prefilled call: looked over, changed by hand, copied, kept as a spec, or made after asking what it would cost."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from gallery import AssetView
from generation.job_words import EVENTS
from generation.specs.model import Spec
from resolver import FUSION_TYPES, OPERATIONS, prefill_edits
from resolver.prefill_edits import inputs_of
from tui.commands.moving import DETAILS, MOVING
from tui.commands.prefill import PREFILL
from tui.commands.registry import Command
from tui.literal import joined, literal, literal_lines
from tui.making import Run
from tui.messages import QueueChanged
from tui.screens.chooser import ChooserScreen
from tui.screens.entry import TextScreen
from tui.screens.generating import ask_and_make
from tui.screens.listed import ListedScreen
from tui.subject import Subject
from tui.widgets.chips import chips
from tui.widgets.picture import Picture
from tui.widgets.rows import Row

Prefilled = Mapping[str, Any]
PROMPT = "prompt"
FIRST_OPERATION = "fusion"


class PrefillScreen(ListedScreen):
    """`again` prefills another operation from the same pictures; without it, `given` is all there is."""

    NAME: ClassVar[str] = "prefill"
    OWN: ClassVar[tuple[Command, ...]] = (*PREFILL, *MOVING, *DETAILS)
    EMPTY = "nothing is prefilled: R resolves, f prefills"
    HELP = """
The call as it would be made: its prompt, and its pictures in their order. J and K move a picture in the order, + and -
its layer (0 is at the back), t changes what it is to the fusion. y copies the JSON, S keeps it as a spec in specs/.
G asks what it would cost and generates it; v shows what was made.
"""
    DEFAULT_CSS = """
    PrefillScreen #shown { height: 14; }
    PrefillScreen.-normal #about { max-height: 70%; }
    PrefillScreen.-normal #shown { height: 10; }
    PrefillScreen.-narrow #shown { display: none; }
    """

    def __init__(
        self,
        subject: Subject | None = None,
        *,
        again: Callable[[str], dict[str, Any]] | None = None,
        given: Prefilled | None = None,
    ) -> None:
        super().__init__(subject)
        self._again = again
        self._given = given
        self.prefill: Prefilled | None = None
        self._views: Mapping[str, AssetView] = {}
        self._ordered: str | None = None
        self._made: tuple[str, ...] = ()

    def compose_beside(self) -> ComposeResult:
        """The picture."""
        yield Picture(self.thumbnail, id="shown")

    def on_mount(self) -> None:
        """Prefill."""
        if self._given is not None:
            self._take(self._given)
        elif self._again is not None:
            self._ask_for(FIRST_OPERATION)
        else:
            self.rows.show([])

    def _ask_for(self, operation: str) -> None:
        again = self._again
        if again is not None:
            self.shell.run_job("Prefilling", lambda _: again(operation), self._take, group="prefill")

    def _take(self, prefill: Prefilled) -> None:
        before = self.prefill
        if before is not None and before["params"].get("prompt"):  # what was typed stays
            prefill = prefill_edits.with_prompt(prefill, before["params"]["prompt"])
        ids = {str(one["asset_id"]) for one in inputs_of(prefill)}
        ids |= {str(slot["asset_id"]) for slot in prefill["slots"]}

        def done(views: Mapping[str, AssetView]) -> None:
            self._views = views
            self._set(prefill)

        self.shell.run_job("", lambda _: self.services.gallery.views(ids), done, group="views", quiet=True)

    def _set(self, prefill: Prefilled, *, at: int | str | None = None) -> None:
        self.prefill = prefill
        asked = f" (asked: {prefill['asked']})" if prefill["asked"] != prefill["operation"] else ""
        self.show_head(f"Prefill · {prefill['operation']}{asked}")
        self.rows.show(list(self._rows(prefill)), at=at)
        warnings, gaps = len(prefill["warnings"]), len(prefill["unfilled"])
        told = [f"{len(inputs_of(prefill))} pictures"]
        told += [f"{warnings} {'warning' if warnings == 1 else 'warnings'}"] if warnings else []
        told += [f"{gaps} unfilled"] if gaps else []
        self.show_status(" · ".join(told))

    def _rows(self, prefill: Prefilled) -> Iterator[Row]:
        prompt = prefill["params"].get("prompt") or ""
        said = (prompt, "text") if prompt else ("none yet; Enter writes one", "dim")
        yield Row(PROMPT, (("prompt     ", "head"), said))
        if prefill["params"].get("strength") is not None:
            pieces = (("strength   ", "head"), (str(prefill["params"]["strength"]), "dim"))
            yield Row("strength", pieces, is_head=True)
        for place, one in enumerate(inputs_of(prefill)):
            view = self._views.get(str(one["asset_id"]))
            name = str(one["asset_id"]) if view is None else view.path.rpartition("/")[2]
            layer = f"layer {one['layer']}  " if "layer" in one else ""
            kind = f"{one['fusion_type']:<11}" if "fusion_type" in one else ""
            yield Row(place, ((f"{place + 1:>2}  ", "dim"), (kind, "role"), (layer, "dim"), (name, "text")))

    def told_of(self, row: Row) -> Content:
        """The prompt in full, or the picture; then warnings and what stays open."""
        prefill = self.prefill
        if prefill is None:
            return literal("")
        parts: list[Content] = []
        if row.key == PROMPT:
            parts.append(literal_lines(prefill["params"].get("prompt") or "no prompt yet"))
        else:
            parts += self._told_of_picture(inputs_of(prefill)[int(str(row.key))])
        parts += [literal(f"! {one['message']}", "$text-warning") for one in prefill["warnings"]]
        for gap in prefill["unfilled"]:
            parts.append(literal(f"{gap['slot']} {gap['identity'] or ''}: no picture", "$text-warning"))
        return joined(parts)

    def _told_of_picture(self, one: Mapping[str, Any]) -> Iterator[Content]:
        view = self._views.get(str(one["asset_id"]))
        yield literal(str(one["asset_id"]) if view is None else view.path, "bold")
        slots = [slot for slot in (self.prefill or {}).get("slots", ()) if slot["asset_id"] == one["asset_id"]]
        for slot in slots:
            yield literal(f"{slot['slot']} {slot['identity'] or ''}{', ' + one['tier'] if one.get('tier') else ''}")
        if view is not None:
            yield chips(view.tags)

    def moved_to(self, row: Row | None) -> None:
        """Show the picture."""
        shown = None
        if self.prefill is not None and row is not None and row.key != PROMPT:
            shown = str(inputs_of(self.prefill)[int(str(row.key))]["asset_id"])
        self.query_one(Picture).show(shown)

    @property
    def place(self) -> int | None:
        """Which picture the cursor is on."""
        row = self.rows.current
        return None if row is None or row.key == PROMPT else int(str(row.key))

    def why_not(self, command: Command) -> str | None:
        """What needs a call, a picture, or an answer to prefill from."""
        if command in (*MOVING, *DETAILS):
            return None
        if self.prefill is None:
            return "nothing is prefilled\n→ R resolves, f prefills"
        needs_picture = ("type", "forward", "backward", "layer_up", "layer_down", "drop")
        if command.id.partition(".")[2] in needs_picture and self.place is None:
            return "the cursor is on the prompt\n→ ↓ goes to a picture"
        if command.id == "prefill.show" and not self._made:
            return "nothing was made of this call yet\n→ G asks what it would cost"
        if command.id == "prefill.operation" and self._again is None:
            return "this call was proposed as it is\n→ R resolves; f prefills any operation"
        return None

    def do_open(self) -> None:
        """A double click edits, too."""
        self.do_edit()

    def do_edit(self) -> None:
        """Edit what the cursor is on."""
        if self.place is None:
            self.do_prompt()
        else:
            self.do_type()

    def do_prompt(self) -> None:
        """Edit the prompt."""
        prefill = self.prefill
        if prefill is None:
            return

        def done(text: str | None) -> None:
            if text is not None:
                self._set(prefill_edits.with_prompt(prefill, text.strip() or None))

        self.app.push_screen(TextScreen("Prompt", prefill["params"].get("prompt") or ""), done)

    def do_operation(self) -> None:
        """Choose another operation."""

        def done(place: int | None) -> None:
            if place is not None:
                self._ask_for(OPERATIONS[place])

        self.app.push_screen(ChooserScreen("Operation", [(literal(one), literal("")) for one in OPERATIONS]), done)

    def _change(self, change: Callable[..., dict[str, Any]], *given: Any, at: int | None = None) -> None:
        prefill, place = self.prefill, self.place
        if prefill is not None and place is not None:
            self._set(change(prefill, place, *given), at=at)

    def do_type(self) -> None:
        """Choose what the picture is to the fusion."""

        def done(place: int | None) -> None:
            if place is not None:
                with self.telling():
                    self._change(prefill_edits.with_fusion_type, FUSION_TYPES[place])

        lines = [(literal(one), literal("")) for one in FUSION_TYPES]
        self.app.push_screen(ChooserScreen("What the picture is", lines), done)

    def do_forward(self) -> None:
        """Later."""
        self._move(1)

    def do_backward(self) -> None:
        """Earlier."""
        self._move(-1)

    def _move(self, by: int) -> None:
        if self.prefill is not None and self.place is not None:
            target = max(0, min(self.place + by, len(inputs_of(self.prefill)) - 1))
            self._change(prefill_edits.moved, by, at=target)

    def do_layer_up(self) -> None:
        """To the front."""
        self._layer(1)

    def do_layer_down(self) -> None:
        """To the back."""
        self._layer(-1)

    def _layer(self, by: int) -> None:
        if self.prefill is not None and self.place is not None:
            now = int(inputs_of(self.prefill)[self.place].get("layer", 0))
            self._change(prefill_edits.with_layer, now + by)

    def do_drop(self) -> None:
        """Leave the picture out."""
        self._change(prefill_edits.without)

    def do_copy(self) -> None:
        """Copy the call."""
        self.shell.copy_to_clipboard(json.dumps(self.prefill, indent=2, ensure_ascii=False))
        self.shell.tell("copied as JSON: callsheet generate - takes it")

    def do_save(self) -> None:
        """Keep it as a spec."""
        prefill, services = self.prefill, self.services
        if prefill is None:
            return

        def work() -> Mapping[str, Any]:
            draft = services.draft_call(prefill)
            return services.save_spec(draft["file_name"], draft["text"])

        def done(saved: Mapping[str, Any]) -> None:
            self.shell.tell(f"drafted {saved['path']}: look it over, then callsheet generate {saved['id']}")

        self.shell.change("Drafting a spec", lambda _: work(), done)

    def do_generate(self) -> None:
        """Ask what it would cost, then have it made."""
        prefill, services = self.prefill, self.services
        if prefill is None:
            return

        def begun(_: Run, specs: Sequence[Spec]) -> None:
            self._ordered, self._made = specs[0].id, ()
            self.show_status("it is being made; Q shows the queue")

        ask_and_make(self, lambda: [services.spec_of(prefill)], begun=begun)

    @on(QueueChanged)
    def _queue_changed(self, message: QueueChanged) -> None:
        event = message.event
        if event is None or event.spec_id != self._ordered:
            return
        self._made = tuple(event.keys.get("assets", ()))
        self.show_status(f"{event.spec_id}: {EVENTS[event.name]}{'; v shows it' if self._made else ''}")
        if self._made:
            self.query_one(Picture).show(self._made[0])

    def do_show(self) -> None:
        """What was made, in Browse."""
        self.shell.go("browse", Subject(query=" or ".join(f"id:{asset}" for asset in self._made)))
