"""What is done beside: the figures of a study take seconds."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.studies.actions.studies import compute_result
from marfa.apps.studies.models import Study
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.safeguards.actor import Actor, ActorKind


@job("studies.compute", once=True, atomic=False, rows=EVERY_ORGANISATION)
def compute_study(run: Run, *, study: UUID) -> None:
    """Compute what a study found and keep it. One that is gone is left."""
    row = Study.objects.filter(pk=study, state=Study.State.CLOSED).first()
    if row is not None:
        compute_result(actor=Actor(run.id, ActorKind.JOB), study=row)
