"""The pages that there are: modules with `router(context)`, as in `api/routes/`."""

from typing import Final

from api.web import asset_page, coverage_page, gallery_page, login_page, resolve_page, statics

PAGES: Final = (gallery_page, asset_page, login_page, resolve_page, coverage_page, statics)
