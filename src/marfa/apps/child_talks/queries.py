"""Questions about trainings and talks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from marfa.apps.accounts.models import User
from marfa.apps.best_interests.queries import doubted_adults
from marfa.apps.child_talks.models import ChildTalk, TalkTraining
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.queries import grants_in_force
from marfa.apps.reception.forms import STATED
from marfa.apps.reception.models import ConversationAnswer
from marfa.apps.reception.questions import question_of, question_text
from marfa.apps.registry.ages import treated_as_child
from marfa.apps.registry.models import Person, Relationship
from marfa.apps.registry.policy_facts import PERSON, record_of
from marfa.apps.screening.models import Screening
from marfa.apps.screening.queries import purpose_of
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value

READ, WRITE = "records.read", "records.write"
FIELDS = ("told", "seen", "signs", "supporter", "interpreter", "language")
ANSWERED = ("stated", "observed", "note")
State = ChildTalk.State
OPEN = (State.OPEN, State.PAUSED)
What = TalkTraining.What
SAID = dict(STATED)


def talks_of(person: Person) -> Resource:
    """The talks with a child, as the charter sees them."""
    return record_of(PERSON.resource(person), ChildTalk, FIELDS)


def may_read_talks(actor: Actor, person: Person) -> bool:
    """Whether the charter lets somebody read what a child told."""
    return _may(actor, READ, talks_of(person))


def may_talk(actor: Actor, person: Person) -> bool:
    """Whether the charter lets somebody write down what a child tells; who is trained is asked
    beside it."""
    return _may(actor, WRITE, talks_of(person))


def _may(actor: Actor, action: str, resource: Resource) -> bool:
    asked: dict[str, Value] = {"on_record": True, "purpose": purpose_of(actor).value}
    return decide(actor, action, resource, asked).allowed


def trainings_in_force(zone: str) -> QuerySet[TalkTraining]:
    """Trainings that count today: confirmed by a second person, not ended, not run out."""
    return TalkTraining.objects.filter(
        until__gte=clock.today(zone), confirmed_at__isnull=False, ended_at=None
    )


def training_of(user: UUID, zone: str, what: str = What.CHILDREN) -> TalkTraining | None:
    """The training of a member of staff that counts today."""
    found = trainings_in_force(zone).filter(user=user, what=what)
    return found.order_by("-until", "pk").first()


def untrained(actor: Actor, site: Site | None) -> Message | None:
    """Why somebody may neither talk with a child at a site today nor put a list to one, and who
    may; None where they are trained. Steps in danger and care never ask it."""
    zone = site.time_zone if site is not None else "UTC"
    if training_of(actor.id, zone) is not None:
        return None
    names = trained_at(site) if site is not None else []
    if not names:
        return Message("apps.child_talks:nobody-trained")
    return Message("apps.child_talks:not-trained", {"names": ", ".join(names)})


def trained_at(site: Site) -> list[str]:
    """Names of those who may talk with a child at a site today."""
    at = Q(site=None, organisation=site.organisation_id) | Q(site=site)
    here = grants_in_force().filter(at).values("user_id")
    trained = trainings_in_force(site.time_zone).filter(what=What.CHILDREN, user__in=here)
    users = User.objects.filter(pk__in=trained.values("user_id"), is_active=True)
    return sorted(users.values_list("display_name", flat=True))


def trainings_shown(organisation: Organisation) -> QuerySet[TalkTraining]:
    """All that are not ended, those that run out first."""
    found = TalkTraining.objects.filter(organisation=organisation, ended_at=None)
    return found.select_related("user").order_by("until", "pk")


def staff_of(organisation: Organisation) -> list[User]:
    """Who works with people in an organisation."""
    held = grants_in_force().filter(organisation=organisation).values("user_id")
    return list(User.objects.filter(pk__in=held, is_active=True).order_by("display_name", "pk"))


def open_talk(person: Person) -> ChildTalk | None:
    """The talk with a child that is not over."""
    return ChildTalk.objects.filter(person=person, state__in=OPEN).first()


def verified_ties(person: Person) -> list[Relationship]:
    """Verified relationships of a child with an adult who is there and whom no doubt concerns."""
    state = Relationship.State.VERIFIED
    rows = Relationship.objects.filter(Q(person=person) | Q(to=person), state=state, ended_at=None)
    found = list(rows.select_related("person", "to"))
    others = {other_of(row, person).pk: other_of(row, person) for row in found}
    shut = doubted_adults(set(others))
    day = clock.today(person.time_zone)
    return [row for row in found if _counts(other_of(row, person), shut, day)]


def other_of(row: Relationship, person: Person) -> Person:
    """Who is at the other end of a relationship."""
    return row.to if row.person_id == person.pk else row.person


def _counts(adult: Person, shut: Collection[UUID], day: date) -> bool:
    present = adult.presence == Person.Presence.PRESENT
    grown = not treated_as_child(adult, day)
    return grown and present and not adult.protected and adult.pk not in shut


@dataclass(frozen=True)
class Told:
    """Something that is known already and is not asked again."""

    asked: str
    answer: str


def told_already(actor: Actor, person: Person) -> list[Told]:
    """What was answered in private conversations, for who may read it. Within a reading."""
    if not _may(actor, READ, record_of(PERSON.resource(person), ConversationAnswer, ANSWERED)):
        return []
    rows = ConversationAnswer.objects.filter(person=person).exclude(answered_at=None)
    found: dict[str, Told] = {}
    for row in rows.select_related("conversation").order_by("answered_at"):
        said = row.stated or row.observed
        if said:
            words = _question(row.question, row.conversation.addressee)
            found[row.question] = Told(words, str(SAID.get(said, said)))
    return list(found.values())


def _question(name: str, addressee: str) -> str:
    try:
        return question_text(
            question_of(name), get_language() or "en", Addressee(addressee), live=False
        )
    except (InputError, KeyError, ValueError):
        return name


def earlier_talks(person: Person) -> QuerySet[ChildTalk]:
    """Talks with a child, the newest first."""
    return ChildTalk.objects.filter(person=person).order_by("-began_at", "-pk")


def earlier_screenings(person: Person) -> Iterable[Screening]:
    """Interviews with a child, the newest first; what was said stands on their pages."""
    return Screening.objects.filter(person=person).order_by("-opened_at", "pk")[:5]
