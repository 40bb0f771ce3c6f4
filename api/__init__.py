"""The HTTP face: routes over the services, problem details, events. `api.app.create_app(context)` makes the program.

This room parses, calls one service and shows what it answered; it reads no settings and builds nothing that it serves.
Routers stand in `api/routes/`, what holds for every request in `api/edge/`, the web pages in `api/web/`.
"""
