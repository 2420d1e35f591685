"""The pages of country profiles."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, require_permission
from marfa.apps.cases.actions.country_profiles import (
    MANAGE,
    PURPOSE,
    assign_site,
    begin_profile,
    change_profile,
)
from marfa.apps.cases.country_profiles import (
    name_of,
    profile_country,
    profile_country_choices,
    profile_for,
)
from marfa.apps.cases.forms.country_profiles import ProfileForm
from marfa.apps.cases.models import CountryProfile, SiteCountry
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import form_view
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.policy_facts import the_controller
from marfa.apps.organisations.queries import data_controller
from marfa.apps.problems import problem_sentences
from marfa.domain.message import InputError

EDITOR = Editor(
    "cases.country", ProfileForm, change_profile, begin_profile, template="cases/country.html"
)
managers_only = require_permission(MANAGE, the_controller, PURPOSE)


@form_view
@managers_only
def countries(request: HttpRequest) -> HttpResponse:
    """All profiles, and which of them holds at each site."""
    wrong: dict[str, str] = {}
    typed = request.POST.get("country", "")
    if request.method == "POST":
        try:
            return _assign(request)
        except InputError as error:
            wrong = problem_sentences(error)
    here = data_controller()
    held = dict(SiteCountry.objects.values_list("site_id", "profile__country"))
    profiles = [
        (row, name_of(row.country))
        for row in CountryProfile.objects.filter(organisation=here).order_by("country")
    ]
    sites = Site.objects.filter(organisation=here).order_by("name", "pk")
    context = {
        "profiles": profiles,
        "sites": [(site, held.get(site.pk, "")) for site in sites],
        "held": [("", _("no profile")), *((row.country, name) for row, name in profiles)],
        "countries": profile_country_choices(),
        "typed": typed,
        "wrong": wrong,
    }
    return render(request, "cases/countries.html", context, status=422 if wrong else 200)


def _assign(request: HttpRequest) -> HttpResponse:
    posted, here = request.POST, data_controller()
    if "country" in posted:
        return redirect("cases:country", profile_country(posted["country"]))
    if "site" not in posted:
        return redirect("cases:countries")
    site = get_object_or_404(Site, organisation=here, reference=posted["site"])
    named = posted.get("profile", "")
    rows = CountryProfile.objects.filter(organisation=here)
    profile = get_object_or_404(rows, country=named) if named else None
    assign_site(actor=actor_in(request), site=site, profile=profile)
    messages.success(request, _("Saved."))
    return redirect("cases:countries")


@form_view
@managers_only
def country(request: HttpRequest, code: str) -> HttpResponse:
    """What holds in one country."""
    row = profile_for(code)
    if row._state.adding and code not in dict(profile_country_choices()):
        raise Http404
    title = _("Country profile: %(country)s") % {"country": name_of(code)}
    return edit_row(request, EDITOR, row, title=title, done=reverse("cases:countries"))
