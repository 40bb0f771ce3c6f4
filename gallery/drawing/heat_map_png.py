"""A heat map as pictures: one page, or several of whole rows, each with its headings and the legend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from gallery.drawing.heat_map import STEPS, HeatMap, Panel, Row, short_count, step_names, step_of
from gallery.drawing.lettering import drawable, font, shortened

ROWS_PER_PAGE = 80
"""So many rows are on one page, all panels together: some 2,000 pixels, which a viewer can show whole."""

_MARGIN, _CELL_WIDTH, _CELL_HEIGHT = 24, 38, 24
_NAME_WIDTH, _HEADING, _TITLE, _LEGEND, _PANEL_TITLE, _GROUP = 320, 140, 38, 36, 40, 22
_LEGEND_WIDTH = 800
_GROUND, _INK, _SOFT, _LINE, _EMPTY, _GAP = "#ffffff", "#1b2430", "#5b6675", "#c3cbd6", "#f5f7f9", "#b34700"


@dataclass(frozen=True, slots=True)
class _Part:
    """Some rows of a panel on a page."""

    panel: Panel
    rows: Sequence[Row]
    goes_on: bool

    @property
    def height(self) -> int:
        return _PANEL_TITLE + _GROUP + _HEADING + _CELL_HEIGHT * len(self.rows) + _MARGIN

    @property
    def width(self) -> int:
        return _NAME_WIDTH + _CELL_WIDTH * len(self.panel.columns)


def page_count(heat_map: HeatMap) -> int:
    """How many pages `heat_map_pages` makes: at least one."""
    return max(1, len(_paged(heat_map)))


def heat_map_pages(heat_map: HeatMap) -> Iterator[Image.Image]:
    """The pages, RGB, one at a time."""
    pages = _paged(heat_map) or [[]]
    for number, parts in enumerate(pages, start=1):
        mark = f" ({number} of {len(pages)})" if len(pages) > 1 else ""
        yield _page(heat_map.title, mark, parts)


def _paged(heat_map: HeatMap) -> list[list[_Part]]:
    """Rows are dealt out in order. A panel goes on, on the page that the one before it left unfinished."""
    pages: list[list[_Part]] = []
    room = 0
    for panel in heat_map.panels:
        start = 0
        while start < len(panel.rows):
            if room <= 0:
                pages.append([])
                room = ROWS_PER_PAGE
            rows = panel.rows[start : start + room]
            pages[-1].append(_Part(panel, rows, goes_on=start > 0))
            start += len(rows)
            room -= len(rows)
    return pages


def _page(title: str, mark: str, parts: Sequence[_Part]) -> Image.Image:
    width = max([_LEGEND_WIDTH, *(part.width for part in parts)]) + 2 * _MARGIN
    height = 2 * _MARGIN + _TITLE + _LEGEND + sum(part.height for part in parts)
    page = Image.new("RGB", (width, height), _GROUND)
    pen = ImageDraw.Draw(page)
    room = width - 2 * _MARGIN - font(22).getlength(mark)
    pen.text((_MARGIN, _MARGIN), shortened(drawable(title), font(22), room) + mark, _INK, font(22))
    _draw_legend(pen, _MARGIN + _TITLE)
    top = _MARGIN + _TITLE + _LEGEND
    for part in parts:
        _draw_part(page, pen, part, top)
        top += part.height
    return page


def _draw_legend(pen: ImageDraw.ImageDraw, top: int) -> None:
    middle = top + _CELL_HEIGHT / 2
    left = _MARGIN + 72
    pen.text((_MARGIN, middle), "Pictures", _SOFT, font(14), anchor="lm")
    for name, step in zip(step_names(), STEPS, strict=True):
        pen.rectangle((left, top, left + 55, top + _CELL_HEIGHT - 2), step.colour)
        pen.text((left + 28, middle - 1), name, step.ink, font(14), anchor="mm")
        left += 58
    _draw_cell(pen, (left + 12, top), None, is_gap=False, count=0)
    pen.text((left + 56, middle), "none", _SOFT, font(14), anchor="lm")
    _draw_cell(pen, (left + 104, top), None, is_gap=True, count=0)
    pen.text((left + 148, middle), "gap: an exact answer needs one", _SOFT, font(14), anchor="lm")


def _draw_part(page: Image.Image, pen: ImageDraw.ImageDraw, part: _Part, top: int) -> None:
    title = part.panel.title + (", going on" if part.goes_on else "")
    pen.text((_MARGIN, top + _PANEL_TITLE - 14), title, _INK, font(18), anchor="ls")
    top += _PANEL_TITLE
    _draw_headings(page, pen, part.panel, top)
    top += _GROUP + _HEADING
    for row in part.rows:
        _draw_row(pen, row, top)
        top += _CELL_HEIGHT
    _draw_lines(pen, part, top)


def _draw_headings(page: Image.Image, pen: ImageDraw.ImageDraw, panel: Panel, top: int) -> None:
    left = _MARGIN + _NAME_WIDTH
    for name, span in panel.groups():
        room = span * _CELL_WIDTH - 6
        pen.text((left + 3, top + _GROUP / 2), shortened(drawable(name), font(13), room), _SOFT, font(13), anchor="lm")
        left += span * _CELL_WIDTH
    for number, column in enumerate(panel.columns):
        strip = Image.new("RGB", (_HEADING, _CELL_WIDTH), _GROUND)
        words = shortened(drawable(column.name), font(14), _HEADING - 12)
        ImageDraw.Draw(strip).text((6, _CELL_WIDTH / 2), words, _INK, font(14), anchor="lm")
        place = (_MARGIN + _NAME_WIDTH + number * _CELL_WIDTH, top + _GROUP)
        page.paste(strip.transpose(Image.Transpose.ROTATE_90), place)


def _draw_row(pen: ImageDraw.ImageDraw, row: Row, top: int) -> None:
    middle = top + _CELL_HEIGHT / 2
    name = shortened(drawable(row.name), font(14), _NAME_WIDTH - 12)
    pen.text((_MARGIN, middle), name, _INK, font(14), anchor="lm")
    left = _MARGIN + font(14).getlength(name) + 10
    label = shortened(drawable(row.label), font(13), _MARGIN + _NAME_WIDTH - 8 - left)
    pen.text((left, middle), label, _SOFT, font(13), anchor="lm")
    for place, count in enumerate(row.counts):
        corner = (_MARGIN + _NAME_WIDTH + place * _CELL_WIDTH, top)
        _draw_cell(pen, corner, None if count is None else step_of(count), is_gap=place in row.gaps, count=count)


def _draw_cell(
    pen: ImageDraw.ImageDraw, corner: tuple[int, int], step: int | None, *, is_gap: bool, count: int | None
) -> None:
    """A number on its colour; `·` for none, `!` in a frame for a gap, nothing where there is no question."""
    left, top = corner
    box = (left + 1, top + 1, left + _CELL_WIDTH - 2, top + _CELL_HEIGHT - 2)
    middle = (left + _CELL_WIDTH / 2, top + _CELL_HEIGHT / 2)
    if is_gap:
        pen.rectangle(box, _GROUND, _GAP, width=2)
        pen.text(middle, "!", _GAP, font(16), anchor="mm", stroke_width=0.5)
    elif step is not None:
        pen.rectangle(box, STEPS[step].colour)
        pen.text(middle, short_count(count or 0), STEPS[step].ink, font(13), anchor="mm")
    elif count is not None:
        pen.rectangle(box, _EMPTY)
        pen.text(middle, "·", _SOFT, font(14), anchor="mm")


def _draw_lines(pen: ImageDraw.ImageDraw, part: _Part, bottom: int) -> None:
    """Between groups."""
    left = _MARGIN + _NAME_WIDTH
    top = bottom - _CELL_HEIGHT * len(part.rows) - _HEADING - _GROUP
    for _, span in part.panel.groups():
        pen.line((left - 1, top, left - 1, bottom), _LINE)
        left += span * _CELL_WIDTH
