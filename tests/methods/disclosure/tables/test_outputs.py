"""Every output says the same of every cell, and none says what is withheld."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.domain.spreadsheets import unguard_text
from marfa.methods.disclosure.tables import (
    Indicator,
    ProtectedTable,
    TableQuery,
    from_json,
    make_table,
    open_source,
    protect_cells,
)
from marfa.methods.disclosure.tables.count import cells_of_rows
from marfa.methods.disclosure.tables.ctdc_map import read_ctdc_map
from marfa.methods.disclosure.tables.out_flat import CTDC_VARIABLES
from marfa.methods.disclosure.tables.out_sdmx import age_code, observations
from marfa.methods.disclosure.tables.outputs import writer

FIT = {"sex": "gender", "age": "ageBroad", "form": "form", "year": "year"}
Key = tuple[str, ...]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> ProtectedTable:
    path = tmp_path_factory.mktemp("in") / "cases.csv"
    lines = ["gender,ageBroad,form,year"]
    numbers = {
        ("Woman", "09--17", "Forced labour", "2023"): 12,
        ("Woman", "48+", "Sexual exploitation", "2023"): 3,
        ("Man", "09--17", "Forced labour", "2023"): 7,
        ("Man", "48+", "Sexual exploitation", "2023"): 21,
        ("", "48+", "=cmd()", "2024"): 9,
        ("Woman", "09--17", "Forced labour", "2024"): 2,
        ("Man", "48+", "Forced labour", "2024"): 15,
    }
    for values, number in numbers.items():
        lines += [",".join(values)] * number
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with open_source(path) as source:
        query = TableQuery(("gender", "ageBroad", "form", "year"), source.digest)
        return make_table(source, query, work=20)


def figures(table: ProtectedTable) -> dict[Key, int | None]:
    found: dict[Key, int | None] = {}
    for values, count, _status in table.rows():
        key = tuple(
            ("_U" if values[d.name] is None else str(values[d.name])) if d.name in values else "_T"
            for d in table.dimensions
        )
        found[key] = count
    return found


def number(text: str) -> int | None:
    return int(text) if text else None


def test_json_comes_back(table: ProtectedTable) -> None:
    data = json.loads(json.dumps(table.as_json()))
    assert from_json(data).as_json() == table.as_json()
    assert {"cells", "margins", "coverage", "query_id"} <= set(data)
    for cell in data["cells"]:
        assert set(cell) == {"gender", "ageBroad", "form", "year", "count", "status"}
        assert (cell["count"] is None) == (cell["status"] in {"primary", "secondary"})
    assert any(set(margin) == {"count", "status"} for margin in data["margins"]), "the total"


def test_csv_html_and_workbook_agree(table: ProtectedTable, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    want = figures(table)
    for name in ("t.csv", "t.html", "t.xlsx"):
        writer(tmp_path / name)(table, tmp_path / name)
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as stream:
        rows = [[unguard_text(cell) for cell in row] for row in csv.reader(stream)][1:]
    assert {tuple(row[:4]): number(row[4]) for row in rows} == want
    assert {row[5] for row in rows} == {"published", "suppressed"}, "one mark for what is withheld"
    page = (tmp_path / "t.html").read_text(encoding="utf-8")
    body = page.split("<tbody>")[1]
    cells = [
        re.findall(r"<td[^>]*>(?:<bdi>)?(.*?)(?:</bdi>)?</td>", row)
        for row in body.split("<tr>")[1:]
    ]
    words = {"Total": "_T", "not reported": "_U"}
    assert {
        tuple(words.get(value, value) for value in row[:4]): number(row[4]) for row in cells
    } == want
    assert "<svg" in page
    assert "http" not in page
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[1]
    values = list(sheet.iter_rows(min_row=2, values_only=True))
    assert {tuple(row[:4]): None if row[4] == "c" else row[4] for row in values} == want
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def sdmx_figures(rows: list[dict[str, str]]) -> dict[Key, int | None]:
    return {
        (r["SERIES"], r["SEX"], r["AGE"], r["TIME_PERIOD"]): number(r["OBS_VALUE"]) for r in rows
    }


@pytest.mark.parametrize("kind", ["xml", "json"])
def test_sdmx_is_read_back_by_another_reader(
    table: ProtectedTable, tmp_path: Path, kind: str
) -> None:
    sdmx = pytest.importorskip("sdmx")
    pytest.importorskip("pysdmx")
    path = tmp_path / f"t.sdmx.{kind}"
    writer(path, area="760", fit=FIT)(table, path)
    want = observations(table, Indicator("760", **FIT))
    found: dict[Key, int | None] = {}
    with path.open("rb") as stream:
        message = sdmx.read_sdmx(stream)
    for item in message.data[0].obs:
        key: Mapping[str, object] = {k: v.value for k, v in item.dimension.values.items()}
        value = None if item.value in (None, "", "NaN") else int(float(item.value))
        found[tuple(str(key[part]) for part in ("SERIES", "SEX", "AGE", "TIME_PERIOD"))] = value
    assert found == sdmx_figures(want)
    inside = {
        (v["gender"], v["ageBroad"], v["form"]): c
        for v, c, _s in table.rows()
        if len(v) == 4 and v["year"] == "2023"
    }
    forced = found["VC_HTF_DETVFL", "F", "Y9T17", "2023"]
    assert forced == inside["Woman", "09--17", "Forced labour"]


def test_pysdmx_reads_what_stands_in_the_json(table: ProtectedTable, tmp_path: Path) -> None:
    """It has no reader for data in JSON: it reads the same table in the two other forms."""
    pysdmx_io = pytest.importorskip("pysdmx.io")
    paths = {kind: tmp_path / f"t.sdmx.{kind}" for kind in ("json", "xml", "csv")}
    for path in paths.values():
        writer(path, area="760", fit=FIT)(table, path)
    message = json.loads(paths["json"].read_text(encoding="utf-8"))
    parts = message["structure"]["dimensions"]["observation"]
    said: dict[Key, int | None] = {}
    for key, (value, *_attributes) in message["dataSets"][0]["observations"].items():
        codes = {
            part["id"]: part["values"][int(at)]["id"]
            for part, at in zip(parts, key.split(":"), strict=True)
        }
        said[tuple(codes[part] for part in ("SERIES", "SEX", "AGE", "TIME_PERIOD"))] = value
    assert None in said.values()
    for kind in ("xml", "csv"):
        rows = pysdmx_io.read_sdmx(paths[kind], validate=False).data[0].data
        found = [
            {
                name: "" if str(value) in ("nan", "NaN", "None") else str(value)
                for name, value in row.items()
            }
            for row in rows.to_dict("records")
        ]
        assert sdmx_figures(found) == said, kind


def test_sdmx_codes() -> None:
    ages = {
        "09--17": "Y9T17",
        "Age 18-20": "Y18T20",
        "48+": "Y_GE48",
        "under 18": "Y_LT18",
        "Age 0-8": "Y0T8",
        "17": "Y17",
        "Children": "Y_LT18",
    }
    assert {text: age_code(text) for text in ages} == ages
    with pytest.raises(InputError):
        age_code("old")


def test_ctdc_keeps_its_variables_and_blanks(table: ProtectedTable, tmp_path: Path) -> None:
    path = tmp_path / "t.ctdc.csv"
    with pytest.raises(InputError) as caught:
        writer(path)(table, path)
    assert caught.value.problems[0].place.column == "form"
    assert not list(tmp_path.iterdir()), "nothing half-written"


def test_ctdc_from_columns_of_ones_own(tmp_path: Path) -> None:
    """Each person once more, in the variables of the codebook; what the map gives the same codes is
    one line, withheld where one of them is."""
    rows = [("F", "labour", 9), ("F", "sexual", 7), ("M", "labour", 2), ("M", "mines", 8)]
    query = TableQuery(("sex", "form"), "file", min_cell=5)
    made = protect_cells(cells_of_rows(query, rows), query)
    path, out = tmp_path / "map.toml", tmp_path / "t.ctdc.csv"
    text = (
        '[columns]\nsex = "gender"\nform = ["isForcedLabour", "isSexualExploit"]\n'
        '[values.sex]\nF = "Woman"\nM = "Man"\n[values.form]\nsexual = "isSexualExploit"\n'
        'labour = { isForcedLabour = "1" }\nmines = "isForcedLabour"\n'
    )
    path.write_text(text, encoding="utf-8")
    writer(out, ctdc=read_ctdc_map(path, CTDC_VARIABLES))(made, out)
    with out.open(encoding="utf-8", newline="") as stream:
        lines = {
            (r["gender"], r["isForcedLabour"], r["isSexualExploit"]): r["count"]
            for r in csv.DictReader(stream)
        }
    shown = {(v.get("sex"), v.get("form")): c for v, c, _s in made.rows() if len(v) == 2}
    assert lines["Man", "1", ""] == "", "two and eight, of which one is withheld"
    assert lines["Woman", "", "1"] == ("" if shown["F", "sexual"] is None else "7")
    path.write_text(text.replace("mines", "fields"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        writer(out, ctdc=read_ctdc_map(path, CTDC_VARIABLES))(made, out)
    assert caught.value.problems[0].message.key == "ctdc-value"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "[columns",
        '[columns]\nsex = "sex"',
        "[columns]\nsex = 1",
        '[columns]\nsex = ["gender", "ageBroad"]',
    ],
)
def test_a_map_that_cannot_be_read_is_named(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "map.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_ctdc_map(path, CTDC_VARIABLES)
    assert caught.value.problems[0].place.file == "map.toml"


def test_violations_are_never_rounded(tmp_path: Path) -> None:
    path = tmp_path / "v.csv"
    path.write_text("party,event\n" + "A,Killing and maiming\n" * 9, encoding="utf-8")
    with open_source(path) as source:
        query = TableQuery(("event",), source.digest, method="round", base=5)
        with pytest.raises(InputError) as caught:
            make_table(source, query)
    assert caught.value.problems[0].message.key == "never-rounded"


def test_coverage_hides_what_the_table_hides(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("sex\n" + "F\n" * 30 + "M\n" * 20 + '""\n' * 2, encoding="utf-8")
    with open_source(path) as source:
        table = make_table(source, TableQuery(("sex",), source.digest), work=20)
    shown = table.about["coverage"]
    assert shown["records"] == 52
    assert shown["reported"]["sex"] == {"reported": None, "missing": None}
    assert shown["completeness"] is None, "a step of a tenth of 52 records would hide too few"
