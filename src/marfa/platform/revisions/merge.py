"""Three-way merge of the fields of one row: base, mine, theirs. Pure, no database.

No value is lost: what only one side changed is taken; members of sets and lists are merged
one by one; where both sides changed one value differently, that is a conflict for a person,
shown with both values. Text is never woven together: half a sentence of each is nobody's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from marfa.platform.revisions.codec import key_of


class MergeKind(Enum):
    """How a field merges: as one value, as a set, or as a list whose order means something."""

    ONE = "one"
    SET = "set"
    LIST = "list"


@dataclass(frozen=True)
class Conflict:
    """Both sides changed a field, differently. What the value was, is in mine, is in theirs."""

    field: str
    base: object
    mine: object
    theirs: object


@dataclass(frozen=True)
class Merged:
    """values: every field; a field in conflict has theirs, which is what is stored already."""

    values: Mapping[str, object]
    conflicts: tuple[Conflict, ...]


def merge_fields(
    base: Mapping[str, object],
    mine: Mapping[str, object],
    theirs: Mapping[str, object],
    kinds: Mapping[str, MergeKind],
) -> Merged:
    """Merge field by field.

    base: the values that I started from; mine: as I have them; theirs: as stored now. All three
    hold the same fields (KeyError otherwise).
    kinds: of the fields that are not one value.
    """
    values: dict[str, object] = {}
    conflicts = []
    for field in base:
        kind = kinds.get(field, MergeKind.ONE)
        found = merge_value(base[field], mine[field], theirs[field], kind)
        if isinstance(found, _Clash):
            conflicts.append(Conflict(field, base[field], mine[field], theirs[field]))
            values[field] = theirs[field]
        else:
            values[field] = found
    return Merged(values, tuple(conflicts))


class _Clash:
    """Mine and theirs cannot both stand."""


def merge_value(base: object, mine: object, theirs: object, kind: MergeKind) -> object | _Clash:
    """One field: the merged value, or a clash."""
    before, left, right = (same_form(value, kind) for value in (base, mine, theirs))
    b, m, t = key_of(before), key_of(left), key_of(right)
    if m in (t, b):
        return right
    if t == b:
        return left
    lists = [value if isinstance(value, list) else [] for value in (before, left, right)]
    if kind is MergeKind.SET:
        return same_form(_members(*lists), kind)
    return _ordered(*lists) if kind is MergeKind.LIST else _Clash()


def same_form(value: object, kind: MergeKind) -> object:
    """The value in the one form in which it is compared and stored: a set is a sorted list
    without repetitions; an empty set or list and none at all are told apart by nobody."""
    if kind is MergeKind.ONE:
        return value
    members: Iterable[object] = value if isinstance(value, (list, tuple, set, frozenset)) else ()
    if kind is MergeKind.LIST:
        return list(members)
    by_key = {key_of(each): each for each in members}
    return [by_key[key] for key in sorted(by_key)]


def _members(
    base: Sequence[object], mine: Sequence[object], theirs: Sequence[object]
) -> list[object]:
    """Members that should be there, as often as they should; in theirs' order, then mine."""
    counts = _counts(base, mine, theirs)
    kept = []
    for each in [*theirs, *mine]:
        key = key_of(each)
        if counts[key] > 0:
            counts[key] -= 1
            kept.append(each)
    return kept


def _counts(
    base: Sequence[object], mine: Sequence[object], theirs: Sequence[object]
) -> Counter[str]:
    """How often each member should be there.

    Where both sides changed it differently: an addition is not undone by somebody who removed
    another occurrence without having seen it; of two removals the larger holds.
    """
    b, m, t = (Counter(key_of(each) for each in side) for side in (base, mine, theirs))
    counts: Counter[str] = Counter()
    for key in {*b, *m, *t}:
        if m[key] == b[key]:
            counts[key] = t[key]
        elif t[key] == b[key]:
            counts[key] = m[key]
        else:
            both_removed = max(m[key], t[key]) < b[key]
            counts[key] = (min if both_removed else max)(m[key], t[key])
    return counts


def _ordered(
    base: Sequence[object], mine: Sequence[object], theirs: Sequence[object]
) -> list[object] | _Clash:
    """Lists: members one by one; a clash only where both sides put shared members in new orders."""
    counts = _counts(base, mine, theirs)
    common = Counter(counts)
    for side in (base, mine, theirs):
        common &= Counter(key_of(each) for each in side)
    b, m, t = (_sequence(side, common) for side in (base, mine, theirs))
    if b not in (m, t) and m != t:
        return _Clash()
    first, second = (mine, theirs) if t == b else (theirs, mine)
    return _woven(first, second, counts)


def _sequence(side: Sequence[object], common: Counter[str]) -> list[str]:
    left = Counter(common)
    found = []
    for key in map(key_of, side):
        if left[key] > 0:
            left[key] -= 1
            found.append(key)
    return found


def _woven(first: Sequence[object], second: Sequence[object], counts: Counter[str]) -> list[object]:
    """The order of ``first``; what only ``second`` has stands behind its predecessor there."""
    left = Counter(counts)
    result: list[object] = []
    for each in first:
        if left[key_of(each)] > 0:
            left[key_of(each)] -= 1
            result.append(each)
    # Occurrences already placed are passed over, so that only the missing ones are put in.
    placed = Counter(key_of(each) for each in result)
    position = 0
    for each in second:
        key = key_of(each)
        if placed[key] > 0:
            placed[key] -= 1
            position = _behind(result, key, position)
        elif left[key] > 0:
            left[key] -= 1
            result.insert(position, each)
            position += 1
    return result


def _behind(result: Sequence[object], key: str, position: int) -> int:
    found = [at for at, each in enumerate(result) if key_of(each) == key]
    later = [at for at in found if at >= position]
    return (later or found or [position - 1])[0] + 1
