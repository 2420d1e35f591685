"""Setting the hours of an organisation, and who is told at a site. It moves no clock that runs but
to make it shorter."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from marfa.apps.accounts.models import User
from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.matters import AUTHORITY_UNSAFE
from marfa.apps.best_interests.models import Determination
from marfa.apps.children.actions.duties import refresh_duties
from marfa.apps.children.hours import NAMES
from marfa.apps.children.models import DutyContact, DutyHours, ProtectionAuthority, SiteHoliday
from marfa.apps.children.models.rosters import LONGEST_HOURS
from marfa.apps.children.policy_facts import ARRANGE
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.policy_facts import the_organisation
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

DAYS = "12345670"
"""Monday to Sunday, and the holidays of the site."""
LONGEST_NUMBER = 4
"""Digits that are read at all."""


def set_hours(*, actor: Actor, organisation: Organisation, hours: Mapping[str, str]) -> None:
    """Set how long a duty may take. Raises DeniedError, InputError."""
    found = {name: _whole(hours.get(name, ""), name) for name in NAMES}
    in_order = found["danger"] <= found["alone"] <= found["other"] <= LONGEST_HOURS
    if not in_order:
        wrong = Message("apps.children:hours-order", {"most": LONGEST_HOURS})
        raise InputError.at(wrong, field="other")
    with _arranging(actor, organisation, "hours") as act:
        DutyHours.objects.update_or_create(
            organisation=organisation,
            defaults={**found, "changed_at": clock.now(), "changed_by": actor.id},
        )
        act.note(**found)


def add_contact(
    *,
    actor: Actor,
    site: Site,
    user: User | None,
    weekdays: Collection[str],
    from_hour: str = "0",
    until_hour: str = "0",
    place: str = "1",
    outside: bool = False,
) -> DutyContact:
    """Somebody is told at a site on these days. Raises DeniedError, InputError."""
    if user is None:
        raise InputError.at(Message("apps.children:contact-unknown"), field="user")
    days = "".join(day for day in DAYS if day in weekdays)
    if not days:
        raise InputError.at(Message("apps.children:days-missing"), field="weekdays")
    row = DutyContact(
        site=site,
        user=user,
        weekdays=days,
        from_hour=_whole(from_hour, "from_hour", 23),
        until_hour=_whole(until_hour, "until_hour", 23),
        place=_whole(place, "place", 9),
        outside=outside,
        added_at=clock.now(),
        added_by=actor.id,
    )
    with _arranging(actor, site.organisation, "contact") as act:
        act.create(row)
    return row


def remove_contact(*, actor: Actor, row: DutyContact) -> None:
    """Somebody is told no more."""
    with _arranging(actor, row.site.organisation, "contact_gone"):
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])


def set_authority(*, actor: Actor, site: Site, recipient: Recipient | None) -> None:
    """Say to which authority children are referred at a site; None: it is not known, and no
    decision stands in place of a referral. What is owed to children there follows at once.

    Raises DeniedError.
    """
    with _arranging(actor, site.organisation, "authority") as act:
        act.note(site=str(site.pk), recipient=str(recipient.pk) if recipient else "")
        rows = ProtectionAuthority.objects.filter(site=site)
        if recipient is None:
            rows.delete()
        else:
            now = {"changed_at": clock.now(), "changed_by": actor.id}
            ProtectionAuthority.objects.update_or_create(
                site=site, defaults={"recipient": recipient, **now}
            )
        with every_organisation():
            decided = Determination.objects.filter(matter=AUTHORITY_UNSAFE, person__site=site)
            people = set(decided.values_list("person_id", flat=True))
        refresh_duties(people, act)


def add_holiday(*, actor: Actor, site: Site, day: date | None) -> None:
    """A day on which others are told. Raises DeniedError, InputError."""
    if day is None:
        raise InputError.at(Message("apps.children:day-missing"), field="day")
    with _arranging(actor, site.organisation, "holiday"):
        SiteHoliday.objects.get_or_create(
            site=site, day=day, defaults={"added_at": clock.now(), "added_by": actor.id}
        )


def remove_holiday(*, actor: Actor, row: SiteHoliday) -> None:
    """It is a day as others."""
    with _arranging(actor, row.site.organisation, "holiday_gone") as act:
        act.delete(row)


@contextmanager
def _arranging(actor: Actor, organisation: Organisation, step: str) -> Iterator[Act]:
    with action(
        actor=actor,
        code=ARRANGE,
        purpose=Purpose.ADMINISTRATION,
        resource=the_organisation(organisation),
    ) as act:
        act.note(step=step)
        yield act


def _whole(text: str, name: str, most: int = 999) -> int:
    words = latin_digits(without_marks(text)).strip()
    if not (words.isdecimal() and len(words) <= LONGEST_NUMBER and int(words) <= most):
        raise InputError.at(Message("apps.children:hours-wrong"), field=name)
    return int(words)
