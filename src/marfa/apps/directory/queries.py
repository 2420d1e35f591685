"""Questions about the directory."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.directory.models import Service
from marfa.apps.directory.offers import Place, is_offered, to_be_called
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.workplaces import sites_where
from marfa.apps.site_cards.models import SiteCard
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Purpose, Role

KEEP = "services.keep"
PURPOSE = Purpose.COORDINATION
KEEPERS = frozenset({Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT})
"""Who works with people; ``charter/policies.cedar`` says the same."""


@dataclass(frozen=True)
class Standing:
    """How an entry stands. offered: it is offered now. called_by: the name of who called last."""

    offered: bool
    called_by: str


def places_to_keep(actor: Actor) -> list[Resource]:
    """The organisations for which somebody works, as the charter asks about them."""
    return [organisation_resource(each) for each in own_organisations(actor)]


def own_organisations(actor: Actor) -> list[Organisation]:
    """The organisations for which somebody keeps entries, by name."""
    held = {each.organisation for each in actor.roles if each.role in KEEPERS}
    return list(Organisation.objects.filter(pk__in=held).order_by("name", "pk"))


def all_services() -> QuerySet[Service]:
    """Every entry; closed ones too."""
    return Service.objects.select_related("keeper")


def may_keep(actor: Actor, service: Service) -> bool:
    """Whether somebody keeps the entries of this one's organisation."""
    return any(
        each.role in KEEPERS and each.organisation == service.keeper_id for each in actor.roles
    )


def standing_of(service: Service) -> Standing:
    """Whether an entry is offered, and who called last."""
    if service.called_by is None:
        return Standing(is_offered(service), "")
    names = User.objects.filter(pk=service.called_by).values_list("display_name", flat=True)
    return Standing(is_offered(service), names.first() or "")


def sites_to_start_from(actor: Actor) -> list[Site]:
    """Sites from which somebody looks for a service."""
    return list(sites_where(actor, KEEPERS, by_team=True))


def place_of(site: Site) -> Place | None:
    """Where a site is, as its card says; None where it does not."""
    told = SiteCard.objects.filter(site=site).values_list("latitude", "longitude").first()
    if told is None or told[0] is None or told[1] is None:
        return None
    return told[0], told[1]


def services_to_call(actor: Actor) -> QuerySet[Service]:
    """Entries of one's own organisations that somebody should call now, the oldest call first."""
    kept = {each.organisation for each in actor.roles if each.role in KEEPERS}
    return to_be_called().filter(keeper__in=kept)


def address_of(service: UUID | None) -> str | None:
    """The page on which an entry is changed; None for one that is gone."""
    if service is None:
        return None
    rows = Service.objects.filter(pk=service).values_list("reference", flat=True)
    reference = rows.first()
    return reverse("services:edit", args=[reference]) if reference else None


def service_called(reference: str) -> Service | None:
    """The entry of a reference; None where there is none."""
    return Service.objects.filter(reference=reference).first()
