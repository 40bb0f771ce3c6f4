"""The front door: the `Workspace` library, settings, wiring, the command line, migrations and the demo project's data.

This room alone reads settings and builds things; every other room is handed what it needs.
"""
