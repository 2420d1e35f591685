"""The columns and filters of lists of cases, and what is done to many of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in
from marfa.apps.cases.action_base import PURPOSE
from marfa.apps.cases.actions.case_management import assign_cases
from marfa.apps.cases.concerns import counted_concerns
from marfa.apps.cases.models import BY_URGENCY, EVER_MET, Case
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.unassigned_cases import unheld_of
from marfa.apps.cases.workers import workers_for_all
from marfa.apps.list_actions import BulkAction
from marfa.apps.list_file import ListFile
from marfa.apps.list_files.named_files import NamedColumns
from marfa.apps.list_page import Choices, Column, Filter, ListSpec, coded, own_sites
from marfa.apps.registry.named_columns import names_called, openable_people, safe_contacts
from marfa.domain.codes import format_code
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


def _concerns(_actor: Actor) -> Choices:
    return [(name, each.label) for name, each in counted_concerns().items() if name != "open"]


def _having(name: str) -> Q:
    return counted_concerns()[name].having()


PERSON = Column("person", _("Person"), kind="head", order=("person__code",))
URGENCY = Column("urgency", _("Urgency"), kind="plain", order=(BY_URGENCY, "-opened_at"))
RESPONSIBLE = Column("responsible", _("Responsible"))
OPENED = Column("opened", _("Opened"), order=("opened_at",))
MET = Column("met", _("Last met"), order=(EVER_MET, F("met_at")))
SITE = Column("site", _("Site"), kind="plain")
FILTERS = (
    Filter("urgency", _("Urgency"), coded("screening_urgencies"), lambda code: Q(urgency=code)),
    Filter("site", _("Site"), own_sites, lambda code: Q(site__reference=code)),
    Filter("needs", _("Needs attention"), _concerns, _having),
)
FILE = ListFile(
    "cases",
    contents="cases",
    purpose=PURPOSE,
    columns={
        "case": "reference",
        "person": "person__code",
        "urgency": "urgency",
        "state": "state",
        "source": "source",
        "sex": "person__sex",
        "site": "site__reference",
        "opened": "opened_at",
        "met": "met_at",
    },
    leaving=Q(person__protected=False, person__erased_at=None),
    named=NamedColumns(
        {"name": names_called, "contact": safe_contacts},
        people="person_id",
        openable=openable_people,
        purposes=(Purpose.ASSISTANCE, Purpose.CHILD_PROTECTION, Purpose.TRACING),
    ),
)
OWN = ListSpec(
    _("My cases"),
    (PERSON, URGENCY, OPENED, MET, SITE),
    "-urgency",
    FILTERS,
    called=lambda case: format_code(case.person.code),
    file=FILE,
)
OVERSEEN = ListSpec(
    _("Cases"),
    (PERSON, URGENCY, RESPONSIBLE, OPENED, MET, SITE),
    "opened",
    FILTERS,
    called=lambda case: format_code(case.person.code),
    file=FILE,
)


def say_responsible(cases: Sequence[Case]) -> None:
    """Give each case the name of who is responsible for it and may read it; "" for nobody."""
    shown = Case.objects.filter(pk__in=[case.pk for case in cases])
    free = set(shown.filter(unheld_of(shown)))
    names = names_of(case.worker for case in cases)
    for case in cases:
        case.responsible = "" if case in free else names.get(case.worker, "")  # type: ignore[attr-defined]


def _who(_request: HttpRequest, cases: Sequence[Case]) -> Mapping[str, object]:
    possible = workers_for_all(cases)
    return {"choices": [(each.user.reference, each.said) for each in possible]}


def _assign(request: HttpRequest, cases: Sequence[Case]) -> None:
    sent = request.POST
    named = sent.get("worker", "")
    possible = (each.user for each in workers_for_all(cases))
    worker = next((user for user in possible if user.reference == named), None)
    if worker is None:
        raise InputError.at(Message("apps.cases:choose-one"), field="worker")
    actor, stays = actor_in(request), bool(sent.get("stays"))
    assign_cases(actor=actor, cases=cases, worker=worker, text=sent.get("text", ""), stays=stays)


ASSIGN = BulkAction("assign", _("Reassign"), "cases/parts/assign_many.html", _who, _assign)
