"""Tables whose headings are named once and come back on each cell where a phone shows cards.

{% table _("Sites") _("Site") _("Time zone") %}
  {% row %}{% cell "head" %}...{% endcell %}{% cell %}...{% endcell %}{% endrow %}
{% endtable %}
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
HEADINGS = "table_headings"
LEFT = "table_headings_left"


class Table(template.Node):
    """A caption and headings around rows."""

    def __init__(
        self,
        nodes: NodeList,
        caption: FilterExpression,
        headings: list[FilterExpression],
        titled: bool = False,
    ):
        self.nodes, self.caption, self.headings = nodes, caption, headings
        self.titled = titled

    def render(self, context: Context) -> SafeString:
        headings = [each.resolve(context) for each in self.headings]
        with context.push(**{HEADINGS: headings}):
            rows = self.nodes.render(context)
        found = context.template.engine.get_template("components/table.html")  # type: ignore[union-attr]
        caption = self.caption.resolve(context)
        with context.push(caption=caption, headings=headings, rows=rows, titled=self.titled):
            return found.render(context)


class Row(template.Node):
    """One row; its cells take the headings in their order."""

    def __init__(self, nodes: NodeList):
        self.nodes = nodes

    def render(self, context: Context) -> SafeString:
        with context.push(**{LEFT: iter(context.get(HEADINGS) or ())}):
            return format_html('<tr role="row">{}</tr>', self.nodes.render(context))


class Cell(template.Node):
    """One cell; "head" makes it the heading of its row, "number" sets it as a number.

    "nothing" leaves it out where a phone shows cards; "plain" has no label there: it says by itself
    what it is.
    """

    def __init__(self, nodes: NodeList, kind: str):
        self.nodes, self.kind = nodes, kind

    def render(self, context: Context) -> SafeString:
        label = next(context.get(LEFT) or iter(()), "")
        content = mark_safe(self.nodes.render(context).strip())  # noqa: S308 - rendered above
        if self.kind == "head":
            form = '<th scope="row" role="rowheader" data-label="{}"><div>{}</div></th>'
        elif self.kind == "number":
            form = '<td role="cell" class="number" data-label="{}"><div>{}</div></td>'
        elif self.kind == "plain":
            form = '<td role="cell" class="plain" data-label="{}"><div>{}</div></td>'
        elif self.kind == "nothing":
            form = '<td role="cell" class="nothing" data-label="{}"><div>{}</div></td>'
        else:
            form = '<td role="cell" data-label="{}"><div>{}</div></td>'
        return format_html(form, label, content)


@register.tag
@register.tag("titled_table")
def table(parser: Parser, token: Token) -> Table:
    """``{% table caption heading heading ... %}`` to ``{% endtable %}``.

    ``titled_table`` where the heading above says what the caption would: it is read aloud alone.
    """
    name, *parts = token.split_contents()
    if len(parts) < 2:
        raise template.TemplateSyntaxError("table takes a caption and its headings")
    caption, *headings = [parser.compile_filter(part) for part in parts]
    return Table(_until(parser, f"end{name}"), caption, headings, name == "titled_table")


@register.tag
def row(parser: Parser, token: Token) -> Row:
    """``{% row %}`` to ``{% endrow %}``."""
    return Row(_until(parser, "endrow"))


@register.tag
def cell(parser: Parser, token: Token) -> Cell:
    """``{% cell %}``, ``{% cell "head" %}`` ("number", "nothing") to ``{% endcell %}``."""
    kind = next(iter(token.split_contents()[1:]), "").strip("\"'")
    if kind not in ("", "head", "number", "nothing"):
        raise template.TemplateSyntaxError("a cell is plain, head, number or nothing")
    return Cell(_until(parser, "endcell"), kind)


def _until(parser: Parser, end: str) -> Any:
    nodes = parser.parse((end,))
    parser.delete_first_token()
    return nodes
