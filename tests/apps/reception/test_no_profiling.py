"""No profiling: who somebody is decides nothing about how soon they are seen, or by whom.

One history is run twice, with another attribute of one person the second time, and everything that
the queue, the reasons, the deadlines and the lists say is compared. Nationality, ethnicity and
religion change nothing at all; migration status, statelessness, papers, sex and age towards need
never lower and never delay anything. Then faults are planted in the rules, and each is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marfa.apps.form_pages.editor import Change
from marfa.apps.manifest import Desk, no_list_for
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.reception import rule_inputs, subscribers
from marfa.apps.reception.actions import reasons as raising
from marfa.apps.reception.actions.interview import (
    CONDITIONS,
    Setting,
    answer_question,
    begin_talk,
    finish_talk,
)
from marfa.apps.reception.actions.queue import State, add_reason, move_entry
from marfa.apps.reception.models import ConversationAnswer, QueueEntry, ScreeningReason
from marfa.apps.reception.queries import waiting_at
from marfa.apps.reception.reasons import Basis, Fact, Known
from marfa.apps.registry.actions import (
    NewName,
    NewPerson,
    add_to_person,
    change_person,
    register_person,
)
from marfa.apps.registry.models import IdentityDocument, Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.dates import PartialDate
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.conftest import Operation

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
STEP = timedelta(minutes=7)
SAME: Mapping[str, tuple[object, ...]] = {
    "citizenships": (None, ["SY"], ["SD", "TD"], ["UA"], ["FR"]),
    "ethnicity": (None, "Kurdish", "Zaghawa", "Rohingya"),
    "religion": (None, "Yazidi", "Sunni", "Orthodox"),
}
"""What changes nothing at all, with values that are told apart."""
NEED: Mapping[str, tuple[object, ...]] = {
    "migration_status": (None, "LabourMigrant", "IrregularMigrant", "AsylumSeeker"),
    "statelessness": (None, "at_risk", "undetermined", "stateless"),
    "papers": (None, "lost", "never_had"),
    "sex": ("unknown", "male", "female"),
    "born": (1980, 2012, 2020),
}
"""What may only add a reason: the first value is the one without it."""


@dataclass(frozen=True)
class Act:
    """One thing that happens to one of the people, by their number."""

    what: str
    who: int
    value: object = None


@dataclass(frozen=True)
class History:
    """people: year of birth of each, or None. acts: what happens, in order, seven minutes apart."""

    people: tuple[int | None, ...]
    acts: tuple[Act, ...]


YEARS = st.sampled_from([None, 1980, 1990, 2012, 2020])
ASKED = st.sampled_from([Fact.ALONE, Fact.AFRAID, Fact.PAPERS_HELD, Fact.CANNOT_LEAVE])
ACT = st.one_of(
    st.builds(Act, st.just("see"), st.integers(0, 2), ASKED),
    st.builds(Act, st.sampled_from(["call", "return", "leave"]), st.integers(0, 2)),
    st.builds(Act, st.just("officer"), st.integers(0, 2), st.sampled_from(Urgency)),
    st.builds(Act, st.just("held"), st.integers(0, 2), st.sampled_from(["employer", "self"])),
    st.builds(Act, st.just("born"), st.integers(0, 2), st.sampled_from([1975, 2014])),
)
HISTORIES = st.builds(
    History,
    st.lists(YEARS, min_size=2, max_size=3).map(tuple),
    st.lists(ACT, max_size=4).map(tuple),
)


@dataclass
class Outcome:
    """All that is said of the people, by their number, and what else was compared."""

    places: list[int] = field(default_factory=list)
    entries: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    reasons: dict[int, frozenset[tuple[str, int]]] = field(default_factory=dict)
    deadlines: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    seen_by: dict[int, frozenset[str]] = field(default_factory=dict)


class Run:
    """One history, in a transaction of its own that is undone."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.officer = actor_of(operation.desks[Desk.RECEPTION], stepped_up_at=START)
        self.supervisor = actor_of(operation.supervisor, stepped_up_at=START)
        held = operation.desks[Desk.RECEPTION].role_grants.get()
        assert held.site is not None
        self.site: Site = held.site
        self.people: list[UUID] = []
        self.now = START

    def of(self, history: History, change: tuple[int, str, object] | None) -> Outcome:
        whole = transaction.atomic()
        # As the transaction that a test stands in, so that actions own theirs within it.
        whole._from_testcase = True  # type: ignore[attr-defined]
        with whole:
            try:
                with pytest.MonkeyPatch.context() as patch, self._surroundings(patch):
                    self._live(history, change)
                    return self._told()
            finally:
                transaction.set_rollback(True)

    @contextmanager
    def _surroundings(self, patch: pytest.MonkeyPatch) -> Iterator[None]:
        patch.setattr(clock, "now", lambda: self.now)
        with row_context(self.officer.organisations), open_vault():
            yield

    def _live(self, history: History, change: tuple[int, str, object] | None) -> None:
        for number, year in enumerate(history.people):
            if change and change[:2] == (number, "born"):
                year = change[2]  # type: ignore[assignment]
            told = NewPerson((NewName(f"N{number}"),), born=_year(year), basis="stated")
            person = register_person(
                actor=self.officer, purpose=Purpose.REGISTRATION, site=self.site, told=told
            )
            self.people.append(person.pk)
            self.now += STEP
            if change and change[0] == number and change[1] != "born":
                self._tell(person, change[1], change[2])
        for act in history.acts:
            if act.who < len(self.people):
                self._do(act)
            self.now += STEP

    def _tell(self, person: Person, name: str, value: object) -> None:
        if name == "papers":
            if value:
                self._papers(person, value)
            return
        if value not in (None, "unknown"):
            change_person(
                actor=self.officer,
                purpose=Purpose.SCREENING,
                person=person,
                base_version=person.version,
                changes={name: value},
            )

    def _papers(self, person: Person, holder: object) -> None:
        add_to_person(
            actor=self.officer,
            purpose=Purpose.SCREENING,
            person=person,
            model=IdentityDocument,
            values={"kind": "other", "held_by": holder},
        )

    def _do(self, act: Act) -> None:
        person = Person.objects.get(pk=self.people[act.who])
        entry = QueueEntry.objects.filter(person=person, ended_at=None).first()
        if act.what == "held":
            self._papers(person, act.value)
        elif act.what == "officer":
            assert isinstance(act.value, Urgency)
            add_reason(
                actor=self.officer, person=person, sentence="She looks ill.", urgency=act.value
            )
        elif act.what == "born":
            self._born(person, act.value)
        elif entry is not None:
            self._move(act, entry)

    def _born(self, person: Person, year: object) -> None:
        """A correction; where it would make an adult of a child it is not the officer's to make."""
        if year == 2014 or not rule_inputs.may_be_child(person, self.now.date()):
            change_person(
                actor=self.officer,
                purpose=Purpose.SCREENING,
                person=person,
                base_version=person.version,
                changes={"born": f"{year}"},
            )

    def _move(self, act: Act, entry: QueueEntry) -> None:
        if act.what == "see":
            self._talk(entry, act.value)
            return
        to = {"call": State.CALLED, "return": State.WAITING, "leave": State.LEFT}[act.what]
        move_entry(actor=self.officer, entry=entry, to=to, strict=False)

    def _talk(self, entry: QueueEntry, asked: object) -> None:
        if entry.state == State.WAITING:
            move_entry(actor=self.officer, entry=entry, to=State.CALLED, strict=False)
            entry.refresh_from_db()
        if entry.state != State.CALLED or no_list_for(entry.person, self.officer) is not None:
            return
        talk = begin_talk(actor=self.officer, entry=entry, setting=Setting(frozenset(CONDITIONS)))
        answer = talk.answers.filter(question=asked).first()
        if answer is not None:
            change = Change(self.officer, answer.version, {"stated": "yes"})
            answer_question(ConversationAnswer.objects.get(pk=answer.pk), change)
        finish_talk(actor=self.officer, talk=talk)

    def _told(self) -> Outcome:
        numbers = {key: number for number, key in enumerate(self.people)}
        found = Outcome()
        waiting = waiting_at(self.site, self.officer)
        found.places = [numbers[each.person_id] for each in waiting]
        for entry in QueueEntry.objects.filter(person__in=self.people):
            number = numbers[entry.person_id]
            moments = (entry.since, entry.due_at)
            found.entries[number] = (entry.first, entry.urgency, *moments, entry.state)
            deadlines = Deadline.objects.filter(subject=entry.pk).order_by("id")
            found.deadlines[number] = tuple(deadlines.values_list("due_at", "state"))
        for number, key in enumerate(self.people):
            standing = ScreeningReason.objects.filter(person=key, removed_at=None)
            found.reasons[number] = frozenset((str(r.code), r.urgency) for r in standing)
        found.seen_by = self._seen_by(numbers)
        return found

    def _seen_by(self, numbers: Mapping[UUID, int]) -> dict[int, frozenset[str]]:
        op = self.operation
        readers = {
            **{desk.value: user for desk, user in op.desks.items()},
            "colleague": op.colleague,
            "supervisor": op.supervisor,
            "partner": op.partner,
        }
        found: dict[int, set[str]] = {number: set() for number in numbers.values()}
        for name, user in readers.items():
            for action in ("people.see", "people.count"):
                seen = Person.objects.filter(visibility_condition(PERSON, actor_of(user), action))
                for key in seen.values_list("pk", flat=True):
                    if key in numbers:
                        found[numbers[key]].add(f"{name} {action}")
        return {number: frozenset(names) for number, names in found.items()}


def _year(year: int | None) -> PartialDate | None:
    return None if year is None else PartialDate.gregorian(year)


def differences(one: Outcome, other: Outcome) -> list[str]:
    """Everything that is not said alike."""
    names = ("places", "entries", "reasons", "deadlines", "seen_by")
    return [name for name in names if getattr(one, name) != getattr(other, name)]


def lowered(less: Outcome, more: Outcome, who: int) -> list[str]:
    """Everything that is lower or later for a person with more need, and every change for others
    but that they may have been passed by this one."""
    found = []
    if not less.reasons[who] <= more.reasons[who]:
        found.append("a reason is missing")
    before, after = less.entries[who], more.entries[who]
    if after[0] < before[0] or after[1] < before[1]:
        found.append("less urgent")
    if after[3] > before[3] or after[2] > before[2]:
        found.append("later")
    if who in less.places and (
        who not in more.places or more.places.index(who) > less.places.index(who)
    ):
        found.append("further back")
    last = [deadlines[-1][0] for deadlines in (less.deadlines[who], more.deadlines[who])]
    if last[1] > last[0]:
        found.append("due later")
    if not less.seen_by[who] <= more.seen_by[who]:
        found.append("hidden")
    for name in ("entries", "reasons", "deadlines", "seen_by"):
        said = [getattr(each, name) for each in (less, more)]
        others = [{n: v for n, v in each.items() if n != who} for each in said]
        if others[0] != others[1]:
            found.append(f"{name} of somebody else")
    rest = [[n for n in each.places if n != who] for each in (less, more)]
    if rest[0] != rest[1]:
        found.append("the order of others")
    return found


QUICK = settings(
    max_examples=5,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@QUICK
@given(history=HISTORIES, data=st.data())
def test_who_somebody_is_changes_nothing(
    history: History, data: st.DataObject, operation: Operation
) -> None:
    name = data.draw(st.sampled_from(sorted(SAME)))
    who = data.draw(st.integers(0, len(history.people) - 1))
    one, other = data.draw(st.permutations(SAME[name])).copy()[:2]
    first = Run(operation).of(history, (who, name, one))
    second = Run(operation).of(history, (who, name, other))
    assert differences(first, second) == []


@QUICK
@given(history=HISTORIES, data=st.data())
def test_more_need_never_lowers_and_never_delays(
    history: History, data: st.DataObject, operation: Operation
) -> None:
    name = data.draw(st.sampled_from(sorted(NEED)))
    who = data.draw(st.integers(0, len(history.people) - 1))
    less, more = sorted(data.draw(st.permutations(range(len(NEED[name])))).copy()[:2])
    history = replace(
        history, acts=tuple(act for act in history.acts if (act.what, act.who) != ("born", who))
    )
    first = Run(operation).of(history, (who, name, NEED[name][less]))
    second = Run(operation).of(history, (who, name, NEED[name][more]))
    assert lowered(first, second, who) == []


PLAIN = History((1980, 1990), ())
HELD = History((1980, 1990), (Act("held", 1, "employer"),))


@pytest.mark.parametrize("name", sorted(SAME))
def test_each_attribute_by_itself(operation: Operation, name: str) -> None:
    """So that none depends on what chance tries; with an act of every sort."""
    history = History((1980, 2012, 1990), (Act("officer", 1, Urgency.DAYS), Act("call", 0)))
    told = [Run(operation).of(history, (0, name, value)) for value in SAME[name]]
    assert [differences(told[0], each) for each in told[1:]] == [[]] * (len(told) - 1)


@pytest.mark.parametrize("name", sorted(NEED))
def test_each_need_by_itself(operation: Operation, name: str) -> None:
    told = [Run(operation).of(PLAIN, (1, name, value)) for value in NEED[name]]
    assert [lowered(told[0], each, 1) for each in told[1:]] == [[]] * (len(told) - 1)


def test_a_child_is_brought_forward_and_no_papers_are_a_reason(operation: Operation) -> None:
    """The comparison is not of two runs in which nothing happens."""
    grown, child = (Run(operation).of(PLAIN, (1, "born", year)) for year in (1980, 2020))
    assert (grown.places, child.places) == ([0, 1], [1, 0])
    assert child.entries[1][3] < grown.entries[1][3]
    without = Run(operation).of(PLAIN, (1, "statelessness", "stateless"))
    assert {code for code, _ in without.reasons[1]} == {"no_papers"}
    assert without.places == [0, 1]


Fault = Callable[[pytest.MonkeyPatch], None]


def _registered_with(extra: Callable[[Person], bool], fact: Fact) -> Fault:
    """What the registration says is read from something that it must not be."""
    real = rule_inputs.facts_from_registration

    def wrong(person: Person) -> frozenset[Known]:
        found = real(person)
        return found | {Known(fact, Basis.REGISTERED)} if extra(person) else found

    return lambda patch: patch.setattr(rule_inputs, "facts_from_registration", wrong)


def _waits_longer(person_has: Callable[[Person], bool]) -> Fault:
    """Somebody is put back by two days when something is told of them."""
    real = raising.raise_new_reasons

    def wrong(person: Person) -> list[ScreeningReason]:
        found = real(person)
        if person_has(person):
            for entry in QueueEntry.objects.filter(person=person, ended_at=None):
                later = entry.due_at + timedelta(days=2)
                QueueEntry.objects.filter(pk=entry.pk).update(due_at=later)
        return found

    return lambda patch: patch.setattr(subscribers, "raise_new_reasons", wrong)


def _urgent_is_later(patch: pytest.MonkeyPatch) -> None:
    """What is most urgent has most time, and it is not the earlier of two moments that holds."""

    def later(since: datetime, level: Urgency, **more: Any) -> datetime:
        return since + timedelta(days=9) if level is Urgency.NOW else since + timedelta(days=3)

    patch.setattr(raising, "due_at", later)


def _needy_are_unreasonable(patch: pytest.MonkeyPatch) -> None:
    """Whoever is stateless is not looked at for anything else."""
    real = rule_inputs.facts_from_registration

    def wrong(person: Person) -> frozenset[Known]:
        return frozenset() if person.statelessness == "stateless" else real(person)

    patch.setattr(rule_inputs, "facts_from_registration", wrong)


def _has_none(person: Person) -> bool:
    papers = IdentityDocument.objects.filter(person=person)
    return any(paper.held_by in rule_inputs.NO_DOCUMENTS for paper in papers)


SAME_FAULTS: dict[str, tuple[str, Fault]] = {
    "nationality is a reason": (
        "citizenships",
        _registered_with(lambda person: bool(person.citizenships), Fact.TRAVEL_ARRANGED),
    ),
    "religion is a reason": (
        "religion",
        _registered_with(lambda person: person.religion == "Yazidi", Fact.AFRAID),
    ),
    "ethnicity takes a place": (
        "ethnicity",
        _registered_with(lambda person: person.ethnicity == "Zaghawa", Fact.CANNOT_LEAVE),
    ),
}
NEED_FAULTS: dict[str, tuple[str, Fault]] = {
    "the stateless wait longer": (
        "statelessness",
        _waits_longer(lambda person: person.statelessness == "stateless"),
    ),
    "who has no papers waits longer": (
        "papers",
        _waits_longer(_has_none),
    ),
    "women wait longer": ("sex", _waits_longer(lambda person: person.sex == "female")),
    "who is here without a right waits longer": (
        "migration_status",
        _waits_longer(lambda person: person.migration_status == "IrregularMigrant"),
    ),
    "children wait longer": ("born", _urgent_is_later),
    "the stateless have no other reason": ("statelessness", _needy_are_unreasonable),
}


@pytest.mark.parametrize("fault", sorted(SAME_FAULTS))
def test_a_planted_profile_is_found(
    operation: Operation, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, plant = SAME_FAULTS[fault]
    plant(monkeypatch)
    told = [Run(operation).of(PLAIN, (0, name, value)) for value in SAME[name]]
    assert any(differences(told[0], each) for each in told[1:])


@pytest.mark.parametrize("fault", sorted(NEED_FAULTS))
def test_a_planted_delay_is_found(
    operation: Operation, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, plant = NEED_FAULTS[fault]
    plant(monkeypatch)
    told = [Run(operation).of(HELD, (1, name, value)) for value in NEED[name]]
    assert any(lowered(told[0], each, 1) for each in told[1:])


@pytest.mark.parametrize("read", ["religion", "ethnicity", "nationality"])
def test_rules_that_read_who_somebody_is_raise_nothing(
    operation: Operation, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The charter is asked with what the rules read: nobody is registered under such rules."""
    assert Run(operation).of(PLAIN, (1, "born", 2020)).reasons[1], "the control"
    people = Person.objects.count()
    monkeypatch.setattr(raising, "rule_characteristics", lambda: {read})
    with pytest.raises(DeniedError) as refused:
        Run(operation).of(PLAIN, (1, "born", 2020))
    assert "PP11.no-profiling.inputs" in refused.value.decision.policies
    assert Person.objects.count() == people


def test_rules_that_lower_or_delay_are_refused(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raising, "rule_characteristics", lambda: {"age"})
    assert Run(operation).of(PLAIN, (1, "born", 2020)).reasons[1], "the control"
    monkeypatch.setattr(raising, "EFFECT", "lower")
    with pytest.raises(DeniedError) as refused:
        Run(operation).of(PLAIN, (1, "born", 2020))
    assert "PP11.no-profiling.only-to-help" in refused.value.decision.policies
