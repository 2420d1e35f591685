"""The app's part of a demonstration: a girl who is held and was moved. All of it is made up."""

from __future__ import annotations

from datetime import timedelta

from marfa.apps.accounts.models import User
from marfa.apps.cases.actions import presume_victim
from marfa.apps.detention.actions import (
    Told,
    consider_alternative,
    move_person,
    note_step,
    record_detention,
    review_detention,
)
from marfa.apps.detention.models import Detention
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import SITES, SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import NewPerson, register_person
from marfa.apps.registry.models import Person
from marfa.domain.dates import PartialDate, born_when_aged
from marfa.domain.fiction import made_up
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


def make_demo(desks: tuple[Desk, ...]) -> None:
    """One girl, where the staff of the demonstration is there."""
    helper = User.objects.filter(username=Desk.PROTECTION.value).first()
    officer = User.objects.filter(username=Desk.RECEPTION.value).first()
    boss = User.objects.filter(username=SUPERVISOR).first()
    if Desk.PROTECTION not in desks or helper is None or officer is None or boss is None:
        return
    actor = actor_of(boss)
    with row_context(actor.organisations):
        if Person.objects.exists() and not Detention.objects.exists():
            _hold(actor_of(helper), actor_of(officer))


def _hold(worker: Actor, officer: Actor) -> None:
    gate = Site.objects.get(name=SITES[0][0])
    today = clock.today(gate.time_zone)
    told = NewPerson(sex="female", born=born_when_aged(15, 15, today), basis="stated")
    person = register_person(actor=officer, purpose=Purpose.REGISTRATION, site=gate, told=told)
    presume_victim(actor=worker, person=person, ground="child")
    first = Told(
        "migration",
        "border",
        PartialDate.on(today - timedelta(days=9)),
        place=made_up("مركز عند المعبر"),
    )
    row = record_detention(actor=worker, person=person, told=first)
    moved = Told(
        "protective",
        "shelter",
        PartialDate.on(today - timedelta(days=3)),
        place=made_up("دار لا يُسمح بمغادرتها"),
    )
    move_person(actor=worker, row=row, told=moved)
    why = made_up("تقول الدار إن الأسرة البديلة تحتاج إلى موافقة لم تصل بعد")
    consider_alternative(actor=worker, row=row, kind="kin_or_foster", why_not=why)
    note_step(actor=worker, row=row, kind="release", whom=made_up("مديرة الدار"))
    found = made_up("تنام قليلًا، وتسأل عن أختها")
    review_detention(actor=worker, row=row, found=found, next_on=today + timedelta(days=2))
