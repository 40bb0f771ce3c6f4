"""Changing a vocabulary in its files: renaming, deprecating and adding a term, with everything else left as written.

Files are texts by name, readable YAML in our form. The answers hold the files that change. Nothing here knows whether
the outcome is a sound vocabulary: whoever calls loads it and sees.
"""

from collections.abc import Iterable, Iterator, Mapping

from ontology.cleaning import clean
from ontology.errors import InvalidInputError
from ontology.spans import Fields, Items, Span, Spanned, Text, documents
from ontology.splicing import (
    Splice,
    all_reworded,
    field_added,
    item_added,
    item_removed,
    line_end_of,
    reworded,
    spliced,
)
from ontology.terms import Term
from ontology.writing import scalar, term_fields

Texts = Mapping[str, str]
"""The text of each file by its name."""


def file_defining(files: Texts, term: str) -> str | None:
    """The file in which a term is defined."""
    return next((name for name, text in files.items() if _entry(_root(text), term) is not None), None)


def term_renamed(files: Texts, old: str, new: str, *, keep_alias: bool) -> dict[str, str]:
    """Another id for a term: its key, wider terms, replacements and rules that name it.

    `keep_alias` makes the old id an alias of the new one. When the new id is an alias of the term already, it is taken
    from there. Raises `InvalidInputError` where a file cannot be edited so.
    """
    changed = {}
    for name, text in files.items():
        root = _root(text)
        wanted = [(node, new) for node in _references(root) if node.value == old]
        after = all_reworded(text, wanted) if wanted else text
        if _entry(root, old) is not None:
            after = _realiased(after, old, new, keep_alias=keep_alias)
        if after != text:
            changed[name] = after
    return changed


def term_deprecated(files: Texts, term: str, replaced_by: str | None) -> dict[str, str]:
    """A term marked as deprecated, with what replaces it. None leaves a replacement as it is."""
    name = _defining(files, term)
    text = _with_field(files[name], term, "deprecated", "true")
    if replaced_by is not None:
        text = _with_field(text, term, "replaced_by", scalar(replaced_by))
    return {name: text} if text != files[name] else {}


def term_added(text: str, term: Term) -> str:
    """A file with one more term, at its end."""
    root = _root(text)
    written = f"{{{', '.join(term_fields(term))}}}"
    terms = root.get("terms") if isinstance(root, Fields) else None
    if terms is None:
        ends = line_end_of(text)
        head = text if not text or text.endswith(("\n", "\r")) else text + ends
        if not isinstance(root, Fields):
            head += f"version: 1{ends}"
        return f"{head}terms:{ends}  {scalar(term.id)}: {written}{ends}"
    if isinstance(terms, Text):  # `terms:` and nothing
        ends = line_end_of(text)
        return spliced(text, [Splice(terms.span, f"{ends}  {scalar(term.id)}: {written}")])
    return spliced(text, [field_added(text, terms, scalar(term.id), written)])


def _root(text: str) -> Spanned | None:
    found = documents(text)
    if found is None:
        raise InvalidInputError("it cannot be read", hint="`callsheet ontology check` shows where", code="unreadable")
    return found[0] if found else None


def _terms(root: Spanned | None) -> Iterator[tuple[Text, Spanned]]:
    terms = root.get("terms") if isinstance(root, Fields) else None
    if isinstance(terms, Fields):
        yield from terms.named()


def _entry(root: Spanned | None, term: str) -> tuple[Text, Spanned] | None:
    return next((entry for entry in _terms(root) if entry[0].value == term), None)


def _references(root: Spanned | None) -> Iterator[Text]:
    """Every text that is the id of a term."""
    for key, value in _terms(root):
        yield key
        if isinstance(value, Fields):
            yield from _texts([value.get("broader"), value.get("replaced_by")])
    if isinstance(root, Fields):
        yield from _texts([root.get("exclusive")])


def _texts(nodes: Iterable[Spanned | None]) -> Iterator[Text]:
    for node in nodes:
        if isinstance(node, Text):
            yield node
        elif isinstance(node, Items):
            yield from _texts(node.nodes)


def _realiased(text: str, old: str, new: str, *, keep_alias: bool) -> str:
    """Aliases of the renamed term: the new id is none any more, the old one may become one."""
    entry = _entry(_root(text), new)
    table = None if entry is None else entry[1]
    aliases = table.get("aliases") if isinstance(table, Fields) else None
    if isinstance(aliases, Items):
        for number, node in enumerate(aliases.nodes):
            if isinstance(node, Text) and clean(node.value) == new:
                edit = reworded(node, old) if keep_alias else item_removed(text, aliases, number)
                return spliced(text, [edit])
        return spliced(text, [item_added(text, aliases, scalar(old))]) if keep_alias else text
    if table is None or not keep_alias:
        return text
    if aliases is not None:  # `aliases:` and nothing
        return spliced(text, [_value_for(text, aliases.span, f"[{scalar(old)}]")])
    return spliced(text, [field_added(text, table, "aliases", f"[{scalar(old)}]")])


def _defining(files: Texts, term: str) -> str:
    name = file_defining(files, term)
    if name is None:
        raise InvalidInputError(f"no file defines `{term}`", hint="`callsheet ontology show` lists the terms")
    return name


def _with_field(text: str, term: str, name: str, value: str) -> str:
    entry = _entry(_root(text), term)
    table = None if entry is None else entry[1]
    if table is None:
        return text
    present = table.get(name) if isinstance(table, Fields) else None
    if present is None:
        return spliced(text, [field_added(text, table, name, value)])
    return spliced(text, [_value_for(text, present.span, value)])


def _value_for(text: str, span: Span, value: str) -> Splice:
    """A value in the place of another; behind a key that had none, a space goes before it."""
    is_empty = span.start == span.end and not text[span.start - 1 : span.start].isspace()
    return Splice(span, f" {value}" if is_empty else value)
