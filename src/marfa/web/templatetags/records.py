"""The page of a record: what must not be overlooked stays in view, sections lie beside an index,
and a section that holds nothing yet is a line.

{% record facts %}
  {% notice ... %}
  {% section "papers" _("Papers") of=papers none=_("None were shown.") %}...{% endsection %}
{% endrecord %}
"""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()
SECTIONS = "record_sections"


@dataclass(frozen=True)
class Entry:
    """A line of the index. count: of what the section holds, where it is said."""

    name: str
    label: object
    count: int | None


class Record(template.Node):
    """The summary and the index beside what the page shows."""

    def __init__(self, facts: FilterExpression, nodes: NodeList):
        self.facts, self.nodes = facts, nodes

    def render(self, context: Context) -> SafeString:
        index: list[Entry] = []
        with context.push(**{SECTIONS: index}):
            content = self.nodes.render(context)
        facts = list(self.facts.resolve(context) or ())
        return _part(
            context,
            "record",
            content=content,
            index=index,
            facts=[fact for fact in facts if not fact.long],
            told=[fact for fact in facts if fact.long],
        )


class Section(template.Node):
    """One section. ``of`` is what it holds; where that is empty it is folded to ``none``."""

    def __init__(
        self,
        name: FilterExpression,
        label: FilterExpression,
        given: dict[str, FilterExpression],
        nodes: NodeList,
    ):
        self.name, self.label, self.given, self.nodes = name, label, given, nodes

    def render(self, context: Context) -> SafeString:
        given = {key: each.resolve(context) for key, each in self.given.items()}
        name, label, of = self.name.resolve(context), self.label.resolve(context), given.get("of")
        count = len(of) if isinstance(of, Sized) and not isinstance(of, str) else None
        index: Any = context.get(SECTIONS)
        if index is not None:
            index.append(Entry(name, label, count or None))
        none = "" if of else given.get("none", "")
        content = self.nodes.render(context)
        keep = bool(given.get("keep"))
        return _part(
            context, "section", name=name, label=label, none=none, content=content, keep=keep
        )


def _part(context: Context, which: str, **given: object) -> SafeString:
    found = context.template.engine.get_template(f"components/{which}.html")  # type: ignore[union-attr]
    with context.push(**given):
        return found.render(context)


@register.tag
def record(parser: Parser, token: Token) -> Record:
    """``{% record facts %}`` to ``{% endrecord %}``. facts: of ``record_page.summary_of``."""
    _name, *parts = token.split_contents()
    if len(parts) != 1:
        raise template.TemplateSyntaxError("record takes the facts of a summary")
    nodes = parser.parse(("endrecord",))
    parser.delete_first_token()
    return Record(parser.compile_filter(parts[0]), nodes)


@register.tag
def section(parser: Parser, token: Token) -> Section:
    """``{% section name label of=rows none=sentence %}`` to ``{% endsection %}``. keep=True: it is
    what somebody opens the page for, and not folded on a phone either."""
    _name, *parts = token.split_contents()
    given = token_kwargs(parts[2:], parser)
    if len(parts) < 2 or set(given) - {"of", "none", "keep"}:
        raise template.TemplateSyntaxError(
            "section takes a name and a label, and of=, none= and keep="
        )
    nodes = parser.parse(("endsection",))
    parser.delete_first_token()
    name, label = (parser.compile_filter(part) for part in parts[:2])
    return Section(name, label, given, nodes)
