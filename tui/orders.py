"""The orders that Browse offers, and putting one into a filter in the place of another."""

import re

ORDERS = (
    ("Newest first", ""),
    ("Oldest first", "sort:created"),
    ("Added last first", "sort:-added"),
    ("Best rated first", "sort:-rating"),
    ("By path", "sort:path"),
    ("Largest first", "sort:-pixels"),
    ("Largest file first", "sort:-size"),
)
"""A title, and the term of the query language."""

_TERMS = re.compile(r'("[^"]*"?)|(?<!\S)sort:\S+')


def with_order(query: str, term: str) -> str:
    """The filter with this order and no other. What stands between quotes stays as it is."""
    bare = _TERMS.sub(lambda found: found[1] or "", query)
    kept = " ".join(bare.split()) if '"' not in bare else bare.strip()
    return f"{kept} {term}".strip()
