"""A page as a test reads it: its elements, without a browser."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

EMPTY = {"img", "input", "link", "meta", "br", "hr", "source", "use", "path"}


class Page(HTMLParser):
    """All elements in order: `(name, attributes, text)`; the text is that of everything inside."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self._open = []
        self.feed(html)

    def handle_starttag(self, name, attributes):
        element = [name, dict(attributes), ""]
        self.elements.append(element)
        if name not in EMPTY:
            self._open.append(element)

    def handle_startendtag(self, name, attributes):
        self.elements.append([name, dict(attributes), ""])

    def handle_endtag(self, name):
        if name in [element[0] for element in self._open]:
            while self._open.pop()[0] != name:
                pass

    def handle_data(self, text):
        for element in self._open:
            element[2] += text

    def all(self, kind, /, **wanted):
        """The elements of a kind with these attributes (`_` for `-`, `class_` for one of the classes)."""
        found = []
        for name, attributes, text in self.elements:
            classes = (attributes.get("class") or "").split()
            fits = all(
                value in classes if key == "class_" else attributes.get(key.replace("_", "-")) == value
                for key, value in wanted.items()
            )
            if name == kind and fits:
                found.append((attributes, " ".join(text.split())))
        return found

    def texts(self, kind, /, **wanted):
        """Their texts."""
        return [text for _, text in self.all(kind, **wanted)]

    def link(self, text):
        """Where the first link of this text leads."""
        return next(attributes["href"] for attributes, found in self.all("a") if text in found)


def said(href):
    """What an address says: name → values."""
    return parse_qs(urlsplit(href).query)
