"""Finding people by a reference or code, protected ones too.

For the controller, who serves everybody's rights, and for who reads the log, in which all of them
stand.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db.models import Q

from marfa.apps.registry.models import Person
from marfa.domain.codes import parse_code
from marfa.domain.message import InputError


def keys_of_people(text: str) -> list[UUID]:
    """The keys of the people whom a reference or a code names, as somebody typed it, within the
    rows of all organisations; several where two organisations gave the same code."""
    named = Q(reference=text.strip().lower())
    with suppress(InputError):
        named |= Q(code=parse_code(text))
    return list(Person.objects.filter(named).values_list("pk", flat=True))
