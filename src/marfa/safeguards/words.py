"""The closed vocabularies of the safeguards. Each is a code list with labels for people to read."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody reads, writes or hands out data. There is no purpose "other"."""

    REGISTRATION = "registration"
    SCREENING = "screening"
    ASSISTANCE = "assistance"
    CHILD_PROTECTION = "child_protection"
    TRACING = "tracing"
    EVIDENCE = "evidence"
    FINANCIAL_INVESTIGATION = "financial_investigation"
    SANCTIONS = "sanctions"
    STATISTICS = "statistics"
    COORDINATION = "coordination"
    ADMINISTRATION = "administration"
    DATA_PROTECTION = "data_protection"
    SECURITY = "security"


class Role(StrEnum):
    """What a member of staff may be; each belongs to one desk."""

    RECEPTION_OFFICER = "reception_officer"
    CASE_WORKER = "case_worker"
    SUPERVISOR = "supervisor"
    FOCAL_POINT = "focal_point"
    INVESTIGATOR = "investigator"
    EVIDENCE_CUSTODIAN = "evidence_custodian"
    FINANCE_ANALYST = "finance_analyst"
    SANCTIONS_OFFICER = "sanctions_officer"
    STATISTICIAN = "statistician"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    DATA_PROTECTION_OFFICER = "data_protection_officer"


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
