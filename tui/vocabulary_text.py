"""Terms, their uses and changes of the vocabulary, in words."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from textual.content import Content

from gallery.vocabulary.views import TermUsage, VocabularyChange
from ontology.terms import Ontology, Term
from tui.facets import facet_of
from tui.literal import joined, literal
from tui.widgets.rows import Row

_NAMED = ("searches", "blocks", "scenes", "specs", "files")
_SINGLE = {"blocks": "block", "scenes": "scene", "specs": "spec", "searches": "saved search"}
_MOST = 6
_FIRST = ("npc", None, "loc")


def term_rows(terms: Sequence[Term], uses: Mapping[str, TermUsage], ontology: Ontology, *, by_use: bool) -> list[Row]:
    """A line for each term below the name of its namespace; by use, without those names."""
    if by_use:
        return [_term_row(term, uses) for term in sorted(terms, key=lambda one: (-_pictures(one, uses), one.id))]
    rows: list[Row] = []
    spaces: dict[str | None, list[Term]] = {}
    for term in sorted(terms, key=lambda one: _place_of(one.namespace)):
        spaces.setdefault(term.namespace, []).append(term)
    for name, found in spaces.items():
        space = ontology.namespaces.get(name or "")
        label = f" {space.label}" if space is not None and space.label else ""
        kind = "" if space is None else ", closed" if space.closed else ", open"
        head = f"{name}:{label}, {len(found):,}{kind}" if name else "without a namespace"
        rows.append(Row(f"head-{name}", ((head, "head"),), is_head=True))
        rows += [_term_row(term, uses) for term in sorted(found, key=lambda one: one.id)]
    return rows


def _place_of(namespace: str | None) -> tuple[int, str]:
    """Characters and places first: these a project declares."""
    return (_FIRST.index(namespace) if namespace in _FIRST else len(_FIRST), namespace or "")


def _pictures(term: Term, uses: Mapping[str, TermUsage]) -> int:
    return uses[term.id].uses.assets if term.id in uses else 0


def _term_row(term: Term, uses: Mapping[str, TermUsage]) -> Row:
    found = uses.get(term.id)
    number = "" if found is None else f"{found.uses.assets:,}" if found.uses.assets else "–"
    notes = [*([term.kind] if term.kind else []), *(["deprecated"] if term.deprecated else [])]
    return Row(
        term.id,
        (
            (f"{number:>7}  ", "dim" if number in ("", "–") else "text"),
            (f"{term.id:<32} ", "dim" if term.deprecated else facet_of(term.id).name),
            (f"{term.label}  ", "text"),
            (" ".join(notes), "dim"),
        ),
    )


def term_text(term: Term, usage: TermUsage | None, ontology: Ontology, *, root: Path) -> Content:
    """All that is declared of a term, and where it is used; its file as seen from `root`."""
    return joined(_term_lines(term, usage, ontology, root))


def _term_lines(term: Term, usage: TermUsage | None, ontology: Ontology, root: Path) -> Iterator[Content]:
    yield literal(term.id, f"bold ${facet_of(term.id).colour}")
    yield literal(" · ".join([term.label, *([term.kind] if term.kind else [])]))
    if term.replaced_by:
        yield literal(f"replaced by {term.replaced_by}", "$text-warning")
    elif term.deprecated:
        yield literal("deprecated: not for new pictures", "$text-warning")
    narrower = sorted(ontology.narrower(term.id))
    for name, listed in (
        ("part of", term.broader),
        ("holds", narrower),
        ("aliases", term.aliases),
        ("keywords", term.keywords),
    ):
        if listed:
            yield Content.assemble((f"{name}: ", "$foreground-muted"), literal(", ".join(listed)))
    if usage is not None:
        yield literal("")
        yield from _usage_lines(usage)
    where = "built in" if usage is not None and usage.is_builtin else ""
    if term.source is not None and not where:
        file = Path(term.source.file)
        where = f"{file.relative_to(root) if file.is_relative_to(root) else file}:{term.source.line}"
    if where:
        yield literal(where, "$foreground-muted")


def _usage_lines(usage: TermUsage) -> Iterator[Content]:
    uses = usage.uses
    wider = f", {usage.wider:,} with narrower terms" if usage.wider != uses.assets else ""
    yield literal(f"on {uses.assets:,} {'asset' if uses.assets == 1 else 'assets'}{wider}", "bold")
    named = [
        f"{number:,} {single if number == 1 else name}"
        for name, single in _SINGLE.items()
        if (number := getattr(uses, name))
    ]
    if named:
        yield literal(f"in {', '.join(named)}")


def change_text(change: VocabularyChange) -> Content:
    """What a change of the vocabulary would touch."""
    return joined(_change_lines(change))


def _change_lines(change: VocabularyChange) -> Iterator[Content]:
    to = f" → {change.to}" if change.to else ""
    yield literal(f"{change.action} {change.term}{to}", "bold")
    yield literal(f"assets: {change.assets:,}")
    for name in _NAMED:
        listed = getattr(change, name)
        if listed:
            more = f" and {len(listed) - _MOST:,} more" if len(listed) > _MOST else ""
            yield literal(f"{name}: {', '.join(listed[:_MOST])}{more}")
    for notice in change.notices:
        yield literal(notice, "$text-warning")
    yield literal("z takes it back", "$foreground-muted")
