"""From the tags of a file to tags of this project, each text looked at once however often it comes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gallery.exchange.spelling import Spelling
from gallery.views import ItemError
from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError
from ontology.normalize import Policy, check_tags
from ontology.tags import split_tag
from ontology.terms import Ontology, Term

_MOST_REMEMBERED = 200_000


@dataclass
class TagReading:
    """Reads tags for one import.

    `mapping`: foreign namespace → ours; `has_namespaces`: see `gallery.exchange.spelling`. `undeclared` gathers the
    terms that were asked for and are not in the ontology. Raises `InvalidInputError` for a mapping to a namespace that
    there is not.
    """

    ontology: Ontology
    policy: Policy
    mapping: Mapping[str, str] = field(default_factory=dict)
    has_namespaces: bool = True
    undeclared: dict[str, Term] = field(default_factory=dict)
    _spelling: Spelling = field(init=False)
    _read: dict[tuple[str, bool], tuple[str | None, ItemError | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for theirs, ours in self.mapping.items():
            if ours and ours not in self.ontology.namespaces:
                hint = f"declare it: add `{ours}: {{closed: false}}` under `namespaces:` in an ontology file"
                raise InvalidInputError(f"`{theirs}={ours}`: there is no namespace `{ours}`", hint=hint)
        self._spelling = Spelling(self.ontology, self.mapping, has_namespaces=self.has_namespaces)

    @property
    def unmapped(self) -> Mapping[str, int]:
        """Namespaces that were dropped, with how many different tags had them."""
        return self._spelling.unmapped

    def read(self, texts: Iterable[str], *, is_foreign: bool) -> tuple[list[str], list[ItemError]]:
        """The tags, canonical, each once, in order; and what cannot be held, each with the way out."""
        tags: dict[str, None] = {}
        problems: dict[str, ItemError] = {}
        for text in texts:
            tag, problem = self._one(text, is_foreign=is_foreign)
            if tag is not None:
                tags[tag] = None
            if problem is not None:
                problems.setdefault(problem.message, problem)
        return list(tags), list(problems.values())

    def _one(self, text: str, *, is_foreign: bool) -> tuple[str | None, ItemError | None]:
        key = (text, is_foreign)
        if key not in self._read:
            if len(self._read) >= _MOST_REMEMBERED:
                self._read.clear()
            self._read[key] = self._look(text, is_foreign=is_foreign)
        return self._read[key]

    def _look(self, text: str, *, is_foreign: bool) -> tuple[str | None, ItemError | None]:
        wanted = self._spelling.ours(text) if is_foreign else text
        if wanted is None:
            return None, None
        checked = check_tags([wanted], self.ontology, policy=self.policy)
        if not checked.errors:
            return checked.tags[0], None
        fault = checked.errors[0]
        if fault.code == "unknown_term":
            self._note_undeclared(fault, text)
        return None, ItemError(fault.code, fault.message, fault.hint)

    def _note_undeclared(self, fault: Diagnostic, text: str) -> None:
        if fault.id and fault.id not in self.undeclared:
            label = (split_tag(text)[1][-1] if ":" in text else text).replace("_", " ").strip()
            self.undeclared[fault.id] = Term(fault.id, label)
