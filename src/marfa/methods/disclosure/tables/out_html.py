"""A page that stands alone: charts in SVG drawn from the protected table, each with its table."""

from __future__ import annotations

from html import escape
from pathlib import Path

from marfa.domain.catalogue import RIGHT_TO_LEFT, render_message
from marfa.domain.message import Message
from marfa.methods.disclosure.tables.dimension import ROOT, Dimension
from marfa.methods.disclosure.tables.out_notes import node_label, table_notes
from marfa.methods.disclosure.tables.out_rows import (
    TOTAL,
    UNKNOWN,
    columns_beside,
    public_rows,
    replace_file,
)
from marfa.methods.disclosure.tables.protected_table import (
    PUBLISHED,
    ROUNDED,
    SUPPRESSED,
    WITHHELD,
    ProtectedTable,
)

STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 "Noto Sans", "Noto Sans Arabic", sans-serif; }
body { margin-inline: auto; padding: 1rem; max-inline-size: 60rem; }
table { border-collapse: collapse; margin-block: 1rem; }
th, td { border: 1px solid currentColor; padding: .25rem .5rem; text-align: start; }
td.n { text-align: end; font-variant-numeric: tabular-nums; }
svg { max-inline-size: 100%; block-size: auto; } svg text { fill: currentColor; font-size: 14px; }
svg rect { fill: #2563a8; } svg .withheld { fill: none; stroke: currentColor; }
thead { display: table-header-group; } tr, svg { break-inside: avoid; }
@media print { :root { color-scheme: light; } body { padding: 0; max-inline-size: none; }
  svg rect { print-color-adjust: exact; } }
"""
ROW, LEFT, WIDTH = 26, 220, 700
MAX_ROWS = 20_000
HEADS = ("head-count", "head-status")
PUBLIC = (PUBLISHED, ROUNDED)


def write_html(table: ProtectedTable, path: Path, language: str = "en") -> None:
    """Write the page in a language; nothing in it is fetched from anywhere."""
    title = render_message(Message("methods.disclosure.tables:page-title"), language)
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    parts = [
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>",
        f"<h1>{escape(title)}</h1><ul>",
        *(f"<li>{escape(note)}</li>" for note in table_notes(table, language)),
        "</ul>",
    ]
    for axis in range(len(table.dimensions)):
        parts += _margin(table, axis, language)
    parts += _all(table, language)
    parts.append("</main></body></html>")
    with replace_file(path) as temporary:
        temporary.write_text("\n".join(parts), encoding="utf-8")


def _margin(table: ProtectedTable, axis: int, language: str) -> list[str]:
    dimension = table.dimensions[axis]
    others = [place for place in range(len(table.dimensions)) if place != axis]
    alone = (table.nodes[:, others] == ROOT).all(axis=1)
    counts = dict(zip(table.nodes[alone, axis].tolist(), table.counts[alone].tolist(), strict=True))
    name = escape(dimension.name)
    parts = [f"<section><h2><bdi>{name}</bdi></h2>"]
    for nodes in _levels(dimension):
        rows = [(node_label(dimension, node, language), counts.get(node, 0)) for node in nodes]
        parts += _level(rows, name, language)
    return [*parts, "</section>"]


def _levels(dimension: Dimension) -> list[list[int]]:
    """Nodes of a dimension, wide groups before narrow ones: parts and their sum share no chart."""
    found: dict[int, list[int]] = {}
    for node in range(1, len(dimension.labels)):
        found.setdefault(len(dimension.chains[node]), []).append(node)
    return [found[depth] for depth in sorted(found)]


def _level(rows: list[tuple[str, int]], name: str, language: str) -> list[str]:
    hidden = render_message(Message("methods.disclosure.tables:withheld"), language)
    body = "".join(
        f"<tr><th scope=row><bdi>{escape(text)}</bdi></th>"
        f"<td class=n>{escape(hidden) if count == WITHHELD else count}</td></tr>"
        for text, count in rows
    )
    return [
        _bars(rows, name, hidden),
        f"<table><caption><bdi>{name}</bdi></caption>{body}</table>",
    ]


def _bars(rows: list[tuple[str, int]], name: str, hidden: str) -> str:
    top = max([count for _text, count in rows] + [1])
    height = ROW * len(rows) + 4
    bars: list[str] = []
    for place, (text, count) in enumerate(rows):
        y = ROW * place + 4
        bars.append(
            f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end" direction="ltr">'
            f"{escape(text[:30])}</text>"
        )
        if count == WITHHELD:
            bars.append(f'<rect class="withheld" x="{LEFT}" y="{y}" width="6" height="18"/>')
            bars.append(f'<text x="{LEFT + 14}" y="{y + 15}">{escape(hidden)}</text>')
            continue
        width = round((WIDTH - LEFT - 90) * count / top, 1)
        bars.append(f'<rect x="{LEFT}" y="{y}" width="{width}" height="18"/>')
        bars.append(f'<text x="{LEFT + width + 6}" y="{y + 15}">{count}</text>')
    return (
        f'<svg role="img" aria-label="{name}" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" direction="ltr">{"".join(bars)}</svg>'
    )


def _all(table: ProtectedTable, language: str) -> list[str]:
    title = render_message(Message("methods.disclosure.tables:sheet-all"), language)
    more, beside = columns_beside(table)
    heads = [*(d.name for d in table.dimensions), *(_word(h, language) for h in HEADS), *more]
    words = {status: _word(f"status-{status}", language) for status in (*PUBLIC, SUPPRESSED)}
    codes = {TOTAL: _word("total", language), UNKNOWN: _word("not-reported", language)}
    lines = [f"<section><h2>{escape(title)}</h2><table id=all><thead><tr>"]
    lines += [f"<th scope=col><bdi>{escape(head)}</bdi></th>" for head in heads]
    lines.append("</tr></thead><tbody>")
    nodes = table.nodes.tolist()
    for place, (values, count, status) in enumerate(public_rows(table)):
        if place >= MAX_ROWS:
            lines.append("<tr><td>...</td></tr>")
            break
        cells = "".join(
            f"<td><bdi>{escape(codes.get(value, value))}</bdi></td>" for value in values
        )
        shown = "" if count is None else count
        others = "".join(
            f"<td class=n>{value}</td>"
            for value in beside.get(tuple(nodes[place]), [""] * len(more))
        )
        lines.append(
            f"<tr>{cells}<td class=n>{shown}</td><td>{escape(words[status])}</td>{others}</tr>"
        )
    lines.append("</tbody></table></section>")
    return lines


def _word(key: str, language: str) -> str:
    return render_message(Message(f"methods.disclosure.tables:{key}"), language)
