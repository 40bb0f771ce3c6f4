"""Sound effects and music by arithmetic, on this machine: free, and the same for the same words, length and seed.

Effects follow the words of the prompt (`generation.synthesis.vocabulary`); which, and why, stands in the result.
numpy does the arithmetic: the extra `audio` brings it.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import ClassVar, Final

from generation.providers.base import CallContext, Health
from generation.providers.embedded import EmbeddedProvider, Made
from generation.request import GenerationRequest
from generation.result import Adjustment, Output
from generation.synthesis.reading import LEAST_SECONDS, MOST_SECONDS, brief_of

LONGEST_MUSIC: Final = 180.0
LEAST_MUSIC: Final = 1.0
USUAL_MUSIC: Final = 16.0
RATE: Final = 44_100
MEDIA_TYPE: Final = "audio/wav"
_SEEDS: Final = 2**31


class _Procedural(EmbeddedProvider):
    """Both of them."""

    def check(self) -> Health:
        """Whether numpy is here."""
        if find_spec("numpy") is None:
            return Health("absent", f"{self.name} needs numpy: install callsheet[audio]")
        return Health("ready", "makes sounds on this machine")

    def variations(
        self, request: GenerationRequest, seconds: float, told: str, made: Callable[[int], bytes]
    ) -> list[Output]:
        """As many as are asked for. `made`: the file of a seed; each has one of its own."""
        seeds = [(self.seed_of(request) + number) % _SEEDS for number in range(request.n)]
        return [_output(made(seed), number, seconds, seed, told) for number, seed in enumerate(seeds)]


class ProceduralSfx(_Procedural):
    """Sound effects. See `EmbeddedProvider`."""

    name = "procedural-sfx"
    model = "synth-1"
    operation = "sound_effect"
    accepts: ClassVar = frozenset({"duration", "loop", "seed", "negative_prompt"})

    def make(self, request: GenerationRequest, context: CallContext) -> Made:
        """As many as are asked for, each with a seed of its own."""
        from generation.synthesis.rendering import rendered  # noqa: PLC0415  # loads numpy
        from generation.synthesis.wav import wav_of  # noqa: PLC0415  # loads numpy

        del context
        brief = brief_of(request.prompt, request.negative_prompt)
        seconds = request.duration or brief.usual_seconds
        seconds, changed = _within(seconds, LEAST_SECONDS, MOST_SECONDS, request)
        if not brief.understood:
            reason = "no word of the prompt names a sound that is known here; docs/providers.md lists them"
            changed.append(Adjustment("prompt", request.prompt[:200], brief.layers[0].preset, reason))
        told = f"{brief.reason()}; {seconds:.2f} s" + ("; loop" if request.loop else "")
        outputs = self.variations(
            request, seconds, told, lambda seed: wav_of(rendered(brief, seconds, seed, loop=request.loop))
        )
        raw = {"layers": [each.preset for each in brief.layers], "reason": told, "understood": brief.understood}
        return Made(outputs, changed, raw)


class ProceduralMusic(_Procedural):
    """A piece that stands in for music: its mood by the words of the prompt. See `EmbeddedProvider`."""

    name = "procedural-music"
    model = "band-1"
    operation = "music"
    accepts: ClassVar = frozenset({"duration", "loop", "seed", "negative_prompt"})

    def make(self, request: GenerationRequest, context: CallContext) -> Made:
        """As many as are asked for, each with a seed of its own."""
        from generation.synthesis.moods import tune_of  # noqa: PLC0415  # see above
        from generation.synthesis.music import played  # noqa: PLC0415  # loads numpy
        from generation.synthesis.wav import wav_of  # noqa: PLC0415  # loads numpy

        del context
        tune = tune_of(request.prompt, request.negative_prompt)
        asked = request.duration or brief_of(request.prompt).seconds or USUAL_MUSIC
        seconds, changed = _within(asked, LEAST_MUSIC, LONGEST_MUSIC, request)
        told = f"{tune.reason()}; {seconds:.2f} s" + ("; loop" if request.loop else "")
        outputs = self.variations(
            request, seconds, told, lambda seed: wav_of(played(tune, seconds, seed, loop=request.loop))
        )
        return Made(outputs, changed, {"reason": told})


def _within(seconds: float, least: float, most: float, request: GenerationRequest) -> tuple[float, list[Adjustment]]:
    """The length as it can be made, and what is told where it was asked otherwise."""
    used = min(max(seconds, least), most)
    if request.duration is None or used == request.duration:
        return used, []
    return used, [Adjustment("duration", request.duration, used, f"it makes {least:g} to {most:g} seconds")]


def _output(data: bytes, number: int, seconds: float, seed: int, told: str) -> Output:
    return Output(
        data, MEDIA_TYPE, index=number, duration=round(seconds * RATE) / RATE, sample_rate=RATE, seed=seed,
        revised_prompt=told,
    )  # fmt: skip
