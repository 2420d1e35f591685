"""The data structure that the SDMX outputs name, and the XML schema that follows from it.

Components and their order: SDG data structure as in docs/methods/disclosure.md. Rules for a
schema from a structure: SDMX 2.1, section 3B, structure-specific data, dimension at observation
``AllDimensions``: types restrict those of the standard and list every component as an attribute.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

AGENCY = "IAEG-SDGs"
DIMENSIONS = [
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
]
ATTRIBUTES = ["UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "CONF_STATUS"]
CODES = {
    "FREQ": ["A"],
    "REPORTING_TYPE": ["N", "G"],
    "SERIES": [f"VC_HTF_DETV{form}" for form in ("", "FL", "SX", "OG", "OP")],
    "SEX": ["F", "M", "_O", "_T", "_U"],
    "UNIT_MEASURE": ["NUMBER"],
    "UNIT_MULT": ["0"],
    "OBS_STATUS": ["A", "Q"],
    "CONF_STATUS": ["C", "F"],
    **{name: ["_T"] for name in DIMENSIONS[6:]},
}
"""Codes that an output may use; the registry's lists are longer."""
NAMESPACE = (
    f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={AGENCY}:SDG(1.0)"
    ":ObsLevelDim:AllDimensions"
)
SPECIFIC = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific"
COMMON = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"


def structure_message() -> str:
    """The structure with its concepts and code lists as SDMX-ML 2.1, written by pysdmx."""
    from pysdmx.io import write_sdmx
    from pysdmx.io.format import Format
    from pysdmx.model import Components, ConceptScheme, DataStructureDefinition

    lists = {name: _code_list(name, codes) for name, codes in CODES.items()}
    parts = [_part(name, lists.get(name)) for name in (*DIMENSIONS, "TIME_PERIOD", "OBS_VALUE")]
    parts += [_part(name, lists.get(name)) for name in ATTRIBUTES]
    common: dict[str, Any] = {"agency": AGENCY, "version": "1.0"}
    concepts = ConceptScheme(id="CS", name="Concepts", items=[p.concept for p in parts], **common)
    structure = DataStructureDefinition(
        id="SDG", name="SDG", components=Components(parts), **common
    )
    text = write_sdmx([*lists.values(), concepts, structure], Format.STRUCTURE_SDMX_ML_2_1)
    assert text is not None
    return text


def _code_list(name: str, codes: list[str]) -> Any:
    from pysdmx.model import Code, Codelist

    items = [Code(id=code, name=code) for code in codes]
    return Codelist(id=f"CL_{name}", name=name, agency=AGENCY, version="1.0", items=items)


def _part(name: str, codes: Any) -> Any:
    from pysdmx.model import Component, Concept, DataType, Role

    kinds = {"TIME_PERIOD": DataType.PERIOD, "OBS_VALUE": DataType.INTEGER}
    kind = kinds.get(name, DataType.STRING)
    role = Role.MEASURE if name == "OBS_VALUE" else Role.DIMENSION
    level = None
    if name in ATTRIBUTES:
        role, level = Role.ATTRIBUTE, "O"
    urn = f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:CS(1.0).{name}"
    concept = Concept(id=name, name=name, dtype=kind, urn=urn)
    return Component(
        name, True, role, concept, local_dtype=kind, local_codes=codes, attachment_level=level
    )


def schema(standard: Path) -> str:
    """XML schema of data of this structure. standard: folder of the SDMX-ML 2.1 schemas."""
    codes = "".join(
        f'<xs:simpleType name="{name}"><xs:restriction base="xs:string">'
        + "".join(f'<xs:enumeration value="{code}"/>' for code in values)
        + "</xs:restriction></xs:simpleType>"
        for name, values in CODES.items()
    )
    attributes = "".join(
        f'<xs:attribute name="{name}" use="required" '
        f'type="{f"own:{name}" if name in CODES else "common:IDType"}"/>'
        for name in (*DIMENSIONS, *ATTRIBUTES)
    )
    places = {
        COMMON: "SDMXCommon.xsd",
        SPECIFIC: "SDMXDataStructureSpecific.xsd",
        SPECIFIC.replace("data/structurespecific", "message"): "SDMXMessage.xsd",
    }
    imports = "".join(
        f'<xs:import namespace="{name}" schemaLocation="{(standard / file).as_uri()}"/>'
        for name, file in places.items()
    )
    annotations = '<xs:element ref="common:Annotations" minOccurs="0"/>'
    return f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:own="{NAMESPACE}"
 xmlns:ss="{SPECIFIC}" xmlns:common="{COMMON}" targetNamespace="{NAMESPACE}">{imports}{codes}
<xs:complexType name="DataSetType"><xs:complexContent><xs:restriction base="ss:DataSetType">
 <xs:sequence>{annotations}
  <xs:element name="DataProvider" type="common:DataProviderReferenceType" minOccurs="0"/>
  <xs:element name="Obs" type="own:ObsType" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
 <xs:attribute name="REPORTING_YEAR_START_DAY" type="xs:gMonthDay" use="prohibited"/>
</xs:restriction></xs:complexContent></xs:complexType>
<xs:complexType name="ObsType"><xs:complexContent><xs:restriction base="ss:ObsType">
 <xs:sequence>{annotations}</xs:sequence>{attributes}
 <xs:attribute name="TIME_PERIOD" type="common:ObservationalTimePeriodType" use="required"/>
 <xs:attribute name="OBS_VALUE" type="xs:integer" use="optional"/>
</xs:restriction></xs:complexContent></xs:complexType></xs:schema>"""
