"""The choice of recipients of a referral: other sites, guest partners, bodies outside."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.models import Recipient
from marfa.apps.agreements.models.recipients import KINDS
from marfa.apps.agreements.queries import agreements_in_force, recipients_in_use
from marfa.apps.cases.models import Case
from marfa.apps.consents.grounds import ground_of
from marfa.apps.organisations.models import Site
from marfa.apps.referrals.models import Referral
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose, Role

DISCLOSING = frozenset({Role.SUPERVISOR, Role.EVIDENCE_CUSTODIAN})
"""Who may disclose anything at all, as the charter has it (``role.disclose``)."""


@dataclass(frozen=True)
class To:
    """One of them. guest: a partner of this installation."""

    name: str
    site: Site | None = None
    recipient: Recipient | None = None

    @property
    def guest(self) -> bool:
        return self.recipient is not None and self.recipient.guest_id is not None

    @property
    def outside(self) -> bool:
        return self.recipient is not None and self.recipient.guest_id is None


def recipient_choices(case: Case) -> list[tuple[str, str]]:
    """Everybody who can be chosen, with the sort that they are of."""
    sites = [(f"site-{each.reference}", _sort(each.name, _("our site"))) for each in _sites(case)]
    others = [
        (
            f"to-{each.reference}",
            _sort(recipient_name(each), _("guest partner") if each.guest_id else _("outside")),
        )
        for each in _recipients()
    ]
    return [*sites, *others]


def _sort(name: str, sort: str) -> str:
    """A name with its sort behind it, whatever its script (FIRST STRONG ISOLATE)."""
    return f"\u2068{name}\u2069 · {sort}"


def recipient_chosen(case: Case, name: str) -> To | None:
    """Who was chosen, if they can be."""
    kind, _dash, reference = name.partition("-")
    if kind == "site":
        site = next((each for each in _sites(case) if each.reference == reference), None)
        return To(site.name, site=site) if site else None
    found = next((each for each in _recipients() if each.reference == reference), None)
    return To(recipient_name(found), recipient=found) if found and kind == "to" else None


def missing_for_sending(actor: Actor, case: Case, to: To, purpose: Purpose) -> list[str]:
    """What is missing before something may leave, said before anybody types."""
    if to.recipient is None:
        return []
    agreements = agreements_in_force(to.recipient)
    ground = ground_of(case.person, purpose, to.recipient)
    missing = []
    if not DISCLOSING & actor.role_names:
        missing.append(_("What leaves the organisation is sent by a supervisor. Ask yours."))
    if not any(purpose in each.purposes for each in agreements):
        missing.append(_("There is no agreement with them for this purpose."))
    if ground.withdrawn:
        missing.append(_("The person withdrew their agreement."))
    elif ground.consent is None and ground.basis is None:
        missing.append(_("The person has not agreed to it, and no other ground is recorded."))
    return missing


def referral_recipient_name(row: Referral) -> str:
    """To whom a referral went."""
    return row.site.name if row.site else recipient_name(row.recipient)


def _sites(case: Case) -> list[Site]:
    found = Site.objects.filter(organisation=case.organisation_id).exclude(pk=case.site_id)
    return list(found.order_by("name"))


def _recipients() -> list[Recipient]:
    """Those in use, none of them behind the firewall."""
    return list(recipients_in_use().filter(kind__in=KINDS))
