"""What a screen is opened about: some assets, or what a query finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """`ids` in order, `query` where they are all that it finds; `at` is where to begin. `about`: one asset alone."""

    ids: tuple[str, ...] = ()
    query: str | None = None
    at: str | None = None
    about: str | None = None
