"""Texts in XMP: the description and the user comment. Pure.

XMP is XML; it is searched, not parsed, so no entity and no namespace of it can do anything.
"""

import html
import re
from typing import Final

from gallery.embedded.collected import Collected

_LONGEST: Final = 1024 * 1024
_FIELDS: Final = {"exif:UserComment": "xmp:UserComment", "dc:description": "xmp:description"}
_MARKUP = re.compile(r"<[^<>]*>")


def read_xmp(packet: str, found: Collected) -> None:
    """Add what the packet says in `exif:UserComment` and `dc:description`, as element or as attribute."""
    if len(packet) > _LONGEST:
        found.trouble(f"XMP data of {len(packet)} characters is too long to be read")
        return
    for field, name in _FIELDS.items():
        said = _element(packet, field) or _attribute(packet, field)
        if said:
            found.add(name, html.unescape(said))


def _element(packet: str, field: str) -> str:
    start = packet.find(f"<{field}")
    begin = packet.find(">", start) + 1 if start >= 0 else 0
    end = packet.find(f"</{field}>", begin) if begin else -1
    return _MARKUP.sub("", packet[begin:end]).strip() if end >= 0 else ""


def _attribute(packet: str, field: str) -> str:
    _, mark, rest = packet.partition(f'{field}="')
    return rest.partition('"')[0] if mark else ""
