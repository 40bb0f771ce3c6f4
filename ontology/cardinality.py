"""Which tags do not go together on one asset: single-choice namespaces, and terms that exclude each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ontology.terms import Ontology


@dataclass(frozen=True, slots=True)
class Clash:
    """Tags that break one rule together, canonical, in the order in which they were met. `rule`: what it says."""

    rule: str
    tags: tuple[str, ...]


class Rules:
    """`ontology.derived(Rules)` makes them once."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._single = frozenset(space.name for space in ontology.namespaces.values() if space.single)
        self._groups: dict[str, list[int]] = defaultdict(list)
        for number, group in enumerate(ontology.exclusive):
            for tag in dict.fromkeys(map(ontology.canonical, group)):
                self._groups[tag].append(number)
        self.there_are = bool(self._single or self._groups)

    def of(self, tag: str) -> Iterator[str | int]:
        """The rules that a canonical tag is under: names of namespaces, numbers of groups."""
        namespace, colon, _ = tag.partition(":")
        if colon and namespace in self._single:
            yield namespace
        yield from self._groups.get(tag, ())

    def told(self, rule: str | int) -> str:
        """What a rule says."""
        if isinstance(rule, str):
            return f"one tag of `{rule}:` at a time"
        return f"one of {', '.join(f'`{tag}`' for tag in self._ontology.exclusive[rule])} at a time"


def clashes(tags: Iterable[str], ontology: Ontology) -> tuple[Clash, ...]:
    """What is wrong with these tags of one asset, a clash for each broken rule; spellings of one term are one tag."""
    rules = ontology.derived(Rules)
    if not rules.there_are:
        return ()
    under: dict[str | int, dict[str, None]] = defaultdict(dict)
    for tag in map(ontology.canonical, tags):
        for rule in rules.of(tag):
            under[rule][tag] = None
    return tuple(Clash(rules.told(rule), tuple(found)) for rule, found in under.items() if len(found) > 1)


def new_clash(before: Iterable[str], after: Iterable[str], ontology: Ontology) -> Clash | None:
    """The first clash that a tag brings which was not there before; what clashed already may stay so."""
    if not ontology.derived(Rules).there_are:
        return None
    had = set(map(ontology.canonical, before))
    return next((clash for clash in clashes(after, ontology) if not had.issuperset(clash.tags)), None)


def rivals(tag: str, tags: Iterable[str], ontology: Ontology) -> frozenset[str]:
    """Those of the tags, as they are spelled, that do not go together with this one."""
    rules = ontology.derived(Rules)
    own = set(rules.of(ontology.canonical(tag)))
    if not own:
        return frozenset()
    return frozenset(
        other
        for other in tags
        if ontology.canonical(other) != ontology.canonical(tag)
        and not own.isdisjoint(rules.of(ontology.canonical(other)))
    )
