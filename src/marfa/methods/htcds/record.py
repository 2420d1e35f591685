"""One case of the Human Trafficking Case Data Standard 2.0, typed.

Every field of the published sheet is here once, in its section; attributes are named after the
standard's fields without their prefix. What the standard cannot say stands in ``Marfa``, our
extension. What protects a person (their being protected, sealed or hidden) has no place here, and
neither has who a perpetrator is: that belongs to investigations.

Source: "HTCDS Field Standards 2.0.ods" and "Field Definitions.md", International Organization
for Migration, github.com/UNMigration/HTCDS, commit 3c2f653, CC BY 4.0; no endorsement implied.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from marfa.domain.dates import PartialDate
from marfa.methods.htcds.specs import (
    Kind,
    countries,
    day,
    degrees,
    free,
    number,
    one,
    plain,
    several,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Section Organization: one that a lookup of the case names."""

    name: str | None = free("org_Name")
    shipping_city: str | None = free("org_ShippingCity")
    shipping_country: str | None = plain("org_ShippingCountry", Kind.COUNTRY)
    shipping_state: str | None = free("org_ShippingState")
    shipping_street: str | None = free("org_ShippingStreet")
    shipping_postal_code: str | None = free("org_ShippingPostalCode")
    shipping_longitude: float | None = degrees("org_ShippingLongitude", 180)
    shipping_latitude: float | None = degrees("org_ShippingLatitude", 90)
    phone: str | None = free("org_Phone", Kind.PHONE)
    type: str | None = one("org_Type", "org_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Section Person: the victim. Numbers of children and ages are counted in ones and years."""

    salutation: str | None = free("prs_Salutation", core=True)
    first_name: str | None = free("prs_FirstName", core=True)
    middle_name: str | None = free("prs_MiddleName")
    second_name: str | None = free("prs_SecondName", core=True)
    birthdate: PartialDate | None = field(default=None, metadata=day("prs_Birthdate", core=True))
    gender: str | None = one("prs_Gender", "prs_gender", core=True)
    deceased: bool | None = plain("prs_Deceased", Kind.CHECKBOX)
    marital_status: str | None = one("prs_MaritalStatus", "prs_marital_status")
    number_of_children: int | None = number("prs_NumberOfChildren", 0, 99)
    primary_language: str | None = plain("prs_PrimaryLanguage", Kind.LANGUAGE)
    secondary_language: str | None = plain("prs_SecondaryLanguage", Kind.LANGUAGE)
    highest_level_of_education: str | None = one(
        "prs_HighestLevelOfEducation", "prs_highest_level_of_education"
    )
    citizenship: tuple[str, ...] = countries("prs_Citizenship", core=True)
    identity_number: str | None = free("prs_IdentityNumber")
    title: str | None = free("prs_Title", core=True)
    email: str | None = free("prs_Email", core=True)
    home_phone: str | None = free("prs_HomePhone", Kind.PHONE, core=True)
    mobile_phone: str | None = free("prs_MobilePhone", Kind.PHONE, core=True)
    mailing_city: str | None = free("prs_MailingCity", core=True)
    mailing_country: str | None = plain("prs_MailingCountry", Kind.COUNTRY, core=True)
    mailing_state: str | None = free("prs_MailingState", core=True)
    mailing_street: str | None = free("prs_MailingStreet", core=True)
    mailing_postal_code: str | None = free("prs_MailingPostalCode", core=True)
    mailing_longitude: float | None = degrees("prs_MailingLongitude", 180)
    mailing_latitude: float | None = degrees("prs_MailingLatitude", 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """Section Person - Victim Context."""

    agreement_to_manage_personal_data: bool | None = plain(
        "vic_AgreementToManagePersonalData", Kind.CHECKBOX, deprecated=True
    )
    trafficking_status: str | None = one(
        "vic_TraffickingStatus", "vic_trafficking_status", core=True
    )
    trafficking_status_decision_making_org: str | None = one(
        "vic_TraffickingStatusDecisionMakingOrg",
        "vic_trafficking_status_decision_making_org",
        core=True,
    )
    relationship_to_trafficker: str | None = one(
        "vic_RelationshipToTrafficker", "vic_relationship_to_trafficker"
    )
    age_when_trafficked: int | None = number("vic_AgeWhenTrafficked", 0, 120)
    recruitment_websites_and_apps: tuple[str, ...] = several(
        "vic_RecruitmentWebsitesAndApps", "vic_recruitment_websites_and_apps"
    )
    method_of_recruitment: tuple[str, ...] = several(
        "vic_MethodOfRecruitment", "vic_method_of_recruitment", core=True
    )
    location_of_recruitment: str | None = free("vic_LocationOfRecruitment", Kind.LOOKUP, core=True)
    methods_of_control: tuple[str, ...] = several(
        "vic_MethodsOfControl", "vic_methods_of_control", core=True
    )
    type_of_exploitation: tuple[str, ...] = several(
        "vic_TypeOfExploitation", "vic_type_of_exploitation", core=True
    )
    forced_labour_industry: str | None = one(
        "vic_ForcedLabourIndustry", "vic_forced_labour_industry", core=True
    )
    type_of_sex_exploitation: tuple[str, ...] = several(
        "vic_TypeOfSexExploitation", "vic_type_of_sex_exploitation", core=True
    )
    location_of_exploitation: str | None = free(
        "vic_LocationOfExploitation", Kind.LOOKUP, core=True
    )
    exploitation_websites_and_apps: tuple[str, ...] = several(
        "vic_ExploitationWebsitesAndApps", "vic_exploitation_websites_and_apps"
    )
    vulnerabilities: tuple[str, ...] = several(
        "vic_Vulnerabilities", "vic_vulnerabilities", core=True, deprecated=True
    )
    details_of_vulnerabilities: str | None = free(
        "vic_DetailsOfVulnerabilities", Kind.LONG_TEXT, core=True, deprecated=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Perpetrator:
    """Section Person - Perpetrator Context: a part played, not who played it."""

    role_in_process: tuple[str, ...] = several("per_RoleInProcess", "per_role_in_process")
    role_details: str | None = free("per_RoleDetails", Kind.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingReferral:
    """Section Referral Details, the referral by which the case came."""

    referring_organisation: str | None = free("cas_ReferringOrganisation", Kind.LOOKUP, core=True)
    date: PartialDate | None = field(
        default=None, metadata=day("cas_IncomingReferralDate", core=True)
    )
    referring_primary_case_worker: str | None = free(
        "cas_ReferringPrimaryCaseWorker", Kind.LOOKUP, core=True
    )
    reason: str | None = one(
        "cas_ReasonForIncomingReferral", "cas_reason_for_incoming_referral", core=True
    )
    details: str | None = free("cas_IncomingReferralDetails", Kind.LONG_TEXT, core=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingReferral:
    """Section Referral Details, one referral to another organisation."""

    referred_organisation: str | None = free("cas_ReferredOrganisation", Kind.LOOKUP, core=True)
    referred_primary_case_worker: str | None = free(
        "cas_ReferredPrimaryCaseWorker", Kind.LOOKUP, core=True
    )
    reason: str | None = one(
        "cas_ReasonForOutgoingReferral", "cas_reason_for_outgoing_referral", core=True
    )
    date: PartialDate | None = field(
        default=None, metadata=day("cas_OutgoingReferralDate", core=True)
    )
    details: str | None = free("cas_OutgoingReferralDetails", Kind.LONG_TEXT, core=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Section Case Comment."""

    comment: str | None = free("cco_CaseComment", Kind.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Section Historic Trafficking Events."""

    longitude: float | None = degrees("hte_Longitude", 180)
    latitude: float | None = degrees("hte_Latitude", 90)
    city: str | None = free("hte_City")
    country: str | None = plain("hte_Country", Kind.COUNTRY)
    state: str | None = free("hte_State")
    street: str | None = free("hte_Street")
    postal_code: str | None = free("hte_PostalCode")
    date: PartialDate | None = field(default=None, metadata=day("hte_Date"))
    type: str | None = one("hte_Type", "hte_type")
    description: str | None = free("hte_Description", Kind.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportPlan:
    """Section Support Plan."""

    objectives: str | None = free("spl_Objectives", Kind.LONG_TEXT)
    action_plan: str | None = free("spl_ActionPlan", Kind.LONG_TEXT)
    planned_end_date: PartialDate | None = field(
        default=None, metadata=day("spl_PlannedEndDate", planned=True)
    )
    actual_end_date: PartialDate | None = field(default=None, metadata=day("spl_ActualEndDate"))
    type: str | None = one("spl_Type", "spl_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Extension: what became of one kind of support, ``no_place_available`` among others."""

    support: str | None = one("marfa_service_support", "support_types")
    state: str | None = one("marfa_service_state", "service_states")
    since: PartialDate | None = field(default=None, metadata=day("marfa_service_since"))
    until: PartialDate | None = field(default=None, metadata=day("marfa_service_until"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marfa:
    """Our extension, all of it coded.

    reference: a random reference of the case, never a key or a code that is said to people.
    exploitation_forms: those of Security Council resolution 2388 (2017), finer than the standard's.
    """

    reference: str | None = plain("marfa_reference", Kind.REFERENCE)
    conflict_link: tuple[str, ...] = several("marfa_conflict_link", "conflict_link")
    exploitation_forms: tuple[str, ...] = several("marfa_exploitation_forms", "exploitation_forms")
    identification: str | None = one("marfa_identification", "identification_states")
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: section Case and Consent, and the other sections of the standard below it."""

    status: str | None = one("cas_Status", "cas_status", core=True)
    reason_for_case_closure: str | None = free(
        "cas_ReasonForCaseClosure", Kind.LONG_TEXT, core=True
    )
    case_owner: str | None = free("cas_CaseOwner", Kind.LOOKUP, core=True)
    consent: bool | None = plain("con_Consent", Kind.CHECKBOX, core=True)
    person: Person = field(default_factory=Person)
    victim: Victim = field(default_factory=Victim)
    perpetrators: tuple[Perpetrator, ...] = ()
    incoming_referral: IncomingReferral = field(default_factory=IncomingReferral)
    outgoing_referrals: tuple[OutgoingReferral, ...] = ()
    comments: tuple[Comment, ...] = ()
    events: tuple[Event, ...] = ()
    support_plans: tuple[SupportPlan, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    marfa: Marfa = field(default_factory=Marfa)
