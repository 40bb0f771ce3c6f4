"""One confidence from what several sources say of a tag (decision 20)."""

from collections.abc import Mapping

from gallery.suggestions.values import SourceName

INDEPENDENT: tuple[frozenset[SourceName], ...] = (
    frozenset({"path"}),
    frozenset({"prompt"}),
    frozenset({"together", "similar", "folder"}),
)
"""Sources of one set draw on the same thing, so the best of them counts; the sets confirm each other."""

MOST = 0.99
"""Nothing but a person is sure."""


def merged(confidences: Mapping[SourceName, float]) -> float:
    """The chance that not every set of sources errs (noisy-or over the best of each set), at most `MOST`.

    Never below the most confident source but for that bound, and never falling when a source gains.
    """
    doubt = 1.0
    for sources in INDEPENDENT:
        doubt *= 1.0 - max((confidences[name] for name in sources if name in confidences), default=0.0)
    return min(MOST, 1.0 - doubt)
