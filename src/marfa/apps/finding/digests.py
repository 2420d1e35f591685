"""Documents and phones are found by a keyed digest of what is written, never by what is written.

The key is one of its own under the instance key, so that a rotation wraps it anew and no digest
has to be made again. The organisation is bound in: nobody compares two organisations' people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import transaction

from marfa.apps.finding.models import LookupDigest, LookupKey
from marfa.crypto.columns import Cipher, Column
from marfa.crypto.keys import Key
from marfa.crypto.macs import mac
from marfa.domain.digits import latin_digits, without_marks
from marfa.platform import clock
from marfa.platform.keys.instance import current_version, instance_key

PURPOSE = "finding/digests"
PHONE_DIGITS = 9
"""So many digits from the end tell a telephone: prefixes are written in many ways."""
SHORTEST_PHONE, SHORTEST_DOCUMENT = 6, 4
KINDS = LookupDigest.Kind


def normalised(kind: str, text: str) -> str:
    """What counts of it; empty where it is too short to be looked for."""
    plain = latin_digits(without_marks(text)).casefold()
    if kind == KINDS.PHONE:
        digits = "".join(c for c in plain if c.isdecimal())
        return digits[-PHONE_DIGITS:] if len(digits) >= SHORTEST_PHONE else ""
    kept = "".join(c for c in plain if c.isalnum())
    return kept if len(kept) >= SHORTEST_DOCUMENT else ""


def set_digests(
    *, subject: UUID, organisation: UUID, values: Mapping[str, Collection[str]]
) -> None:
    """Within the transaction that changes them: what a person has of each kind, and no more.

    values: by kind of ``LookupDigest``, all that is written of it now.
    """
    wanted = {
        (kind, digest)
        for kind, texts in values.items()
        for text in texts
        if (digest := digest_of(kind, text, organisation)) is not None
    }
    rows = LookupDigest.objects.filter(subject=subject, kind__in=list(values))
    held = {(row.kind, bytes(row.digest)): row.pk for row in rows}
    LookupDigest.objects.filter(pk__in=[held[one] for one in held.keys() - wanted]).delete()
    LookupDigest.objects.bulk_create(
        LookupDigest(organisation_id=organisation, subject=subject, kind=kind, digest=digest)
        for kind, digest in sorted(wanted - held.keys())
    )


def subjects_with(text: str, organisations: Iterable[UUID]) -> set[UUID]:
    """Whose document or phone this is, in these organisations, as far as the context sees."""
    digests = [
        digest
        for organisation in organisations
        for kind in KINDS.values
        if (digest := digest_of(kind, text, organisation)) is not None
    ]
    # Asked also where there is nothing to ask for: every search takes the same steps.
    rows = LookupDigest.objects.filter(digest__in=digests or [b""])
    return set(rows.values_list("subject", flat=True))


def digest_of(kind: str, text: str, organisation: UUID) -> bytes | None:
    """The digest of what is written; None where it is too short."""
    plain = normalised(kind, text)
    if not plain:
        return None
    return mac(_key(), f"{kind}\0{organisation.hex}\0{plain}".encode())


def rewrap(row: LookupKey, version: int) -> Mapping[str, object]:
    """The columns of the key, wrapped by another version of the instance key."""
    return {"wrapped_key": _wrap(row.pk, _unwrap(row), version), "key_version": version}


def _key() -> Key:
    row = LookupKey.objects.filter(number=1).first()
    return _unwrap(row if row is not None else _make())


def _make() -> LookupKey:
    """The key, made with the first digest; of two at once, both get the one that is stored."""
    with transaction.atomic():
        row = LookupKey(key_version=current_version(), made_at=clock.now())
        row.wrapped_key = _wrap(row.pk, Key.random(), row.key_version)
        LookupKey.objects.bulk_create([row], ignore_conflicts=True)
        return LookupKey.objects.get(number=1)


def _wrap(row: UUID, key: Key, version: int) -> bytes:
    return _column(version).wrap(_above(version), row.hex, key)


def _unwrap(row: LookupKey) -> Key:
    version = row.key_version
    return _column(version).unwrap_key(_above(version), row.pk.hex, bytes(row.wrapped_key))


def _above(version: int) -> Cipher:
    return Cipher(instance_key(version, PURPOSE))


def _column(version: int) -> Column:
    return Column("finding_lookupkey", "wrapped_key", version)
