"""The hand-over protocols of the countries that have a profile."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, require_permission
from marfa.apps.cases.action_base import CHOOSE_ONE
from marfa.apps.cases.country_profiles import name_of
from marfa.apps.cases.models import CountryProfile
from marfa.apps.detention.actions import MANAGE, record_protocol
from marfa.apps.detention.models import HandOverProtocol
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.organisations.policy_facts import the_controller
from marfa.apps.organisations.queries import data_controller
from marfa.domain.message import InputError
from marfa.safeguards.words import Purpose

managers_only = require_permission(MANAGE, the_controller, Purpose.ADMINISTRATION)


@form_view
@managers_only
def protocols(request: HttpRequest) -> HttpResponse:
    """What each says, or that none is on record."""
    rows = CountryProfile.objects.filter(organisation=data_controller()).order_by("country")

    def shown() -> dict[str, object]:
        known = {row.profile_id: row for row in HandOverProtocol.objects.all()}
        return {
            "profiles": [(name_of(row.country), known.get(row.pk)) for row in rows],
            "countries": [(row.reference, name_of(row.country)) for row in rows],
        }

    def act() -> None:
        profile = rows.filter(reference=request.POST.get("country", "")).first()
        if profile is None:
            raise InputError.at(CHOOSE_ONE, field="country")
        told = {name: request.POST.get(name, "") for name in ("hours", "source")}
        record_protocol(actor=actor_in(request), profile=profile, **told)

    return FormPage(request, "detention/protocols.html", context=shown).answer(
        act, said=_("Saved.")
    )
