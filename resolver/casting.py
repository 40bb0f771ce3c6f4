"""Casting: who of the named characters is the hero, who an enemy, who just there (contract §3, "Action blocks")."""

from collections.abc import Collection, Sequence

from ontology.terms import PLAYER, Ontology

HERO = "hero"
ENEMY = "enemy"
"""The parts that a field of a block, or a word of a prompt, can give somebody outright."""

Cast = tuple[str | None, tuple[str, ...], tuple[str, ...]]
"""(hero, enemies, others), each character in order of first mention."""


def cast_characters(
    characters: Sequence[str],
    ontology: Ontology | None,
    *,
    heroes: Sequence[str] = (),
    enemies: Collection[str] = (),
) -> Cast:
    """Cast unique characters. `heroes` and `enemies` are those whose part was said outright; that wins over kinds.

    The first of `heroes` is the hero, further ones are others; who is in both is hero and enemy. For the rest: the hero
    is the first of `kind: hero`, else `player`, else the first not of `kind: monster`; monsters are enemies, the rest
    others. Without an ontology the first is the hero and every later one an enemy.
    """
    said = {*heroes, *enemies}
    rest = [who for who in characters if who not in said]
    hero, by_kind = _by_kind(rest, ontology, hero=next(iter(heroes), None))
    foes = tuple(who for who in characters if who in enemies or who in by_kind)
    others = tuple(who for who in characters if who != hero and who not in enemies and who not in by_kind)
    return hero, foes, others


def _by_kind(rest: Sequence[str], ontology: Ontology | None, *, hero: str | None) -> tuple[str | None, frozenset[str]]:
    """The hero, unless there is one already, and the enemies among those whose part nobody said."""
    if ontology is None:
        hero = hero or next(iter(rest), None)
        return hero, frozenset(rest) - {hero}
    kinds = {who: ontology.kind(who) for who in rest}
    if hero is None:
        hero = next((who for who in rest if kinds[who] == "hero"), None)
    if hero is None and PLAYER in kinds:
        hero = PLAYER
    if hero is None:
        hero = next((who for who in rest if kinds[who] != "monster"), None)
    return hero, frozenset(who for who in rest if kinds[who] == "monster")
