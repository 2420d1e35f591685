"""Changes to the directory: decided by the charter, told to the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from marfa.apps.directory.models import NEEDS, Service
from marfa.apps.directory.queries import KEEP, PURPOSE
from marfa.apps.form_pages.editor import Change
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.models import Organisation
from marfa.apps.site_cards.actions import PHONE, place_faults
from marfa.apps.site_cards.queries import LANGUAGES
from marfa.domain.digits import latin_digits, without_marks
from marfa.domain.message import InputError, Message, Problem
from marfa.domain.telling_words import find_telling_words
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor

TOLD = (
    *("name", "provider", "need", "state", "phone", "safe_contact", "opening", "confidential"),
    *("address", "latitude", "longitude", "sexes", "age_from", "age_to", "languages", "access"),
    *("cost", "papers", "police_report", "on_sheets", "note"),
)
"""What somebody may tell of a service."""


def add_service(*, actor: Actor, keeper: Organisation, told: Mapping[str, Any]) -> Service:
    """A new entry, which is offered once somebody has called there.

    Raises DeniedError; InputError by field.
    """
    values = checked_service(told)
    with _keeping(actor, keeper, "service_added") as act:
        made = Service(keeper=keeper, **values)
        act.create(made)
        act.note(service=str(made.pk))
    return made


def change_service(service: Service, change: Change) -> Saved:
    """Save what somebody changed. Raises DeniedError; InputError by field; ConflictError for a
    colleague's change."""
    with _keeping(change.actor, service.keeper, "service_changed") as act:
        saved = act.save(
            service,
            base_version=change.base_version,
            changes=_tidied(change.changes),
            mine=change.mine,
            check=_check,
        )
        act.note(service=str(service.pk), version=saved.version)
    return saved


def record_call(*, actor: Actor, service: Service, state: str) -> Saved:
    """Somebody called there and asked whether it takes people now. From this moment it is offered,
    or is not.

    Raises DeniedError; InputError for no answer.
    """
    if state not in Service.State.values:
        raise InputError.at(Message("apps.directory:state-missing"), field="state")
    with _keeping(actor, service.keeper, "service_called") as act:
        said = {"state": state, "called_at": clock.now(), "called_by": actor.id}
        saved = act.save(service, changes=said)
        act.note(service=str(service.pk), state=state)
    return saved


def take_services(
    *, actor: Actor, keeper: Organisation, told: Iterable[Mapping[str, Any]]
) -> tuple[int, int]:
    """Take entries out of a file, all or none: known ones, by reference, are changed, others added.
    Nothing that a file says counts as a call: somebody calls first.

    Gives how many were added and how many changed. Raises DeniedError; InputError by row and field.
    """
    added = changed = 0
    with _keeping(actor, keeper, "services_taken") as act:
        for row, values in enumerate(told, start=1):
            values = dict(values)
            reference = str(values.pop("reference", ""))
            known = Service.objects.filter(reference=reference, keeper=keeper).first()
            clean = checked_service(values, row=row)
            if known is None:
                act.create(Service(keeper=keeper, **clean))
                added += 1
            elif any(getattr(known, name) != value for name, value in clean.items()):
                act.save(known, changes=clean)
                changed += 1
        act.note(added=added, changed=changed)
    return added, changed


def checked_service(told: Mapping[str, Any], *, row: int | None = None) -> dict[str, Any]:
    """What is told of a service, tidied. Raises InputError by field, all that is wrong at once."""
    values = tidied_service(told)
    problems = [
        problem
        for field, message in service_faults(values)
        for problem in InputError.at(message, field=field, row=row).problems
    ]
    if problems:
        raise InputError(*problems)
    return values


def tidied_service(told: Mapping[str, Any]) -> dict[str, Any]:
    """All fields of a service: what is told, tidied, and where nothing is, what it begins with."""
    empty: dict[str, Any] = {
        name: Service._meta.get_field(name).get_default()  # type: ignore[union-attr]
        for name in TOLD
    }
    return _tidied({**empty, **{name: told[name] for name in TOLD if name in told}})


def service_faults(values: Mapping[str, Any]) -> Iterator[tuple[str, Message]]:
    """What is wrong with an entry: field and sentence."""
    if not str(values.get("name") or "").strip():
        yield "name", Message("apps.directory:name-missing")
    if values.get("need") not in NEEDS:
        yield "need", Message("apps.directory:need-unknown")
    phone = str(values.get("phone") or "")
    if phone and not PHONE.fullmatch(phone):
        yield "phone", Message("apps.directory:phone-form")
    yield from _place_faults(values)
    ages = values.get("age_from"), values.get("age_to")
    if ages[0] is not None and ages[1] is not None and ages[0] > ages[1]:
        yield "age_to", Message("apps.directory:ages-turned")
    if values.get("on_sheets") and (values.get("confidential") or not phone):
        yield "on_sheets", Message("apps.directory:not-on-sheets")
    told = f"{values.get('name')} {values.get('opening')}"
    if values.get("on_sheets") and (words := find_telling_words(told)):
        yield "on_sheets", Message("apps.directory:telling", {"words": ", ".join(words)})
    for name, known, key in (
        ("languages", LANGUAGES, "language-unknown"),
        ("access", Service.Access.values, "access-unknown"),
    ):
        if not isinstance(values.get(name), list) or set(values[name]) - set(known):
            yield name, Message(f"apps.directory:{key}")


def _place_faults(values: Mapping[str, Any]) -> Iterator[tuple[str, Message]]:
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if values.get("confidential"):
        for name in ("address", "latitude", "longitude"):
            if values.get(name) not in (None, ""):
                yield name, Message("apps.directory:place-not-told")
        return
    for error in place_faults(latitude, longitude):
        for problem in error.problems:
            yield problem.place.field or "", problem.message


def _check(values: Mapping[str, object]) -> None:
    problems: list[Problem] = []
    for field, message in service_faults(values):
        problems += InputError.at(message, field=field).problems
    if problems:
        raise InputError(*problems)


def _tidied(told: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in told.items() if name in TOLD}
    for name, value in values.items():
        if isinstance(value, str) and name == "note":
            values[name] = value.replace("\r\n", "\n").strip()
        elif isinstance(value, str):
            values[name] = " ".join(value.split())
    if "phone" in values:
        values["phone"] = without_marks(latin_digits(str(values["phone"]))).strip()
    return values


@contextmanager
def _keeping(actor: Actor, keeper: Organisation, what: str) -> Iterator[Act]:
    """The log is told which entry; what it says stands in its history."""
    with action(
        actor=actor, code=KEEP, purpose=PURPOSE, resource=organisation_resource(keeper)
    ) as act:
        act.note(what=what)
        yield act
