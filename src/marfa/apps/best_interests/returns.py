"""What has to stand before a child returns or is resettled."""

from __future__ import annotations

from django.urls import reverse

from marfa.apps.best_interests.matters import RETURN
from marfa.apps.best_interests.queries import decision_in_force
from marfa.apps.cases.models import Case


def page_before_return(case: Case) -> str:
    """Where the return of a child is decided; "" where it is decided and stands."""
    if decision_in_force(case.person, RETURN) is not None:
        return ""
    return f"{reverse('cases:case', args=[case.reference])}#best-interests"
