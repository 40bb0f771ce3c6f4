"""The pages that there are: modules with `router(context)`, as in `api/routes/`."""

from typing import Final

from api.web import gallery_page, login_page, statics

PAGES: Final = (gallery_page, login_page, statics)
