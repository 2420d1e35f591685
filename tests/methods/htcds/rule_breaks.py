"""For each rule a case that breaks it alone, and one beside it that does not."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from marfa.methods.htcds import coded, to_plain
from marfa.methods.htcds.layout import Path
from tests.methods.htcds.cases import whole_case

Plain = dict[str, Any]
GONE = object()
SECRET = "Zaynab Kareem"
"""A name that no problem may repeat."""


@dataclass(frozen=True)
class Breaking:
    """edits: path -> value that break the rule. near: edits that do not. at: where it is told.

    identity: fields that identify are let through. in_csv: a CSV file can break it in a cell.
    """

    edits: dict[Path, Any]
    near: dict[Path, Any]
    at: Path
    identity: bool = True
    in_csv: bool = True

    def broken(self) -> Plain:
        return edited(base(self.identity), self.edits)

    def beside(self) -> Plain:
        return edited(base(self.identity), self.near)


def base(identity: bool) -> Plain:
    """A case with every field that may be there."""
    case = whole_case()
    return to_plain(case if identity else coded(case))


def edited(plain: Plain, edits: dict[Path, Any]) -> Plain:
    plain = deepcopy(plain)
    for path, value in edits.items():
        at: Any = plain
        for step in path[:-1]:
            at = at[step]
        if value is GONE:
            del at[path[-1]]
        else:
            at[path[-1]] = value
    return plain


def one(path: Path, bad: Any, good: Any, **more: Any) -> Breaking:
    """One field. Where the value is a list, it is the first of its values that is told."""
    at = more.pop("at", path)
    return Breaking({path: bad}, {path: good}, at, **more)


NAME: Path = ("person", "prs_FirstName")
AGE: Path = ("victim", "vic_AgeWhenTrafficked")
CONTROL: Path = ("victim", "vic_MethodsOfControl")
TYPES: Path = ("victim", "vic_TypeOfExploitation")
STATUS: Path = ("victim", "vic_TraffickingStatus")
BORN: Path = ("person", "prs_Birthdate")
OURS: Path = ("extensions", "marfa")
EVENT: Path = ("events", 1)
PLAN: Path = ("support_plans", 0)

IN_JSON_ALONE: dict[str, Breaking] = {
    "object": one(("person",), [SECRET], {"prs_Gender": "Feminine"}, in_csv=False),
    "parts": one(("events",), {"hte_Type": "Transit"}, [{"hte_Type": "Transit"}], in_csv=False),
    "unknown": Breaking(
        {("person", SECRET): 1}, {("person", "prs_Deceased"): False}, ("person",), in_csv=False
    ),
    "empty-part": one(EVENT, {}, {"hte_Type": "Transit"}, in_csv=False),
    "null": one(("cas_Status",), None, "Closed", in_csv=False),
    "single": one(("cas_Status",), ["Closed"], "ClosedReferred", in_csv=False),
    "list": one(CONTROL, "DebtBondage", ["DebtBondage"], in_csv=False),
    "text": one(NAME, 7, "7", in_csv=False),
}

OF_A_VALUE: dict[str, Breaking] = {
    "identifying": Breaking({NAME: SECRET}, {}, NAME, identity=False),
    "twice": one(("person", "prs_Citizenship"), ["SY", "SYR"], ["SY", "IQ"]),
    "blank": one(NAME, "  ", " a "),
    "long": one(NAME, "x" * 256, "x" * 255),
    "signs": one(NAME, f"{SECRET}\x00", "a\u200fb"),
    "turned": one(NAME, f"{SECRET}\u202e", "أمل"),
    "phone": one(("person", "prs_HomePhone"), "0911234", "+963911234"),
    "reference": one((*OURS, "marfa_reference"), SECRET, "x" * 64),
    "separator": one(CONTROL, ["DebtBondage,Other"], ["DebtBondage", "Other"], at=(*CONTROL, 0)),
    "code": one(("events", 0, "hte_Type"), "transit", "Transit"),
    "country": one((*EVENT, "hte_Country"), "YU", "XK"),
    "language": one(("person", "prs_PrimaryLanguage"), "arabic", "fre"),
    "whole": one(AGE, "fifteen", 0),
    "degrees": one(("events", 0, "hte_Latitude"), "36,2", 90),
    "range": one(("events", 1, "hte_Latitude"), 90.5, -90.0),
    "checkbox": one(("con_Consent",), "yes", False),
    "date": one((*EVENT, "hte_Date"), "03/05/2024", "2023-05/2024"),
    "future": one((*PLAN, "spl_ActualEndDate"), "2026-11-28", "2026-11-27"),
    "old": one((*PLAN, "spl_PlannedEndDate"), "1905", "2030"),
    "birth-year": one(BORN, "1990-05", "1990~", identity=False),
}

BETWEEN: dict[str, Breaking] = {
    "coordinates": Breaking(
        {(*EVENT, "hte_Longitude"): GONE},
        {(*EVENT, "hte_Longitude"): GONE, (*EVENT, "hte_Latitude"): GONE},
        (*EVENT, "hte_Longitude"),
    ),
    "decision": Breaking(
        {STATUS: GONE, (*OURS, "marfa_identification"): GONE},
        {
            STATUS: GONE,
            (*OURS, "marfa_identification"): GONE,
            ("victim", "vic_TraffickingStatusDecisionMakingOrg"): GONE,
        },
        ("victim", "vic_TraffickingStatusDecisionMakingOrg"),
    ),
    "industry": one(
        TYPES,
        ["SexualExploitation"],
        ["SexualExploitation", "Servitude"],
        at=("victim", "vic_ForcedLabourIndustry"),
    ),
    "sexual": Breaking(
        {TYPES: ["ForcedLabour"], (*OURS, "marfa_exploitation_forms"): ["forced_labour"]},
        {TYPES: ["ForcedLabour", "SexualExploitation"]},
        ("victim", "vic_TypeOfSexExploitation"),
    ),
    "child-labour": Breaking(
        {TYPES: ["ChildLabour", "SexualExploitation"], AGE: 18},
        {TYPES: ["ChildLabour", "SexualExploitation"], AGE: 17},
        AGE,
    ),
    # Born in 1990, at most 36 on the day of judging.
    "age": one(AGE, 37, 36),
    "before-birth": one((*EVENT, "hte_Date"), "1989-12-31", "1990-01-01"),
    "closure": one(("cas_Status",), "FollowUp", "ClosedReferred", at=("cas_ReasonForCaseClosure",)),
    "languages": one(("person", "prs_SecondaryLanguage"), "apc", "ara"),
    "organisations": one(
        ("organisations",),
        [{"org_Name": "a text"}, {"org_Name": "a text"}],
        [{"org_Name": "a text"}, {"org_Name": "another"}],
        at=("organisations", 1, "org_Name"),
    ),
    "lookups": one(("victim", "vic_LocationOfRecruitment"), SECRET, "a text"),
    "alone": one(
        (*OURS, "marfa_conflict_link"),
        ["fleeing_conflict", "unknown"],
        ["fleeing_conflict", "post_conflict"],
    ),
    "forms": one(
        (*OURS, "marfa_exploitation_forms"),
        ["forced_labour", "organ_removal"],
        ["forced_labour", "exploitation_of_prostitution"],
        at=(*OURS, "marfa_exploitation_forms", 1),
    ),
    "status": Breaking(
        {(*OURS, "marfa_identification"): "formally_refused", STATUS: "NotAVictimOfTrafficking"},
        {
            (*OURS, "marfa_identification"): "formally_refused",
            STATUS: "PossibleVictimOfTrafficking",
        },
        STATUS,
    ),
    "service": one(
        (*OURS, "services", 0, "marfa_service_until"),
        "2024-05-02",
        "2024-05",
    ),
}


SINGLE: dict[str, Breaking] = IN_JSON_ALONE | OF_A_VALUE | BETWEEN
"""Rules that one case breaks by itself in its fields. Others have tests of their own."""
