"""The choice of recipients of a referral: other sites, guest partners, bodies outside."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.access import may_open
from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.models import Recipient
from marfa.apps.agreements.models.recipients import KINDS
from marfa.apps.agreements.queries import agreements_in_force, recipients_in_use
from marfa.apps.cases.country_profiles import protects_children
from marfa.apps.cases.models import Case
from marfa.apps.consents.grounds import Age, age_of, ground_of
from marfa.apps.handling_marks import check_recipient
from marfa.apps.organisations.models import Site
from marfa.apps.problems import problem_sentences
from marfa.apps.referrals.conditions import find_missing_decisions
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.queries import WAITING
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose, Role

DISCLOSING = frozenset({Role.SUPERVISOR, Role.EVIDENCE_CUSTODIAN})
"""Who may disclose anything at all, as the charter has it (``role.disclose``)."""


@dataclass(frozen=True)
class To:
    """One of them. guest: a partner of this installation. within: the site of the case itself,
    where another person takes a child."""

    name: str
    site: Site | None = None
    recipient: Recipient | None = None
    within: bool = False

    @property
    def guest(self) -> bool:
        return self.recipient is not None and self.recipient.guest_id is not None

    @property
    def outside(self) -> bool:
        return self.recipient is not None and self.recipient.guest_id is None


def recipient_choices(case: Case) -> list[tuple[str, str]]:
    """Everybody who can be chosen, with the sort that they are of. The own site is asked for the
    protection of a child alone."""
    sites = [(f"site-{each.reference}", _sort(each.name, _("our site"))) for each in _sites(case)]
    grown = age_of(case.person, clock.now()) is Age.ADULT
    if protects_children(case.site) and not grown:
        within = _sort(case.site.name, _("our own child protection, another person"))
        sites.insert(0, (f"site-{case.site.reference}", within))
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
        if reference == case.site.reference and protects_children(case.site):
            return To(case.site.name, site=case.site, within=True)
        site = next((each for each in _sites(case) if each.reference == reference), None)
        return To(site.name, site=site) if site else None
    found = next((each for each in _recipients() if each.reference == reference), None)
    return To(recipient_name(found), recipient=found) if found and kind == "to" else None


@dataclass(frozen=True)
class Missing:
    """What is missing before something may leave. page: where it is mended, if there is one.
    label: what the link to it says."""

    said: str
    page: str = ""
    label: str = ""


def waiting_already(case: Case, to: To, kind: str) -> list[Missing]:
    """A transfer to the same recipient that is not answered yet. Of referrals there may be one for
    each kind of help, which is chosen later."""
    if kind != Referral.Kind.TRANSFER:
        return []
    same = Referral.objects.filter(case=case, site=to.site, recipient=to.recipient, kind=kind)
    rows = same.filter(state__in=WAITING, due_at__gt=clock.now()).order_by("due_at", "pk")
    return [
        Missing(
            _("They were asked already, and have not answered yet."),
            reverse("cases:referral", args=[row.reference]),
            _("Open the referral"),
        )
        for row in rows
    ]


def is_prepared(actor: Actor, to: To) -> bool:
    """Whether what an actor asks of somebody is prepared for a supervisor, who sends it."""
    return to.recipient is not None and not DISCLOSING & actor.role_names


def missing_for_sending(
    actor: Actor, case: Case, to: To, purpose: Purpose, kind: str
) -> list[Missing]:
    """What is missing before something may leave, or be prepared, said before anybody types."""
    if to.recipient is None:
        return []
    consents = reverse("consents:of", args=[case.person.reference]), _("Consent and sharing")
    agreements = agreements_in_force(to.recipient)
    ground = ground_of(case.person, purpose, to.recipient)
    missing: list[Missing] = []
    missing += [Missing(said) for said in _not_sent_to(to.recipient)]
    language = get_language() or SOURCE_LANGUAGE
    missing += [
        Missing(render_message(each.said, language), each.page, str(each.label))
        for each in find_missing_decisions(case, to.recipient, kind, purpose.value)
    ]
    if not any(purpose in each.purposes for each in agreements):
        said = _("There is no agreement with them for this purpose.")
        page = ""
        if may_open(actor, "consents:recipients"):
            page = reverse("consents:recipient", args=[to.recipient.reference])
        missing.append(Missing(said, page, _("Agreements with them")))
    if ground.withdrawn:
        missing.append(Missing(_("The person withdrew their agreement."), *consents))
    elif ground.consent is None and ground.basis is None:
        said = _("The person has not agreed to it, and no other ground is recorded.")
        missing.append(Missing(said, *consents))
    return missing


def _not_sent_to(recipient: Recipient) -> list[str]:
    """That a body like this one sends no referral to recipients of that kind."""
    try:
        check_recipient(recipient.kind, "referral", field="to")
    except InputError as error:
        return [*problem_sentences(error).values()]
    return []


def referral_recipient_name(row: Referral) -> str:
    """To whom a referral went."""
    return row.site.name if row.site else recipient_name(row.recipient)


def _sites(case: Case) -> list[Site]:
    found = Site.objects.filter(organisation=case.organisation_id).exclude(pk=case.site_id)
    return list(found.order_by("name"))


def _recipients() -> list[Recipient]:
    """Those in use, none of them behind the firewall."""
    return list(recipients_in_use().filter(kind__in=KINDS))
