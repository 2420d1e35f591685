"""The closed vocabularies of the safeguards. Each is a code list with labels for people to read."""

from __future__ import annotations

from enum import StrEnum

from marfa.domain.desks import DeclaredWords, members_of


class Purpose(StrEnum, metaclass=DeclaredWords):
    """Why somebody reads, writes or hands out data. There is no purpose "other"."""

    locals().update(members_of("purposes"))


class Role(StrEnum, metaclass=DeclaredWords):
    """What a member of staff may be; each belongs to one desk."""

    locals().update(members_of("roles"))


class Tier(StrEnum):
    """How much harm a field can do where it does not belong, least first.

    SYSTEM says nothing about a person; STAFF is about members of staff; CODED is about a person
    whom it does not identify; PERSONAL identifies; SENSITIVE is what GDPR art. 9 and 10 name, and
    narratives; SEALED stands behind a protected code.
    """

    SYSTEM = "system"
    STAFF = "staff"
    CODED = "coded"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    SEALED = "sealed"


class LegalBasis(StrEnum):
    """On what ground personal data are processed (GDPR art. 6 and 9; ICRC Handbook, ch. 3)."""

    CONSENT = "consent"
    VITAL_INTEREST = "vital_interest"
    PUBLIC_INTEREST = "public_interest"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGITIMATE_INTEREST = "legitimate_interest"
    CONTRACT = "contract"


class Outcome(StrEnum):
    """How an action ended, in the log."""

    DONE = "done"
    DENIED = "denied"
    FAILED = "failed"
