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
    ValueType,
    code_field,
    codes_field,
    countries_field,
    date_metadata,
    degrees_field,
    free_text_field,
    number_field,
    plain_field,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Section Organization: one that a lookup of the case names."""

    name: str | None = free_text_field("org_Name")
    shipping_city: str | None = free_text_field("org_ShippingCity")
    shipping_country: str | None = plain_field("org_ShippingCountry", ValueType.COUNTRY)
    shipping_state: str | None = free_text_field("org_ShippingState")
    shipping_street: str | None = free_text_field("org_ShippingStreet")
    shipping_postal_code: str | None = free_text_field("org_ShippingPostalCode")
    shipping_longitude: float | None = degrees_field("org_ShippingLongitude", 180)
    shipping_latitude: float | None = degrees_field("org_ShippingLatitude", 90)
    phone: str | None = free_text_field("org_Phone", ValueType.PHONE)
    type: str | None = code_field("org_Type", "org_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Section Person: the victim. Numbers of children and ages are counted in ones and years."""

    salutation: str | None = free_text_field("prs_Salutation", core=True)
    first_name: str | None = free_text_field("prs_FirstName", core=True)
    middle_name: str | None = free_text_field("prs_MiddleName")
    second_name: str | None = free_text_field("prs_SecondName", core=True)
    birthdate: PartialDate | None = field(
        default=None, metadata=date_metadata("prs_Birthdate", core=True)
    )
    gender: str | None = code_field("prs_Gender", "prs_gender", core=True)
    deceased: bool | None = plain_field("prs_Deceased", ValueType.CHECKBOX)
    marital_status: str | None = code_field("prs_MaritalStatus", "prs_marital_status")
    number_of_children: int | None = number_field("prs_NumberOfChildren", 0, 99)
    primary_language: str | None = plain_field("prs_PrimaryLanguage", ValueType.LANGUAGE)
    secondary_language: str | None = plain_field("prs_SecondaryLanguage", ValueType.LANGUAGE)
    highest_level_of_education: str | None = code_field(
        "prs_HighestLevelOfEducation", "prs_highest_level_of_education"
    )
    citizenship: tuple[str, ...] = countries_field("prs_Citizenship", core=True)
    identity_number: str | None = free_text_field("prs_IdentityNumber")
    title: str | None = free_text_field("prs_Title", core=True)
    email: str | None = free_text_field("prs_Email", core=True)
    home_phone: str | None = free_text_field("prs_HomePhone", ValueType.PHONE, core=True)
    mobile_phone: str | None = free_text_field("prs_MobilePhone", ValueType.PHONE, core=True)
    mailing_city: str | None = free_text_field("prs_MailingCity", core=True)
    mailing_country: str | None = plain_field("prs_MailingCountry", ValueType.COUNTRY, core=True)
    mailing_state: str | None = free_text_field("prs_MailingState", core=True)
    mailing_street: str | None = free_text_field("prs_MailingStreet", core=True)
    mailing_postal_code: str | None = free_text_field("prs_MailingPostalCode", core=True)
    mailing_longitude: float | None = degrees_field("prs_MailingLongitude", 180)
    mailing_latitude: float | None = degrees_field("prs_MailingLatitude", 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """Section Person - Victim Context."""

    agreement_to_manage_personal_data: bool | None = plain_field(
        "vic_AgreementToManagePersonalData", ValueType.CHECKBOX, deprecated=True
    )
    trafficking_status: str | None = code_field(
        "vic_TraffickingStatus", "vic_trafficking_status", core=True
    )
    trafficking_status_decision_making_org: str | None = code_field(
        "vic_TraffickingStatusDecisionMakingOrg",
        "vic_trafficking_status_decision_making_org",
        core=True,
    )
    relationship_to_trafficker: str | None = code_field(
        "vic_RelationshipToTrafficker", "vic_relationship_to_trafficker"
    )
    age_when_trafficked: int | None = number_field("vic_AgeWhenTrafficked", 0, 120)
    recruitment_websites_and_apps: tuple[str, ...] = codes_field(
        "vic_RecruitmentWebsitesAndApps", "vic_recruitment_websites_and_apps"
    )
    method_of_recruitment: tuple[str, ...] = codes_field(
        "vic_MethodOfRecruitment", "vic_method_of_recruitment", core=True
    )
    location_of_recruitment: str | None = free_text_field(
        "vic_LocationOfRecruitment", ValueType.LOOKUP, core=True
    )
    methods_of_control: tuple[str, ...] = codes_field(
        "vic_MethodsOfControl", "vic_methods_of_control", core=True
    )
    type_of_exploitation: tuple[str, ...] = codes_field(
        "vic_TypeOfExploitation", "vic_type_of_exploitation", core=True
    )
    forced_labour_industry: str | None = code_field(
        "vic_ForcedLabourIndustry", "vic_forced_labour_industry", core=True
    )
    type_of_sex_exploitation: tuple[str, ...] = codes_field(
        "vic_TypeOfSexExploitation", "vic_type_of_sex_exploitation", core=True
    )
    location_of_exploitation: str | None = free_text_field(
        "vic_LocationOfExploitation", ValueType.LOOKUP, core=True
    )
    exploitation_websites_and_apps: tuple[str, ...] = codes_field(
        "vic_ExploitationWebsitesAndApps", "vic_exploitation_websites_and_apps"
    )
    vulnerabilities: tuple[str, ...] = codes_field(
        "vic_Vulnerabilities", "vic_vulnerabilities", core=True, deprecated=True
    )
    details_of_vulnerabilities: str | None = free_text_field(
        "vic_DetailsOfVulnerabilities", ValueType.LONG_TEXT, core=True, deprecated=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Perpetrator:
    """Section Person - Perpetrator Context: a part played, not who played it."""

    role_in_process: tuple[str, ...] = codes_field("per_RoleInProcess", "per_role_in_process")
    role_details: str | None = free_text_field("per_RoleDetails", ValueType.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingReferral:
    """Section Referral Details, the referral by which the case came."""

    referring_organisation: str | None = free_text_field(
        "cas_ReferringOrganisation", ValueType.LOOKUP, core=True
    )
    date: PartialDate | None = field(
        default=None, metadata=date_metadata("cas_IncomingReferralDate", core=True)
    )
    referring_primary_case_worker: str | None = free_text_field(
        "cas_ReferringPrimaryCaseWorker", ValueType.LOOKUP, core=True
    )
    reason: str | None = code_field(
        "cas_ReasonForIncomingReferral", "cas_reason_for_incoming_referral", core=True
    )
    details: str | None = free_text_field(
        "cas_IncomingReferralDetails", ValueType.LONG_TEXT, core=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingReferral:
    """Section Referral Details, one referral to another organisation."""

    referred_organisation: str | None = free_text_field(
        "cas_ReferredOrganisation", ValueType.LOOKUP, core=True
    )
    referred_primary_case_worker: str | None = free_text_field(
        "cas_ReferredPrimaryCaseWorker", ValueType.LOOKUP, core=True
    )
    reason: str | None = code_field(
        "cas_ReasonForOutgoingReferral", "cas_reason_for_outgoing_referral", core=True
    )
    date: PartialDate | None = field(
        default=None, metadata=date_metadata("cas_OutgoingReferralDate", core=True)
    )
    details: str | None = free_text_field(
        "cas_OutgoingReferralDetails", ValueType.LONG_TEXT, core=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Section Case Comment."""

    comment: str | None = free_text_field("cco_CaseComment", ValueType.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Section Historic Trafficking Events."""

    longitude: float | None = degrees_field("hte_Longitude", 180)
    latitude: float | None = degrees_field("hte_Latitude", 90)
    city: str | None = free_text_field("hte_City")
    country: str | None = plain_field("hte_Country", ValueType.COUNTRY)
    state: str | None = free_text_field("hte_State")
    street: str | None = free_text_field("hte_Street")
    postal_code: str | None = free_text_field("hte_PostalCode")
    date: PartialDate | None = field(default=None, metadata=date_metadata("hte_Date"))
    type: str | None = code_field("hte_Type", "hte_type")
    description: str | None = free_text_field("hte_Description", ValueType.LONG_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportPlan:
    """Section Support Plan."""

    objectives: str | None = free_text_field("spl_Objectives", ValueType.LONG_TEXT)
    action_plan: str | None = free_text_field("spl_ActionPlan", ValueType.LONG_TEXT)
    planned_end_date: PartialDate | None = field(
        default=None, metadata=date_metadata("spl_PlannedEndDate", planned=True)
    )
    actual_end_date: PartialDate | None = field(
        default=None, metadata=date_metadata("spl_ActualEndDate")
    )
    type: str | None = code_field("spl_Type", "spl_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Extension: what became of one kind of support, ``no_place_available`` among others."""

    support: str | None = code_field("marfa_service_support", "support_types")
    state: str | None = code_field("marfa_service_state", "service_states")
    since: PartialDate | None = field(default=None, metadata=date_metadata("marfa_service_since"))
    until: PartialDate | None = field(default=None, metadata=date_metadata("marfa_service_until"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marfa:
    """Our extension, all of it coded.

    reference: a random reference of the case, never a key or a code that is said to people.
    exploitation_forms: those of Security Council resolution 2388 (2017), finer than the standard's.
    """

    reference: str | None = plain_field("marfa_reference", ValueType.REFERENCE)
    conflict_link: tuple[str, ...] = codes_field("marfa_conflict_link", "conflict_link")
    exploitation_forms: tuple[str, ...] = codes_field(
        "marfa_exploitation_forms", "exploitation_forms"
    )
    identification: str | None = code_field("marfa_identification", "identification_states")
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case: section Case and Consent, and the other sections of the standard below it."""

    status: str | None = code_field("cas_Status", "cas_status", core=True)
    reason_for_case_closure: str | None = free_text_field(
        "cas_ReasonForCaseClosure", ValueType.LONG_TEXT, core=True
    )
    case_owner: str | None = free_text_field("cas_CaseOwner", ValueType.LOOKUP, core=True)
    consent: bool | None = plain_field("con_Consent", ValueType.CHECKBOX, core=True)
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
