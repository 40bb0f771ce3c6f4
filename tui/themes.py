"""Our own colours, dark and light: the four facets are told apart in them. Any theme of Textual can be chosen."""

from textual.theme import Theme

DARK = Theme(
    name="callsheet-dark",
    primary="#4fb3d9",
    secondary="#7a89c2",
    accent="#d58ae0",
    success="#7fc86e",
    warning="#e0b84c",
    error="#e8705f",
    foreground="#e4e4e0",
    background="#121214",
    surface="#1b1b1f",
    panel="#25252b",
    dark=True,
)
LIGHT = Theme(
    name="callsheet-light",
    primary="#0b6e94",
    secondary="#48559a",
    accent="#8a2f9c",
    success="#2f7a22",
    warning="#8a6100",
    error="#b3261e",
    foreground="#1d1d20",
    background="#fbfbf9",
    surface="#f1f1ee",
    panel="#e3e3df",
    dark=False,
)
THEMES = (DARK, LIGHT)
