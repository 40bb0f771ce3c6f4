"""Which models there are, what they can do and what they cost: data with sources and dates, never code.

`models.toml` ships; a project's `models.toml` and `[models]` of its settings change single entries. `model` has the
values, `choosing` finds the model behind a name, `pricing` estimates a call, `loading` reads the files.
"""
