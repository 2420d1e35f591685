"""Services in HSDS 3, the Human Services Data Specification of Open Referral (CC BY-SA 4.0,
docs.openreferral.org), as a page of its API has them: ``{"contents": [service, ...]}``.

What HSDS has no field for stands in ``attributes``, by taxonomies of our own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from marfa.apps.directory.actions import service_faults, tidied_service
from marfa.apps.directory.exchange.columns import BY_NAME, REFERENCE, fault, written
from marfa.apps.directory.exchange.faults import FileProblem
from marfa.apps.directory.models import Service
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message
from marfa.platform.importing.rows import MOST_ROWS

OURS = "marfa:"
"""Begins the names of our taxonomies."""
STATUS = {"open": "active", "full": "temporarily closed", "closed": "inactive"}
STATES = {**{told: state for state, told in STATUS.items()}, "defunct": "closed"}
CODED = ("need", "sexes", "papers", "police_report", "cost", "access")
PLAIN = (REFERENCE, "safe_contact", "confidential", "on_sheets")
MEANING = "A code of the Marfa directory of services."


def hsds_file(services: Iterable[Service]) -> bytes:
    """Services as a page of HSDS 3."""
    contents = [_service(each) for each in services]
    page = {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }
    return json.dumps(page, ensure_ascii=False, indent=1).encode()


def read_hsds(content: bytes) -> tuple[list[dict[str, Any]], list[FileProblem], list[str]]:
    """As ``read_sheet``; rows are counted as services of the file, from 1."""
    told: list[dict[str, Any]] = []
    problems: list[FileProblem] = []
    for number, one in enumerate(_contents(content), start=1):
        if not isinstance(one, dict):
            problems.append(FileProblem(number, "", "", Message("apps.directory:hsds-service")))
            continue
        values: dict[str, Any] = {}
        found = []
        try:
            texts = list(_texts(one))
        except (TypeError, AttributeError, ValueError, KeyError):
            problems.append(FileProblem(number, "", "", Message("apps.directory:hsds-service")))
            continue
        for name, text in texts:
            if not text.strip():
                continue
            try:
                values[name] = BY_NAME[name].read(text)
            except InputError as error:
                found.append(FileProblem(number, "", name, error.problems[0].message))
        if not found:
            for name, message in service_faults(tidied_service(values)):
                found.append(FileProblem(number, "", name, message))
        problems += found
        told.append(values)
    return told, problems, []


def _contents(content: bytes) -> list[Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise fault("hsds-json") from None
    if isinstance(found, dict):
        found = found.get("contents", found.get("services", [found] if "name" in found else None))
    if not isinstance(found, list) or not found:
        raise fault("hsds-empty")
    if len(found) > MOST_ROWS:
        raise fault("hsds-many", most=MOST_ROWS)
    return found


def _service(service: Service) -> dict[str, Any]:
    key = _key(service.reference)
    found: dict[str, Any] = {
        "id": key,
        "name": service.name,
        "status": STATUS[service.state],
        "attributes": list(_attributes(service, key)),
    }
    if service.provider:
        told = {"name": service.provider, "description": service.provider}
        found["organization"] = {"id": _key(f"organization:{service.provider}"), **told}
    if service.note:
        found["description"] = service.note
    for name, field in (("minimum_age", "age_from"), ("maximum_age", "age_to")):
        if getattr(service, field) is not None:
            found[name] = getattr(service, field)
    if service.called_at:
        found["assured_date"] = service.called_at.date().isoformat()
    if service.phone:
        found["phones"] = [{"id": _key(key, "phone"), "number": service.phone}]
    if service.opening:
        found["schedules"] = [{"id": _key(key, "schedule"), "description": service.opening}]
    if service.languages:
        found["languages"] = [
            {"id": _key(key, "language", code), "code": code} for code in service.languages
        ]
    if service.address or service.latitude is not None:
        found["service_at_locations"] = [_location(service, key)]
    return found


def _location(service: Service, key: str) -> dict[str, Any]:
    place: dict[str, Any] = {"id": _key(key, "location"), "location_type": "physical"}
    if service.address:
        place["description"] = service.address
    if service.latitude is not None:
        place |= {"latitude": service.latitude, "longitude": service.longitude}
    return {"id": _key(key, "at"), "service_id": key, "location": place}


def _attributes(service: Service, key: str) -> Iterator[dict[str, Any]]:
    for name in (*CODED, *PLAIN):
        value = getattr(service, name)
        for text in value if isinstance(value, list) else [written(value)]:
            if not text:
                continue
            label = codelist("support_types").label(text) if name == "need" else text
            yield {
                "id": _key(key, name, text),
                "link_id": key,
                "link_entity": "service",
                "value": text,
                "taxonomy_term": {
                    "id": _key(name, text),
                    "code": text,
                    "name": label,
                    "description": MEANING,
                    "taxonomy": OURS + name,
                },
            }


def _texts(one: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each field that HSDS or our attributes tell, as a cell would have it."""
    yield "name", str(one.get("name") or "")
    yield "provider", str((one.get("organization") or {}).get("name") or "")
    yield "note", str(one.get("description") or "")
    yield "state", STATES.get(str(one.get("status")), str(one.get("status") or ""))
    for name, field in (("minimum_age", "age_from"), ("maximum_age", "age_to")):
        yield field, _plain(one.get(name))
    for phone in (one.get("phones") or [])[:1]:
        yield "phone", str(phone.get("number") or "")
    for schedule in (one.get("schedules") or [])[:1]:
        yield "opening", str(schedule.get("description") or "")
    spoken = [str(each.get("code") or "") for each in one.get("languages") or []]
    yield "languages", ";".join(filter(None, spoken))
    for at in (one.get("service_at_locations") or [])[:1]:
        yield from _place(at.get("location") or {})
    yield from _own(one.get("attributes") or [])


def _place(location: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    address = location.get("description") or ""
    for told in (location.get("addresses") or [])[:1]:
        parts = [told.get(name) for name in ("address_1", "address_2", "city", "region")]
        address = address or ", ".join(str(part) for part in parts if part)
    yield "address", str(address)
    yield "latitude", _plain(location.get("latitude"))
    yield "longitude", _plain(location.get("longitude"))


def _own(attributes: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    told: dict[str, list[str]] = {}
    for each in attributes:
        term = each.get("taxonomy_term") or {}
        name = str(term.get("taxonomy") or "").removeprefix(OURS)
        if str(term.get("taxonomy") or "").startswith(OURS) and name in (*CODED, *PLAIN):
            told.setdefault(name, []).append(str(each.get("value") or term.get("code") or ""))
    for name, values in told.items():
        yield name, ";".join(values)


def _plain(value: object) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


def _key(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(("marfa:service", *parts))))
