"""The list of a ``ListPage``: its columns are written in any order, and shown as the list says.

{% list found %}
  {% column "person" %}<a href="{% url 'people:person' row.reference %}">...</a>{% endcolumn %}
  {% column "opened" %}{{ row.opened_at|instant }}{% endcolumn %}
{% empty %}{% empty_state _("Nothing yet") %}...{% endempty_state %}
{% endlist %}
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, TextNode, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from marfa.web.templatetags.tables import HEADINGS, Cell, Row

register = template.Library()


class Column(template.Node):
    """What a cell of one column holds. ``row`` is the row."""

    def __init__(self, name: str, nodes: NodeList):
        self.name, self.nodes = name, nodes

    def render(self, context: Context) -> SafeString:
        return self.nodes.render(context)


class List(template.Node):
    """What narrows a list, its table, its pages, and what can be done with what is chosen in it."""

    def __init__(self, found: FilterExpression, columns: dict[str, Column], empty: NodeList):
        self.found, self.columns, self.empty = found, columns, empty

    def render(self, context: Context) -> SafeString:
        found = self.found.resolve(context)
        engine = context.template.engine  # type: ignore[union-attr]
        with context.push(list=found, **{HEADINGS: self._headings(found)}):
            rows = [self._row(context, found, row) for row in found.page.object_list]
            empty = "" if rows or found.narrows else self.empty.render(context)
            with context.push(rows=mark_safe("".join(rows)), empty=empty):  # noqa: S308 - rendered above
                return engine.get_template("components/list.html").render(context)

    def _headings(self, found: Any) -> list[object]:
        chosen = [found.choose_label] if found.actions else []
        return [*chosen, *(column.label for column in found.columns)]

    def _row(self, context: Context, found: Any, row: Any) -> SafeString:
        with context.push(row=row):
            held = [(column, self.columns[column.name].render(context)) for column in found.columns]
        # What holds nothing is left out where a phone shows cards.
        cells = [
            Cell(NodeList([TextNode(text)]), column.kind if text.strip() else "nothing")
            for column, text in held
        ]
        if found.actions:
            tick = context.template.engine.get_template("components/list_tick.html")  # type: ignore[union-attr]
            cells.insert(0, Cell(NodeList([_Part(tick)]), "plain"))
        with context.push(row=row, called=found.called(row) if found.actions else ""):
            return Row(NodeList(cells)).render(context)


class _Part(template.Node):
    def __init__(self, part: Any):
        self.part = part

    def render(self, context: Context) -> SafeString:
        found: SafeString = self.part.render(context)
        return found


@register.tag("list")
def list_(parser: Parser, token: Token) -> List:
    """``{% list found %}`` to ``{% endlist %}``: columns, then ``{% empty %}`` if there is one."""
    _name, *parts = token.split_contents()
    if len(parts) != 1:
        raise template.TemplateSyntaxError("list takes what a ListPage gives")
    nodes, empty = parser.parse(("empty", "endlist")), NodeList()
    if parser.next_token().contents == "empty":
        empty = parser.parse(("endlist",))
        parser.delete_first_token()
    columns = {node.name: node for node in nodes if isinstance(node, Column)}
    return List(parser.compile_filter(parts[0]), columns, empty)


@register.tag
def column(parser: Parser, token: Token) -> Column:
    """``{% column "name" %}`` to ``{% endcolumn %}``."""
    _name, *parts = token.split_contents()
    if len(parts) != 1:
        raise template.TemplateSyntaxError("column takes the name of a column")
    nodes = parser.parse(("endcolumn",))
    parser.delete_first_token()
    return Column(parts[0].strip("\"'"), nodes)


@register.inclusion_tag("components/pagination.html")
def list_pages(found: Any) -> dict[str, Any]:
    """Links to the pages of a list, as it is narrowed and sorted."""
    paginator = found.page.paginator
    numbers = paginator.get_elided_page_range(found.page.number, on_each_side=1, on_ends=1)
    gap = paginator.ELLIPSIS
    return {"page": found.page, "numbers": list(numbers), "address": found.address, "gap": gap}
