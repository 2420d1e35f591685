"""The tables of people."""

from marfa.apps.people.models.consents import Consent, LegalBasisRecord, Withdrawal
from marfa.apps.people.models.contacts import ContactPoint
from marfa.apps.people.models.conversations import ConversationAnswer, PrivateConversation
from marfa.apps.people.models.documents import IdentityDocument
from marfa.apps.people.models.facts import RegisteredFact
from marfa.apps.people.models.households import Household, HouseholdMember, Relationship
from marfa.apps.people.models.names import PersonName
from marfa.apps.people.models.person import Person
from marfa.apps.people.models.protection import Protection
from marfa.apps.people.models.queue import QueueEntry, ScreeningReason
from marfa.apps.people.models.recipients import DataAgreement, Recipient
from marfa.apps.people.models.registrations import Registration
from marfa.apps.people.models.sharings import RecallNotice, Sharing
from marfa.apps.people.models.snapshots import SiteSnapshot

__all__ = [
    "Consent",
    "ContactPoint",
    "ConversationAnswer",
    "DataAgreement",
    "Household",
    "HouseholdMember",
    "IdentityDocument",
    "LegalBasisRecord",
    "Person",
    "PersonName",
    "PrivateConversation",
    "Protection",
    "QueueEntry",
    "RecallNotice",
    "Recipient",
    "RegisteredFact",
    "Registration",
    "Relationship",
    "ScreeningReason",
    "Sharing",
    "SiteSnapshot",
    "Withdrawal",
]
