"""SDG indicator 16.2.2 (detected victims of trafficking) in SDMX, by sex, age and form.

Structure: agency IAEG-SDGs, data structure SDG, dataflow DF_SDG_GLH; the form of exploitation is
part of the series code (series and key order: see docs/methods/disclosure.md). A withheld cell is
an observation without a value, OBS_STATUS "Q" (missing value; suppressed) and CONF_STATUS "C".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.out_rows import (
    TOTAL,
    UNKNOWN,
    public_rows,
    replace_file,
)
from marfa.methods.disclosure.tables.out_sdmx_json import write_sdmx_json
from marfa.methods.disclosure.tables.protected_table import SUPPRESSED, ProtectedTable

KEY = (
    "FREQ",
    "REPORTING_TYPE",
    "SERIES",
    "REF_AREA",
    "SEX",
    "AGE",
    "URBANISATION",
    "INCOME_WEALTH_QUANTILE",
    "EDUCATION_LEV",
    "OCCUPATION",
    "CUST_BREAKDOWN",
    "COMPOSITE_BREAKDOWN",
    "DISABILITY_STATUS",
    "ACTIVITY",
    "PRODUCT",
)
ATTRIBUTES = ("UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "CONF_STATUS")
ALL_FORMS = "VC_HTF_DETV"
SERIES = {
    "labour": "VC_HTF_DETVFL",
    "sexual": "VC_HTF_DETVSX",
    "organ": "VC_HTF_DETVOG",
    "other": "VC_HTF_DETVOP",
}
FORM_WORDS = (
    ("organ", r"organ"),
    ("sexual", r"sex|prostitut|pornograph"),
    ("labour", r"labou?r|servitude|slavery|domestic work"),
)
SEXES = {
    "female": "F",
    "woman": "F",
    "women": "F",
    "girl": "F",
    "f": "F",
    "male": "M",
    "man": "M",
    "men": "M",
    "boy": "M",
    "m": "M",
}
OTHER_SEX = "_O"


@dataclass(frozen=True)
class Indicator:
    """How a table's dimensions fit the indicator.

    sex, age, form, year: names of dimensions, None where the table has none. area: M49 code of
    the reporting country. period: year of the figures where no dimension gives it.
    """

    area: str
    period: str | None = None
    sex: str | None = None
    age: str | None = None
    form: str | None = None
    year: str | None = None


def observations(table: ProtectedTable, fit: Indicator) -> list[dict[str, str]]:
    """One row an observation, all text: key, TIME_PERIOD, OBS_VALUE ("" if withheld), attributes.

    Raises InputError where a dimension has no place in the indicator, a value has no code, two
    values have one code, or the period or area is not given.
    """
    names = [dimension.name for dimension in table.dimensions]
    used = [fit.sex, fit.age, fit.form, fit.year]
    for name in names:
        if name not in used:
            raise _error("sdmx-dimension", column=name)
    if not re.fullmatch(r"\d{3}", fit.area) and not re.fullmatch(r"\d{1,3}", fit.area):
        raise _error("sdmx-area", column="REF_AREA")
    if fit.year is None and not re.fullmatch(r"\d{4}", fit.period or ""):
        raise _error("sdmx-period", column="TIME_PERIOD")
    rows: list[dict[str, str]] = []
    seen: dict[tuple[str, ...], list[str]] = {}
    finer = _finer_forms(table, fit.form)
    for values, count, status in public_rows(table):
        row = _row(dict(zip(names, values, strict=True)), fit)
        if row is None or (fit.form and dict(zip(names, values, strict=True))[fit.form] in finer):
            continue
        key = (*(row[part] for part in KEY), row["TIME_PERIOD"])
        if seen.setdefault(key, values) != values:
            raise _error("sdmx-same-code", values=f"{seen[key]} / {values}")
        hidden = status == SUPPRESSED
        row["OBS_VALUE"] = "" if count is None else str(count)
        row["OBS_STATUS"] = "Q" if hidden else "A"
        row["CONF_STATUS"] = "C" if hidden else "F"
        rows.append(row)
    return rows


def _row(values: Mapping[str, str], fit: Indicator) -> dict[str, str] | None:
    year = values[fit.year] if fit.year else str(fit.period)
    if not re.fullmatch(r"\d{4}", year):
        return None  # a sum over years or an unknown year is not an annual observation
    row = dict.fromkeys(KEY, TOTAL)
    row |= {"FREQ": "A", "REPORTING_TYPE": "N", "REF_AREA": fit.area.lstrip("0") or "0"}
    row |= {"UNIT_MEASURE": "NUMBER", "UNIT_MULT": "0", "TIME_PERIOD": year}
    row["SERIES"] = _series(values[fit.form]) if fit.form else ALL_FORMS
    row["SEX"] = _sex(values[fit.sex]) if fit.sex else TOTAL
    row["AGE"] = age_code(values[fit.age]) if fit.age else TOTAL
    return row


def _series(form: str) -> str:
    if form == TOTAL:
        return ALL_FORMS
    for name, words in FORM_WORDS:
        if re.search(words, form, re.IGNORECASE):
            return SERIES[name]
    return SERIES["other"]


def _finer_forms(table: ProtectedTable, form: str | None) -> set[str]:
    """Forms whose group has the same series: the group is the observation."""
    finer: set[str] = set()
    for dimension in table.dimensions:
        if dimension.name == form:
            for value, parent in zip(dimension.labels, dimension.parents, strict=True):
                group = dimension.labels[parent] if parent > 0 else None
                if group is not None and value is not None and _series(value) == _series(group):
                    finer.add(value)
    return finer


def _sex(value: str) -> str:
    if value in {TOTAL, UNKNOWN}:
        return value
    return SEXES.get(value.strip().casefold(), OTHER_SEX)


def age_code(value: str) -> str:
    """Code of an age band: ``Y9T17``, ``Y_LT18``, ``Y_GE48``, ``Y7``; totals stay as they are."""
    if value in {TOTAL, UNKNOWN}:
        return value
    text = value.casefold().replace("–", "-")
    if found := re.search(r"(\d+)\s*(?:-+|to|t)\s*(\d+)", text):
        return f"Y{int(found[1])}T{int(found[2])}"
    if found := re.search(r"(?:under|below|<|lt)\s*(\d+)", text):
        return f"Y_LT{int(found[1])}"
    if found := re.search(r"(\d+)\s*(?:\+|and over|and older|plus)|(?:ge|>=)\s*(\d+)", text):
        return f"Y_GE{int(found[1] or found[2])}"
    if found := re.fullmatch(r"\D*(\d+)\D*", text):
        return f"Y{int(found[1])}"
    if text in {"child", "children", "minor", "minors", "girls and boys"}:
        return "Y_LT18"
    if text in {"adult", "adults"}:
        return "Y_GE18"
    raise _error("sdmx-age", value=value)


def write_sdmx(table: ProtectedTable, path: Path, fit: Indicator, *, kind: str = "xml") -> None:
    """Write SDMX-ML 2.1 (kind "xml"), SDMX-JSON ("json") or SDMX-CSV 2.0 ("csv").

    Raises InputError as ``observations`` does, and where pysdmx is not installed (not for JSON).
    """
    rows = observations(table, fit)
    with replace_file(path) as temporary:
        if kind == "json":
            write_sdmx_json(rows, temporary)
        else:
            _write_with_pysdmx(rows, temporary, kind)


def _write_with_pysdmx(rows: list[dict[str, str]], path: Path, kind: str) -> None:
    try:
        import pandas
        import pysdmx.io.xml  # noqa: F401  # complains here, not later, where a part is absent
        from pysdmx.io import write_sdmx as write
        from pysdmx.io.format import Format
        from pysdmx.io.pd import PandasDataset
    except ImportError as error:
        raise _error("needs-extra", package="pysdmx") from error
    formats = {"xml": Format.DATA_SDMX_ML_2_1_STR, "csv": Format.DATA_SDMX_CSV_2_0_0}
    columns = [*KEY, "TIME_PERIOD", "OBS_VALUE", *ATTRIBUTES]
    frame = pandas.DataFrame(rows, columns=columns, dtype=str)
    write(PandasDataset(structure=_schema(), data=frame), formats[kind], str(path))
    if kind == "xml":
        _correct_data_set(path)


def _correct_data_set(path: Path) -> None:
    """Attributes of the data set as the SDMX-ML 2.1 schema has them.

    pysdmx writes the structure's name as the scope and leaves the action without its namespace;
    SDMXDataStructureSpecificBase.xsd (SetAttributeGroup) allows neither.
    """
    before, mark, after = path.read_text(encoding="utf-8").partition("<mes:DataSet ")
    attributes, end, rest = after.partition(">")
    attributes = re.sub(r'ss:dataScope="[^"]*"', 'ss:dataScope="DataStructure"', attributes)
    attributes = re.sub(r'(?<!:)\baction="', 'ss:action="', attributes)
    path.write_text(before + mark + attributes + end + rest, encoding="utf-8")


def _schema() -> Any:
    from pysdmx.model import Component, Components, Concept, DataType, Role, Schema

    def part(name: str, role: Any, dtype: Any, level: str | None = None) -> Any:
        return Component(name, True, role, Concept(name, dtype=dtype), attachment_level=level)

    parts = [part(name, Role.DIMENSION, DataType.STRING) for name in KEY]
    parts.append(part("TIME_PERIOD", Role.DIMENSION, DataType.PERIOD))
    parts.append(part("OBS_VALUE", Role.MEASURE, DataType.INTEGER))
    parts += [part(name, Role.ATTRIBUTE, DataType.STRING, "O") for name in ATTRIBUTES]
    return Schema("datastructure", "IAEG-SDGs", "SDG", Components(parts), "1.0")


def _error(key: str, column: str | None = None, **params: object) -> InputError:
    return InputError.at(Message(f"methods.disclosure.tables:{key}", params), column=column)
