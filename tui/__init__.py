"""The terminal face: screens, widgets, messages and commands over the services.

The room is reserved: its modules arrive with the terminal UI. It is handed its services and never builds one.
"""
