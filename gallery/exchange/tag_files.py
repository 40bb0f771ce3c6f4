"""Tags as hydrus, boorus and their downloaders write them, and captions of training sets. Pure.

Each reader gets the name and the text of a file and answers the tags as `namespace:value` or words, in order.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gallery.views import ItemError

CATEGORIES: Final = ("artist", "copyright", "character", "species", "meta", "general")
"""How boorus sort their tags; `general` ones have no namespace."""

_SEPARATOR = re.compile(r"(?<!\\),")
_ESCAPED = re.compile(r"\\([()\[\]{},:\\])")
_WEIGHT = re.compile(r"^[(\[{]+(.*?)(?::\d+(?:\.\d+)?)?[)\]}]+$")
_NO_TAGS = ItemError("foreign_format", "no tags are where this format has them", "is it of another --format?")
_NO_JSON = ItemError("invalid", "it is no JSON", "was it cut off?")


def read_hydrus(name: str, text: str) -> list[str] | ItemError:
    """A tag a line; or JSON: a list of tags, or objects that hold such a list as `tags` (also by service)."""
    if not name.lower().endswith(".json"):
        return _lines(text)
    body = _json(text)
    if isinstance(body, ItemError):
        return body
    found = list(_tag_lists(body))
    return [tag for tags in found for tag in tags] if found else _NO_TAGS


def read_booru(name: str, text: str) -> list[str] | ItemError:
    """Tags between spaces, words of a tag joined by `_`; or the JSON of a post, with tags by category."""
    if not name.lower().endswith(".json"):
        return text.split()
    body = _json(text)
    if isinstance(body, ItemError):
        return body
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    if not isinstance(body, Mapping):
        return _NO_TAGS
    inner = body.get("post")
    post: Mapping[str, Any] = inner if isinstance(inner, Mapping) else body
    found = list(_booru_tags(post))
    return found if found or any(name in post for name in ("tags", "tag_string", "tag_string_general")) else _NO_TAGS


def read_caption(name: str, text: str) -> list[str]:  # noqa: ARG001  # every reader is asked alike
    r"""Tags between commas, in one or several lines; `\(` is `(`, an emphasis such as `(tag:1.2)` is taken off."""
    pieces = [piece.strip() for line in text.splitlines() for piece in _SEPARATOR.split(line)]
    return [word for piece in pieces if (word := _unescaped(piece))]


def caption_word(tag: str, *, strip_namespace: bool) -> str:
    """A tag as it stands in a caption: parentheses escaped; without its namespace, as words with spaces."""
    word = tag
    if strip_namespace:
        word = tag.partition(":")[2] or tag
        word = word.replace(":", " ").replace("_", " ").strip() or tag
    return word.replace("(", "\\(").replace(")", "\\)")


def _unescaped(piece: str) -> str:
    bare = piece
    if not piece.startswith("\\"):
        emphasised = _WEIGHT.match(piece)
        bare = emphasised[1] if emphasised else piece
    return _ESCAPED.sub(r"\1", bare).strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NO_JSON


def _tag_lists(body: Any, depth: int = 0) -> Iterator[list[str]]:
    """Every list of texts that is the whole, or stands under `tags`, however the services are nested."""
    if isinstance(body, list):
        if depth == 0 or all(isinstance(item, str) for item in body):
            yield [item for item in body if isinstance(item, str)]
        return
    if not isinstance(body, Mapping) or depth > 6:  # noqa: PLR2004  # deeper than any writer nests them
        return
    tags = body.get("tags")
    if tags is not None:
        yield from _below_tags(tags, depth + 1)
        return
    for value in body.values():
        if isinstance(value, Mapping):
            yield from _tag_lists(value, depth + 1)


def _below_tags(tags: Any, depth: int) -> Iterator[list[str]]:
    if isinstance(tags, list):
        yield [item for item in tags if isinstance(item, str)]
    elif isinstance(tags, Mapping) and depth <= 6:  # noqa: PLR2004  # as above
        # By service, and there by state: current ones count, deleted and petitioned ones do not.
        wanted = tags.get("storage_tags", tags.get("display_tags", tags))
        if isinstance(wanted, Mapping) and wanted is not tags:
            yield from _below_tags(wanted.get("0", []), depth + 1)
        elif isinstance(wanted, Mapping):
            for value in wanted.values():
                yield from _below_tags(value, depth + 1)


def _booru_tags(post: Mapping[str, Any]) -> Iterator[str]:
    given = post.get("tags")
    by_category: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    seen = False
    for category in CATEGORIES:
        for value in (post.get(f"tag_string_{category}"), post.get(f"tags_{category}"), by_category.get(category)):
            for tag in _split(value):
                seen = True
                yield tag if category == "general" else f"{category}:{tag}"
    if not seen:
        yield from _split(post.get("tag_string") or post.get("tags"))


def _split(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
