"""Which transactions can belong to a pattern at all: the same plan on DuckDB and on Spark.

Each function takes a table of transactions (``id``, ``src``, ``dst``, ``ts``, ``amount``) and
gives the ids that a kind of pattern may need. What it leaves out cannot be in any finding of that
kind and changes none: of a busy account everything is kept, since its habit counts. Written in
Ibis with operations alone that mean the same on both engines (``tests/contracts/test_spark.py``
holds them to a list): no window functions, no distinct within windows, no as-of joins, no hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from marfa.methods.flows.ledger import FRACTION
from marfa.methods.flows.legs import SMALLEST_KEPT
from marfa.methods.flows.patterns import Parameters

Table = Any
"""An Ibis table expression; Ibis is an extra and has no types here."""

LIKE = (59, 170)
"""Hundredths within which sums lie that are within two quarter octaves, and a little more."""


def busy_receivers(t: Table, chosen: Parameters) -> Table:
    """Everything that comes into accounts with enough payers in two neighbouring spans."""
    return _of_busy(t, "dst", "src", chosen.fan_window, chosen.fan_least)


def busy_payers(t: Table, chosen: Parameters) -> Table:
    """Everything that leaves accounts with enough payees in two neighbouring spans."""
    return _of_busy(t, "src", "dst", chosen.fan_window, chosen.fan_least)


def gathering(t: Table, chosen: Parameters) -> Table:
    """What busy receivers get and what busy payers pay."""
    return _together([busy_receivers(t, chosen), busy_payers(t, chosen)])


def repeated_below_limit(t: Table, chosen: Parameters) -> Table:
    """Sums just below the limit between two accounts with enough of them."""
    limit = chosen.structuring_limit * FRACTION
    near = t.filter((t.amount * 5 >= limit * 4) & (t.amount < limit))
    pairs = near.group_by(["src", "dst"]).agg(number=near.id.nunique())
    enough = pairs.filter(pairs.number >= chosen.structuring_least)
    return near.semi_join(enough, ["src", "dst"]).select("id")


def funnelling(t: Table, chosen: Parameters) -> Table:
    """Everything that comes into and leaves accounts which many pay and which pay."""
    into = _busy(t, "dst", "src", chosen.funnel_window, chosen.funnel_least)
    payers = t.select(account="src").distinct()
    both = into.semi_join(payers, "account")
    return _together(
        [
            t.semi_join(both, t.dst == both.account).select("id"),
            t.semi_join(both, t.src == both.account).select("id"),
        ]
    )


def passing_on(t: Table, chosen: Parameters) -> Table:
    """Legs of the same three accounts, where there are enough."""
    legs = _legs(t, chosen.pass_hold)
    groups = legs.group_by(["a", "b", "c"]).agg(number=legs.first.nunique())
    enough = groups.filter(groups.number >= chosen.pass_least)
    return _ends(legs.semi_join(enough, ["a", "b", "c"]))


def scattering(t: Table, chosen: Parameters) -> Table:
    """Legs between the same two accounts, where there are enough middles."""
    legs = _legs(t, chosen.scatter_window)
    groups = legs.group_by(["a", "c"]).agg(number=legs.b.nunique())
    enough = groups.filter(groups.number >= chosen.scatter_least)
    return _ends(legs.semi_join(enough, ["a", "c"]))


def paying_the_same(t: Table, chosen: Parameters) -> Table:
    """Like sums of two payers to the same accounts, where there are two such accounts."""
    x, y = t, t.view()
    near = (y.ts >= x.ts - chosen.block_window) & (y.ts <= x.ts + chosen.block_window)
    like = (y.amount * 100 >= x.amount * LIKE[0]) & (y.amount * 100 <= x.amount * LIKE[1])
    pairs = x.join(y, [x.dst == y.dst, x.src < y.src, near, like]).select(
        a=x.src, b=y.src, d=x.dst, first=x.id, second=y.id
    )
    groups = pairs.group_by(["a", "b"]).agg(number=pairs.d.nunique())
    enough = groups.filter(groups.number >= 2)
    return _ends(pairs.semi_join(enough, ["a", "b"]))


def reached_and_left(t: Table, chosen: Parameters) -> Table:
    """Transactions from accounts that money reaches to accounts that it leaves, in time."""
    span = chosen.cycle_window
    reached = _spans(t, "dst", span, (-1, 0, 1))
    left = _spans(t, "src", span, (-1, 0, 1))
    here = t.mutate(span=(t.ts / span).floor().cast("int64"))
    after = here.semi_join(left, [here.dst == left.account, here.span == left.span])
    both = after.semi_join(reached, [after.src == reached.account, after.span == reached.span])
    return both.select("id")


def first_of_all(t: Table, chosen: Parameters) -> Table:
    """What stands first: from there the past of every account is counted."""
    begin = t.agg(ts=t.ts.min())
    return t.semi_join(begin, "ts").select("id")


NEEDS: Mapping[str, Callable[[Table, Parameters], Table]] = {
    "fan_in": busy_receivers,
    "fan_out": busy_payers,
    "gather_scatter": gathering,
    "scatter_gather": scattering,
    "bipartite": paying_the_same,
    "stack": paying_the_same,
    "cycle": reached_and_left,
    "pass_through": passing_on,
    "structuring": repeated_below_limit,
    "funnel": funnelling,
}


def narrow(t: Table, chosen: Parameters, kinds: tuple[str, ...]) -> Table:
    """The transactions that any of the kinds may need, whole."""
    moved = t.filter(t.src != t.dst)
    needs = {NEEDS[kind] for kind in kinds}
    ids = [first_of_all(t, chosen)]
    ids += [need(moved, chosen) for need in NEEDS.values() if need in needs]
    return t.semi_join(_together(ids), "id")


def _of_busy(t: Table, key: str, other: str, window: int, least: int) -> Table:
    busy = _busy(t, key, other, window, least)
    return t.semi_join(busy, t[key] == busy.account).select("id")


def _busy(t: Table, key: str, other: str, window: int, least: int) -> Table:
    """Accounts with enough counterparts in two neighbouring spans: every window lies in two."""
    here = t.select(account=key, other=other, span=(t.ts / window).floor().cast("int64"))
    spans = here.union(here.mutate(span=here.span + 1))
    counted = spans.group_by(["account", "span"]).agg(number=spans.other.nunique())
    return counted.filter(counted.number >= least).select("account").distinct()


def _spans(t: Table, key: str, span: int, shifts: tuple[int, ...]) -> Table:
    here = t.select(account=key, span=(t.ts / span).floor().cast("int64")).distinct()
    return _together([here.mutate(span=here.span + shift) for shift in shifts])


def _legs(t: Table, window: int) -> Table:
    i, o = t, t.view()
    kept = (o.amount <= i.amount) & (o.amount * 100 >= i.amount * SMALLEST_KEPT)
    timely = (o.ts > i.ts) & (o.ts <= i.ts + window)
    return i.join(o, [i.dst == o.src, timely, kept, i.src != o.dst]).select(
        first=i.id, second=o.id, a=i.src, b=i.dst, c=o.dst
    )


def _ends(pairs: Table) -> Table:
    return _together([pairs.select(id="first"), pairs.select(id="second")])


def _together(tables: list[Table]) -> Table:
    return reduce(lambda one, other: one.union(other), tables).distinct()
