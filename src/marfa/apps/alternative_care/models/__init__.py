from marfa.apps.alternative_care.models.placements import CareReview, CareVisit, Placement
from marfa.apps.alternative_care.models.places import CareCheck, CareDoubt, CarePlace, Vetting

__all__ = [
    "CareCheck",
    "CareDoubt",
    "CarePlace",
    "CareReview",
    "CareVisit",
    "Placement",
    "Vetting",
]
