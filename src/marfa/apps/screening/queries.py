"""Questions about screenings. All of them leave out whom the reader may not know of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import (
    Case,
    Exists,
    F,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from marfa.apps.manifest import SiteDuties
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.object_access import assignments_in_force
from marfa.apps.organisations.workplaces import places_of
from marfa.apps.reception.conversation_length import A_DAY, conversation_since, is_enough
from marfa.apps.reception.models import QueueEntry, ScreeningReason
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND, PERSON, record_of
from marfa.apps.registry.purposes import sites_of
from marfa.apps.registry.visibility import about_people_where, about_seen
from marfa.apps.screening.instruments import ASSESSING
from marfa.apps.screening.models import (
    DUTIES,
    URGENCIES,
    DangerStep,
    HandOver,
    HealthCheck,
    OutcomeChange,
    Screening,
    SiteWords,
)
from marfa.platform import clock
from marfa.platform.revisions.models import Revision
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter import resources
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Purpose, Role

R = TypeVar("R", bound=Model)
State = Screening.State
SCREENING = frozenset({Role.RECEPTION_OFFICER, Role.SUPERVISOR})
"""Roles that screen, or lead those who do."""
CLIMBS = timedelta(hours=1)
"""A hand-over that is this much too late is the supervisor's as well."""
EVERYBODYS = timedelta(hours=12)
"""One that is this much too late is everybody's who may know of the person, reception too."""
MOST_URGENT = Case(*(When(urgency=code, then=Value(-n)) for n, code in enumerate(URGENCIES)))
RESOLVED_WITHIN = {"now": timedelta(hours=1), "days": timedelta(hours=24)}
"""By when a finished screening with an indication has a hand-over, or the person's no."""
LEFT_AFTER, LEFT_AFTER_ROUTINE = timedelta(hours=1), timedelta(hours=24)
"""A talk that is open for so long is its officer's alone no more; the second holds where nothing
about the person is urgent."""


def purpose_of(actor: Actor) -> Purpose:
    """For what somebody opens a screening, by their role: to screen, or to help."""
    return Purpose.SCREENING if SCREENING & actor.role_names else Purpose.ASSISTANCE


def wish_for(actor: Actor, person: Person) -> str:
    """What the person said they want, at their newest screening, to whom the charter lets read it;
    within ``open_vault()``. Empty where nothing was said."""
    asked: dict[str, resources.Value] = {"on_record": True, "purpose": purpose_of(actor).value}
    resource = record_of(PERSON.resource(person), Screening, ["wish"])
    if not decide(actor, "records.read", resource, asked).allowed:
        return ""
    found = Screening.objects.filter(person=person).order_by("-opened_at", "pk")
    return next((row.wish for row in found if row.wish), "")


def may_take_up(actor: Actor) -> Q:
    """People whom an actor may take up for protection."""
    context: dict[str, resources.Value] = {"on_record": True, "purpose": Purpose.ASSISTANCE.value}
    return visibility_condition(PERSON, actor, "people.take_up", context)


def person_named(reference: str, actor: Actor) -> Person | None:
    """A person by reference; None also where the actor may not know of them."""
    return Person.objects.filter(visibility_condition(PERSON, actor), reference=reference).first()


def may_assess(actor: Actor, person: Person) -> bool:
    """Whether somebody works in protection and may begin an interview with a person."""
    if not ASSESSING & actor.role_names:
        return False
    asked: dict[str, resources.Value] = {"on_record": True, "purpose": Purpose.SCREENING.value}
    resource = record_of(PERSON.resource(person), Screening, ["stated"])
    return decide(actor, "records.write", resource, asked).allowed


def known_screenings(actor: Actor) -> QuerySet[Screening]:
    """Talks with people whom an actor may know of."""
    return Screening.objects.filter(about_seen(actor)).select_related("person", "site")


def _if_any(rows: QuerySet[R], of: Callable[[], Q], person: str = "person") -> QuerySet[R]:
    """Rows under the charter's condition on their person. Mostly there is no row at all, and to
    look costs a tenth of putting the condition together."""
    if not rows.exists():
        return rows.none()
    return rows.filter(about_people_where(of(), person))


def goes_first(person: UUID | OuterRef) -> QuerySet[QueueEntry, bool]:
    """Whether somebody goes before all others, as of their newest place in the queue, if any: who
    was first once is not first for ever."""
    newest = QueueEntry.objects.filter(person=person).order_by("-since", "-pk")
    return newest.values_list("first", flat=True)[:1]


def _is_first(person: str) -> Coalesce:
    """The same of the person of each row. person: path to their key."""
    return Coalesce(Subquery(goes_first(OuterRef(person))), False)


def to_screen(actor: Actor) -> QuerySet[Person]:
    """People who are at the actor's sites, with a reason or an urgency without one that no talk has
    dealt with since, in the order of ``people.queue``: children without care, then who is more
    urgent, then who waits longer.

    Each has ``first`` (as of the newest place in the queue), ``level`` (0 to 2) and ``since``.
    """
    talks = Screening.objects.filter(
        person=OuterRef("person"),
        state__in=[State.FINISHED, State.DECLINED],
        opened_at__gte=OuterRef("raised_at"),
    )
    open_talk = Screening.objects.filter(person=OuterRef("pk"), state__in=Screening.OPEN)
    left = ScreeningReason.objects.filter(removed_at=None).exclude(Exists(talks))
    found = Person.objects.filter(
        visibility_condition(PERSON, actor),
        site__in=sites_of(actor),
        presence=Person.Presence.PRESENT,
    )
    sooner = _sooner_since_a_talk()
    urgent = Coalesce(Subquery(sooner.values("sooner")[:1]), 0)
    found = found.filter(Q(screeningreasons__in=left) | Exists(sooner)).exclude(Exists(open_talk))
    still = Q(screeningreasons__in=left)  # others may stand beside an urgency without a reason
    reasons = Coalesce(Max("screeningreasons__urgency", filter=still), 0)
    found = found.select_related("site").annotate(
        first=_is_first("pk"),
        reasons=reasons,
        sooner=urgent,
        level=Case(When(sooner__gt=F("reasons"), then=F("sooner")), default=F("reasons")),
        since=Coalesce(
            Min("screeningreasons__raised_at", filter=still),
            Subquery(sooner.values("sooner_at")[:1]),
        ),
    )
    return found.order_by("-first", "-level", "since", "pk")


def _sooner_since_a_talk() -> QuerySet[QueueEntry]:
    """Places of a person who is urgent without a reason, and with whom nobody has talked since."""
    talks = Screening.objects.filter(
        person=OuterRef("person"),
        state__in=[State.FINISHED, State.DECLINED],
        opened_at__gte=OuterRef("sooner_at"),
    )
    found = QueueEntry.objects.filter(person=OuterRef("pk"), sooner__gt=0).exclude(Exists(talks))
    return found.order_by("-sooner")


def under_way(actor: Actor) -> QuerySet[Screening]:
    """Talks of an officer that are open."""
    mine = Screening.objects.filter(officer=actor.id, state__in=Screening.OPEN)
    found = _if_any(mine, lambda: visibility_condition(PERSON, actor))
    return found.select_related("person", "site").order_by("opened_at", "pk")


def left_open(actor: Actor) -> QuerySet[Screening]:
    """Talks of colleagues that have been open for too long, where the actor screens: nobody else
    can sit down with that person until somebody goes on with the talk or stops it."""
    now = clock.now()
    reasons = ScreeningReason.objects.filter(person=OuterRef("person"), removed_at=None)
    urgent = Exists(reasons.filter(urgency__gt=0))
    rows = Screening.objects.alias(first=_is_first("person")).filter(
        Q(opened_at__lte=now - LEFT_AFTER_ROUTINE)
        | Q(urgent | Q(first=True), opened_at__lte=now - LEFT_AFTER),
        state__in=Screening.OPEN,
    )
    rows = rows.filter(_where_they_screen(actor)).exclude(officer=actor.id)
    found = _if_any(rows, lambda: visibility_condition(PERSON, actor))
    return found.select_related("person", "site").order_by("opened_at", "pk")


def was_left(screening: Screening, actor: Actor) -> bool:
    """Whether the conditions are to be looked at again before a talk goes on: another officer led
    it until now, or nobody did anything in it for as long as a talk may lie when it is urgent."""
    if screening.officer != actor.id:
        return True
    last = _changes_of(screening).aggregate(last=Max("at"))["last"]
    return last is None or clock.now() - last > LEFT_AFTER


def _changes_of(screening: Screening) -> QuerySet[Revision]:
    answers = screening.answers.values_list("pk", flat=True)
    return Revision.objects.filter(Q(object_id=screening.pk) | Q(object_id__in=list(answers)))


def enough_for_today(screening: Screening) -> bool:
    """Whether somebody was asked for as long as one conversation should last, its private part
    included. A talk that goes on another day begins anew."""
    today = clock.now() - A_DAY
    began = screening.asked_at
    if began is None or began < today:
        began = _changes_of(screening).filter(at__gt=today).aggregate(first=Min("at"))["first"]
    return began is not None and is_enough(conversation_since(screening.person_id, began))


def _where_they_screen(actor: Actor) -> Q:
    """Talks with people at the places where somebody screens or leads those who do: whom they help
    elsewhere they may know of, but cannot go on with the talk."""
    return places_of(actor, SCREENING).of("person__")


def unresolved_screenings(actor: Actor) -> QuerySet[Screening]:
    """Finished talks with an indication, without a hand-over and without the person's no.

    Those that the actor led; those of colleagues when their time has run out.
    """
    now = clock.now()
    late = Q()
    for urgency, within in RESOLVED_WITHIN.items():
        late |= Q(urgency=urgency, closed_at__lte=now - within)
    rows = Screening.objects.filter(
        Q(officer=actor.id) | late,
        state=State.FINISHED,
        urgency__in=list(RESOLVED_WITHIN),
        hand_over=None,
        help_declined_at=None,
    )
    found = _if_any(rows, lambda: visibility_condition(PERSON, actor))
    return found.select_related("person", "site").order_by("closed_at", "pk")


def health_checks_due(actor: Actor) -> QuerySet[HealthCheck]:
    """Health checks for which nobody has called a health service yet: at once for whoever wrote
    down the yes, for supervisors and for whoever helps the person; for everybody at reception when
    their time has run out."""
    rows = HealthCheck.objects.filter(called_at=None)
    if Role.SUPERVISOR not in actor.role_names:
        helped = assignments_in_force(KIND).filter(user=actor.id).values("object_id")
        mine = Q(agreed_by=actor.id) | Q(person__in=helped)
        late = Q(due_at__lte=clock.now()) if SCREENING & actor.role_names else Q()
        rows = rows.filter(mine | late)
    found = _if_any(rows, lambda: visibility_condition(PERSON, actor))
    return found.select_related("screening", "person", "site").order_by("due_at", "pk")


def to_agree(actor: Actor) -> QuerySet[OutcomeChange]:
    """What others ask to lower, and that this actor may answer."""
    asked = OutcomeChange.objects.filter(state=OutcomeChange.State.WAITING)
    others = asked.exclude(asked_by=actor.id)
    found = _if_any(others, lambda: visibility_condition(PERSON, actor), "screening__person")
    known = found.select_related("screening__person", "screening__site", "person")
    return known.order_by("asked_at", "pk")


def waiting_hand_overs(actor: Actor) -> QuerySet[HandOver]:
    """Hand-overs that this actor may take up: the most urgent first, then by when they are due."""
    rows = HandOver.objects.filter(state=HandOver.State.WAITING)
    found = _if_any(rows, lambda: may_take_up(actor)).select_related("person", "site", "screening")
    return found.order_by(MOST_URGENT, "due_at", "pk")


def handed_over(actor: Actor, reference: str) -> HandOver | None:
    """A hand-over that this actor may take up, or might have if a colleague had not."""
    rows = HandOver.objects.filter(about_people_where(may_take_up(actor)), reference=reference)
    return rows.select_related("person", "site", "screening").first()


def forgotten_hand_overs(actor: Actor) -> QuerySet[HandOver]:
    """Hand-overs that nobody has taken up for so long that everybody hears of it."""
    late = clock.now() - EVERYBODYS
    found = HandOver.objects.filter(state=HandOver.State.WAITING, due_at__lte=late)
    seen = _if_any(found, lambda: visibility_condition(PERSON, actor))
    return seen.select_related("screening", "person", "site").order_by("due_at", "pk")


def words_of(site: Site, kind: str) -> QuerySet[SiteWords]:
    """Texts of a site, in all languages."""
    return SiteWords.objects.filter(site=site, kind=kind).order_by("language")


def told_here(site: Site, kind: str, language: str, *, live: bool) -> SiteWords | None:
    """The text of a site in a language, else in another; in live use only one that is reviewed."""
    found = words_of(site, kind)
    if live:
        found = found.exclude(reviewed_at=None)
    rows = list(found)
    return next((row for row in rows if row.language == language), rows[0] if rows else None)


def duties_at(site: Site, language: str) -> SiteDuties | None:
    """What has to be reported at a site, for who speaks with people there."""
    found = told_here(site, DUTIES, language, live=not settings.DEMONSTRATION)
    if found is None:
        return None
    return SiteDuties(found.lines, found.language, found.reviewed_at is not None)


def dangers_of(screening: Screening) -> QuerySet[DangerStep]:
    """What was done in dangers, in the order in which it was written down."""
    return DangerStep.objects.filter(screening=screening).order_by("at", "pk")
