"""The web pages: templates, styles and scripts over the same services as the API; `docs/web.md` says how to add one.

A page is HTML that the server wrote; what it changes it changes through `/v1`, like every other caller.
"""
