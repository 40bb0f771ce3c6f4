"""The HTTP face: routers over the services, problem details, events, and the web pages.

The room is reserved: its modules arrive with the HTTP API. It is handed its services and never builds one.
"""
