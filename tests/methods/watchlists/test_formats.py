"""Each publisher's layout, read into one shape."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.watchlists import ListedBirth, Quality, read_source
from marfa.methods.watchlists.name_strings import split_names
from tests.methods.watchlists.lists import write_un

REFERENCE = os.environ.get("MARFA_REFERENCE_DATA")


def names(entry: object) -> list[tuple[str, str]]:
    return [(each.text, each.quality.value) for each in entry.names]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ermias Ghermay, Guro", ["Ermias Ghermay", "Guro"]),
        ("Azim Adhajani; Azim Agha-Jani", ["Azim Adhajani", "Azim Agha-Jani"]),
        ("Bin Al Shibh, Ramzi", ["Bin Al Shibh, Ramzi"]),
        ("Es Sayed, Kader", ["Es Sayed, Kader"]),
        ("Abdul Rahman, Mohamad Iqbal", ["Abdul Rahman, Mohamad Iqbal"]),
        ("AW MOHAMMED, Ahmed Abdi", ["AW MOHAMMED, Ahmed Abdi"]),
        ("MAKENGA, Colonel SULTANI", ["MAKENGA, Colonel SULTANI"]),
        ("Hilarion Santos, III (third)", ["Hilarion Santos, III"]),
        ("أبو شيماء (Abu-Shaima; Abu-Shayma)", ["أبو شيماء", "Abu-Shaima", "Abu-Shayma"]),
        ("Safia Farkash, born 1 Jan. 1953", ["Safia Farkash"]),
        ("Salimi;", ["Salimi"]),
        ("", []),
    ],
)
def test_several_names_in_one_string(text: str, found: list[str]) -> None:
    assert split_names(text, person=True) == found


def test_a_comma_parts_no_body() -> None:
    assert split_names("Al Bashir Trading Company, Ltd", person=False) == [
        "Al Bashir Trading Company, Ltd"
    ]


def test_the_united_nations(tmp_path: Path) -> None:
    found = read_source(write_un(tmp_path / "un.xml"))
    first = found["XAi.001"]
    assert names(first) == [
        ("Tariq Yunis Al-Zubaydi", "primary"),
        ("طارق يونس الزبيدي", "original-script"),
        ("Tarek Younes Azzoubaidi", "good"),
        ("al-Saqr", "low"),
        ("Hamdan Qutayba", "low"),
    ]
    assert first.births == (ListedBirth("1971-03-09", "1971-03-09"),)
    assert [each.number for each in first.documents] == ["K8812345"]
    assert names(found["XAi.002"])[1:] == [
        ("Barnaby Okelo", "good"),
        ("Simba", "good"),
        ("Okello Barnaba", "a.k.a."),
        ("B. Okello", "a.k.a."),
    ]
    assert names(found["XAi.003"])[1:] == [("Vladyslav Karpov", "f.k.a.")]
    assert found["XAe.001"].kind == "body"
    # What is kept is whole; what screening reads has no nationality.
    assert first.content is not None
    assert first.content["NATIONALITY"] == {"VALUE": "Examplia"}
    said = first.as_json()
    said.pop("content")
    assert "Examplia" not in json.dumps(said)


OFAC = """<?xml version="1.0"?>
<sdnList xmlns="https://example.org/ofac"><publshInformation><Publish_Date>05/06/2024</Publish_Date>
<Record_Count>{count}</Record_Count></publshInformation>
<sdnEntry><uid>11</uid><firstName>Anton</firstName><lastName>VERESHCHAGIN</lastName>
<sdnType>Individual</sdnType><programList><program>EX</program></programList>
<idList><id><idType>Passport</idType><idNumber>AA77</idNumber></id>
<id><idType>Gender</idType><idNumber>Male</idNumber></id></idList>
<akaList><aka><type>a.k.a.</type><category>weak</category><lastName>TOSHA</lastName></aka>
<aka><type>f.k.a.</type><category>strong</category><lastName>VERES</lastName></aka></akaList>
<dateOfBirthList><dateOfBirthItem><dateOfBirth>circa 1962</dateOfBirth></dateOfBirthItem>
<dateOfBirthItem><dateOfBirth>15 Mar 1963</dateOfBirth></dateOfBirthItem></dateOfBirthList>
<placeOfBirthList><placeOfBirthItem><placeOfBirth>Tver, Examplia</placeOfBirth></placeOfBirthItem>
</placeOfBirthList></sdnEntry>
<sdnEntry><uid>12</uid><lastName>SEA STAR</lastName><sdnType>Vessel</sdnType></sdnEntry></sdnList>
"""


def test_ofac_xml(tmp_path: Path) -> None:
    path = tmp_path / "sdn.xml"
    path.write_text(OFAC.format(count=2), encoding="utf-8")
    found = read_source(path)
    first = found["11"]
    assert names(first) == [
        ("Anton VERESHCHAGIN", "primary"),
        ("TOSHA", "low"),
        ("VERES", "f.k.a."),
    ]
    assert first.births == (
        ListedBirth("1962-01-01", "1962-12-31", "about"),
        ListedBirth("1963-03-15", "1963-03-15"),
    )
    assert (first.places, first.sex) == (("Tver",), "male")
    assert [each.number for each in first.documents] == ["AA77"]
    assert found["12"].kind == "vessel"


def test_ofac_says_how_many_and_must_have_them(tmp_path: Path) -> None:
    path = tmp_path / "sdn.xml"
    path.write_text(OFAC.format(count=3), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_source(path)
    assert caught.value.problems[0].message.code == "methods.watchlists:count-differs"


def test_ofac_csv_with_its_alternates(tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv"
    nothing = ",-0- " * 7
    path.write_text(
        '36,"EXAMPLE AIRLINES",-0- ,"CUBA"' + nothing + ",\"a.k.a. 'EXAIR'.\"\n"
        '41,"PETROV, Ilya","individual","EX"'
        + nothing
        + ',"DOB 12 Jan 1970; POB Omsk, Examplia; Passport 5512345 (Examplia); Gender Male."\n\x1a',
        encoding="utf-8",
    )
    (tmp_path / "alt.csv").write_text('41,7,"fka","PETRENKO, Illia",-0- \n', encoding="utf-8")
    found = read_source(path)
    assert names(found["36"]) == [("EXAMPLE AIRLINES", "primary"), ("EXAIR", "low")]
    person = found["41"]
    assert names(person) == [("PETROV, Ilya", "primary"), ("PETRENKO, Illia", "f.k.a.")]
    assert person.births == (ListedBirth("1970-01-12", "1970-01-12"),)
    assert (person.places, person.sex, person.kind) == (("Omsk",), "male", "person")
    assert [each.number for each in person.documents] == ["5512345"]


EU = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-01-09T10:00:00">
<sanctionEntity euReferenceNumber="EU.27.28" logicalId="13" designationDate="2019-05-01">
<subjectType code="person" classificationCode="P"/>
<nameAlias firstName="Jelena" lastName="Markovic" wholeName="Jelena Markovic" strong="true"
 gender="F"/><nameAlias wholeName="Lena" strong="false"/>
<birthdate birthdate="1980-02-01" circa="false" city="Nis" countryIso2Code="XX"/>
<birthdate yearRangeFrom="1979" yearRangeTo="1981"/>
<citizenship countryIso2Code="XX"/>
<identification number="P123456" identificationTypeCode="passport"/>
</sanctionEntity></export>
"""


def test_the_european_union(tmp_path: Path) -> None:
    path = tmp_path / "eu.xml"
    path.write_text(EU, encoding="utf-8")
    entry = read_source(path, "eu")["EU.27.28"]
    assert names(entry) == [("Jelena Markovic", "primary"), ("Lena", "low")]
    assert entry.births == (
        ListedBirth("1980-02-01", "1980-02-01"),
        ListedBirth("1979-01-01", "1981-12-31", "between"),
    )
    assert (entry.sex, entry.places) == ("female", ("Nis",))
    moved = EU.replace('logicalId="13"', 'logicalId="14"').replace("2026-01-09", "2026-01-10")
    path.write_text(moved, encoding="utf-8")
    assert read_source(path)["EU.27.28"].digest == entry.digest


UK = """<?xml version="1.0" encoding="utf-8"?>
<Designations><DateGenerated>09/01/2026</DateGenerated><Designation>
<LastUpdated>01/01/2026</LastUpdated><DateDesignated>07/06/2018</DateDesignated>
<UniqueID>EXA0001</UniqueID><OFSIGroupID>777</OFSIGroupID><RegimeName>Example</RegimeName>
<IndividualEntityShip>Ship</IndividualEntityShip>
<Names><Name><Name6>Low Tide</Name6><NameType>Alias</NameType>
<AliasStrength>Low quality a.k.a</AliasStrength></Name>
<Name><Name1>Sea</Name1><Name6>Lantern</Name6><NameType>Primary Name</NameType></Name></Names>
<ShipDetails><Ship><ShipIMONumbers><IMONumber>9074729</IMONumber></ShipIMONumbers></Ship></ShipDetails>
</Designation></Designations>
"""
UK_CSV = (
    "Last Updated,09/01/2026\n"
    "Name 6,Name 1,Name Non-Latin Script,DOB,Town of Birth,Passport Number,Regime,Group Type,"
    "Alias Type,Alias Quality,Listed On,Group ID\n"
    "AKULA,Marina,Марина Акула,00/00/1971,Omsk,991234,Example,Individual,Primary name,,07/06/2018,"
    "8001\nAKULKA,,,,,,Example,Individual,AKA,Low,07/06/2018,8001\n"
)


def test_the_united_kingdom(tmp_path: Path) -> None:
    path = tmp_path / "uk.xml"
    path.write_text(UK, encoding="utf-8")
    ship = read_source(path)["EXA0001"]
    assert names(ship) == [("Sea Lantern", "primary"), ("Low Tide", "low")]
    assert (ship.kind, ship.listed_on) == ("vessel", "2018-06-07")
    assert [each.number for each in ship.documents] == ["9074729"]
    table = tmp_path / "ConList.csv"
    table.write_text(UK_CSV, encoding="utf-8")
    person = read_source(table)["8001"]
    assert names(person) == [
        ("Marina AKULA", "primary"),
        ("Марина Акула", "original-script"),
        ("AKULKA", "low"),
    ]
    assert person.births == (ListedBirth("1971-01-01", "1971-12-31"),)


def test_followthemoney(tmp_path: Path) -> None:
    path = tmp_path / "list.ftm.json"
    person = {
        "id": "q-1",
        "schema": "Person",
        "properties": {
            "name": ["Omar Haddad", "عمر حداد"],
            "weakAlias": ["Abu Layl"],
            "birthDate": ["1969-04"],
            "nationality": ["xx"],
        },
    }
    address = {"id": "a-1", "schema": "Address", "properties": {"full": ["Here"]}}
    lines = [json.dumps(each, ensure_ascii=False) for each in (person, address)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (entry,) = read_source(path, "ftm").values()
    assert [each.quality for each in entry.names] == [Quality.PRIMARY, Quality.GOOD, Quality.LOW]
    assert entry.births == (ListedBirth("1969-04-01", "1969-04-30"),)
    path.write_text(lines[0] + "\n" + lines[1][:20], encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_source(path, "ftm")
    assert caught.value.problems[0].place.row == 2


@pytest.mark.skipif(not REFERENCE, reason="needs MARFA_REFERENCE_DATA")
def test_published_files_of_ofac_are_read() -> None:
    folder = Path(str(REFERENCE)) / "sanctions" / "other_lists"
    assert len(read_source(folder / "ofac_consolidated_nonsdn_2024-05-06.xml")) == 443
    found = read_source(folder / "ofac_sdn.csv")
    assert len(found) == 7379
    assert sum(len(each.names) for each in found.values()) > 15_000
