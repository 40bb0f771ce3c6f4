"""Words that say something about the cast of a prompt, as data. All lower case; English, for labels are data too."""

ARTICLES = frozenset(["a", "an", "the", "this", "that", "his", "her", "its", "their", "my", "our", "your"])
"""May stand between a word that says something and the phrase it is about."""

LINKS = frozenset(["and", "or"])
"""May stand between two enemies of one list: "against Mira and the wolf". Commas may too."""

ENEMY_CUES = frozenset(
    {
        *(
            "against",
            "versus",
            "vs",
            "fights",
            "fight",
            "fighting",
            "fought",
            "battles",
            "battling",
            "duels",
            "dueling",
        ),
        *("attacks", "attack", "attacking", "attacked", "confronts", "confronting", "defeats", "defeating", "opposes"),
        *("attacked by", "chased by", "hunted by", "ambushed by", "threatened by", "runs from", "flees from"),
        *("enemy", "foe", "opponent", "villain"),
    }
)
"""One or two words before a character that make it an enemy, whatever its kind."""

CONTEXT_WORDS = {
    "loc": frozenset(["at", "in", "into", "inside", "outside", "near", "location", "locations", "place"]),
    "npc": frozenset(["with", "by", "hero", "character", "characters", "npcs"]) | ENEMY_CUES,
    "camera": frozenset(["camera", "cameras", "shot", "view"]),
}
"""Words before a phrase that settle which namespace is meant. The name of a namespace always does."""

_SMALL_WORDS = (
    *("i", "it", "he", "she", "they", "we", "you", "me", "him", "them"),
    *("of", "on", "at", "in", "to", "by", "is", "as", "be", "if", "no", "so"),
)
STOP_WORDS = ARTICLES | LINKS | frozenset(_SMALL_WORDS)
"""Names and keywords of one such word are not looked for in prose; ids and mentions reach their terms all the same."""
