"""Changes to sealed notes."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from uuid import UUID

from marfa.apps.organisations.models import Organisation
from marfa.apps.sealed_records.models import SealedNote
from marfa.apps.sealed_records.queries import NOTE, note_standing, purpose_of
from marfa.domain.ids import REFERENCE_ALPHABET
from marfa.platform import clock
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor
from marfa.safeguards.sealed.records import seal_record

HALF = 4


def seal_note(
    *,
    actor: Actor,
    organisation: Organisation,
    kind: SealedNote.Kind,
    text: str,
    holders: Collection[UUID],
) -> SealedNote:
    """A note that two of its holders open together; whoever seals it is one of them.

    Raises InputError for too few holders and for one without keys; DeniedError.
    """
    people = frozenset({actor.id, *holders})
    with together():
        record = seal_record(
            actor=actor,
            purpose=purpose_of(actor),
            kind=NOTE,
            standing=note_standing(organisation.pk, None, people),
            content=text.strip().encode(),
            holders=people,
        )
        return SealedNote.objects.create(
            code=new_code(),
            kind=kind,
            organisation=organisation,
            record=record,
            made_at=clock.now(),
        )


def new_code() -> str:
    """A protected code such as ``K7QF-3MTD``: 40 random bits, no letter taken for a digit."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET.upper()) for _ in range(2 * HALF))
    return f"{letters[:HALF]}-{letters[HALF:]}"
