"""Tables from which no method may estimate, each with its reason."""

from __future__ import annotations

from itertools import combinations

from marfa.domain.message import Message
from marfa.methods.estimation.table import MAX_LISTS, CaptureTable


def refusals(table: CaptureTable) -> list[Message]:
    """Why nothing can be said of the unseen; empty where the table can be used.

    A list whose people are all on another list, or that holds everybody, was not filled on
    its own: the two are one source, and every model would read the nesting as completeness.
    """
    if table.k < 2:
        return [Message("methods.estimation:refused-one-list")]
    if table.k > MAX_LISTS:
        params = {"lists": table.k, "most": MAX_LISTS}
        return [Message("methods.estimation:refused-many-lists", params)]
    if table.observed <= 0:
        return [Message("methods.estimation:refused-nobody")]
    found = [
        Message("methods.estimation:refused-empty-list", {"list": name})
        for name, size in zip(table.lists, table.sizes, strict=True)
        if size <= 0
    ]
    found += _nested(table)
    if not found and table.shared <= 0:
        found.append(Message("methods.estimation:refused-no-overlap"))
    return found


def _nested(table: CaptureTable) -> list[Message]:
    """Lists that are the same as another, inside another, or hold everybody."""
    found: list[Message] = []
    told: set[int] = set()
    for i, j in combinations(range(table.k), 2):
        both = table.overlap(1 << i | 1 << j)
        a, b = table.sizes[i], table.sizes[j]
        if min(a, b) <= 0 or both < min(a, b):
            continue
        told.update((i, j))
        if a == b:
            params = {"first": table.lists[i], "second": table.lists[j]}
            found.append(Message("methods.estimation:refused-duplicate-list", params))
        else:
            inner, outer = (i, j) if a < b else (j, i)
            params = {"inner": table.lists[inner], "outer": table.lists[outer]}
            found.append(Message("methods.estimation:refused-contained-list", params))
    found += [
        Message("methods.estimation:refused-everybody", {"list": name})
        for i, name in enumerate(table.lists)
        if table.sizes[i] >= table.observed and i not in told
    ]
    return found


def cautions(table: CaptureTable) -> list[Message]:
    """What weakens every estimate from this table without forbidding it."""
    found: list[Message] = []
    if table.k == 2:
        found.append(Message("methods.estimation:caution-two-lists"))
    for i, name in enumerate(table.lists):
        alone = table.n[(1 << i) - 1] == table.sizes[i]
        if alone and table.k > 2:
            found.append(Message("methods.estimation:caution-list-alone", {"list": name}))
    if table.shared < 10:
        found.append(Message("methods.estimation:caution-few-shared", count=int(table.shared)))
    return found
