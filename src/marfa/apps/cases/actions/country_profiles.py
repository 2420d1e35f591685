"""Country profiles: how victims are formally identified there.

Somebody of this installation writes it down; none of it comes with the software.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from marfa.apps.cases.country_profiles import FICTIONAL
from marfa.apps.cases.models import KINDS_OF_AUTHORITY, CountryProfile, SiteCountry
from marfa.apps.form_pages.editor import Change
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.countries import country_by_code
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

PURPOSE = Purpose.ADMINISTRATION
MANAGE = "countries.manage"
DAYS = ("reflection_days", "decision_days", "appeal_days")
MOST_DAYS, MOST_HOURS = 3650, 720


def begin_profile(profile: CountryProfile, actor: Actor) -> CountryProfile:
    """Store a profile that is still empty; the one that is there where a colleague was faster.

    Raises DeniedError; InputError for no country.
    """
    if profile.country != FICTIONAL:
        country_by_code(profile.country)
    found = _stored(profile)
    if found is not None:
        return found
    with _managing(actor, profile.organisation, "profile_begun", profile.country) as act:
        profile.recorded_at, profile.recorded_by = clock.now(), actor.id
        try:
            with transaction.atomic():
                act.create(profile)
        except IntegrityError:  # a colleague was faster
            return CountryProfile.objects.get(
                organisation=profile.organisation, country=profile.country
            )
    return profile


def change_profile(profile: CountryProfile, change: Change) -> Saved:
    """Save what somebody wrote down of a country, with every earlier version kept.

    What is said about authority or time names its law or procedure, so that nobody has to believe
    it. Raises DeniedError; InputError naming the field; ConflictError.
    """
    organisation = profile.organisation
    with _managing(change.actor, organisation, "profile_changed", profile.country) as act:
        saved = act.save(
            begin_profile(profile, change.actor) if profile._state.adding else profile,
            base_version=change.base_version,
            changes=change.changes,
            mine=change.mine,
            check=_check,
        )
        act.note(version=saved.version, **dict.fromkeys(saved.changed, True))
    return saved


def assign_site(*, actor: Actor, site: Site, profile: CountryProfile | None) -> None:
    """Say which profile holds at a site; None: nobody has written down what holds there.

    Requests that were made keep what they were told. Raises DeniedError.
    """
    named = profile.country if profile else ""
    with _managing(actor, site.organisation, "site_country", named) as act:
        act.note(site=str(site.pk))
        if profile is None:
            act.delete(SiteCountry.objects.filter(site=site))
        else:
            SiteCountry.objects.update_or_create(site=site, defaults={"profile": profile})


@contextmanager
def _managing(actor: Actor, organisation: Organisation, what: str, code: str) -> Iterator[Act]:
    with action(
        actor=actor, code=MANAGE, purpose=PURPOSE, resource=organisation_resource(organisation)
    ) as act:
        act.note(what=what, country=code)
        yield act


def _stored(profile: CountryProfile) -> CountryProfile | None:
    rows = CountryProfile.objects.filter(organisation=profile.organisation)
    return rows.filter(country=profile.country).first()


def _check(values: Mapping[str, object]) -> None:
    for name in DAYS:
        _number(values[name], name, 0, MOST_DAYS, empty=True)
    _number(values["review_hours"], "review_hours", 1, MOST_HOURS)
    if values["authority_kind"] not in KINDS_OF_AUTHORITY:
        raise InputError.at(Message("apps.cases:choose-one"), field="authority_kind")
    rests = any(values[name] not in (None, "") for name in ("authority", "mechanism", *DAYS))
    if rests and not str(values["source"] or "").strip():
        raise InputError.at(Message("apps.cases:source-missing"), field="source")


def _number(value: object, field: str, least: int, most: int, *, empty: bool = False) -> None:
    if value is None and empty:
        return
    if not isinstance(value, int) or not least <= value <= most:
        params = {"least": least, "most": most}
        raise InputError.at(Message("apps.cases:number-range", params), field=field)
