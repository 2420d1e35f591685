"""Each publisher's layout, read into one shape."""

from __future__ import annotations

import csv
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


UK_LIST_COLUMNS = (
    "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,"
    "Name 5,Name type,Alias strength,Title,Name non-latin script,Non-latin script type,"
    "Non-latin script language,Regime Name,Designation Type,Designation source,Sanctions Imposed,"
    "Other Information,UK Statement of Reasons,Address Line 1,Address Line 2,Address Line 3,"
    "Address Line 4,Address Line 5,Address Line 6,Address Postal Code,Address Country,"
    "Phone number,Website,Email address,Date Designated,D.O.B,Nationality(/ies),"
    "National Identifier number,National Identifier additional information,Passport number,"
    "Passport additional information,Position,Gender,Town of birth,Country of birth,"
    "Type of entity,Subsidiaries,Parent company,Business registration number (s),IMO number,"
    "Current owner/operator (s),Previous owner/operator (s),Current believed flag of ship,"
    "Previous flags,Type of ship,Tonnage of ship,Length of ship,Year Built,"
    "Hull identification number (HIN)"
)
"""The columns of the list's table as it is published in 2026, of which there are 58."""
UK_LIST_HEADER = next(csv.reader([UK_LIST_COLUMNS]))


def uk_list(*rows: dict[str, str], day: str = "13-Feb-2026") -> str:
    lines = [f"Report Date: {day}", ",".join(UK_LIST_HEADER)]
    lines += [",".join(row.get(column, "") for column in UK_LIST_HEADER) for row in rows]
    return "\r\n".join(lines) + "\r\n"


AKULA = {
    "Last Updated": "16/04/2026", "Unique ID": "EXA0001", "OFSI Group ID": "8001",
    "Name 6": "AKULA", "Name 1": "Marina", "Name type": "Primary Name",
    "Name non-latin script": "Марина Акула", "Regime Name": "Example",
    "Designation Type": "Individual", "Date Designated": "07/06/2018", "D.O.B": "dd/mm/1971",
    "Nationality(/ies)": "Examplia", "Passport number": "991234", "Gender": "Female",
    "Town of birth": "Omsk",
}  # fmt: skip


def test_the_table_of_the_united_kingdoms_list(tmp_path: Path) -> None:
    assert len(UK_LIST_HEADER) == 58
    path = tmp_path / "UK-Sanctions-List.csv"
    variation = AKULA | {"Name 6": "AKOULA", "Name type": "Primary Name Variation"}
    weak = AKULA | {"Name 6": "SHARK", "Name 1": "", "Name type": "ALias"}
    weak |= {"Alias strength": "Low quality a.k.a", "D.O.B": "03/02/1972"}
    ship = {"Unique ID": "EXA0002", "Name 6": "Sea Lantern", "Name type": "Primary name"}
    ship |= {"Designation Type": "Ship", "IMO number": "IMO9074729"}
    path.write_text(uk_list(AKULA, variation, weak, AKULA, ship), encoding="utf-8")
    found = read_source(path)
    person = found["EXA0001"]
    assert names(person) == [
        ("Marina AKULA", "primary"),
        ("Марина Акула", "original-script"),
        ("Marina AKOULA", "good"),
        ("SHARK", "low"),
    ]
    assert person.births == (
        ListedBirth("1971-01-01", "1971-12-31"),
        ListedBirth("1972-02-03", "1972-02-03"),
    )
    assert (person.sex, person.places, person.source_id) == ("female", ("Omsk",), "8001")
    assert (person.listed_on, person.regime) == ("2018-06-07", "Example")
    assert [each.number for each in person.documents] == ["991234"]
    assert (found["EXA0002"].kind, names(found["EXA0002"])) == (
        "vessel",
        [("Sea Lantern", "primary")],
    )
    # The order of rows, a row told twice and the day of the last look are no change.
    again = [ship, weak, variation, AKULA | {"Last Updated": "17/04/2026"}]
    path.write_text(uk_list(*again, day="14-Feb-2026"), encoding="utf-8")
    assert {key: entry.digest for key, entry in read_source(path).items()} == {
        key: entry.digest for key, entry in found.items()
    }
    path.write_text(uk_list(AKULA | {"Passport number": "991235"}, ship), encoding="utf-8")
    assert read_source(path)["EXA0001"].digest != person.digest


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Report Date: 13-Feb-2026", "Report Date: soon", "file-undated"),
        ("Unique ID", "Identity", "column-missing"),
        ("EXA0001", "../../x", "reference-broken"),
        ("Individual", "Aeroplane", "kind-unknown"),
    ],
)
def test_a_table_of_that_list_that_is_not_one_is_refused(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    path = tmp_path / "UK-Sanctions-List.csv"
    path.write_text(uk_list(AKULA).replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_source(path, "uk")
    assert caught.value.problems[0].message.code == f"methods.watchlists:{code}"


UK_PERSON = """<?xml version="1.0" encoding="utf-8"?>
<Designations><DateGenerated>20/08/2026</DateGenerated><Designation>
<LastUpdated>14/04/2026</LastUpdated><DateDesignated>25/01/2001</DateDesignated>
<UniqueID>EXA0006</UniqueID><OFSIGroupID>7172</OFSIGroupID>
<UNReferenceNumber>XAi.002</UNReferenceNumber>
<Names><Name><Name1>MARINA</Name1><Name6>AKULA</Name6><NameType>Primary Name</NameType></Name>
<Name><Name6>Shark</Name6><NameType>ALias</NameType>
<AliasStrength>Low quality a.k.a</AliasStrength></Name></Names>
<NonLatinNames><NonLatinName><NameNonLatinScript>Марина Акула</NameNonLatinScript></NonLatinName>
</NonLatinNames><Titles><Title>Dr</Title></Titles><RegimeName>Example</RegimeName>
<IndividualEntityShip>Individual</IndividualEntityShip>
<IndividualDetails><Individual>
<DOBs><DOB>dd/mm/1945</DOB><DOB>01/03/1958</DOB></DOBs>
<PassportDetails><Passport><PassportNumber>P04581926</PassportNumber></Passport>
<Passport><PassportNumber>P04581926</PassportNumber></Passport></PassportDetails>
<Nationalities><Nationality>Examplia</Nationality></Nationalities>
<NationalIdentifierDetails><NationalIdentifier><NationalIdentifierNumber>12345
</NationalIdentifierNumber></NationalIdentifier></NationalIdentifierDetails>
<Genders><Gender>Female</Gender></Genders>
<BirthDetails><Location><TownOfBirth>Omsk</TownOfBirth><CountryOfBirth>Examplia</CountryOfBirth>
</Location></BirthDetails></Individual></IndividualDetails>
</Designation></Designations>
"""


def test_a_person_of_the_united_kingdoms_list(tmp_path: Path) -> None:
    """With every element as the list nests them in 2026."""
    path = tmp_path / "uk.xml"
    path.write_text(UK_PERSON, encoding="utf-8")
    person = read_source(path)["EXA0006"]
    assert names(person) == [
        ("MARINA AKULA", "primary"),
        ("Shark", "low"),
        ("Марина Акула", "original-script"),
    ]
    assert person.births == (
        ListedBirth("1945-01-01", "1945-12-31"),
        ListedBirth("1958-03-01", "1958-03-01"),
    )
    assert (person.sex, person.places) == ("female", ("Omsk",))
    assert [each.number for each in person.documents] == ["P04581926", "12345"]


EU_BIRTHS = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-01-09T10:00:00.000+01:00"
 globalFileId="1"><sanctionEntity designationDetails="" unitedNationId="XAi.001"
 euReferenceNumber="EU.1.2" logicalId="507">
<regulation regulationType="amendment" programme="TAQA" logicalId="7" numberTitle="1/2003"/>
<subjectType code="person" classificationCode="P"/>
<nameAlias firstName="Marina" middleName="" lastName="Akula" wholeName="Marina Akula" function=""
 gender="F" title="" nameLanguage="" strong="true" regulationLanguage="en" logicalId="1">
<regulationSummary regulationType="regulation" publicationDate="2003-07-08"/></nameAlias>
<nameAlias wholeName="Shark" strong="true"><remark>low quality alias</remark></nameAlias>
<citizenship region="" countryIso2Code="00" countryDescription="UNKNOWN" logicalId="70"/>
<birthdate circa="false" calendarType="GREGORIAN" city="Omsk" zipCode="" birthdate="1960-04-10"
 dayOfMonth="10" monthOfYear="4" year="1960" region="" place="" countryIso2Code="00"/>
<birthdate circa="false" calendarType="GREGORIAN" city="" birthdate="" dayOfMonth="" monthOfYear="3"
 year="1965"/>
<birthdate circa="false" calendarType="GREGORIAN" city="" year="1961"/>
<birthdate circa="true" calendarType="GREGORIAN" yearRangeFrom="1953" yearRangeTo="1958"/>
<birthdate circa="false" calendarType="GREGORIAN" yearRangeTo="1980"/>
<birthdate circa="false" calendarType="GREGORIAN" city="Tomsk"/>
<identification diplomatic="false" knownExpired="false" number="27082171" latinNumber=""
 identificationTypeCode="passport" identificationTypeDescription="National passport"/>
<identification number="27082171" identificationTypeCode="passport"
 identificationTypeDescription="National passport"/>
<identification number="" latinNumber="A12" identificationTypeCode="id"/>
</sanctionEntity></export>
"""


def test_births_and_qualities_of_the_european_union(tmp_path: Path) -> None:
    """Dates in part, spans, a bound alone, and an entry of a place without a date."""
    path = tmp_path / "eu.xml"
    path.write_text(EU_BIRTHS, encoding="utf-8")
    entry = read_source(path)["EU.1.2"]
    assert names(entry) == [("Marina Akula", "primary"), ("Shark", "low")]
    assert entry.births == (
        ListedBirth("1960-04-10", "1960-04-10"),
        ListedBirth("1965-03-01", "1965-03-31"),
        ListedBirth("1961-01-01", "1961-12-31"),
        ListedBirth("1953-01-01", "1958-12-31", "between"),
    )
    assert entry.places == ("Omsk", "Tomsk")
    assert [each.number for each in entry.documents] == ["27082171", "A12"]
    # A bound alone is in the content all the same: when it moves, the entry has changed.
    moved = EU_BIRTHS.replace('yearRangeTo="1980"', 'yearRangeTo="1981"')
    path.write_text(moved, encoding="utf-8")
    assert read_source(path)["EU.1.2"].digest != entry.digest


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
