"""Prompts: who and what a text names, as a request (contract §3, "Action blocks"). One pass over the words."""

from typing import Any

from ontology.escaping import visible
from ontology.tags import MAX_TAG_LENGTH
from ontology.terms import Ontology
from resolver.casting import ENEMY
from resolver.errors import RequestError
from resolver.findings import Notice
from resolver.hearing import Heard, nearest_hint
from resolver.lexicon import Lexicon
from resolver.namings import Naming, Namings, written_id
from resolver.prompt_words import ARTICLES, CONTEXT_WORDS, ENEMY_CUES, LINKS
from resolver.request import AssetResolutionRequest
from resolver.roles import is_character
from resolver.words import split_words

MAX_PROMPT = 1_000_000
"""Characters of a prompt that are read."""
MAX_NOTICES = 20
"""Notices of one prompt; a closing one says that there were more."""

FIELD = "prompt"
_MAX_BETWEEN = 3
_SHOWN_OPTIONS = 5


def request_from_prompt(text: str, ontology: Ontology, **overrides: Any) -> AssetResolutionRequest:
    """The request behind a text: ids written out, `@mentions`, and labels, aliases and keywords in prose.

    Whole words count, the longest phrase first, case and width folded, each word for one phrase. Characters are cast
    as in `request_from_action_block`; words such as "against" before one make it an enemy of whatever kind
    (`resolver.prompt_words`). The first place is used; cameras and other known tags are preferred. What is ambiguous or
    unknown picks nothing and stands in `notices`. `overrides` are request fields, e.g. `max_results`.

    Raises RequestError where the prompt is no text, and for bad overrides.
    """
    prompt: Any = text  # callers may hand in anything
    if not isinstance(prompt, str):
        raise RequestError(f"a prompt is a text, not a {type(prompt).__name__}", hint="write what the picture shows")
    return _Reading(prompt[:MAX_PROMPT], ontology, cut=len(prompt) > MAX_PROMPT).request(overrides)


class _Reading:
    """One prompt being read."""

    def __init__(self, text: str, ontology: Ontology, *, cut: bool) -> None:
        self._ontology = ontology
        self._heard = Heard(ontology)
        self._cut = cut
        self._told: set[object] = set()
        self._words = split_words(text, lambda spelled: written_id(spelled, ontology))
        self._namings = Namings(self._words)

    def request(self, overrides: dict[str, Any]) -> AssetResolutionRequest:
        """Everything the prompt names, in the order of the text, as a request."""
        last = Naming(0, 0, ())
        enemy_before = False
        namings, lexicon = self._namings, self._ontology.derived(Lexicon)
        for naming in sorted(
            (*namings.written(), *namings.mentions(lexicon.mentions), *namings.phrases(lexicon.prose))
        ):
            tag = self._settled(naming)
            is_enemy = False
            if tag is not None:
                is_enemy = is_character(tag) and (
                    self._after_cue(naming.start) or (enemy_before and self._only_links(last.end, naming.start))
                )
                self._hear(tag, ENEMY if is_enemy else None)
            last, enemy_before = naming, is_enemy
        self._spare_the_hero()
        self._close_notices()
        return self._heard.request(**overrides)

    def _settled(self, naming: Naming) -> str | None:
        """The one id that a naming means; None, and a notice, where there is none or more than one."""
        options = naming.options
        if len(options) == 1:
            return options[0]
        spelling = self._words.spelling(naming.start, naming.end)
        if not options:
            if self._may_tell(("mention", spelling)):
                shown = visible(spelling.replace(" ", "_"), limit=MAX_TAG_LENGTH)
                hint = nearest_hint(shown, self._ontology, limit=3) or "write an id such as npc:alex"
                self._tell(Notice("unknown_mention", f"@{shown} is nobody and nothing this project knows", hint, FIELD))
            return None
        fitting = [option for option in options if self._has_context(option, naming.start)]
        if len(fitting) == 1:
            return fitting[0]
        if self._may_tell(("ambiguous", options, spelling)):
            shown = visible(spelling, limit=MAX_TAG_LENGTH)
            listed = ", ".join(options[:_SHOWN_OPTIONS]) + (", …" if len(options) > _SHOWN_OPTIONS else "")
            hint = f"write the one that is meant: {listed}"
            self._tell(Notice("ambiguous_phrase", f"“{shown}” may mean {len(options)} terms", hint, FIELD))
        return None

    def _before(self, start: int) -> int:
        """Index of the word before `start`, articles left out; -1 where there is none or a phrase has claimed it."""
        index = start - 1
        while index >= max(0, start - _MAX_BETWEEN) and self._words.bases[index] in ARTICLES:
            index -= 1
        return index if index >= 0 and not self._namings.is_claimed(index) else -1

    def _after_cue(self, start: int) -> bool:
        index = self._before(start)
        return index >= 0 and (
            self._words.bases[index] in ENEMY_CUES or self._words.spelling(max(0, index - 1), index + 1) in ENEMY_CUES
        )

    def _has_context(self, tag: str, start: int) -> bool:
        """Whether the word before names the namespace of the tag."""
        index = self._before(start)
        if index < 0:
            return False
        word = self._words.bases[index]
        space = "npc" if is_character(tag) else tag.partition(":")[0]
        return word == space or word in CONTEXT_WORDS.get(space, ())

    def _only_links(self, start: int, end: int) -> bool:
        between = self._words.bases[start:end] if end - start <= _MAX_BETWEEN else ["…"]
        return all(word in ARTICLES or word in LINKS for word in between)

    def _hear(self, tag: str, part: str | None) -> None:
        """Hear a tag. Ids that no closed namespace lists are expensive to look up, so only the first few are taken."""
        listed = tag in self._ontology or tag in self._told
        if not listed and self._must_be_listed(tag) and not self._may_tell(tag):
            return
        self._heard.hear(tag, FIELD, part)

    def _must_be_listed(self, tag: str) -> bool:
        space = self._ontology.namespaces.get(tag.partition(":")[0])
        return space is not None and space.closed

    def _may_tell(self, what: object) -> bool:
        """Whether this was not told yet and there is still room; where there is no room, the closing notice says so."""
        if what in self._told:
            return False
        self._told.add(what)
        return len(self._told) <= MAX_NOTICES

    def _tell(self, notice: Notice) -> None:
        self._heard.notices.append(notice)

    def _spare_the_hero(self) -> None:
        """In "the wolf attacks Alex" Alex is still the hero: with only monsters left, kinds alone cast the others."""
        heard, ontology = self._heard, self._ontology
        rest = [who for who in heard.characters if who not in heard.enemies]
        if rest and all(ontology.kind(who) == "monster" for who in rest):
            heard.enemies = {who: None for who in heard.enemies if ontology.kind(who) == "monster"}

    def _close_notices(self) -> None:
        notices = self._heard.notices
        more = len(notices) > MAX_NOTICES or len(self._told) > MAX_NOTICES
        del notices[MAX_NOTICES:]
        if more:
            message = f"more than {MAX_NOTICES} things in the prompt are unclear; the rest of them is left out"
            notices.append(Notice("notices_cut", message, "mend the first ones, or shorten the prompt", FIELD))
        if self._cut:
            message = f"only the first {MAX_PROMPT:,} characters of the prompt were read"
            notices.append(Notice("prompt_cut", message, "shorten the prompt", FIELD))
