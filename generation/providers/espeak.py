"""Speech by eSpeak NG, where it is installed: robotic, of a hundred languages, free.

It runs as a program of its own, without a shell; the text goes in by its standard input, so that no word of it can be
an option.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import ClassVar, Final

from generation.errors import InvalidRequestError, ProviderFailedError, TransientError
from generation.providers.base import CallContext, Health
from generation.providers.embedded import EmbeddedProvider, Made
from generation.providers.wave_files import NoWaveError, mended
from generation.request import GenerationRequest
from generation.result import Adjustment, Output
from ontology.escaping import visible

LONGEST_TEXT: Final = 20_000
MOST_SECONDS: Final = 60.0
USUAL_VOICE: Final = "en-us"
USUAL_PACE, SLOWEST, FASTEST = 175, 80, 450
"""Words a minute."""
_VOICE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+][A-Za-z0-9]+)*")
_LONGEST_VOICE: Final = 40


def found_program() -> Path | None:
    """Where it is installed, if it is."""
    found = shutil.which("espeak-ng")
    return None if found is None else Path(found)


class EspeakProvider(EmbeddedProvider):
    """See `EmbeddedProvider`. `program`: None where it is not installed. `seconds`: what one text may take."""

    name = "espeak-ng"
    model = "espeak-ng"
    operation = "text_to_speech"
    accepts: ClassVar = frozenset({"voice", "speed", "language"})

    def __init__(self, program: Path | None, *, seconds: float = MOST_SECONDS) -> None:
        self._program, self._seconds = program, seconds

    def check(self) -> Health:
        """Whether it is installed."""
        if self._program is None:
            return Health("absent", "espeak-ng is not installed on this machine")
        return Health("ready", "speaks on this machine")

    def make(self, request: GenerationRequest, context: CallContext) -> Made:
        """Speak it once; variations are all alike."""
        if self._program is None:
            raise TransientError(self.check().detail, provider=self.name, hint="install the package espeak-ng")
        text = request.prompt.replace("\0", " ")
        if not text.strip() or len(text) > LONGEST_TEXT:
            hint = f"write 1 to {LONGEST_TEXT} characters"
            raise InvalidRequestError("there is no text to speak, or too much", field="prompt", hint=hint)
        pace = min(max(round(USUAL_PACE * (request.speed or 1.0)), SLOWEST), FASTEST)
        left = (context.deadline - context.now()).total_seconds()
        data, seconds, rate = self._spoken(text, _voice_of(request), pace, min(self._seconds, max(0.1, left)))
        outputs = [
            Output(data, "audio/wav", index=number, duration=seconds, sample_rate=rate) for number in range(request.n)
        ]
        return Made(outputs, _told(request, pace), {"voice": _voice_of(request), "words_per_minute": pace})

    def _spoken(self, text: str, voice: str, pace: int, seconds: float) -> tuple[bytes, float, int]:
        command = [str(self._program), "-v", voice, "-s", str(pace), "-b", "1", "--stdin", "--stdout"]
        try:
            done = subprocess.run(  # noqa: S603  # a list of arguments, none of which a text can be
                command, input=text.encode("utf-8", "replace"), capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            message = f"espeak-ng did not end within {seconds:g} s"
            raise ProviderFailedError(message, provider=self.name, hint="shorten the text") from None
        except OSError as error:
            message = f"espeak-ng cannot be run: {error.strerror}"
            raise ProviderFailedError(message, provider=self.name, hint="install it anew") from error
        said = visible(done.stderr.decode("utf-8", "replace").strip(), limit=200)
        if "voice does not exist" in said.lower():
            message = f"espeak-ng has no voice {visible(voice)}"
            hint = "`espeak-ng --voices` lists them"
            raise InvalidRequestError(message, field="voice", hint=hint, provider=self.name)
        try:
            return mended(done.stdout)
        except NoWaveError as error:
            message = f"espeak-ng gave no sound: {said or error} (exit code {done.returncode})"
            raise ProviderFailedError(message, provider=self.name, hint="try the text in a terminal") from error


def _voice_of(request: GenerationRequest) -> str:
    """The voice, else the language. Raises `InvalidRequestError` for what is neither: it could name a file."""
    asked = request.voice or request.language or USUAL_VOICE
    if not _VOICE.fullmatch(asked) or len(asked) > _LONGEST_VOICE:
        message = f"{visible(asked, limit=60)!r} cannot be a voice of espeak-ng"
        raise InvalidRequestError(message, field="voice", hint="write en-us, de, fr+f3…")
    return asked


def _told(request: GenerationRequest, pace: int) -> list[Adjustment]:
    used = pace / USUAL_PACE
    if request.speed is None or round(USUAL_PACE * request.speed) == pace:
        return []
    return [Adjustment("speed", request.speed, round(used, 2), f"it speaks {SLOWEST} to {FASTEST} words a minute")]
