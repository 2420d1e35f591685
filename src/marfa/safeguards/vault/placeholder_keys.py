"""Keys that stood in for a person who was not known yet, and are not needed any more."""

from __future__ import annotations

from uuid import UUID

from marfa.platform import units
from marfa.safeguards.vault.access import forget_everywhere
from marfa.safeguards.vault.key_store import hold_subject_key
from marfa.safeguards.vault.models import RecordWrap, SubjectKey


def retire_subject(subject: UUID) -> None:
    """Destroy a key by which nothing is sealed any more, within the action that moved it.

    It is no erasure: nobody was erased, and the erased list is not told. In a backup of before
    the rows are still sealed by it, and by it alone.
    Raises ValueError where a record of several people is still wrapped by it.
    """
    if units.current_unit() is None:
        raise RuntimeError("a key is retired within an action")
    hold_subject_key(subject)
    if RecordWrap.objects.filter(subject=subject).exists():
        raise ValueError("a record is wrapped by this key")
    SubjectKey.objects.filter(subject=subject).delete()
    forget_everywhere(subject)
