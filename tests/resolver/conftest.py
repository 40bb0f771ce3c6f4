from pathlib import Path

import pytest
import yaml

from ontology.terms import Namespace, Ontology, Term

STORY = Path(__file__).parents[2] / "fixtures" / "resolver_cases" / "vocabulary" / "story.yaml"
CLOSED = ("npc", "loc", "camera", "role")
BUILT_IN = {
    "player": {},
    "role:bg": {"aliases": ["role:background"]},
    "role:pov:player": {},
    "role:char:hero": {},
    "role:char:npc": {},
    "role:char:monster": {},
    "role:comic_frame": {},
    "camera:view:pov": {"aliases": ["cam:pov"]},
    "camera:view:front": {},
    "camera:angle:low": {},
    "camera:view:low": {},
}


@pytest.fixture(scope="session")
def story():
    """The vocabulary of the named cases, with the built-in terms that they need."""
    written = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    spaces = [Namespace(name, name, closed=True) for name in CLOSED]
    spaces += [Namespace(name, space["label"], closed=space["closed"]) for name, space in written["namespaces"].items()]
    return Ontology([_term(tag, told) for tag, told in (BUILT_IN | written["terms"]).items()], spaces)


def _term(tag, told):
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    return Term(**({"id": tag, "label": tag} | told))
