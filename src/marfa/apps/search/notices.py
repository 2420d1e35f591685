"""Notices of unusual searching, for supervisors and focal points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from marfa.apps.accounts.models import User
from marfa.apps.name_search import search_watch
from marfa.apps.name_search.models import Notice
from marfa.apps.name_search.search_watch import OF_PROTECTED
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.policy_facts import the_organisation
from marfa.apps.organisations.queries import data_controller
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.search.results import address_of
from marfa.domain.codes import format_code
from marfa.safeguards.actions import action, reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Value
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Purpose, Role

WATCH, HEAR = "people.watch_searches", "people.hear_of_searches"
TOLD = frozenset({Role.SUPERVISOR, Role.FOCAL_POINT})
"""Nobody else needs to be asked about, so that most pages ask nothing."""

ON_RECORD: dict[str, Value] = {"on_record": True, "purpose": Purpose.SECURITY.value}


@dataclass(frozen=True)
class NoticeText:
    """One notice in words. It names the searcher; whom they searched for, to those alone who work
    with that person: code and the address of the page."""

    reference: str
    at: datetime
    site: str
    searcher: str
    what: str
    how: str
    count: int
    code: str = ""
    url: str = ""


def notices_for(*, actor: Actor) -> QuerySet[Notice]:
    """What nobody has looked into yet; looking is on the record. Raises DeniedError."""
    owner = Organisation.objects.filter(pk__in=_told_for(actor)).order_by("pk").first()
    with reading(
        actor=actor,
        code=WATCH,
        purpose=Purpose.SECURITY,
        resource=the_organisation(owner or data_controller()),
    ):
        return _visible_to(actor)


def settle_notice(*, actor: Actor, notice: Notice) -> None:
    """Somebody has looked into it. Raises DeniedError."""
    code = HEAR if notice.kind in OF_PROTECTED else WATCH
    resource = the_organisation(notice.organisation)
    with action(actor=actor, code=code, purpose=Purpose.SECURITY, resource=resource) as act:
        act.note(settled=1)
        search_watch.settle_notice(notice=notice, by=actor.id)


def notices_with_names(rows: Iterable[Notice], actor: Actor) -> list[NoticeText]:
    """Notices with the names of the colleagues."""
    found = list(rows)
    names = dict(
        User.objects.filter(pk__in={row.searcher for row in found}).values_list(
            "pk", "display_name"
        )
    )
    subjects = {row.subject for row in found if row.subject}
    known = Person.objects.filter(visibility_condition(PERSON, actor), pk__in=subjects)
    people: dict[UUID | None, Person] = {person.pk: person for person in known}
    return [_told(row, names.get(row.searcher, ""), people.get(row.subject)) for row in found]


def _told(row: Notice, searcher: str, person: Person | None) -> NoticeText:
    return NoticeText(
        row.reference,
        row.at,
        row.site.name if row.site else "",
        searcher,
        row.get_kind_display(),
        row.get_way_display() if row.subject else "",
        row.count,
        format_code(person.code) if person else "",
        address_of(person.reference) if person else "",
    )


def _told_for(actor: Actor) -> set[UUID]:
    """The organisations of whose searching somebody may be told."""
    return {held.organisation for held in actor.roles if held.role in TOLD}


def _visible_to(actor: Actor) -> QuerySet[Notice]:
    """Nobody is told of their own searching: another one answers for it."""
    places = list(Organisation.objects.filter(pk__in=_told_for(actor)))
    rows = search_watch.open_notices(
        watched=[place.pk for place in places if _may(actor, WATCH, place)],
        protecting=[place.pk for place in places if _may(actor, HEAR, place)],
    )
    return rows.exclude(searcher=actor.id)


def _may(actor: Actor, code: str, place: Organisation) -> bool:
    return decide(actor, code, the_organisation(place), ON_RECORD).allowed
