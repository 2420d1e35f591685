"""Three editors with stale bases, in any order: the row converges, no value is lost, and every
true conflict is shown. The model is plain dictionaries, written without the code under test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from marfa.platform.revisions.actions import save_changes
from marfa.platform.revisions.codec import from_json
from marfa.platform.revisions.errors import ConflictError
from marfa.platform.revisions.queries import revisions_of, values_at
from tests.support.sample.actions import add_sample, edit_sample
from tests.support.sample.models import Sample

EDITORS = st.sampled_from([0, 1, 2])
ONE = ("note", "sex", "seen_on")
LINKS = ["in_conflict_area", "fleeing_conflict", "moved_into_conflict", "post_conflict"]
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "note": st.sampled_from(["", "first", "second", "third"]),
    "sex": st.sampled_from(["female", "male"]),
    "seen_on": st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 4)),
    "links": st.lists(st.sampled_from(LINKS), unique=True).map(sorted),
    "urgent": st.booleans(),
}
EDITS = st.fixed_dictionaries({}, optional=CHANGES)


class Editors(RuleBasedStateMachine):
    """Each editor has a page: the version it was opened with, and what they typed."""

    @initialize()
    def open_pages(self) -> None:
        self.row = add_sample(note="", sex="female")
        self.pages: list[tuple[int, dict[str, Any]]] = []
        self.stored = self.values()
        self.versions = {1: self.stored}
        self.submitted: list[tuple[str, object]] = []
        self.pending: dict[int, ConflictError] = {}
        self.pages = [(1, {}) for _ in range(3)]

    def values(self) -> dict[str, Any]:
        stored = Sample.objects.values(*CHANGES).get(pk=self.row.pk)
        return {**stored}

    @rule(editor=EDITORS)
    def open_page(self, editor: int) -> None:
        if editor not in self.pending:
            self.pages[editor] = (max(self.versions), {})

    @rule(editor=EDITORS, edit=EDITS)
    def type_in(self, editor: int, edit: dict[str, Any]) -> None:
        if editor not in self.pending:
            self.pages[editor][1].update(edit)

    @rule(editor=EDITORS)
    def submit(self, editor: int) -> None:
        if editor in self.pending:
            return
        version, typed = self.pages[editor]
        expected, clashes = self.expect(self.versions[version], typed)
        self.send(editor, version, typed, expected, clashes)

    def send(
        self,
        editor: int,
        version: int,
        typed: Mapping[str, Any],
        expected: dict[str, Any],
        clashes: set[str],
    ) -> None:
        base = self.versions[version]
        try:
            saved = edit_sample(self.row, base_version=version, changes=typed)
        except ConflictError as error:
            shown = {each.field for each in error.conflicts}
            assert shown == clashes, "true conflicts, all of them"
            for each in error.conflicts:
                sides = (base[each.field], typed[each.field], self.stored[each.field])
                assert (each.base, each.mine, each.theirs) == sides
            assert self.values() == self.stored, "nothing is written beside a conflict"
            self.pending[editor] = error
            return
        assert not clashes, "a conflict was passed over"
        self.accept(editor, saved.version, expected, typed, base)

    def accept(
        self,
        editor: int,
        version: int,
        expected: dict[str, Any],
        typed: Mapping[str, Any],
        base: Mapping[str, Any],
    ) -> None:
        assert self.values() == expected
        self.stored = expected
        self.versions[version] = expected
        self.submitted += [(n, v) for n, v in typed.items() if n in ONE and v != base[n]]
        self.pages[editor] = (version, {})

    @precondition(lambda self: self.pending)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        """A person chooses mine, theirs or a third value; others may have gone on meanwhile."""
        editor = data.draw(st.sampled_from(sorted(self.pending)))
        error = self.pending.pop(editor)
        choices = {
            each.field: data.draw(st.sampled_from([each.mine, each.theirs]) | CHANGES[each.field])
            for each in error.conflicts
        }
        found = error.resolve(choices)
        base = self.versions[found.base_version]
        changes = {name: found.changes[name] for name in CHANGES}
        expected, clashes = self.expect(base, changes)
        try:
            saved = save_changes(
                self.row,
                base_version=found.base_version,
                changes=found.changes,
                mine=found.mine,
                actor=None,
                purpose="test",
                action="answer",
            )
        except ConflictError as again:
            assert {each.field for each in again.conflicts} == clashes  # noqa: PT017
            self.pending[editor] = again
            return
        assert not clashes
        self.accept(editor, saved.version, expected, changes, base)
        self.submitted += list(found.mine)

    def expect(
        self, base: Mapping[str, Any], typed: Mapping[str, Any]
    ) -> tuple[dict[str, Any], set[str]]:
        """What should be stored, by rules written out here."""
        expected, clashes = dict(self.stored), set()
        for name, mine in typed.items():
            before, theirs = base[name], self.stored[name]
            if name == "links":
                plus, minus = set(mine) - set(before), set(before) - set(mine)
                expected[name] = sorted((set(theirs) | plus) - minus)
            elif mine in (before, theirs):
                continue
            elif theirs == before:
                expected[name] = mine
            else:
                clashes.add(name)
        return expected, clashes

    @invariant()
    def nothing_is_lost(self) -> None:
        kept = {(r.field, repr(from_json(r.after))) for r in revisions_of(self.row)}
        for name, value in self.submitted:
            assert (name, repr(value)) in kept or value == self.versions[1][name], (name, value)

    @invariant()
    def history_holds_every_version(self) -> None:
        for version, values in self.versions.items():
            found = values_at(self.row, version)
            assert {name: found[name] for name in CHANGES} == values

    def teardown(self) -> None:
        """Everybody opens the page anew: all see the same."""
        if hasattr(self, "row"):
            assert self.values() == self.stored
            fresh = Sample.objects.get(pk=self.row.pk)
            assert fresh.version == max(self.versions)


@pytest.mark.django_db
def test_three_editors() -> None:
    assert connection.vendor in ("sqlite", "postgresql")
    run_state_machine_as_test(
        Editors,
        settings=settings(
            max_examples=80,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_three_editors_for_long() -> None:
    run_state_machine_as_test(
        Editors,
        settings=settings(
            max_examples=600,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
