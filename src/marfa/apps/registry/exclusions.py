"""Questions about who is shut out of a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Exclusion, Membership, Organisation, Team
from marfa.apps.organisations.object_access import organisations_let_to
from marfa.apps.organisations.queries import grants_in_force
from marfa.apps.registry.models import Person, RecordExclusion
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.words import Purpose, Role

EXCLUDE, REVIEW = "access.exclude", "access.review_exclusions"
CONFIRM, LIFT, SETTLE = (
    "access.confirm_exclusion",
    "access.lift_exclusion",
    "access.settle_exclusion",
)
EXCLUDING = frozenset({Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT})
"""Nobody else shuts anybody out of a record, so that most pages ask nothing."""

REVIEWING = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})
ASKED: dict[str, Value] = {"on_record": True, "purpose": Purpose.ASSISTANCE.value}


def may_exclude(actor: Actor, resource: Resource) -> bool:
    """Whether the charter lets an actor shut somebody out of a record."""
    return bool(EXCLUDING & actor.role_names) and decide(actor, EXCLUDE, resource, ASKED).allowed


def may_review(actor: Actor, resource: Resource) -> bool:
    """Whether an actor may see who is shut out of a record, and why."""
    return bool(REVIEWING & actor.role_names) and decide(actor, REVIEW, resource, ASKED).allowed


def exclusion_as_asked(row: RecordExclusion) -> Resource:
    """An exclusion, for whoever would confirm, lift or settle it."""
    asked = frozenset() if row.asked_by is None else frozenset({row.asked_by})
    facts = {
        **PERSON.resource(row.person).facts,
        "begun_by": frozenset({row.began_by}),
        "asked_by": asked,
        "late": is_late(row),
    }
    return Resource("Exclusion", row.pk, facts)


def is_late(row: RecordExclusion) -> bool:
    """Whether nobody confirmed it in time."""
    return row.confirmed_at is None and row.confirm_by <= clock.now()


def exclusions_that_hold() -> QuerySet[RecordExclusion]:
    """All of them, with whom they name."""
    named = ("access__user", "access__team", "access__organisation", "person__site")
    return RecordExclusion.objects.filter(ended_at=None).select_related(*named)


def exclusions_of_record(person: Person) -> QuerySet[RecordExclusion]:
    """Who is shut out of one record now, the newest first."""
    return exclusions_that_hold().filter(person=person).order_by("-began_at", "-pk")


def late_exclusions() -> QuerySet[RecordExclusion]:
    """What nobody confirmed in time: it still holds, and waits for the data-protection officer."""
    rows = exclusions_that_hold().filter(confirmed_at=None, confirm_by__lte=clock.now())
    return rows.filter(person__erased_at=None).order_by("confirm_by", "pk")


def rows_for_officer(actor: Actor) -> list[RecordExclusion]:
    """What waits for one data-protection officer: not what shuts out themselves."""
    asked = {**ASKED, "purpose": Purpose.DATA_PROTECTION.value}
    return [
        row
        for row in late_exclusions()
        if decide(actor, SETTLE, exclusion_as_asked(row), asked).allowed
    ]


def name_of(access: Exclusion) -> str:
    """The name of who is shut out."""
    named = access.user or access.team or access.organisation
    return named.display_name if isinstance(named, User) else str(getattr(named, "name", ""))


def staff_met_by(access: Exclusion) -> set[UUID]:
    """Keys of those whom an exclusion meets: by name, by a team to which they ever belonged, or as
    who works for an organisation now."""
    if access.user_id is not None:
        return {access.user_id}
    if access.team_id is not None:
        held = grants_in_force().filter(team=access.team_id).values_list("user_id", flat=True)
        members = Membership.objects.filter(team=access.team_id).values_list("user_id", flat=True)
        return {*held, *members}
    there = grants_in_force().filter(organisation=access.organisation_id)
    return set(there.values_list("user_id", flat=True))


@dataclass(frozen=True)
class Possible:
    """Who may be shut out of a record and is not yet."""

    staff: list[User] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)


def who_may_be_shut_out(person: Person) -> Possible:
    """Colleagues and teams of the organisation that keeps the record, and of those to which it is
    open now; and whole organisations, but for the one that keeps it: somebody has to be left."""
    shut = _named_already(person)
    here = {person.organisation_id, *organisations_let_to(KIND, person.pk)}
    held = grants_in_force().filter(organisation__in=here).values("user_id")
    staff = User.objects.filter(is_active=True, pk__in=held)
    teams = Team.objects.filter(ended_at=None, organisation__in=here)
    others = Organisation.objects.filter(ended_at=None).exclude(pk=person.organisation_id)
    return Possible(
        list(staff.exclude(pk__in=shut).order_by("display_name", "pk")),
        list(teams.exclude(pk__in=shut).order_by("name", "pk")),
        list(others.exclude(pk__in=shut).order_by("name", "pk")),
    )


def _named_already(person: Person) -> list[UUID]:
    named = (row.access for row in exclusions_of_record(person))
    keys = (each.user_id or each.team_id or each.organisation_id for each in named)
    return [key for key in keys if key is not None]


def to_confirm(actor: Actor) -> Q:
    """What an actor could confirm or lift, of what they may review: what others decided."""
    unconfirmed = Q(confirmed_at=None) & ~Q(began_by=actor.id)
    asked = Q(asked_by__isnull=False) & ~Q(asked_by=actor.id)
    return unconfirmed | asked


def names_among(rows: Iterable[RecordExclusion]) -> dict[UUID, str]:
    """Names of who decided, confirmed and asked."""
    keys = {key for row in rows for key in (row.began_by, row.confirmed_by, row.asked_by) if key}
    return dict(User.objects.filter(pk__in=keys).values_list("pk", "display_name"))
