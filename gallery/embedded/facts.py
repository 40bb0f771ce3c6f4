"""What a picture says of how it was made. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MADE_HERE = "callsheet"
"""`source` of what is known of a picture because it was made here: it stands in no file."""

UNCERTAIN = 0.5
"""Below this, what was read is rather a guess than a reading."""


class UnreadableError(Exception):
    """A text that is a tool's own, yet cannot be read. The message names the text and says why, on one line."""


@dataclass(frozen=True, slots=True)
class Lora:
    """An add-on to the model; `weight` is None where the tool did not say."""

    name: str
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class GenerationFacts:
    """How a picture was made.

    `source` is where it stood (`parameters`, `exif:UserComment`, `sidecar`); `certainty` (0-1) tells how sure the
    reading is and `reason` why. `seed` is text: some tools count beyond 64 bits. `width` and `height` in pixels, as
    asked of the tool. `raw` is what was found, name → text, cut where it is long. None is what was not said.

    The last eight are known of what was made here: `cost` in dollars as contract §5 writes it, `stand_in` whether it
    was made offline in place of the real thing, `scores` by name from 0 to 1, `checks` as `{code, passed, detail}`.
    """

    tool: str
    source: str
    certainty: float = 1.0
    reason: str = "the tool wrote it down"
    prompt: str | None = None
    negative_prompt: str | None = None
    model: str | None = None
    seed: str | None = None
    steps: int | None = None
    cfg: float | None = None
    sampler: str | None = None
    width: int | None = None
    height: int | None = None
    loras: tuple[Lora, ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict)
    provider: str | None = None
    revised_prompt: str | None = None
    cost: str | None = None
    stand_in: bool = False
    scores: Mapping[str, float] | None = None
    checks: tuple[Mapping[str, Any], ...] | None = None
    spec_id: str | None = None
    job: str | None = None

    def says_something(self) -> bool:
        """Whether anything but the tool is known."""
        return any((self.prompt, self.negative_prompt, self.model, self.seed, self.steps, self.sampler, self.loras))

    def to_json(self) -> dict[str, Any]:
        """`{tool, prompt, negative_prompt, model, seed, steps, cfg, sampler, width, height, loras, …}`.

        Further `source, certainty, reason, raw`, and of what was made here `provider, revised_prompt, cost, stand_in,
        scores, checks, spec_id, job`. `loras` is `[{name, weight}]`.
        """
        return {
            "tool": self.tool,
            "prompt": self.prompt,
            "negative_prompt": self.negative_prompt,
            "model": self.model,
            "seed": self.seed,
            "steps": self.steps,
            "cfg": self.cfg,
            "sampler": self.sampler,
            "width": self.width,
            "height": self.height,
            "loras": [{"name": lora.name, "weight": lora.weight} for lora in self.loras],
            "source": self.source,
            "certainty": self.certainty,
            "reason": self.reason,
            "raw": dict(self.raw),
            "provider": self.provider,
            "revised_prompt": self.revised_prompt,
            "cost": self.cost,
            "stand_in": self.stand_in,
            "scores": None if self.scores is None else dict(self.scores),
            "checks": None if self.checks is None else [dict(check) for check in self.checks],
            "spec_id": self.spec_id,
            "job": self.job,
        }


@dataclass(frozen=True, slots=True)
class Embedded:
    """What was found in a file: the facts, if any, and what stood there but could not be read, a line each."""

    facts: GenerationFacts | None = None
    troubles: tuple[str, ...] = ()


NOTHING: Final = Embedded()
"""What is found in most files. Who finds nothing answers this one, so that `is` tells."""
