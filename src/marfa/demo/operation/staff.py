"""Who works in the fictional operation, and to whom it refers people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.agreements.actions import add_recipient, make_agreement
from marfa.apps.agreements.models import Recipient
from marfa.apps.cases.demo import write_country
from marfa.apps.child_talks.demo import train
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.demo import COLLEAGUE, GUEST, PARTNER, SITES, SUPERVISOR
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.queries import actor_of, data_controller
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose, Role

MORE = (
    ("gate2", "Salwa · سلوى", Role.RECEPTION_OFFICER, 0),
    ("harbour", "Nadir · نادر", Role.RECEPTION_OFFICER, 1),
    ("worker2", "Rania · رانيا", Role.CASE_WORKER, 0),
    ("worker3", "Tariq · طارق", Role.CASE_WORKER, 1),
)
"""User name, name, role, and at which site."""
HEALTH_POST = "Dune Health Post · نقطة الكثبان الصحية"
AGREED = timedelta(days=2 * 365)
TRAINED = timedelta(days=2 * 365)


@dataclass(frozen=True)
class SiteStaff:
    """A site, who registers and talks with people there, and who helps them; each at least two
    where two must look at the same."""

    site: Site
    officers: tuple[Actor, ...]
    workers: tuple[Actor, ...]
    answers: Actor
    """Who answers what the other site asks."""


@dataclass(frozen=True)
class Staff:
    """The people and bodies of the operation. boss: who supervises. partner: of the guest."""

    gate: SiteStaff
    harbour: SiteStaff
    boss: Actor
    partner: Actor
    lantern_house: Recipient
    health_post: Recipient

    def place_of(self, site: Site) -> SiteStaff:
        return self.gate if site.pk == self.gate.site.pk else self.harbour

    def other(self, site: Site) -> SiteStaff:
        return self.harbour if site.pk == self.gate.site.pk else self.gate


def hire_staff() -> Staff:
    """Open accounts for some more people, and agree with those who help; the demonstration's own
    people and sites are there."""
    sites = [Site.objects.get(name=name) for name, _zone in SITES]
    for username, name, role, where in MORE:
        user = create_user(username=username, display_name=name)
        grant_role(user=user, role=role, organisation=data_controller(), site=sites[where])
    _train_officers()
    boss, protection = _actor(SUPERVISOR), _actor(Desk.PROTECTION.value)
    write_country(boss)
    colleague = _actor(COLLEAGUE)
    gate = SiteStaff(
        sites[0],
        (_actor(Desk.RECEPTION.value), _actor("gate2")),
        (protection, _actor("worker2")),
        protection,
    )
    harbour = SiteStaff(
        sites[1], (_actor("harbour"), boss), (colleague, _actor("worker3")), colleague
    )
    guest = Organisation.objects.get(name=GUEST)
    return Staff(
        gate,
        harbour,
        boss,
        _actor(PARTNER),
        _agreed(add_recipient(actor=by_command(), kind="protection", guest=guest)),
        _agreed(add_recipient(actor=by_command(), kind="health", name=HEALTH_POST)),
    )


def _train_officers() -> None:
    """Whoever puts questions to a child was trained for it before the year began."""
    boss, second = (
        User.objects.get(username=name) for name in (SUPERVISOR, Desk.ADMINISTRATION.value)
    )
    until = clock.now().date() + TRAINED
    train((Desk.RECEPTION.value, "gate2", "harbour"), boss=boss, second=second, until=until)


def with_fresh_factor(actor: Actor) -> Actor:
    """Somebody who has just proved a second factor, as sending data asks for."""
    return replace(actor, stepped_up_at=clock.now())


def _actor(username: str) -> Actor:
    return actor_of(User.objects.get(username=username))


def _agreed(recipient: Recipient) -> Recipient:
    now = clock.now()
    make_agreement(
        actor=by_command(),
        recipient=recipient,
        purposes=(Purpose.ASSISTANCE.value,),
        starts_at=now,
        until=now + AGREED,
    )
    return recipient
