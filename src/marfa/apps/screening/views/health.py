"""A health check to which somebody said yes at the end of a private conversation."""

from __future__ import annotations

from functools import partial

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, current_user
from marfa.apps.form_view import Context, FormPage, form_view
from marfa.apps.registry.lookups import nothing_there
from marfa.apps.registry.models import Person
from marfa.apps.registry.visibility import about_seen
from marfa.apps.screening.actions import record_health_service
from marfa.apps.screening.actions.health import FIELDS, health_services
from marfa.apps.screening.models import HealthCheck
from marfa.apps.screening.policy_facts import record_of
from marfa.apps.screening.queries import purpose_of
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault


@form_view
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """Until when a health service is to be called, and which one was. One that belongs to the
    interview of a list stands on the page of that."""
    current_user(request)
    actor = actor_in(request)
    rows = HealthCheck.objects.filter(about_seen(actor), reference=reference)
    check = rows.select_related("person__site", "site", "screening").first()
    if check is None:
        raise nothing_there(actor, Q(healthchecks__reference=reference))
    if check.screening is not None:
        return redirect("screening:one", reference=check.screening.reference)
    shown = partial(_shown, actor, check)
    page = FormPage(request, "screening/health_check.html", context=shown, site=check.site)
    told = {name: request.POST.get(name, "") for name in ("called", "service")}
    return page.answer(partial(record_health_service, actor=actor, check=check, **told))


def _shown(actor: Actor, check: HealthCheck) -> Context:
    with (
        reading(
            actor=actor,
            code="records.read",
            purpose=purpose_of(actor),
            resource=record_of(check.person, HealthCheck, FIELDS),
            subject=check.person_id,
        ),
        open_vault(),
    ):
        return {
            "health_check": check,
            "called": check.called,
            "health_services": services_to_choose(check.person),
        }


def services_to_choose(person: Person) -> list[tuple[str, object]]:
    """Health services to choose from, with one that is in no list; nothing where there is none."""
    found = [(each.reference, each.name) for each in health_services(person)]
    return [("", _("another one, in words")), *found] if found else []
