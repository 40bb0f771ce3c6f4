"""Patterns of paths: `*` is any run of characters, `?` is one."""

WILD = "*?"


def is_like(text: str, pattern: str) -> bool:
    """Whether the whole text is like the pattern. Time is the product of both lengths at most, whatever they hold."""
    at = star = resume = 0
    place, has_star = 0, False
    while at < len(text):
        char = pattern[place] if place < len(pattern) else ""
        if char == "*":
            has_star, star, resume = True, place, at
            place += 1
        elif char in {"?", text[at]}:
            at, place = at + 1, place + 1
        elif has_star:
            resume += 1
            at, place = resume, star + 1
        else:
            return False
    return not pattern[place:].strip("*")


def like_pattern(pattern: str, escape: str) -> str:
    """The same as a pattern of SQL's LIKE."""
    made = []
    for char in pattern:
        if char in {"%", "_", escape}:
            made.append(escape + char)
        else:
            made.append({"*": "%", "?": "_"}.get(char, char))
    return "".join(made)
