"""How much the words of a name or a prompt prove, and how that is said (decision 20)."""

from gallery.suggestions.phrases import How, Phrase
from ontology.escaping import visible
from ontology.terms import Ontology
from resolver.roles import is_character, is_location

WRITTEN = 0.95
IDENTITY = 0.92
OTHER = 0.72
KEYWORD = 0.65
SEVERAL_WORDS = 0.13
"""Phrases of two and more words are hardly ever there by chance."""

SLIPS = {1: 0.45, 2: 0.3}

_SHOWN = 60


def certainty_of(phrase: Phrase) -> float:
    """How sure it is that these words mean this term, 0-1; words that may mean several are shared among them."""
    if phrase.how is How.SLIP:
        found = SLIPS[phrase.edits]
    elif phrase.how is How.WRITTEN:
        found = WRITTEN
    elif phrase.how is How.NAME and (is_character(phrase.tag) or is_location(phrase.tag)):
        found = IDENTITY
    else:
        found = (OTHER if phrase.how is How.NAME else KEYWORD) + (SEVERAL_WORDS if phrase.size > 1 else 0)
    return found / phrase.options


def said_of(phrase: Phrase, where: str, ontology: Ontology) -> str:
    """The reason: what stands where, and what it is to the term."""
    term = ontology.term(phrase.tag)
    label = visible(term.label if term is not None else phrase.tag, limit=_SHOWN)
    spelled = visible(phrase.spelling, limit=_SHOWN)
    if phrase.how is How.SLIP:
        times = "one typing mistake" if phrase.edits == 1 else "two typing mistakes"
        return f"{where} holds “{spelled}”, {times} from a name of {label}"
    what = {How.WRITTEN: "the id of", How.NAME: "a name of", How.KEYWORD: "a keyword of"}[phrase.how]
    among = f", among {phrase.options} terms of that name" if phrase.options > 1 else ""
    return f"{where} holds “{spelled}”, {what} {label}{among}"
