"""What holds for every request, whatever it asks for: plain ASGI around the routes, outermost first in `api.app`."""
