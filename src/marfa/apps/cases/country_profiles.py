"""Questions about the country of a site, and what holds there."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.cases.models import CountryProfile, SiteCountry
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import data_controller
from marfa.domain.countries import country_choices, country_name, country_named
from marfa.domain.message import InputError

FICTIONAL = "QZ"
"""A country that there is not: ISO 3166-1 leaves QM to QZ to users. For the demonstration alone."""


def profile_of(site: Site) -> CountryProfile | None:
    """The profile that holds at a site; None where nobody has written one down."""
    row = SiteCountry.objects.filter(site=site).select_related("profile").first()
    return row.profile if row is not None else None


def protects_children(site: Site) -> bool:
    """Whether this organisation is itself the child-protection agency at a site, as its mandate on
    record says."""
    profile = profile_of(site)
    return profile is not None and bool(profile.mandate.strip())


def profile_for(code: str) -> CountryProfile:
    """The profile of a country; an empty one, not stored, where there is none yet."""
    here = data_controller()
    found = CountryProfile.objects.filter(organisation=here, country=code).first()
    return found or CountryProfile(organisation=here, country=code, version=1)


def name_of(code: str) -> str:
    """The name of a country in the reader's language."""
    if code == FICTIONAL:
        return _("Fictional country of the demonstration")
    return country_name(code, get_language() or "en")


def profile_country_choices() -> list[tuple[str, str]]:
    """All countries that a profile may be written for, by name."""
    made_up = [(FICTIONAL, name_of(FICTIONAL))] if settings.DEMONSTRATION else []
    return [*made_up, *country_choices(get_language() or "en")]


def profile_country(text: str) -> str:
    """The code of a country that was typed, of those that a profile may be written for. Raises
    InputError where nothing is called so."""
    wanted = " ".join(text.split())
    for code, name in profile_country_choices():
        if wanted in (code, name):
            return code
    try:
        return country_named(wanted, get_language() or "en").alpha_2
    except InputError as error:
        raise InputError.at(error.problems[0].message, field="country") from None


def address_of(profile: UUID | None) -> str | None:
    """The page on which a profile is changed; None for one that is gone."""
    if profile is None:
        return None
    code = CountryProfile.objects.filter(pk=profile).values_list("country", flat=True).first()
    return reverse("cases:country", args=[code]) if code else None
