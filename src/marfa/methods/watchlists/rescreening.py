"""A register that is watched: screened once, then only against what changed on the lists.

    screenings/NAME/settings.json     lists and their versions, threshold, method
    screenings/NAME/subjects.jsonl    who is screened, in the order of the table
    screenings/NAME/results.jsonl     what came of it

A result depends on a subject and an entry alone, so that a change of a list touches the results of
the entries that it changed, and no others. An entry of which only that changed which screening
does not read (a comment, an address) is not screened again; its decisions are open again all the
same, since they were made about what it said before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from marfa.methods.watchlists.decisions import Decisions, Pair, Stand, stand_of
from marfa.methods.watchlists.delta import Delta, compare_versions
from marfa.methods.watchlists.entries import Entry
from marfa.methods.watchlists.reach import is_worth, subjects_near
from marfa.methods.watchlists.screening import METHOD, Result, Screener, floor_of
from marfa.methods.watchlists.subjects import Subject

Lists = Mapping[str, Mapping[str, Entry]]
"""Entries by list and reference."""


@dataclass(frozen=True)
class Touched:
    """What a change of the lists touched.

    screened: how many entries the subjects were screened against anew. came, went, changed:
    results that are new, gone, or other than before.
    """

    screened: int
    came: tuple[Result, ...]
    went: tuple[Result, ...]
    changed: tuple[Result, ...]


@dataclass
class Watch:
    """Subjects, lists, and the results of one beside the other as they are now."""

    subjects: Sequence[Subject]
    lists: Lists = field(default_factory=dict)
    threshold: float | None = None
    results: list[Result] = field(default_factory=list)

    @classmethod
    def begin(
        cls, subjects: Sequence[Subject], lists: Lists, threshold: float | None = None
    ) -> Watch:
        """Screen everybody against everything."""
        watch = cls(subjects, lists, threshold)
        screener = Screener(_flat(lists), threshold=threshold)
        watch.results = list(screener.screen_all(subjects))
        return watch

    def advance(self, lists: Lists) -> Touched:
        """Take new versions of the lists, and screen again what they can touch.

        The results are those that :meth:`begin` would give.
        """
        deltas = {
            name: compare_versions(self.lists.get(name, {}).values(), lists.get(name, {}).values())
            for name in sorted({*self.lists, *lists})
        }
        fresh = [(name, entry) for name, delta in deltas.items() for entry in _to_screen(delta)]
        stale = {
            (name, entry.reference)
            for name, delta in deltas.items()
            for entry in (*delta.removed, *_to_screen(delta))
        }
        kept = [
            _brought_up(each, lists)
            for each in self.results
            if each.reference and (each.list_name, each.reference) not in stale
        ]
        found = self._screened(fresh)
        before = {each.pair: each for each in self.results}
        self.lists = lists
        # That nothing can be compared with a subject depends on its names alone.
        unread = [each for each in self.results if not each.reference]
        self.results = self._in_order([*kept, *found, *unread])
        return _touched(before, {each.pair: each for each in self.results}, len(fresh))

    def compare_to(self, other: Watch) -> Touched:
        """What a screening of everything changed."""
        before, after = ({each.pair: each for each in watch.results} for watch in (self, other))
        return _touched(before, after, sum(len(entries) for entries in other.lists.values()))

    def _screened(self, fresh: Sequence[tuple[str, Entry]]) -> list[Result]:
        screener = Screener(fresh, threshold=self.threshold)
        if not len(screener):
            return []
        subjects = self.subjects
        if is_worth(subjects, fresh):
            subjects = subjects_near(subjects, fresh, floor_of(self.threshold))
        return [each for each in screener.screen_all(subjects) if each.reference]

    def _in_order(self, results: Iterable[Result]) -> list[Result]:
        place = {each.subject_id: number for number, each in enumerate(self.subjects)}
        return sorted(results, key=lambda each: (place[each.subject_id], *_rank(each)))

    def stands(self, decisions: Decisions) -> dict[Pair, Stand]:
        """How it stands with every pair that met or was decided."""
        subjects = {each.subject_id: each.digest for each in self.subjects}
        pairs = {each.pair for each in self.results if each.reference}
        made = decisions.by_pair()
        pairs |= {pair for pair in made if pair[0] in subjects}
        found: dict[Pair, Stand] = {}
        for pair in sorted(pairs):
            subject_id, list_name, reference = pair
            entry = self.lists.get(list_name, {}).get(reference)
            digest = entry.digest if entry is not None else ""
            found[pair] = stand_of(made.get(pair, []), subjects[subject_id], digest, METHOD)
        return found


def _flat(lists: Lists) -> list[tuple[str, Entry]]:
    return [(name, lists[name][key]) for name in sorted(lists) for key in sorted(lists[name])]


def _to_screen(delta: Delta) -> list[Entry]:
    """Entries that may meet somebody whom they did not meet before, or no longer do."""
    changed = (
        after for before, after in delta.changed if before.screened_digest != after.screened_digest
    )
    return [*delta.added, *changed]


def _brought_up(result: Result, lists: Lists) -> Result:
    """A result that stays, with the entry as it is now."""
    entry = lists[result.list_name][result.reference]
    return replace(result, entry_digest=entry.digest)


def _rank(found: Result) -> tuple[bool, float, float, str, str]:
    score = found.score or 0.0
    return not found.reference, -found.standing, -score, found.list_name, found.reference


def _touched(before: Mapping[Pair, Result], after: Mapping[Pair, Result], screened: int) -> Touched:
    changed = (
        after[pair] for pair in after if pair in before and _differs(before[pair], after[pair])
    )
    return Touched(
        screened,
        tuple(after[pair] for pair in after if pair not in before),
        tuple(before[pair] for pair in before if pair not in after),
        tuple(changed),
    )


def _differs(one: Result, other: Result) -> bool:
    return one.as_json() != other.as_json()
