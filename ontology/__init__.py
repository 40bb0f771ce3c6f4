"""What may be said: terms, namespaces, aliases, wider terms; loading, validating, normalising, "did you mean".

This room knows no other. Everything here is pure (no files, no clock, no log) but `ontology.loader`, which reads files,
and `ontology.yaml_source` and `ontology.importing`, which parse YAML from bytes. Names are loaded on first use, so that
a program that only shows its version pays for neither YAML nor matching.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ontology.diagnostics import Diagnostic, Severity
    from ontology.errors import (
        CallsheetError,
        ConflictError,
        IntegrityError,
        InvalidInputError,
        NotFoundError,
        OntologyError,
        TagError,
    )
    from ontology.escaping import visible
    from ontology.importing import Imported, import_vocabulary
    from ontology.loader import builtin_ontology, check_ontology, check_ontology_text, load_ontology
    from ontology.normalize import CheckedTags, Policy, canonical, check_tags, clean, normalize_tags
    from ontology.suggest import Suggestion, did_you_mean
    from ontology.terms import PLAYER, Kind, Namespace, Ontology, Source, Term
    from ontology.writing import to_yaml

__all__ = [
    "PLAYER",
    "CallsheetError",
    "CheckedTags",
    "ConflictError",
    "Diagnostic",
    "Imported",
    "IntegrityError",
    "InvalidInputError",
    "Kind",
    "Namespace",
    "NotFoundError",
    "Ontology",
    "OntologyError",
    "Policy",
    "Severity",
    "Source",
    "Suggestion",
    "TagError",
    "Term",
    "builtin_ontology",
    "canonical",
    "check_ontology",
    "check_ontology_text",
    "check_tags",
    "clean",
    "did_you_mean",
    "import_vocabulary",
    "load_ontology",
    "normalize_tags",
    "to_yaml",
    "visible",
]

_HOMES = {
    "diagnostics": ("Diagnostic", "Severity"),
    "errors": (
        *("CallsheetError", "ConflictError", "IntegrityError", "InvalidInputError"),
        *("NotFoundError", "OntologyError", "TagError"),
    ),
    "escaping": ("visible",),
    "importing": ("Imported", "import_vocabulary"),
    "loader": ("builtin_ontology", "check_ontology", "check_ontology_text", "load_ontology"),
    "normalize": ("CheckedTags", "Policy", "canonical", "check_tags", "clean", "normalize_tags"),
    "suggest": ("Suggestion", "did_you_mean"),
    "terms": ("PLAYER", "Kind", "Namespace", "Ontology", "Source", "Term"),
    "writing": ("to_yaml",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a public name from the module that holds it (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'ontology' has no attribute {name!r}")
    found = getattr(import_module(f"ontology.{_HOME_OF[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
