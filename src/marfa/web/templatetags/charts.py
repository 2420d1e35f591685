"""Charts with their data table beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import template

from marfa.web.charts import WIDTH, build_bars

register = template.Library()


@register.inclusion_tag("components/chart.html")
def bar_chart(
    title: object, rows: Iterable[Sequence[object]], *, unit: object = "", note: object = ""
) -> dict[str, Any]:
    """Bars from zero, with intervals where rows have them, and the figures as a table.

    rows: (label, value) or (label, value, low, high). note: coverage, time and method.
    """
    made = build_bars(rows)
    interval = any(bar.high is not None for bar in made)
    return {
        "title": title,
        "bars": made,
        "unit": unit,
        "note": note,
        "interval": interval,
        "width": WIDTH,
    }
