"""Many assets in little time: rows beside those of a project, whose thumbnails are links to those that are there."""

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from callsheet import Workspace
from gallery.store.tables import asset, asset_tag
from gallery.store.thumbnails import find_thumbnail

AT_ONCE = 5000


def crowd(workspace: Workspace, count: int) -> None:
    """Add so many live assets, each like one of the project's, newer than all of them."""
    context = workspace.gallery.context
    with context.database.write() as connection:
        models = [dict(row) for row in connection.execute(select(asset)).mappings() if row["media_type"] == "image"]
        first = max(model["key"] for model in models) + 1
        for start in range(0, count, AT_ONCE):
            rows = [_like(models, first, number) for number in range(start, min(start + AT_ONCE, count))]
            connection.execute(insert(asset), rows)
            tags = [{"tag": tag, "asset_key": row["key"]} for row in rows for tag in row["tags"]]
            connection.execute(insert(asset_tag), tags)
    for number in range(count):
        _link(context.data_dir, models[number % len(models)]["sha256"], _sha256(number))


def _like(models: Sequence[dict[str, Any]], first: int, number: int) -> dict[str, Any]:
    sha256 = _sha256(number)
    moment = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=number)
    own = {"key": first + number, "id": f"a{sha256[:16]}", "sha256": sha256, "created_at": moment}
    return models[number % len(models)] | own | {"path": f"assets/many/{number:06d}.png"}


def _sha256(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def _link(data_dir: Path, present: str, wanted: str) -> None:
    found = find_thumbnail(data_dir, present)
    if found is None:
        return
    place = found.parents[1] / wanted[:2] / (wanted + found.suffix)
    place.parent.mkdir(exist_ok=True)
    os.link(found, place)
