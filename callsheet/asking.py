"""From what somebody gave (fields, an action block, a scene, a prompt) to the questions for the resolver."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ontology.errors import InvalidInputError
from resolver import AssetResolutionRequest


class Project(Protocol):
    """What questions are read with: a workspace."""

    def block(self, block_id: str) -> Mapping[str, Any]:
        """One action block."""
        ...

    def request(self, **fields: Any) -> AssetResolutionRequest:
        """A request with the project's defaults."""
        ...

    def request_from_block(self, block: str | Mapping[str, Any], **fields: Any) -> AssetResolutionRequest:
        """The request behind an action block."""
        ...

    def request_from_prompt(self, text: str, **fields: Any) -> AssetResolutionRequest:
        """The request that is written in a prompt."""
        ...

    def scene_requests(self, name: str) -> Sequence[tuple[str, AssetResolutionRequest, str | None]]:
        """Each shot of a scene, with its request and its prompt."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a request, the block it came from, and the shot of a scene that it is."""

    request: AssetResolutionRequest
    block: Mapping[str, Any] | None = None
    shot: str | None = None


def ask(
    ws: Project,
    fields: Mapping[str, Any],
    *,
    block: str | Mapping[str, Any] | None = None,
    scene: str | None = None,
    prompt: str | None = None,
    may_be_empty: bool = False,
) -> list[Asked]:
    """One request, or one for each shot of a scene; `fields` win over what a block, scene or prompt says.

    `block` is the id of one of the project's, or a block itself. Raises InvalidInputError where two sources are named,
    or no slot is asked for.
    """
    given = (("block", block), ("scene", scene), ("prompt", prompt))
    named = [word for word, value in given if value not in (None, "")]
    if len(named) > 1:
        raise InvalidInputError(f"{' and '.join(named)} each ask something", hint="give one of them", code="usage")
    found = list(_asked(ws, fields, block, scene, prompt))
    if not may_be_empty and not any(one.request.asks_anything for one in found):
        raise _nothing_asked(found, prompt)
    return found


def _asked(
    ws: Project,
    fields: Mapping[str, Any],
    block: str | Mapping[str, Any] | None,
    scene: str | None,
    prompt: str | None,
) -> Iterator[Asked]:
    if scene:
        for shot, request, words in ws.scene_requests(scene):
            yield Asked(replace(request, **fields), {"id": shot, "prompt": words}, shot)
    elif block is not None and block != "":
        found = ws.block(block) if isinstance(block, str) else block
        yield Asked(ws.request_from_block(found, **fields), found)
    elif prompt:
        yield Asked(ws.request_from_prompt(prompt, **fields))
    else:
        yield Asked(ws.request(**fields))


def _nothing_asked(found: Sequence[Asked], prompt: str | None) -> InvalidInputError:
    notices = [notice for one in found for notice in one.request.notices]
    if notices:
        first = notices[0]
        return InvalidInputError(f"nothing is asked for: {first.message}", hint=first.hint, code="usage")
    what = (
        "the prompt names nobody and no place of this project" if prompt else "no place, no hero, no enemy, nobody else"
    )
    hint = "callsheet resolve --location loc:dungeon_entrance --hero npc:alex, or --block ID"
    return InvalidInputError(f"nothing is asked for: {what}", hint=hint, code="usage")
