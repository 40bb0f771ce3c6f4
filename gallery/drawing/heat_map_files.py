"""Writing heat maps as files."""

from pathlib import Path

from gallery.drawing.files import checked_suffix, page_files, written_whole
from gallery.drawing.heat_map import HeatMap
from gallery.drawing.heat_map_html import heat_map_html
from gallery.drawing.heat_map_png import heat_map_pages, page_count
from gallery.store.targets import refuse_targets


def write_heat_map(
    heat_map: HeatMap, *, png: Path | None = None, html: Path | None = None, force: bool = False, dry_run: bool = False
) -> list[Path]:
    """Draw the map into a PNG file (`FILE-1.png`, … when it takes several pages), an HTML file, or both.

    Answers the files, in order. Nothing is written unless all can be: raises InvalidInputError for another suffix,
    ConflictError for a file that exists unless `force`, and CallsheetError (`storage`).
    """
    pages: list[Path] = []
    if png is not None:
        checked_suffix(png, (".png",))
        pages = page_files(png, page_count(heat_map))
    if html is not None:
        checked_suffix(html, (".html", ".htm"))
    files = [*pages, *([html] if html is not None else [])]
    refuse_targets(files, force=force)
    if dry_run:
        return files
    for path, picture in zip(pages, heat_map_pages(heat_map) if pages else (), strict=True):
        with written_whole(path) as draft:
            picture.save(draft, "PNG", optimize=True)
    if html is not None:
        with written_whole(html) as draft:
            draft.write_text(heat_map_html(heat_map), encoding="utf-8", newline="\n")
    return files
