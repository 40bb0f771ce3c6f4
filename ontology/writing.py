"""Terms and namespaces as an ontology file. What YAML would take for something else than text is quoted."""

import re
from collections.abc import Iterable, Sequence

from ontology.escaping import escaped, is_unseen
from ontology.schema import VERSION
from ontology.terms import Namespace, Term

_PLAIN = re.compile(r"[^\W\d_][\w-]*(?:[ :][\w-]+)*")
_GUESSED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


def to_yaml(terms: Iterable[Term], namespaces: Iterable[Namespace] = ()) -> str:
    """A file in our format, a term a line, in the order given. Sources are not written."""
    lines = [f"version: {VERSION}"]
    spaces = [
        f"  {scalar(space.name)}: {{label: {scalar(space.label)}, closed: {_flag(space.closed)}"
        f"{', single: true' if space.single else ''}}}"
        for space in namespaces
    ]
    entries = [f"  {scalar(term.id)}: {{{', '.join(term_fields(term))}}}" for term in terms]
    if spaces:
        lines += ["namespaces:", *spaces]
    if entries:
        lines += ["terms:", *entries]
    return "\n".join(lines) + "\n"


def scalar(text: str) -> str:
    """The text as one YAML value, in quotes where it needs them; it may stand in brackets and braces."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _GUESSED and not any(map(is_unseen, text)):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """The text in double quotes, for YAML and for JSON alike."""
    return f'"{"".join(map(_quoted, text))}"'


def _quoted(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    return char if char.isprintable() and not is_unseen(char) else escaped(char)


def term_fields(term: Term) -> list[str]:
    """What a term says besides its id, each as `name: value`."""
    found = [f"label: {scalar(term.label)}"] if term.label else []
    if term.kind is not None:
        found.append(f"kind: {term.kind}")
    for name, texts in (("broader", term.broader), ("aliases", term.aliases), ("keywords", term.keywords)):
        found += [f"{name}: {_list(texts)}"] if texts else []
    if term.deprecated:
        found.append("deprecated: true")
    if term.replaced_by is not None:
        found.append(f"replaced_by: {scalar(term.replaced_by)}")
    return found


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(scalar, texts))}]"


def _flag(value: bool) -> str:
    return "true" if value else "false"
