"""What is wrong with a sound."""

from ontology.errors import CallsheetError


class SoundError(CallsheetError):
    """A sound that cannot be taken: damaged, or larger than what is taken. `code` tells which."""

    code = "damaged"


def damaged(why: str) -> SoundError:
    """The error of a sound that does not decode as it should."""
    return SoundError(f"the sound is damaged: {why}", hint="export it again, or fetch it anew")
