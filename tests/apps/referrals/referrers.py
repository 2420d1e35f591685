"""What tests of referrals share: an office with partners, agreements and answers of a person."""

from __future__ import annotations

from typing import Any

from marfa.apps.accounts.models import User
from marfa.apps.agreements.models import Recipient
from marfa.apps.cases.models import Case
from marfa.apps.consents.models import Consent
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.referrals.actions.referrals import ReferralRequest, SentReferral, send_referral
from marfa.apps.referrals.models import Referral
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from tests.apps.cases.office import Office
from tests.apps.consents.examples import agree, agreed, clinic, lantern
from tests.conftest import Operation

NOTE = "She needs a bed for women tonight (canary-note)."


class Desk:
    """A case, its case worker and supervisor, another site, a guest, and a clinic outside."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.office = Office(operation)
        self.case: Case = self.office.case()
        self.worker = self.office.worker
        self.elsewhere = self.office.colleague
        self.site: Site = Site.objects.filter(organisation=operation.controller).exclude(
            pk=self.case.site_id
        )[0]
        self.guest: Recipient = lantern(operation)
        self.clinic: Recipient = clinic()
        self.consents: dict[Any, Consent] = {}
        for to in (self.guest, self.clinic):
            agreed(to)
            self.agree(to)

    def agree(self, to: Recipient) -> Consent:
        made = agree(self.operation, self.case.person, to, opens_record=to.guest_id is not None)
        self.consents[to.pk] = made
        return made

    @property
    def supervisor(self) -> Actor:
        return self.proved(self.operation.supervisor)

    @property
    def partner(self) -> Actor:
        return actor_of(self.operation.partner)

    def proved(self, user: User) -> Actor:
        return actor_of(user, stepped_up_at=clock.now())

    def send(self, to: Recipient | Site | None = None, **changes: Any) -> SentReferral:
        actor = changes.pop("actor", None) or self.supervisor
        told: dict[str, Any] = {
            "kind": "referral",
            "purpose": "assistance",
            "urgency": "days",
            "note": NOTE,
            "fields": ["Person.code"],
            "support": "shelter",
            **changes,
        }
        if isinstance(to, Site) or to is None:
            told.setdefault("site", to or self.site)
        else:
            told.setdefault("recipient", to)
            told.setdefault("way", "inside" if to.guest_id else "package")
        return send_referral(actor=actor, case=self.case, wanted=ReferralRequest(**told))

    def sent(self, to: Recipient | Site | None = None, **changes: Any) -> Referral:
        return self.send(to, **changes).referral
