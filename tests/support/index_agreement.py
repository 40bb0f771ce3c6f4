"""How an index is edited and compared with the plain path, and vocabularies that make it hard."""

from hypothesis import strategies as st
from resolver_strategies import VOCABULARY, asset_ids, one_asset

from ontology.terms import Namespace, Ontology, Term
from resolver import RequestError, resolve_assets_for_action

TWISTED = Ontology(
    [
        Term("npc:ann", "Ann", aliases=("rain", "npc:anna")),
        Term("npc:ben", "Ben", deprecated=True, replaced_by="npc:ann"),
        Term("npc:cat", "Cat", deprecated=True, replaced_by="draft"),
        Term("loc:gate", "Gate", broader=("loc:hall",), aliases=("loc:shore", "player")),
        Term("loc:hall", "Hall", aliases=("role:comic_frame",)),
        Term("role:char:npc", "Npc", aliases=("camera:view:pov",)),
        Term("draft", "Draft"),
    ],
    [Namespace(name, name, closed=False) for name in ("npc", "loc", "camera", "role")],
)
"""Aliases across kinds, two spellings of one id, ids replaced by a free word: everything declared after tagging."""

VOCABULARIES = [None, VOCABULARY, TWISTED]

edits = st.lists(
    st.one_of(
        st.tuples(st.just("update"), one_asset),
        st.tuples(st.just("update"), one_asset),
        st.tuples(st.just("discard"), asset_ids),
        st.tuples(st.just("renumber"), st.none()),
    ),
    max_size=12,
)


def usable(request, ontology):
    """Whether no alias makes an id of the request one of the wrong kind."""
    try:
        request.canonical(ontology)
    except RequestError:
        return False
    return True


def same(request, index, candidates, ontology):
    if not usable(request, ontology):
        return
    plain = resolve_assets_for_action(request, candidates, ontology=ontology)
    found = resolve_assets_for_action(request, index, ontology=ontology)
    assert found == plain
    assert found.to_json() == plain.to_json()
    assert [id(match.asset) for match in found.matches] == [id(match.asset) for match in plain.matches]


def edited(index, held, todo):
    for what, about in todo:
        if what == "update":
            index.update(about)
            held[about["id"]] = about
        elif what == "discard":
            index.discard(about)
            held.pop(about, None)
        else:
            index._documents = index._documents.renumbered()
