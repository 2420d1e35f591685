"""The board: children to whom something is owed, for whoever may know of them.

It shows codes, an age in words, why, and the clock. Nothing of migration status, nationality,
religion or papers is read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case as When
from django.db.models import IntegerField, Q, Value
from django.db.models import When as Then
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from marfa.apps.best_interests.models import Representative
from marfa.apps.best_interests.queries import representatives_in_force
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import names_of, readable_cases
from marfa.apps.children.models import Duty
from marfa.apps.children.queries import live
from marfa.apps.list_page import Choices, Column, Filter, ListSpec, own_sites
from marfa.apps.manifest import gather_from_apps
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import CHILD_PROTECTION, GOING_ON
from marfa.apps.referrals.views.recipients import referral_recipient_name
from marfa.apps.registry.models import RegisteredFact
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.domain.codes import format_code
from marfa.platform import clock
from marfa.safeguards.actor import Actor

Words = Promise | str
CLOCKS: Choices = (
    ("late", _("Too late")),
    ("running", _("Clock is running")),
    ("satisfied", _("Satisfied")),
)
WHY: Choices = (
    ("alone", _("Without care")),
    ("danger", _("In danger")),
    ("other", _("Another reason")),
)
CARE: Mapping[str, Words] = {
    "unaccompanied": pgettext_lazy("care", "Unaccompanied"),
    "separated": pgettext_lazy("care", "Separated"),
}
RISK: Mapping[str, Words] = {"at_risk": _("At risk"), "victim": _("Presumed victim")}
NO_MORE = _("Another reason")
"""Of who may not read the case: that there is one."""


def by_clock() -> When:
    """Those whose clock runs before those that are satisfied."""
    return When(Then(live(), then=Value(0)), default=Value(1), output_field=IntegerField())


def _having_clock(code: str) -> Q:
    now = clock.now()
    return {
        "late": live() & Q(due_at__lte=now),
        "running": live() & Q(due_at__gt=now),
        "satisfied": ~live(),
    }[code]


def _having_why(code: str) -> Q:
    return {"alone": ~Q(care=""), "danger": Q(danger=True), "other": ~Q(risk="")}[code]


def board_spec() -> ListSpec:
    """The list. Its order is by the clock, so that it is made for each look."""
    return ListSpec(
        _("Children"),
        (
            Column("child", _("Child"), kind="head", order=("person__code",)),
            Column("age", _("Age")),
            Column("why", _("Why")),
            Column("clock", _("Clock"), order=(by_clock(), "due_at")),
            Column("responsible", _("Responsible")),
            Column("referred", _("Referred to")),
            Column("alarms", _("Alarms")),
            Column("site", _("Site"), kind="plain"),
        ),
        "clock",
        (
            Filter("clock", _("Clock"), CLOCKS, _having_clock),
            Filter("why", _("Why"), WHY, _having_why),
            Filter("site", _("Site"), own_sites, lambda code: Q(person__site__reference=code)),
        ),
        called=lambda duty: format_code(duty.person.code),
        titled=True,
    )


@dataclass(frozen=True)
class Line:
    """What the board says of one child beside the columns of its duty."""

    age: str
    why: Sequence[Words]
    responsible: str
    case: str
    referred: Sequence[str]
    guardian: bool
    alarms: Sequence[Words]


def lines_of(actor: Actor, duties: Collection[Duty]) -> dict[UUID, Line]:
    """By person, as many queries for many as for few. What stands in a case is told to who may
    read it."""
    people = {duty.person_id for duty in duties}
    cases = {
        row.person_id: row
        for row in readable_cases(actor).filter(person__in=people, state=Case.State.OPEN)
    }
    workers = dict(
        Case.objects.filter(person__in=people, state=Case.State.OPEN).values_list(
            "person", "worker"
        )
    )
    names, ages = names_of(workers.values()), ages_of(people)
    referred, guarded = _referred(people), guarded_of(people)
    alarms = alarms_of(people)
    return {
        duty.person_id: Line(
            age=ages.get(duty.person_id, ""),
            why=reasons_of(duty, reads=duty.person_id in cases),
            responsible=names.get(workers.get(duty.person_id), ""),
            case=cases[duty.person_id].reference if duty.person_id in cases else "",
            referred=referred[duty.person_id] if duty.person_id in cases else (),
            guardian=duty.person_id in guarded,
            alarms=alarms[duty.person_id] if duty.person_id in cases else (),
        )
        for duty in duties
    }


def reasons_of(duty: Duty, *, reads: bool) -> list[Words]:
    """Why something is owed, in words; the worst first. reads: whether the reader may read the
    case, in which stands what was found."""
    found: list[Words] = [_("In danger")] if duty.danger else []
    if duty.care:
        found.append(CARE[duty.care])
    if duty.risk:
        found.append(RISK[duty.risk] if reads else NO_MORE)
    return found


def ages_of(people: Collection[UUID]) -> dict[UUID, str]:
    """How old each is, in words, as the coded facts say: no birth date is opened for it."""
    rows = RegisteredFact.objects.filter(
        subject__in=people, replaced_at=None, valid_until=None
    ).values_list("subject", "age_band")
    bands, language = codelist("age_bands"), get_language() or SOURCE_LANGUAGE
    return {key: bands.label(band, language) for key, band in rows}


def guarded_of(people: Collection[UUID]) -> set[UUID]:
    """Who has a guardian who counts now."""
    rows = representatives_in_force(clock.now().date())
    kind = Representative.Kind.GUARDIAN
    return set(rows.filter(person__in=people, kind=kind).values_list("person_id", flat=True))


def alarms_of(people: Collection[UUID]) -> dict[UUID, list[Words]]:
    """What nobody may overlook about each, as all apps say it."""
    found: dict[UUID, list[Words]] = defaultdict(list)
    for tell in gather_from_apps("child_alarms"):
        for key, words in tell(people).items():
            found[key] += words
    return found


def _referred(people: Collection[UUID]) -> dict[UUID, list[str]]:
    rows = Referral.objects.filter(
        person__in=people,
        purpose=CHILD_PROTECTION,
        state__in=[*GOING_ON, Referral.State.FINISHED],
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in rows.select_related("site", "recipient__guest").order_by("-sent_at", "pk"):
        name = referral_recipient_name(row)
        if name not in found[row.person_id]:
            found[row.person_id].append(name)
    return found
