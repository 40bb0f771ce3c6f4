"""The libraries that read and write sounds: optional, and loaded with the first sound."""

from ontology.errors import CallsheetError

HINT = "install the extra `audio`: pip install 'callsheet[audio]'"


class NoAudioLibraryError(CallsheetError):
    """The extra `audio` is not installed."""

    code = "missing_extra"


def require_audio() -> None:
    """Load them. Raises `NoAudioLibraryError` where they are not installed or cannot be loaded here."""
    try:
        import numpy  # noqa: F401, ICN001, PLC0415  # optional; alone it costs more than most commands
        import soundfile  # noqa: F401, PLC0415  # optional
    except (ImportError, OSError) as error:  # OSError: the package is there, the library that it loads is not
        raise NoAudioLibraryError("sounds need soundfile and numpy, which are not installed", hint=HINT) from error


def has_audio() -> bool:
    """Whether sounds can be read here."""
    try:
        require_audio()
    except NoAudioLibraryError:
        return False
    return True
