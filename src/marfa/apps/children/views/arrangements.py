"""How long a duty may take, and who is told at a site."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import SuspiciousOperation
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marfa.apps.access import actor_in, require_permission
from marfa.apps.accounts.models import User
from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.queries import recipient_called, recipients_in_use
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.children.actions.arrangements import (
    DAYS,
    add_contact,
    add_holiday,
    remove_contact,
    remove_holiday,
    set_authority,
    set_hours,
)
from marfa.apps.children.hours import NAMES, hours_at
from marfa.apps.children.models import DutyContact, ProtectionAuthority, SiteHoliday
from marfa.apps.children.policy_facts import ARRANGE
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.policy_facts import the_controller
from marfa.apps.organisations.queries import data_controller, grants_in_force
from marfa.apps.organisations.roles import DESK_OF
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

NOBODY = "none"
WORKING = [role for role, desk in DESK_OF.items() if desk is Desk.PROTECTION]


@form_view
@require_permission(ARRANGE, the_controller, Purpose.ADMINISTRATION)
def arrange(request: HttpRequest) -> HttpResponse:
    """The hours, the roster and the holidays of all sites."""
    actor = actor_in(request)
    page = FormPage(request, "children/arrange.html", context=partial(_shown, request), alike={})
    return page.answer(partial(_do, request, actor), said=_("Saved."))


def day_choices() -> list[tuple[str, Promise | str]]:
    """The days of a week and the holidays, by their digits."""
    named: dict[str, Promise | str] = {str(n + 1): word for n, word in WEEKDAYS.items()}
    named["0"] = gettext_lazy("Holidays of the site")
    return [(day, named[day]) for day in DAYS]


def _shown(request: HttpRequest) -> dict[str, object]:
    here = data_controller()
    contacts = DutyContact.objects.filter(site__organisation=here, ended_at=None).select_related(
        "site", "user"
    )
    words = dict(day_choices())
    return {
        "hours": hours_at(here),
        "names": NAMES,
        "sites": list(_sites().values_list("reference", "name")),
        "users": [(user.reference, user.display_name) for user in _users()],
        "days": day_choices(),
        "chosen_days": request.POST.getlist("weekdays"),
        "authorities": _authorities(),
        "bodies": [
            *((each.reference, recipient_name(each)) for each in recipients_in_use()),
            (NOBODY, gettext_lazy("not known")),
        ],
        "contacts": [
            (row, [words[day] for day in row.weekdays])
            for row in contacts.order_by("site__name", "outside", "place", "pk")
        ],
        "holidays": SiteHoliday.objects.filter(site__organisation=here, day__gte=clock.now().date())
        .select_related("site")
        .order_by("day", "pk"),
    }


def _authorities() -> list[tuple[Site, str]]:
    """To whom children are referred at each site; empty where nobody said."""
    rows = ProtectionAuthority.objects.filter(site__in=_sites()).select_related("recipient__guest")
    named = {row.site_id: recipient_name(row.recipient) for row in rows}
    return [(site, named.get(site.pk, "")) for site in _sites()]


def _sites() -> QuerySet[Site]:
    return Site.objects.filter(organisation=data_controller()).order_by("name", "pk")


def _users() -> QuerySet[User]:
    held = grants_in_force().filter(Q(organisation=data_controller()), role__in=WORKING)
    found = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    return found.order_by("display_name", "pk")


def _do(request: HttpRequest, actor: Actor) -> HttpResponse:
    sent = request.POST
    match sent.get("do"):
        case "hours":
            set_hours(actor=actor, organisation=data_controller(), hours=sent.dict())
        case "contact":
            _add_contact(request, actor, _site(request))
        case "authority":
            asked = recipient_called(sent.get("authority", ""))
            if asked is None and sent.get("authority") != NOBODY:
                raise InputError.at(Message("apps.children:choose-one"), field="authority")
            set_authority(actor=actor, site=_site(request), recipient=asked)
        case "holiday":
            day = day_said(sent.get("day", ""))
            add_holiday(actor=actor, site=_site(request), day=day)
        case "gone":
            _remove(actor, sent.get("row", ""))
        case _:
            raise SuspiciousOperation
    return redirect("children:arrange")


def _site(request: HttpRequest) -> Site:
    """The site that was chosen. Raises InputError where none was."""
    site = _sites().filter(reference=request.POST.get("site", "")).first()
    if site is None:
        raise InputError.at(Message("apps.children:choose-one"), field="site")
    return site


def _add_contact(request: HttpRequest, actor: Actor, site: Site) -> None:
    sent = request.POST
    add_contact(
        actor=actor,
        site=site,
        user=_users().filter(reference=sent.get("user", "")).first(),
        weekdays=sent.getlist("weekdays"),
        from_hour=sent.get("from_hour", ""),
        until_hour=sent.get("until_hour", ""),
        place=sent.get("place", ""),
        outside=bool(sent.get("outside")),
    )


def _remove(actor: Actor, reference: str) -> None:
    here = data_controller()
    contact = DutyContact.objects.filter(reference=reference, site__organisation=here).first()
    if contact is not None:
        remove_contact(actor=actor, row=contact)
    holiday = SiteHoliday.objects.filter(reference=reference, site__organisation=here).first()
    if holiday is not None:
        remove_holiday(actor=actor, row=holiday)
