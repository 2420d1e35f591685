"""Organisations, sites, accounts and what belongs to the whole installation, as the charter sees
them."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.queries import data_controller, held_roles
from marfa.safeguards.charter.resources import Resource


def the_organisation(organisation: Organisation) -> Resource:
    """An organisation."""
    facts = {"organisation": organisation.pk, "controller": data_controller().pk}
    return Resource("Organisation", organisation.pk, facts)


def the_controller(*_args: object, **_kwargs: object) -> Resource:
    """The organisation that keeps the installation, whatever the address says."""
    return the_organisation(data_controller())


def the_site(site: Site) -> Resource:
    """A site, where its organisation stands."""
    facts = {"organisation": site.organisation_id, "controller": data_controller().pk}
    return Resource("Site", site.pk, facts)


def the_account(user: User) -> Resource:
    """An account stands where its holder works; who has no role yet, at the controller."""
    keeper = data_controller().pk
    works_at = sorted({held.organisation for held in held_roles(user)}, key=str)
    facts = {"organisation": _first(works_at, keeper), "controller": keeper, "holder": user.pk}
    return Resource("Account", user.pk, facts)


def of_the_installation(kind: str) -> Resource:
    """The log, the keys, the registers and the incidents: they belong to the controller."""
    return Resource(kind, kind.lower(), {"controller": data_controller().pk})


def _first(places: list[UUID], otherwise: UUID) -> UUID:
    return otherwise if otherwise in places or not places else places[0]


def organisation_named(reference: str) -> Resource | None:
    """The organisation of a reference; None where there is none."""
    found = Organisation.objects.filter(reference=reference).first()
    return the_organisation(found) if found else None


def site_named(reference: str) -> Resource | None:
    """The site of a reference; None where there is none."""
    found = Site.objects.filter(reference=reference).first()
    return the_site(found) if found else None


def account_named(username: str) -> Resource | None:
    """The account of a user name, in any case of letters; None where there is none."""
    found = User.objects.filter(username__iexact=username).first()
    return the_account(found) if found else None


def the_log(_reference: str) -> Resource:
    """The log, of which there is one; so it is with the keys, the registers and the incidents."""
    return of_the_installation("Log")


def the_keys(_reference: str) -> Resource:
    """The keys of the installation."""
    return of_the_installation("Key")


def the_registers(_reference: str) -> Resource:
    """What the installation tells of itself: requests, incidents, fields."""
    return of_the_installation("Register")


def the_incidents(_reference: str) -> Resource:
    """The data incidents."""
    return of_the_installation("Incident")
