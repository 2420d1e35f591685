"""Questions about formal identification, without what a person took back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from marfa.apps.cases.models import Case, FormalIdentification


def standing_in(case: Case) -> QuerySet[FormalIdentification]:
    """Requests in a case that the person did not take back."""
    return FormalIdentification.objects.filter(case=case, withdrawn_at=None)


def open_request(case: Case) -> FormalIdentification | None:
    """The request that the authority has not decided: there is one at most."""
    return standing_in(case).filter(decision="").first()


def appeal_of(formal: FormalIdentification) -> FormalIdentification | None:
    """The appeal against a decision: there is one at most."""
    return FormalIdentification.objects.filter(appeals=formal, withdrawn_at=None).first()


def not_appealed(case: Case) -> QuerySet[FormalIdentification]:
    """Requests and decisions in a case in whose place no appeal stands."""
    appeals = FormalIdentification.objects.filter(appeals=OuterRef("pk"), withdrawn_at=None)
    return standing_in(case).exclude(Exists(appeals))
