"""The project as a server: what the HTTP face is handed."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from api.context import ApiContext, TokenCheck, asset_url
from callsheet import __version__
from callsheet.project import find_project
from callsheet.settings import load_settings
from callsheet.workspace import Workspace

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def open_for_serving(path: Path, flags: Mapping[str, Any] | None = None) -> Workspace:
    """The project that a folder lies in, with URLs of assets as this server has them. Raises as `Workspace.open`."""
    project = find_project(path)
    loaded = load_settings(project, flags)
    return Workspace(project, loaded, asset_url=partial(asset_url, loaded.values.serve.public_url))


def build_api_context(ws: Workspace, *, tokens: TokenCheck | None = None) -> ApiContext:
    """What the HTTP face works with. `tokens` None: whoever reaches it may do everything."""
    serve = ws.settings.serve
    own = {serve.host.lower()} - {"0.0.0.0", "::", ""}  # noqa: S104  # these stand for every address, and name none
    return ApiContext(
        services=ws,
        uploads=ws.project.assets_dir / "uploads",
        version=__version__,
        hosts=LOOPBACK | own | {name.lower() for name in serve.hosts},
        origins=serve.origins,
        tokens=tokens,
        public_url=serve.public_url,
    )
