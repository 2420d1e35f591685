"""The age below which no list of questions is put to a child, and how long a conversation is.

Ten is ours until the organisation sets another age. The minutes are ours too: short enough for the
attention of a child of that age, and no protocol of others.
"""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.child_talks.models import AgeStatement, TalkSettings
from marfa.apps.child_talks.queries import untrained
from marfa.apps.manifest import NoList
from marfa.apps.registry.ages import possible_ages
from marfa.apps.registry.models import Person
from marfa.domain.dates import from_storage
from marfa.domain.message import Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

BANDS = ((6, "minutes_to_6"), (9, "minutes_7_to_9"), (12, "minutes_10_to_12"))


def settings_of(organisation: UUID) -> TalkSettings:
    """What an organisation set, or what holds until it does."""
    found = TalkSettings.objects.filter(organisation=organisation).first()
    return found or TalkSettings(organisation_id=organisation)


def ages_of(person: Person) -> tuple[int, int] | None:
    """The lowest and the highest age that a person may have today; None where nothing is known."""
    with open_vault():
        born = from_storage(person.born) if person.born else None
    return possible_ages(born, clock.today(person.time_zone))


def is_age_open(person: Person) -> bool:
    """Whether what is known of an age leaves both: below the lowest age for a list, and not."""
    ages, least = ages_of(person), settings_of(person.organisation_id).least_age
    return ages is not None and ages[0] < least <= ages[1]


def may_have_list(person: Person) -> bool:
    """Whether a list of questions may be put. Certainly below the age: never. Where the age is only
    estimated, the newest statement of an officer decides, and doubt says no. Of whom nothing is
    known nothing is refused here: whoever sees a small child states it."""
    ages, least = ages_of(person), settings_of(person.organisation_id).least_age
    said = AgeStatement.objects.filter(person=person).order_by("-at", "-pk").first()
    if ages is None:
        return said is None or said.reached
    if ages[0] >= least:
        return True
    return ages[1] >= least and said is not None and said.reached and said.age >= least


def list_refusal(person: Person, actor: Actor) -> NoList | None:
    """Why an actor puts no list to a person, and the page on which it goes on without; None where
    they may."""
    page = reverse("child_talks:no_list", args=[person.reference])
    label = _("Speak without a list")
    if not may_have_list(person):
        least = settings_of(person.organisation_id).least_age
        return NoList(Message("apps.child_talks:no-list", {"age": least}), page, label)
    if may_be_child(person) and (said := untrained(actor, person.site)) is not None:
        return NoList(said, page, label)
    return None


def may_be_child(person: Person) -> bool:
    """Whether what is recorded says that a person is or may be a child. Of whom no age is known it
    says nothing: their list waits for no training, until a doubt about their age is recorded."""
    if person.age_disputed:
        return True
    return person.child_until is not None and clock.today(person.time_zone) < person.child_until


def minutes_for(person: Person) -> int:
    """For how many minutes a talk with a child goes on at most, by the lowest age it may have."""
    ages, found = ages_of(person), settings_of(person.organisation_id)
    lowest = ages[0] if ages else 0
    name = next((name for most, name in BANDS if lowest <= most), "minutes_13_to_17")
    minutes: int = getattr(found, name)
    return minutes
