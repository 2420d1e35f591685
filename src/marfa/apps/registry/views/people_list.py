"""The list of the people of one's sites: by their codes, and no name."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_view import form_view
from marfa.apps.list_file import ListFile
from marfa.apps.list_files.named_files import NamedColumns
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, coded, own_sites
from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import zone_of
from marfa.apps.registry.ages import treated_as_child
from marfa.apps.registry.models import Person
from marfa.apps.registry.named_columns import names_called, openable_people, safe_contacts
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.codes import format_code, parse_code
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Purpose

AGES = (("child", _("child, or treated as one")), ("adult", _("adult")))
WHO = (("here", _("at the site")), ("left", _("left or died")))


def _age(code: str) -> Q:
    child = Q(age_disputed=True) | Q(child_until=None) | Q(child_until__gt=_today())
    return child if code == "child" else ~child


def _today() -> date:
    return clock.today("UTC")


def _here(code: str) -> Q:
    here = Q(presence=Person.Presence.PRESENT)
    return here if code == "here" else ~here


def _code(text: str) -> Q:
    """Somebody by their code; nobody by what is no code: names are found by the search."""
    try:
        return Q(code=parse_code(text))
    except InputError:
        return Q(pk=None)


PEOPLE = ListSpec(
    _("People of my sites"),
    (
        Column("person", _("Person"), kind="head", order=("code",)),
        Column("age", _("Age"), kind="plain", order=("child_until",)),
        Column("sex", _("Sex"), kind="plain", order=("sex", "registered_at")),
        Column("registered", _("Registered"), order=("registered_at",)),
        Column("presence", _("Where they are"), kind="plain", order=("presence", "registered_at")),
        Column("site", _("Site"), kind="plain"),
    ),
    "-registered",
    (
        Filter("site", _("Site"), own_sites, lambda code: Q(site__reference=code)),
        Filter("age", _("Age"), AGES, _age),
        Filter("sex", _("Sex"), coded("sex"), lambda code: Q(sex=code)),
        Filter("who", _("Where they are"), WHO, _here),
    ),
    _code,
    _("Code"),
    called=lambda person: format_code(person.code),
    titled=True,
    file=ListFile(
        "people",
        contents="list",
        purpose=Purpose.ASSISTANCE,
        columns={
            "person": "code",
            "sex": "sex",
            "child_until": "child_until",
            "age_in_doubt": "age_disputed",
            "registered": "registered_at",
            "presence": "presence",
            "site": "site__reference",
        },
        leaving=Q(protected=False, erased_at=None),
        named=NamedColumns(
            {"name": names_called, "contact": safe_contacts},
            people="pk",
            openable=openable_people,
            purposes=(Purpose.ASSISTANCE, Purpose.CHILD_PROTECTION, Purpose.TRACING),
        ),
    ),
)


def people_of_sites(request: HttpRequest) -> HttpResponseBase:
    """Everybody of whom the reader may know, the last registered first; opening one is on the
    record, this list shows who nobody is."""
    actor = actor_in(request)
    rows = Person.objects.filter(visibility_condition(PERSON, actor)).select_related("site")
    today = clock.today(zone_of(actor))

    def say_age(people: object) -> None:
        for person in people:  # type: ignore[attr-defined]
            person.is_child = treated_as_child(person, today)

    return ListPage(request, PEOPLE, rows, "registry/people.html", prepare=say_age).answer()


at_reception = form_view(at_desk(Desk.RECEPTION)(people_of_sites))
at_protection = form_view(at_desk(Desk.PROTECTION)(people_of_sites))
