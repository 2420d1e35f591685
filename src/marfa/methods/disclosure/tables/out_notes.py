"""Sentences that go with every publication of a table."""

from __future__ import annotations

from marfa.domain.catalogue import render_message
from marfa.domain.message import Message
from marfa.methods.disclosure.tables.dimension import ROOT, Dimension
from marfa.methods.disclosure.tables.protected_table import ProtectedTable


def node_label(dimension: Dimension, node: int, language: str) -> str:
    """A node's name for a reader."""
    name = dimension.labels[node]
    if node == ROOT:
        return render_message(Message("methods.disclosure.tables:total"), language)
    if name is None:
        return render_message(Message("methods.disclosure.tables:not-reported"), language)
    return name


def table_notes(table: ProtectedTable, language: str) -> list[str]:
    """Population, period, protection, completeness, and the query's id."""
    raw = table.about.get("query")
    query = raw if isinstance(raw, dict) else {}
    cover = table.about.get("coverage")
    cover = cover if isinstance(cover, dict) else {}
    found: list[Message] = []
    for key in ("population", "period"):
        if query.get(key):
            found.append(Message(f"methods.disclosure.tables:note-{key}", {key: query[key]}))
    for key, value in dict(table.about.get("publication", {})).items():
        found.append(Message(f"methods.disclosure.tables:note-{key}", {"text": value}))
    if table.base is not None:
        found.append(Message("methods.disclosure.tables:note-rounded", {"base": table.base}))
    else:
        found.append(
            Message("methods.disclosure.tables:note-suppressed", {"limit": table.min_cell - 1})
        )
    if table.about.get("zeros_withheld"):
        found.append(Message("methods.disclosure.tables:note-zeros-withheld"))
    if sums := table.about.get("amounts"):
        rules = {"column": sums["column"], "percent": sums["p_percent"]}
        found.append(Message("methods.disclosure.tables:note-sums", rules))
    if cover.get("records") is not None:
        found.append(Message("methods.disclosure.tables:note-records", count=int(cover["records"])))
    if cover.get("completeness") is not None:
        share = round(100 * float(cover["completeness"]))
        found.append(Message("methods.disclosure.tables:note-complete", {"percent": share}))
    found.append(Message("methods.disclosure.tables:note-missing"))
    found += release_notes(table)
    if query.get("source"):
        digest = str(query["source"])[:16]
        found.append(Message("methods.disclosure.tables:note-source", {"digest": digest}))
    found.append(
        Message("methods.disclosure.tables:note-query", {"id": str(table.about.get("query_id"))})
    )
    return [render_message(message, language) for message in found]


def release_notes(table: ProtectedTable) -> list[Message]:
    """What a table lost beside others: joined values, and people who are counted later."""
    found: list[Message] = []
    if full := table.about.get("full_cells"):
        found.append(Message("methods.disclosure.releases:note-full", count=len(full)))
    if zeros := table.about.get("zero_cells"):
        found.append(Message("methods.disclosure.releases:note-zeros", count=int(zeros)))
    for column, merges in dict(table.about.get("coarser", {})).items():
        for parts in merges.values():
            names = ", ".join("_U" if part is None else str(part) for part in parts)
            found.append(
                Message("methods.disclosure.releases:note-coarser", {"column": column, "of": names})
            )
    if late := table.about.get("delayed"):
        dates = sorted({str(entry["as_of"]) for entry in late})
        found.append(
            Message(
                "methods.disclosure.releases:note-delayed", {"as_of": ", ".join(dates)}, len(late)
            )
        )
    return found
