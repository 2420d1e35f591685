"""Keyed digests by which documents and phones are found.

The key is one of its own under the instance key, so that a rotation wraps it anew and no digest
has to be made again. The organisation is bound in: nobody compares two organisations' people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from marfa.apps.name_search.models import LookupDigest, LookupKey
from marfa.crypto.columns import Cipher, Column
from marfa.crypto.keys import Key
from marfa.crypto.macs import compute_mac
from marfa.domain.digits import latin_digits, without_marks
from marfa.platform import clock
from marfa.platform.keys.holders import by_column
from marfa.platform.keys.instance import current_version, instance_key

PURPOSE = "finding/digests"
SHORTEST_PHONE, SHORTEST_DOCUMENT = 6, 4
KINDS = LookupDigest.Kind
RULES: Mapping[str, int] = {KINDS.DOCUMENT: 1, KINDS.PHONE: 2}
"""The rule of today by which digests of a kind are made."""

PHONE_DIGITS = {1: 9, 2: 7}
"""By rule: so many digits from the end tell a telephone. Prefixes are written in many ways, and
where national numbers are short, more digits reach into the prefix."""


def normalise_value(kind: str, text: str, rule: int) -> str:
    """What counts of it by a rule; empty where it is too short to be looked for."""
    plain = latin_digits(without_marks(text)).casefold()
    if kind == KINDS.PHONE:
        digits = "".join(c for c in plain if c.isdecimal())
        return digits[-PHONE_DIGITS[rule] :] if len(digits) >= SHORTEST_PHONE else ""
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
    held = {(row.kind, bytes(row.digest)): row for row in rows}
    kept = {one for one, row in held.items() if one in wanted and row.rule == RULES[row.kind]}
    LookupDigest.objects.filter(pk__in=[held[one].pk for one in held.keys() - kept]).delete()
    LookupDigest.objects.bulk_create(
        LookupDigest(
            organisation_id=organisation,
            subject=subject,
            kind=kind,
            digest=digest,
            rule=RULES[kind],
        )
        for kind, digest in sorted(wanted - kept)
    )


def made_by_earlier_rule(most: int) -> list[UUID]:
    """Some of whose digests are not made by the rule of today."""
    earlier = Q(*(Q(kind=kind, rule__lt=rule) for kind, rule in RULES.items()), _connector=Q.OR)
    rows = LookupDigest.objects.filter(earlier).order_by("subject")
    return list(rows.values_list("subject", flat=True).distinct()[:most])


def forget_digests(subjects: Collection[UUID]) -> None:
    """Nothing exact leads to these any more."""
    LookupDigest.objects.filter(subject__in=list(subjects)).delete()


def subjects_with(text: str, organisations: Iterable[UUID]) -> set[UUID]:
    """Whose document or phone this is, in these organisations, as far as the context sees."""
    digests = [
        digest
        for organisation in organisations
        for kind, latest in RULES.items()
        # What an earlier rule made is found until it is made anew.
        for rule in range(1, latest + 1)
        if (digest := digest_of(kind, text, organisation, rule)) is not None
    ]
    # Asked also where there is nothing to ask for: every search takes the same steps.
    rows = LookupDigest.objects.filter(digest__in=digests or [b""])
    return set(rows.values_list("subject", flat=True))


def digest_of(kind: str, text: str, organisation: UUID, rule: int | None = None) -> bytes | None:
    """The digest of what is written, by default by the rule of today; None where it is too
    short."""
    plain = normalise_value(kind, text, rule or RULES[kind])
    if not plain:
        return None
    return compute_mac(_key(), f"{kind}\0{organisation.hex}\0{plain}".encode())


def rewrap_lookup_key(row: LookupKey, version: int) -> Mapping[str, object]:
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
    return Column("name_search_lookupkey", "wrapped_key", version)


DIGESTS = by_column("name_search.digests", LookupKey, rewrap_lookup_key)
"""The key of digests is wrapped anew when the instance key is rotated."""
