"""CSV, and CSV in the variables of the Counter-Trafficking Data Collaborative (CTDC)."""

from __future__ import annotations

from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter
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


def write_ctdc(table: ProtectedTable, path: Path) -> None:
    """The innermost cells in CTDC's variables and order; empty is "not reported", never "no".

    Raises InputError for a dimension that is not a CTDC variable.
    """
    names = [dimension.name for dimension in table.dimensions]
    for name in names:
        if name not in CTDC_VARIABLES:
            raise InputError.at(Message("methods.disclosure.tables:not-ctdc"), column=name)
    inner = table.innermost.tolist()
    order = [names.index(name) for name in CTDC_VARIABLES if name in names]
    with replace_file(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as out:
        writer = TableWriter(out)
        writer.writerow([*(names[place] for place in order), "count", "status"])
        for (values, count, status), is_cell in zip(public_rows(table), inner, strict=True):
            if is_cell and TOTAL not in values:
                shown = ["" if values[place] == UNKNOWN else values[place] for place in order]
                writer.writerow([*shown, "" if count is None else count, status])
