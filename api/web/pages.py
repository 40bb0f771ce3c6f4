"""The pages that there are: modules with `router(context)`, as in `api/routes/`."""

from typing import Final

from api.web import (
    asset_page,
    coverage_page,
    doctor_page,
    gallery_page,
    history_page,
    login_page,
    ontology_page,
    queue_page,
    resolve_page,
    settings_page,
    statics,
    trash_page,
)

PAGES: Final = (
    *(gallery_page, asset_page, resolve_page, queue_page, coverage_page, ontology_page, history_page, trash_page),
    *(doctor_page, settings_page, login_page, statics),
)
