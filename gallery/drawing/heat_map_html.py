"""A heat map as one HTML file: nothing is fetched, nothing is run, every text is escaped."""

from collections.abc import Iterator
from html import escape

from gallery.drawing.heat_map import STEPS, HeatMap, Panel, Row, step_names, step_of
from ontology.escaping import visible

_STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --ink: #1b2430; --soft: #5b6675; --line: #d5dbe3; --gap: #b34700; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14181f; --ink: #e6eaf0; --soft: #9aa5b4; --line: #333c49; --gap: #ff9a52; }
}
body { margin: 1.5rem; background: var(--ground); color: var(--ink); font: 14px/1.4 system-ui, sans-serif; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.scroll { overflow: auto; max-height: 90vh; max-width: 100%; }
table { border-collapse: separate; border-spacing: 0; }
th, td { border: 1px solid var(--line); border-width: 0 1px 1px 0; padding: .15rem .4rem; }
th { background: var(--ground); font-weight: 500; }
thead th { position: sticky; z-index: 2; }
thead tr:first-child th { top: 0; } thead tr:last-child th { top: 1.7rem; vertical-align: bottom; }
thead tr:first-child th { height: 1.3rem; white-space: nowrap; text-align: left; color: var(--soft); }
thead tr:last-child span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 11rem; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; text-align: left; }
tbody th { position: sticky; left: 0; z-index: 1; text-align: left; white-space: nowrap; }
tbody th div { max-width: 22rem; overflow: hidden; text-overflow: ellipsis; }
tbody th small { color: var(--soft); margin-left: .6em; }
thead th.corner { left: 0; z-index: 3; }
td { min-width: 1.6rem; text-align: center; font-variant-numeric: tabular-nums; color: var(--soft); }
td.gap { outline: 2px solid var(--gap); outline-offset: -3px; color: var(--gap); font-weight: 700; }
.legend span { display: inline-block; min-width: 2rem; padding: .1rem .4rem; text-align: center; }
.legend .gap { border: 2px solid var(--gap); color: var(--gap); font-weight: 700; }
"""


def heat_map_html(heat_map: HeatMap) -> str:
    """The whole page. Rows keep their order; dark or light as the reader's system is."""
    return "\n".join(_page(heat_map)) + "\n"


def _page(heat_map: HeatMap) -> Iterator[str]:
    steps = "\n".join(
        f".s{number} {{ background: {step.colour}; color: {step.ink}; }}" for number, step in enumerate(STEPS)
    )
    yield "<!doctype html>"
    yield '<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(heat_map.title)}</title>\n<style>{_STYLE}{steps}\n</style>\n</head>\n<body>"
    yield f"<h1>{_text(heat_map.title)}</h1>"
    yield from _legend()
    for panel in heat_map.panels:
        yield from _panel(panel)
    yield "</body>\n</html>"


def _legend() -> Iterator[str]:
    boxes = "".join(f'<span class="s{number}">{name}</span>' for number, name in enumerate(step_names()))
    yield (
        f'<p class="legend">Pictures: <span>·</span> none {boxes} '
        '<span class="gap">!</span> gap: an exact answer needs one</p>'
    )


def _panel(panel: Panel) -> Iterator[str]:
    yield f'<h2>{_text(panel.title)}</h2>\n<div class="scroll">\n<table>\n<thead>'
    groups = "".join(f'<th scope="colgroup" colspan="{span}">{_text(name)}</th>' for name, span in panel.groups())
    yield f'<tr><th class="corner"></th>{groups}</tr>'
    names = "".join(
        f'<th scope="col" title="{_text(column.name)}"><span>{_text(column.name)}</span></th>'
        for column in panel.columns
    )
    yield f'<tr><th class="corner"></th>{names}</tr>\n</thead>\n<tbody>'
    for row in panel.rows:
        yield f"<tr>{_head(row)}{''.join(_cells(panel, row))}</tr>"
    yield "</tbody>\n</table>\n</div>"


def _head(row: Row) -> str:
    label = f"<small>{_text(row.label)}</small>" if row.label and row.label != row.name else ""
    whole = _text(f"{row.name} {row.label}".strip())
    return f'<th scope="row" title="{whole}"><div>{_text(row.name)}{label}</div></th>'


def _cells(panel: Panel, row: Row) -> Iterator[str]:
    for place, count in enumerate(row.counts):
        column = panel.columns[place]
        where = _text(f"{row.name}, {column.group}, {column.name}")
        step = None if count is None else step_of(count)
        if place in row.gaps:
            yield f'<td class="gap" title="gap: {where}">!</td>'
        elif count is None:
            yield "<td></td>"
        elif step is None:
            yield "<td>·</td>"
        else:
            yield f'<td class="s{step}" title="{where}: {count}">{count}</td>'


def _text(foreign: str) -> str:
    return escape(visible(foreign), quote=True)
