"""The terminal face: screens, widgets, messages and commands over the services of an open project.

Widgets post messages, screens decide, services do. The room is handed a `TuiContext` and never builds one. Importing
it loads nothing heavy: Textual comes with `tui.app`.
"""
