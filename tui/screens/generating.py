"""Having something made from a screen: what it would cost is asked first, and it is made beside the screen."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from generation.foreseeing import Foreseen, foresee
from tui.jobs import Job
from tui.literal import joined, literal, literal_lines
from tui.making import Made, Run, Work
from tui.screens.base import CallsheetScreen
from tui.screens.entry import ConfirmScreen

if TYPE_CHECKING:
    from generation.engine.control import Stop
    from generation.service import Generation
    from generation.specs.model import Spec

_LONGEST_PROMPT = 300
_MOST_PROMPTS = 3


def ask_and_make(
    screen: CallsheetScreen,
    find: "Callable[[], Sequence[Spec]]",
    *,
    work: Work | None = None,
    begun: "Callable[[Run, Sequence[Spec]], None]" = lambda _run, _specs: None,
) -> None:
    """Show what the specs would cost, and have them made where that is agreed to.

    `find` reads the specs, in a thread. `work` makes them in place of a new order. `begun` hears of the run. A new
    order may cost no more than what was shown, whatever provider is asked in the end.
    """
    shell, services = screen.shell, screen.services

    def look(_: Job) -> "tuple[Sequence[Spec], Foreseen]":
        specs = find()
        return specs, foresee(services.generation, specs)

    def asked(found: "tuple[Sequence[Spec], Foreseen]") -> None:
        specs, foreseen = found
        if foreseen.obstacle is not None:
            shell.tell_error(foreseen.obstacle)
            return
        if screen not in shell.screen_stack:  # it was left: a question over another screen would take its keys
            return

        def decided(yes: bool | None) -> None:
            if yes:
                begun(shell.making.begin(_title(specs), work or ordered), specs)
                shell.job_changed()

        def ordered(generation: "Generation", stop: "Stop") -> Made:
            return generation.generate(specs, max_cost=foreseen.most, stop=stop).jobs

        shell.push_screen(ConfirmScreen("Generate?", _question(specs, foreseen), by_enter=foreseen.is_free), decided)

    shell.run_job("Estimating", look, asked, group="estimate")


def _title(specs: "Sequence[Spec]") -> str:
    return specs[0].id if len(specs) == 1 else f"{len(specs):,} specs"


def _question(specs: "Sequence[Spec]", foreseen: Foreseen) -> Content:
    lines = [literal_lines(line) for line in foreseen.lines]
    for spec in specs[:_MOST_PROMPTS]:
        if spec.prompt:
            cut = f"{spec.prompt[:_LONGEST_PROMPT]}…" if len(spec.prompt) > _LONGEST_PROMPT else spec.prompt
            lines += [literal(""), literal_lines(cut.strip(), "$foreground-muted")]
    if not foreseen.is_free:
        lines += [literal(""), literal("y spends it; no call is sent that may cost more", "$text-warning")]
    return joined(lines)
