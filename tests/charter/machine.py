"""A machine that works in the small operation and knows by itself what must come of each step.

What it expects is written here by hand, in plain Python, and shares nothing with the policies, the
queries or the log: dictionaries of who was assigned, shut out, let in. After each step it compares
the answer, the rows, the log and everybody's list.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import cedarpy
import pytest
from django.db.models import Model
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose, Role
from tests.support.charter import CONTROLLER, GUEST, HARBOUR, HILL, key
from tests.support.harbour import actions
from tests.support.harbour.models import Package, Person, Request, Tie

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
ROLES: dict[str, HeldRole] = {
    "rana": HeldRole(Role.RECEPTION_OFFICER, CONTROLLER, HARBOUR),
    "basil": HeldRole(Role.CASE_WORKER, CONTROLLER, HARBOUR),
    "amal": HeldRole(Role.CASE_WORKER, CONTROLLER, HILL),
    "samir": HeldRole(Role.SUPERVISOR, CONTROLLER),
    "gina": HeldRole(Role.CASE_WORKER, GUEST),
    "fadi": HeldRole(Role.STATISTICIAN, CONTROLLER),
    "nour": HeldRole(Role.ADMINISTRATOR, CONTROLLER),
    "dalia": HeldRole(Role.DATA_PROTECTION_OFFICER, CONTROLLER),
}
WORKERS = ("basil", "amal", "samir", "gina")
HOLDERS = frozenset(key(name) for name in ("basil", "samir"))
OPEN = {Purpose.REGISTRATION, Purpose.SCREENING, Purpose.ASSISTANCE, Purpose.EVIDENCE}
RECIPIENTS = ("health", "immigration_enforcement")
OUT_OF_ORDER = ("the consent", "the proof", "the recipient")
READERS = ("samir", "basil", "rana", "gina", "nour")
NAMES = st.sampled_from(sorted(ROLES))
PURPOSES = st.sampled_from(
    [Purpose.ASSISTANCE, Purpose.REGISTRATION, Purpose.STATISTICS, Purpose.SECURITY]
)


@dataclass
class Known:
    """What the machine knows of one person."""

    row: Person
    site: UUID
    name: str
    assigned: set[str] = field(default_factory=set)
    excluded: set[str] = field(default_factory=set)
    open_until: datetime | None = None
    protected: bool = False
    erased: bool = False
    consent: str = "none"


@dataclass
class Asked:
    """What the machine knows of one request to open what is sealed."""

    person: Known
    key: UUID
    by: str
    approved_by: str | None = None
    opened: bool = False


class Harbour(RuleBasedStateMachine):
    """Each rule attempts one thing as somebody."""

    people = Bundle("people")
    requests = Bundle("requests")

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.stack = ExitStack()
        self.stack.enter_context(clock.set_to(lambda: self.now))
        self.known: dict[UUID, Known] = {}
        self.roles = dict(ROLES)
        self.proved: dict[str, datetime] = {}

    def teardown(self) -> None:
        for model in (Request, Package, Tie, Person):
            model._default_manager.all().delete()
        self.stack.close()

    # -- what must come of it -----------------------------------------------------------------

    def holds(self, who: str, role: Role) -> HeldRole | None:
        held = self.roles.get(who)
        return held if held is not None and held.role is role else None

    def at_place(self, who: str, role: Role, person: Known) -> bool:
        held = self.holds(who, role)
        if held is None or held.organisation != CONTROLLER:
            return False
        return held.site is None or held.site == person.site

    def is_open(self, person: Known) -> bool:
        return person.open_until is not None and self.now < person.open_until

    def assigned_worker(self, who: str, person: Known) -> bool:
        held = self.holds(who, Role.CASE_WORKER)
        if held is None or who not in person.assigned:
            return False
        return held.organisation == CONTROLLER or self.is_open(person)

    def shut(self, who: str, person: Known) -> bool:
        hidden = person.protected and who not in person.assigned
        return hidden or who in person.excluded or person.erased

    def sees(self, who: str, person: Known) -> bool:
        if self.shut(who, person):
            return False
        roles = (Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR)
        if any(self.at_place(who, role, person) for role in roles):
            return True
        held = self.holds(who, Role.CASE_WORKER)
        if held is not None and held.organisation == GUEST:
            return self.is_open(person)
        return self.assigned_worker(who, person)

    def counts(self, who: str, person: Known) -> bool:
        roles = (Role.SUPERVISOR, Role.STATISTICIAN)
        return not self.shut(who, person) and any(
            self.at_place(who, role, person) for role in roles
        )

    def opens(self, who: str, person: Known, purpose: Purpose) -> bool:
        if self.shut(who, person) or purpose not in OPEN:
            return False
        at_reception = self.at_place(who, Role.RECEPTION_OFFICER, person)
        if at_reception and purpose in (Purpose.REGISTRATION, Purpose.SCREENING):
            return True
        return self.at_place(who, Role.SUPERVISOR, person) or self.assigned_worker(who, person)

    def fresh(self, who: str) -> bool:
        proved = self.proved.get(who)
        return proved is not None and self.now - proved <= timedelta(minutes=5)

    # -- attempts -------------------------------------------------------------------------------

    def actor(self, who: str) -> Actor:
        held = self.roles.get(who)
        roles = frozenset({held} if held else ())
        return Actor(key(who), ActorKind.PERSON, roles, self.proved.get(who))

    def attempt(
        self,
        who: str,
        code: str,
        expected: bool,
        do: Callable[[Actor], Any],
        learn: Callable[[Any], None] = lambda _result: None,
    ) -> Any:
        """Do it; it succeeds as expected, leaves one entry, and writes nothing if refused.

        learn: what the machine knows from then on.
        """
        before, entries = rows(), Entry.objects.count()
        result: Any = None
        try:
            result = do(self.actor(who))
            done = True
        except DeniedError:
            done = False
        assert done == expected, f"{code} by {who}: {'done' if done else 'denied'}"
        told = list(Entry.objects.order_by("place")[entries:])
        assert len(told) == 1, f"{code} by {who}: {len(told)} entries"
        assert (told[0].action, told[0].actor_id) == (code, key(who)), "the entry tells of another"
        assert told[0].outcome == ("done" if done else "denied"), "the entry tells it otherwise"
        if done:
            learn(result)
        else:
            assert rows() == before, f"{code} by {who} was denied and wrote"
        return result

    @invariant()
    def everybody_sees_what_they_should(self) -> None:
        for who in ("basil", "gina", "rana", "samir"):
            expected = {pk for pk, person in self.known.items() if self.sees(who, person)}
            assert actions.listing(self.actor(who)) == expected, f"the list of {who}"
        number = sum(self.counts("fadi", person) for person in self.known.values())
        assert actions.count(self.actor("fadi")) == number, "the count of fadi"

    # -- rules ----------------------------------------------------------------------------------

    @initialize(target=people)
    def a_day_begins(self) -> Any:
        """Somebody at each site, with a case worker. The one at the harbour agrees to sharing and
        is shut to a colleague; the one on the hill is protected."""
        self.proved = {"samir": self.now, "basil": self.now}
        below, above = self.with_worker(HARBOUR, "basil"), self.with_worker(HILL, "amal")
        self.say(below, Person.Consent.GIVEN)
        self.tie("samir", "access.exclude", True, below, Tie.Sort.EXCLUDED, "gina")
        self.hide("samir", above)
        return multiple(below, above)

    @initialize(target=requests)
    def somebody_asked(self) -> Any:
        """A third person, open to the guests for a while; a request to open what is sealed."""
        person = self.with_worker(HARBOUR, "basil")
        self.open_for(person, 7)
        return self.asked(person, "basil")

    def with_worker(self, site: UUID, worker: str) -> Known:
        person = self.registered("samir", site)
        assert person is not None
        self.tie("samir", "people.assign", True, person, Tie.Sort.ASSIGNED, worker)
        return person

    @rule(target=people, who=NAMES, site=st.sampled_from([HARBOUR, HILL]))
    def register(self, who: str, site: UUID) -> Any:
        person = self.registered(who, site)
        return multiple() if person is None else person

    def registered(self, who: str, site: UUID) -> Known | None:
        person = Known(Person(), site, f"name {len(self.known)}")
        roles = (Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR)
        expected = any(self.at_place(who, role, person) for role in roles)

        def learn(row: Person) -> None:
            person.row = row
            self.known[row.pk] = person

        self.attempt(
            who,
            "people.register",
            expected,
            lambda actor: actions.register(
                actor=actor,
                purpose=Purpose.REGISTRATION,
                organisation=CONTROLLER,
                site=site,
                name=person.name,
            ),
            learn,
        )
        return person if expected else None

    @rule(person=people, who=st.sampled_from(READERS), purpose=PURPOSES)
    def open_identity(self, person: Known, who: str, purpose: Purpose) -> None:
        self.read(person, who, purpose)

    def read(self, person: Known, who: str, purpose: Purpose) -> None:
        expected = self.opens(who, person, purpose)
        name = self.attempt(
            who,
            "people.open_identity",
            expected,
            lambda actor: actions.open_identity(actor=actor, purpose=purpose, person=person.row),
        )
        assert not expected or name == person.name

    @rule(person=people)
    def read_after_all_ended(self, person: Known) -> None:
        """Who just read is shut out; then the person is erased: nobody reads any more."""
        for purpose in (Purpose.ASSISTANCE, Purpose.STATISTICS):
            self.read(person, "basil", purpose)
        may = not self.shut("samir", person)
        self.tie("samir", "access.exclude", may, person, Tie.Sort.EXCLUDED, "basil")
        self.read(person, "basil", Purpose.ASSISTANCE)
        self.forget(person, "dalia")
        self.read(person, "samir", Purpose.ASSISTANCE)

    @rule(
        person=people,
        who=st.sampled_from(("samir", "basil")),
        sort=st.sampled_from([Tie.Sort.ASSIGNED, Tie.Sort.EXCLUDED]),
        worker=st.sampled_from(WORKERS),
    )
    def assign_or_exclude(self, person: Known, who: str, sort: Tie.Sort, worker: str) -> None:
        may = self.at_place(who, Role.SUPERVISOR, person)
        if sort is Tie.Sort.EXCLUDED:
            may = may or self.assigned_worker(who, person)
        code = "people.assign" if sort is Tie.Sort.ASSIGNED else "access.exclude"
        self.tie(who, code, may and not self.shut(who, person), person, sort, worker)

    def tie(
        self, who: str, code: str, expected: bool, person: Known, sort: Tie.Sort, worker: str
    ) -> None:
        known = person.assigned if sort is Tie.Sort.ASSIGNED else person.excluded
        self.attempt(
            who,
            code,
            expected,
            lambda actor: actions.tie(
                actor=actor, code=code, person=person.row, sort=sort, member=key(worker)
            ),
            lambda _: known.add(worker),
        )

    @rule(person=people, minutes=st.integers(1, 8))
    def open_to_guest(self, person: Known, minutes: int) -> None:
        self.open_for(person, minutes)

    def open_for(self, person: Known, minutes: int) -> None:
        until = self.now + timedelta(minutes=minutes)

        def learn(_result: None) -> None:
            person.open_until = max(until, person.open_until or until)

        self.attempt(
            "samir",
            "access.open_to",
            self.at_place("samir", Role.SUPERVISOR, person) and not self.shut("samir", person),
            lambda actor: actions.tie(
                actor=actor,
                code="access.open_to",
                person=person.row,
                sort=Tie.Sort.GRANTED,
                member=GUEST,
                until=until,
            ),
            learn,
        )

    @rule(person=people, who=st.sampled_from(("samir", "basil")))
    def protect(self, person: Known, who: str) -> None:
        self.hide(who, person)

    def hide(self, who: str, person: Known) -> None:
        may = self.at_place(who, Role.SUPERVISOR, person) or self.assigned_worker(who, person)

        def learn(_result: None) -> None:
            person.protected = True

        self.attempt(
            who,
            "people.protect",
            may and not self.shut(who, person),
            lambda actor: actions.protect(actor=actor, person=person.row),
            learn,
        )

    def say(self, person: Known, answer: Person.Consent) -> None:
        def learn(_result: None) -> None:
            person.consent = answer

        self.attempt(
            "samir",
            "people.change",
            self.opens("samir", person, Purpose.ASSISTANCE),
            lambda actor: actions.consent(actor=actor, person=person.row, answer=answer),
            learn,
        )

    @rule(
        person=people,
        who=st.sampled_from(("samir", "samir", "basil")),
        to=st.sampled_from(RECIPIENTS),
        wait=st.sampled_from([0, 6]),
        answer=st.sampled_from([None, *Person.Consent]),
    )
    def send(
        self, person: Known, who: str, to: str, wait: int, answer: Person.Consent | None
    ) -> None:
        """Perhaps the person has just said something about it; perhaps time has passed."""
        if answer is not None:
            self.say(person, answer)
        self.now += timedelta(minutes=wait)
        self.sent(person, who, to)

    @rule(person=people, out_of_order=st.sampled_from(("nothing", *OUT_OF_ORDER)))
    def send_with_one_thing_out_of_order(self, person: Known, out_of_order: str) -> None:
        """All is as it should be but for one thing, which alone must stop it."""
        self.proved["samir"] = self.now
        self.say(person, Person.Consent.GIVEN)
        if out_of_order == "the consent":
            self.say(person, Person.Consent.WITHDRAWN)
        if out_of_order == "the proof":
            self.now += timedelta(minutes=6)
        self.sent(person, "samir", RECIPIENTS[out_of_order == "the recipient"])

    def sent(self, person: Known, who: str, to: str) -> None:
        expected = (
            self.at_place(who, Role.SUPERVISOR, person)
            and not self.shut(who, person)
            and self.fresh(who)
            and person.consent == "given"
            and to == "health"
        )
        self.attempt(
            who,
            "disclosures.send",
            expected,
            lambda actor: actions.send(actor=actor, person=person.row, recipient=to),
        )

    @rule(person=people, who=st.sampled_from(("dalia", "nour")))
    def erase(self, person: Known, who: str) -> None:
        self.forget(person, who)

    def forget(self, person: Known, who: str) -> None:
        def learn(_result: None) -> None:
            person.erased = True

        self.attempt(
            who,
            "privacy.erase",
            self.holds(who, Role.DATA_PROTECTION_OFFICER) is not None,
            lambda actor: actions.erase(actor=actor, person=person.row),
            learn,
        )

    @rule(target=requests, person=people, who=st.sampled_from(("basil", "samir")))
    def ask(self, person: Known, who: str) -> Any:
        return self.asked(person, who)

    def asked(self, person: Known, who: str) -> Any:
        expected = self.assigned_worker(who, person) and not self.shut(who, person)
        request = self.attempt(
            who,
            "sealed.ask",
            expected,
            lambda actor: actions.ask(actor=actor, person=person.row, holders=HOLDERS),
        )
        return Asked(person, request.pk, who) if expected else multiple()

    @rule(request=requests, who=st.sampled_from(("basil", "samir")))
    def approve(self, request: Asked, who: str) -> None:
        expected = (
            not request.opened
            and who != request.by
            and self.fresh(who)
            and not self.shut(who, request.person)
        )

        def learn(_result: None) -> None:
            request.approved_by = who

        self.attempt(
            who,
            "sealed.approve",
            expected,
            lambda actor: actions.approve(
                actor=actor, request=Request.objects.get(pk=request.key), holders=HOLDERS
            ),
            learn,
        )

    @rule(request=requests, who=st.sampled_from(("basil", "samir")))
    def open_sealed(self, request: Asked, who: str) -> None:
        expected = (
            not request.opened
            and who == request.by
            and request.approved_by not in (None, who)
            and self.fresh(who)
            and self.assigned_worker(who, request.person)
            and not self.shut(who, request.person)
        )

        def learn(_result: None) -> None:
            request.opened = True

        self.attempt(
            who,
            "sealed.open",
            expected,
            lambda actor: actions.open_sealed(
                actor=actor, request=Request.objects.get(pk=request.key), holders=HOLDERS
            ),
            learn,
        )

    @rule(person=people)
    def the_engine_fails(self, person: Known) -> None:
        """Whoever asks while the engine is out of order is denied."""

        def fail(*_: object, **__: object) -> None:
            raise RuntimeError

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cedarpy, "is_authorized", fail)
            self.attempt(
                "samir",
                "people.protect",
                False,
                lambda actor: actions.protect(actor=actor, person=person.row),
            )

    @rule(who=st.sampled_from(("samir", "basil")))
    def prove_second_factor(self, who: str) -> None:
        self.proved[who] = self.now

    @rule(minutes=st.sampled_from([1, 3, 6]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=st.sampled_from(("rana", "gina", "amal")), back=st.booleans())
    def a_role_ends_or_begins(self, who: str, back: bool) -> None:
        self.roles.pop(who, None)
        if back:
            self.roles[who] = ROLES[who]


def rows() -> list[Any]:
    """All that is stored, but for the log."""
    models: tuple[type[Model], ...] = (Person, Tie, Package, Request)
    return [list(model._default_manager.order_by("pk").values_list()) for model in models]
