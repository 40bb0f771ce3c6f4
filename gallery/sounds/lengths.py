"""How long a sound lasts and how it is held, in words that every face uses. Pure."""

from typing import Final

_MINUTE: Final = 60
_SHORT: Final = 10
_CHANNELS: Final = {1: "mono", 2: "stereo"}


def length_text(seconds: float) -> str:
    """`0.4 s`, `1:05`, `1:00:05`; below ten seconds to the hundredth."""
    if round(seconds, 2) < _SHORT:
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s" if seconds >= 0.005 else "0.01 s"  # noqa: PLR2004
    minutes, rest = divmod(round(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def sampling_text(sample_rate: int | None, channels: int | None) -> str:
    """`44.1 kHz stereo`; what is not known is left out."""
    rate = [f"{sample_rate / 1000:g} kHz"] if sample_rate else []
    return " ".join(rate + ([_CHANNELS.get(channels, f"{channels} channels")] if channels else []))
