"""How lineage is shown: ancestors and descendants as trees."""

from collections.abc import Iterator

from callsheet.cli import output
from gallery.views import FamilyTree, Relative

STATES = {"unknown": "not in this gallery", "trashed": "in the trash", "missing": "its file is gone"}


def show_family(family: FamilyTree) -> None:
    """Two trees, or a remark where there is nobody."""
    for label, root in (("made from", family.ancestors), ("used for", family.descendants)):
        if root.relatives or root.has_more:
            output.tree(label, _branches(root))
    if not (family.ancestors.relatives or family.descendants.relatives):
        output.note("no ancestors and no descendants are known; `callsheet link` tells them")


def _branches(relative: Relative) -> Iterator[output.Branch]:
    for other in relative.relatives:
        yield _told(other), _branches(other)
    if relative.has_more:
        yield "… more", ()


def _told(relative: Relative) -> str:
    marks = [STATES[relative.state]] if relative.state in STATES else []
    marks += ["shown elsewhere"] if relative.repeated else []
    operation = f"{relative.operation}  " if relative.operation else ""
    return f"{relative.id}  {operation}{relative.path or ''}".rstrip() + (f"  ({', '.join(marks)})" if marks else "")
