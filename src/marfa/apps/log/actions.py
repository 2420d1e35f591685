"""Looking into the log, which stands in the log itself."""

from __future__ import annotations

from contextlib import AbstractContextManager

from marfa.apps.organisations.models import Organisation
from marfa.safeguards.actions import Act, reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Purpose


def log_reading(*, actor: Actor, code: str) -> AbstractContextManager[Act]:
    """Read the log on the record. code: ``log.read`` or ``log.export``. Raises DeniedError."""
    controller = Organisation.objects.values_list("pk", flat=True).get(
        kind=Organisation.Kind.CONTROLLER
    )
    resource = Resource("Log", "log", {"controller": controller})
    return reading(actor=actor, code=code, purpose=Purpose.DATA_PROTECTION, resource=resource)
