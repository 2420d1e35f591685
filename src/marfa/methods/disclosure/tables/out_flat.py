"""CSV, and CSV in the variables of the Counter-Trafficking Data Collaborative (CTDC)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter
from marfa.methods.disclosure.tables.ctdc_map import CtdcMap
from marfa.methods.disclosure.tables.out_rows import (
    TOTAL,
    UNKNOWN,
    columns_beside,
    public_rows,
    replace_file,
)
from marfa.methods.disclosure.tables.protected_table import ProtectedTable

CTDC_VARIABLES = (
    "yearOfRegistration",
    "gender",
    "ageBroad",
    "citizenship",
    "CountryOfExploitation",
    "traffickMonths",
    "meansDebtBondageEarnings",
    "meansThreats",
    "meansAbusePsyPhySex",
    "meansFalsePromises",
    "meansDrugsAlcohol",
    "meansDenyBasicNeeds",
    "meansExcessiveWorkHours",
    "meansWithholdDocs",
    "isForcedLabour",
    "isSexualExploit",
    "isOtherExploit",
    "typeOfLabourAgriculture",
    "typeOfLabourConstruction",
    "typeOfLabourDomesticWork",
    "typeOfLabourHospitality",
    "typeOfSexProstitution",
    "typeOfSexPornography",
    "recruiterRelationIntimatePartner",
    "recruiterRelationFriend",
    "recruiterRelationFamily",
    "recruiterRelationOther",
)
"""Variables of the Global Synthetic Dataset codebook, version 2 (February 2024), in its order."""


def write_csv(table: ProtectedTable, path: Path) -> None:
    """Every cell and margin: a column a dimension (_T total, _U not reported), count, status."""
    with replace_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        writer = TableWriter(out)
        more, beside = columns_beside(table)
        writer.writerow([*(d.name for d in table.dimensions), "count", "status", *more])
        for (values, count, status), nodes in zip(
            public_rows(table), table.nodes.tolist(), strict=True
        ):
            others = beside.get(tuple(nodes), [""] * len(more))
            writer.writerow([*values, "" if count is None else count, status, *others])


def write_ctdc(table: ProtectedTable, path: Path, mapping: CtdcMap | None = None) -> None:
    """The innermost cells in CTDC's variables and order; empty is "not reported", never "no".

    mapping: from columns and values of one's own. Cells that it gives the same codes are one, and
    withheld where one of them is. Raises InputError for a dimension that is not a CTDC variable,
    and for a value that the map leaves out.
    """
    mapping = mapping or CtdcMap({})
    names = [dimension.name for dimension in table.dimensions]
    found: set[str] = set()
    for name in names:
        for variable in mapping.variables(name):
            if variable not in CTDC_VARIABLES or variable in found:
                raise InputError.at(Message("methods.disclosure.tables:not-ctdc"), column=name)
            found.add(variable)
    order = [name for name in CTDC_VARIABLES if name in found]
    lines: dict[tuple[str, ...], tuple[int | None, str]] = {}
    for (values, count, status), is_cell in zip(
        public_rows(table), table.innermost.tolist(), strict=True
    ):
        if is_cell and TOTAL not in values:
            codes: dict[str, str] = {}
            for name, value in zip(names, values, strict=True):
                codes |= mapping.codes(name, value) if value != UNKNOWN else {}
            key = tuple(codes.get(name, "") for name in order)
            lines[key] = _together(lines.get(key), (count, status))
    with replace_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        writer = TableWriter(out)
        writer.writerow([*order, "count", "status"])
        for key, (count, status) in lines.items():
            writer.writerow([*key, "" if count is None else count, status])


def _together(one: tuple[int | None, str] | None, two: tuple[int | None, str]) -> Any:
    if one is None:
        return two
    if one[0] is None or two[0] is None:
        return None, one[1] if one[0] is None else two[1]
    return one[0] + two[0], one[1]
