"""The app's part of a demonstration: some forty people at two sites. Nobody bears these names."""

from __future__ import annotations

from dataclasses import dataclass

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import SITES, SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import (
    NewMember,
    NewName,
    NewPerson,
    add_to_person,
    change_person,
    doubt_age,
    record_event,
    register_household,
    register_person,
    settle_relationship,
)
from marfa.apps.registry.actions.households import members_now
from marfa.apps.registry.models import (
    ContactPoint,
    IdentityDocument,
    Person,
    Registration,
    Relationship,
)
from marfa.apps.registry.purposes import purposes_of
from marfa.apps.registry.relationship_claims import claimed_by, others_who_settle
from marfa.domain.dates import born_when_aged
from marfa.domain.fiction import made_up
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

Told = tuple[str, str, int | None, str]
"""Name, sex, age, and what they say to be to the first one."""

AT_THE_GATE: tuple[tuple[Told, ...], ...] = (
    (
        ("مرجانة بنت الأثل", "female", 34, ""),
        ("زورق بن مدّ", "male", 38, "spouse"),
        ("لؤلؤة الأثل", "female", 9, "child"),
        ("شراع الأثل", "male", 5, "child"),
    ),
    (
        ("Tamarisk Dawnwater", "female", 61, ""),
        ("Reed Dawnwater", "male", 12, "grandchild"),
        ("Heron Dawnwater", "female", 7, "grandchild"),
    ),
    (
        ("سحابة آل نورس", "female", 27, ""),
        ("نسمة آل نورس", "female", 2, "child"),
        ("مطر آل نورس", "male", 0, "child"),
    ),
    (("Pebble Farharbour", "male", 16, ""), ("Shell Farharbour", "female", 11, "sibling")),
    (
        ("Якорь Приливов", "male", 45, ""),
        ("Волна Приливова", "female", 43, "spouse"),
        ("Чайка Приливова", "female", 17, "child"),
        ("Маяк Приливов", "male", 14, "child"),
        ("Ракушка Приливова", "female", 8, "child"),
    ),
    (("موجة بنت الرمل", "female", 19, ""),),
    (("Cove Lanternlight", "male", None, ""),),
)
AT_THE_HARBOUR: tuple[tuple[Told, ...], ...] = (
    (
        ("صدفة آل مرفأ", "female", 30, ""),
        ("منارة آل مرفأ", "female", 10, "child"),
        ("قارب آل مرفأ", "male", 6, "child"),
        ("حبل آل مرفأ", "male", 3, "child"),
    ),
    (
        ("海灯 潮", "female", 36, ""),
        ("海星 潮", "male", 13, "child"),
        ("海鸥 潮", "female", 4, "niece_or_nephew"),
    ),
    (
        ("Saffron Quayside", "female", 52, ""),
        ("Ember Quayside", "male", 55, "spouse"),
        ("Brine Quayside", "female", 22, "child"),
        ("Drift Quayside", "male", 1, "grandchild"),
    ),
    (("ريح بن ساحل", "male", 24, ""), ("ندى بنت ساحل", "female", 20, "spouse")),
    (("Marlin Saltmarsh", "male", 15, ""),),
    (("Wisp Saltmarsh", "female", 44, ""), ("Fern Saltmarsh", "female", 8, "household_member")),
)


@dataclass(frozen=True)
class _Gate:
    """Who registers at a site."""

    site: Site
    actor: Actor


def make_demo(desks: tuple[Desk, ...]) -> None:
    """Families as they come, what was verified since, and who is gone again."""
    officer = User.objects.filter(username=Desk.RECEPTION.value).first()
    supervisor = User.objects.filter(username=SUPERVISOR).first()
    if officer is None or supervisor is None:
        return
    boss = actor_of(supervisor)
    with row_context(boss.organisations):
        gate, harbour = (Site.objects.get(name=name) for name, _ in SITES)
        came = _register(_Gate(gate, actor_of(officer)), AT_THE_GATE)
        there = _register(_Gate(harbour, boss), AT_THE_HARBOUR)
        _verify(boss, [came[0][0], there[0][0]])
        _reach(boss, came[0][0])
        doubt_age(actor=boss, purpose=Purpose.REGISTRATION, person=came[3][0])
        record_event(
            actor=boss,
            purpose=Purpose.REGISTRATION,
            person=there[3][0],
            event=Registration.Event.DEPARTURE,
        )
        _tell_more(boss, came[0][0])


@dataclass(frozen=True)
class Operation:
    """Who is in the demonstration, for the apps that go on with it.

    came, there: the families at the gate, where the officer works, and at the harbour.
    """

    boss: Actor
    officer: Actor
    came: list[list[Person]]
    there: list[list[Person]]


def find_operation() -> Operation | None:
    """Who was made; None where there is no reception. Asked within the rows of ``boss``."""
    officer = User.objects.filter(username=Desk.RECEPTION.value).first()
    supervisor = User.objects.filter(username=SUPERVISOR).first()
    if officer is None or supervisor is None:
        return None
    boss = actor_of(supervisor)
    with row_context(boss.organisations):
        gate, harbour = (Site.objects.get(name=name) for name, _ in SITES)
        return Operation(
            boss,
            actor_of(officer),
            _families(gate, AT_THE_GATE),
            _families(harbour, AT_THE_HARBOUR),
        )


def _families(site: Site, told: tuple[tuple[Told, ...], ...]) -> list[list[Person]]:
    """Who was registered last at a site, family by family, before the one without a name: keys of
    registrations grow."""
    rows = Registration.objects.filter(site=site, event=Registration.Event.ARRIVAL)
    count = sum(map(len, told)) + 1
    newest = list(rows.select_related("person__site").order_by("-pk")[:count])
    people = iter([row.person for row in reversed(newest)])
    return [[next(people) for _told in family] for family in told]


def _register(gate: _Gate, families: tuple[tuple[Told, ...], ...]) -> list[list[Person]]:
    found = []
    for family in families:
        members = [NewMember(_told(*told[:3], gate.site), told[3]) for told in family]
        if len(members) == 1:
            found.append([_alone(gate, members[0].told)])
            continue
        made = register_household(
            actor=gate.actor,
            purpose=Purpose.REGISTRATION,
            site=gate.site,
            members=members,
            batch=new_id(),
        )
        found.append(members_now(made))
    register_person(
        actor=gate.actor,
        purpose=Purpose.REGISTRATION,
        site=gate.site,
        told=NewPerson(),
        mode=Registration.Mode.CODE_ONLY,
    )
    return found


def _alone(gate: _Gate, told: NewPerson) -> Person:
    return register_person(
        actor=gate.actor, purpose=Purpose.REGISTRATION, site=gate.site, told=told
    )


def _told(name: str, sex: str, age: int | None, site: Site) -> NewPerson:
    born = None if age is None else born_when_aged(age, age, clock.today(site.time_zone))
    return NewPerson((NewName(name),), sex, born, "stated" if born else "unknown")


def _verify(boss: Actor, heads: list[Person]) -> None:
    """The children of these are known to be theirs: somebody else than who wrote it down says so,
    where the operation has anybody else."""
    rows = Relationship.objects.filter(to__in=heads, kind="child").select_related("person", "to")
    for row in rows:
        others = others_who_settle(row, boss.id) if claimed_by(row) == boss.id else []
        by = actor_of(others[0]) if others else boss
        settle_relationship(
            actor=by,
            purpose=purposes_of(by)[0],
            row=row,
            state=Relationship.State.VERIFIED,
            basis=made_up("اطُّلع على دفتر العائلة."),
        )


def _reach(boss: Actor, person: Person) -> None:
    """A paper that somebody else holds, and two ways to reach a person of whom one is not safe."""
    paper = {"kind": "passport", "held_by": "employer", "number": "T-000-000"}
    safe = {
        "kind": "phone",
        "value": "+000 55 5001",
        "safety": "safe",
        "when": made_up("صباحًا"),
        "words": made_up("يُقال إن الاتصال من المكتبة."),
    }
    unsafe = {"kind": "messaging", "value": "@nobody-here", "safety": "not_safe"}
    for model, values in ((IdentityDocument, paper), (ContactPoint, safe), (ContactPoint, unsafe)):
        add_to_person(
            actor=boss,
            purpose=Purpose.ASSISTANCE,
            person=person,
            model=model,
            values=values,
        )


def _tell_more(boss: Actor, person: Person) -> None:
    """What somebody told who helps: where they belong, and what is difficult for them."""
    person.refresh_from_db()
    change_person(
        actor=boss,
        purpose=Purpose.ASSISTANCE,
        person=person,
        base_version=person.version,
        changes={
            "languages": ["apc", "fra"],
            "displacement": "internally_displaced",
            "functioning": {"seeing": "some_difficulty", "walking": "a_lot_of_difficulty"},
        },
    )
