"""The patterns as ``docs/methods/flows.md`` defines them, by trying everything.

Nothing here uses the library: plain loops over rows, Poisson tails from scipy, quarter octaves by
whole numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from scipy.stats import poisson

from tests.methods.flows.ledgers import DAY, HOUR, Row

Sets = set[frozenset[str]]


class Reference:
    def __init__(self, rows: Sequence[Row]) -> None:
        self.all = sorted(rows, key=lambda r: (r.ts, r.id))
        self.rows = [r for r in self.all if r.src != r.dst]
        self.begin = self.all[0].ts

    def found(self) -> dict[str, Sets]:
        return {
            "fan_in": self.fans(inward=True),
            "fan_out": self.fans(inward=False),
            "gather_scatter": self.gather_scatter(),
            "scatter_gather": self.scatter_gather(),
            "bipartite": joined(rows for _, _, rows in self.blocks()),
            "stack": self.stacks(),
            "cycle": self.cycles(),
            "pass_through": self.pass_through(),
            "structuring": self.structuring(),
            "funnel": self.funnels(),
        }

    # Bursts.

    def bursts(self, *, inward: bool) -> list[tuple[Row, list[Row]]]:
        window = 3 * DAY
        found = []
        for row in self.rows:
            mine = [r for r in self.rows if end(r, inward) == end(row, inward)]
            inside = [r for r in mine if row.ts - window <= r.ts <= row.ts]
            like = [r for r in inside if abs(octaves(r.amount) - octaves(row.amount)) <= 2]
            others = {end(r, not inward) for r in like}
            earlier = [
                r
                for r in mine
                if r.ts < row.ts - window and abs(octaves(r.amount) - octaves(row.amount)) <= 2
            ]
            need = needed(
                4, len(earlier), row.ts - window - self.begin, window, len(inside) - len(like)
            )
            if len(others) >= need:
                found.append((row, like))
        return found

    def fans(self, *, inward: bool) -> Sets:
        return joined(like for _, like in self.bursts(inward=inward))

    def gather_scatter(self) -> Sets:
        found = []
        for out_row, outs in self.bursts(inward=False):
            for in_row, ins in self.bursts(inward=True):
                if in_row.dst != out_row.src:
                    continue
                if ins[0].ts < out_row.ts - 7 * DAY or in_row.ts >= out_row.ts:
                    continue
                if ins[len(ins) // 2].ts >= outs[len(outs) // 2].ts:
                    continue
                got, sent = total(ins), total(outs)
                if got * 85 <= sent * 100 <= got * 105:
                    found.append([*ins, *outs])
        return joined(found)

    # Legs.

    def legs(self, window: int) -> list[tuple[Row, Row]]:
        return [
            (i, o)
            for i in self.rows
            for o in self.rows
            if i.dst == o.src
            and i.src != o.dst
            and i.ts < o.ts <= i.ts + window
            and i.amount * 85 <= o.amount * 100 <= i.amount * 100
        ]

    def scatter_gather(self) -> Sets:
        found: Sets = set()
        groups: dict[tuple[str, str], list[tuple[Row, Row]]] = defaultdict(list)
        for i, o in self.legs(7 * DAY):
            groups[i.src, o.dst].append((i, o))
        for legs in groups.values():
            sets = []
            for _, last in legs:
                inside = [(i, o) for i, o in legs if i.ts >= last.ts - 7 * DAY and o.ts <= last.ts]
                if len({i.dst for i, _ in inside}) >= 3:
                    sets.append([r for leg in inside for r in leg])
            found |= joined(sets)
        return found

    def pass_through(self) -> Sets:
        sets = []
        groups: dict[tuple[str, str, str], list[tuple[Row, Row]]] = defaultdict(list)
        for i, o in sorted(self.legs(12 * HOUR), key=lambda leg: (key(leg[0]), key(leg[1]))):
            groups[i.src, i.dst, o.dst].append((i, o))
        for legs in groups.values():
            used: set[str] = set()
            chosen = []
            for i, o in legs:
                if not used & {i.id, o.id}:
                    used |= {i.id, o.id}
                    chosen.append((i, o))
            for _, last in chosen:
                inside = [
                    (i, o) for i, o in chosen if i.ts >= last.ts - 7 * DAY and o.ts <= last.ts
                ]
                if len(inside) >= 3:
                    sets.append([r for leg in inside for r in leg])
        return joined(sets)

    # Blocks.

    def blocks(self) -> list[tuple[tuple[str, str], tuple[str, str], list[Row]]]:
        """Two payers, two paid, and their four transactions."""
        by_pair: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows:
            by_pair[row.src, row.dst].append(row)
        accounts = sorted({r.src for r in self.rows} | {r.dst for r in self.rows})
        found = []
        for a, b in combinations(accounts, 2):
            for c, d in combinations(accounts, 2):
                for ac in by_pair[a, c]:
                    for ad in by_pair[a, d]:
                        for bc in by_pair[b, c]:
                            for bd in by_pair[b, d]:
                                rows = sorted((ac, ad, bc, bd), key=key)
                                sizes = [octaves(r.amount) for r in rows]
                                if (
                                    rows[-1].ts - rows[0].ts <= 3 * DAY
                                    and max(sizes) - min(sizes) <= 2
                                ):
                                    found.append(((a, b), (c, d), rows))
        return found

    def stacks(self) -> Sets:
        blocks = self.blocks()
        sets = []
        for middles in {paid for _, paid, _ in blocks} & {payers for payers, _, _ in blocks}:
            for payers, _, last_rows in blocks:
                if payers != middles:
                    continue
                finish = last_rows[-1].ts
                begin = finish - 7 * DAY
                later = {
                    r
                    for p, _, rows in blocks
                    if p == middles and rows[0].ts >= begin and rows[-1].ts <= finish
                    for r in rows
                }
                earlier = {
                    r
                    for _, p, rows in blocks
                    if p == middles and rows[0].ts >= begin and rows[-1].ts < finish
                    for r in rows
                }
                if earlier and all(goes_on(m, earlier, later) for m in middles):
                    sets.append([*earlier, *later])
        return joined(sets)

    # The others.

    def cycles(self) -> Sets:
        found: Sets = set()

        def walk(path: list[Row]) -> None:
            last = path[-1]
            for row in self.rows:
                if row.src != last.dst or row.ts <= last.ts or row.ts > path[0].ts + 6 * DAY:
                    continue
                if not last.amount * 85 <= row.amount * 100 <= last.amount * 100:
                    continue
                if row.dst == path[0].src:
                    found.add(frozenset(r.id for r in [*path, row]))
                elif len(path) < 5 and row.dst not in {r.dst for r in path}:
                    walk([*path, row])

        for row in self.rows:
            walk([row])
        return found

    def structuring(self) -> Sets:
        near = [r for r in self.rows if 8_000_000 <= r.amount < 10_000_000]
        sets = []
        for last in near:
            inside = [
                r
                for r in near
                if (r.src, r.dst) == (last.src, last.dst) and last.ts - 7 * DAY <= r.ts <= last.ts
            ]
            if len(inside) >= 3:
                sets.append(inside)
        return joined(sets)

    def funnels(self) -> Sets:
        sets = []
        for holder in {r.src for r in self.rows}:
            for dst in {r.dst for r in self.rows if r.src == holder}:
                sent = [r for r in self.rows if (r.src, r.dst) == (holder, dst)]
                for last in range(len(sent)):
                    for several in (1, 2, 3):
                        outs = sent[last + 1 - several : last + 1]
                        if last + 1 < several or outs[-1].ts - outs[0].ts > 2 * DAY:
                            continue
                        for channel in ("wire", "cash"):
                            sets += self.emptied(holder, outs, channel)
        return joined(sets)

    def emptied(self, holder: str, outs: list[Row], channel: str) -> list[list[Row]]:
        window, leave = 7 * DAY, outs[0].ts
        into = [r for r in self.rows if r.dst == holder and r.channel == channel]
        run = [r for r in into if leave - window <= r.ts < leave]
        if not run or outs[-1].ts - run[-1].ts > 2 * DAY:
            return []
        smallest = min(r.amount for r in outs)
        best: list[Row] = []
        for number in range(1, len(run) + 1):
            chosen = run[-number:]
            if any(r.amount >= smallest for r in chosen):
                break
            share = total(outs) * 100
            fits = total(chosen) * 80 <= share <= total(chosen) * 100
            if fits and len({r.src for r in chosen}) >= 4:
                best = chosen
        before = sum(r.ts < leave - window for r in into)
        need = needed(4, before, leave - window - self.begin, window, 0)
        return [[*best, *outs]] if len({r.src for r in best}) >= max(need, 1) else []


def key(row: Row) -> tuple[int, str]:
    return row.ts, row.id


def end(row: Row, inward: bool) -> str:
    return row.dst if inward else row.src


def total(rows: Iterable[Row]) -> int:
    return sum(r.amount for r in rows)


def octaves(amount: int) -> int:
    """The largest k with floor(2^(k/4)) <= amount."""
    return ((amount + 1) ** 4 - 1).bit_length() - 1


def needed(least: int, earlier: int, elapsed: int, window: int, others: int) -> int:
    usual = (earlier + 0.2 + others / 2) * window / (max(elapsed, 0) + window)
    if earlier >= 10 and elapsed > 0:
        usual = max(usual, earlier * window / elapsed)
    chance = 1e-4 / 10 ** (len(str(earlier)) - 1)
    count = least
    while poisson.sf(count - 1, usual) >= chance:
        count += 1
    return count


def goes_on(middle: str, earlier: set[Row], later: set[Row]) -> bool:
    got = [r for r in earlier if r.dst == middle]
    paid = [r for r in later if r.src == middle]
    in_order = max(r.ts for r in got) < min(r.ts for r in paid)
    return in_order and total(got) * 85 <= total(paid) * 100 <= total(got) * 100


def joined(sets: Iterable[Iterable[Row]]) -> Sets:
    """Sets that share a transaction become one."""
    found: list[set[str]] = []
    for rows in sets:
        ids = {r.id for r in rows}
        touching = [other for other in found if other & ids]
        found = [other for other in found if not other & ids]
        found.append(ids.union(*touching))
    return {frozenset(ids) for ids in found}
