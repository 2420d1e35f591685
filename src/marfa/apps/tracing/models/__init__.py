from marfa.apps.tracing.models.claims import ClaimedRelative, FamilyContact, TieAccount, TieDecision
from marfa.apps.tracing.models.enquiries import Enquiry, EnquiryLook
from marfa.apps.tracing.models.requests import NeverThrough, TracingRequest, TracingShare
from marfa.apps.tracing.models.reunification import FamilyVisit, Parting, Reunification, RiskCheck

__all__ = [
    "ClaimedRelative",
    "Enquiry",
    "EnquiryLook",
    "FamilyContact",
    "FamilyVisit",
    "NeverThrough",
    "Parting",
    "Reunification",
    "RiskCheck",
    "TieAccount",
    "TieDecision",
    "TracingRequest",
    "TracingShare",
]
