"""Nothing that is told about a child stands in clear: each sealed field of the apps for children is
filled by the actions, and none is in the database, its journal, the log, jobs, files, titles,
addresses or answers that say what was wrong. Of a child who is erased nothing can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db.models import Model
from django.test import Client

from marfa.apps.registry.models import Person
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.fields.checks import is_vaulted
from marfa.safeguards.fields.register import everything_declared
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Tier
from tests.apps.cases.office import Office
from tests.apps.children.test_guests import ABOUT, address, views
from tests.apps.children.whole import APPS, Whole, a_house
from tests.canary.canary_data import _outside, erase
from tests.canary.test_canary import logged
from tests.conftest import Operation, signed_in
from tests.support.canary import (
    NAMES,
    Finding,
    scan_database,
    scan_folder,
    scan_text,
)
from tests.support.canary import told as told_of
from tests.support.sample.models import Sample
from tests.web.every_state import Record, records

SAID = NAMES["arabic"]
CODED = {
    "child_talks.ChildTalk.signs",
    "detention.ConditionsSeen.answers",
    "tracing.RiskCheck.answers",
    "age_assessment.AgeResult.born",
}
"""Sealed, and made of codes or a date: nobody types words into them."""


def sealed_fields() -> Iterator[tuple[type[Model], str]]:
    """What the field register calls personal or sensitive, in the apps for children."""
    for model, declared in everything_declared():
        if model._meta.app_config.name.split(".")[-1] in APPS:
            for name, each in declared.fields.items():
                if each.tier in (Tier.PERSONAL, Tier.SENSITIVE):
                    yield model, name


def holds(model: type[Model], name: str) -> bool:
    """Whether a canary can be read in a field, of any row; within an open vault."""
    return any(SAID in str(getattr(row, name)) for row in model._default_manager.all())


def not_filled() -> set[str]:
    return {
        label
        for model, name in sealed_fields()
        if (label := f"{model._meta.label}.{name}") not in CODED and not holds(model, name)
    }


def test_what_is_said_of_children_is_sealed() -> None:
    found = list(sealed_fields())
    assert len(found) > 80
    clear = [f"{model._meta.label}.{name}" for model, name in found if not _sealed(model, name)]
    assert clear == []
    assert set(APPS) == {model._meta.app_label for model, _name in found}


def _sealed(model: type[Model], name: str) -> bool:
    return is_vaulted(model._meta.get_field(name))


def seen_outside(client: Client, known: dict[str, Record], child: Person) -> list[Finding]:
    """Each page of the apps, opened and sent with a canary in what was typed: its title, its
    headers, and what it says where something was wrong."""
    found: list[Finding] = []
    typed = {"do": "save", "text": SAID, "name": SAID, "words": SAID, "reference": SAID}
    for name, route in views().items():
        kind = ABOUT.get(name, "")
        mine = (ref for ref, row in known.items() if row.kind == kind and row.about == child.pk)
        there = address(route, next(mine, "0" * 20))
        found += _outside(client.get(there)) + _outside(client.post(there, typed))
    return found


@pytest.mark.django_db(transaction=True)
def test_nothing_told_of_a_child_is_in_clear_and_nothing_stays(operation: Operation) -> None:
    with every_organisation(), logged() as log:
        office = Office(operation)
        house = a_house(office, SAID)
        child = Whole(office, SAID)
        child.everything(house)
        climb_ladders()
        with open_vault():
            assert not_filled() == set(), "whole.py fills what the register calls sensitive"
        boss = signed_in(operation.supervisor)
        found = seen_outside(boss, records(), child.person)
    found += scan_database()
    found += scan_folder(Path(settings.FOLDER.path).parent)
    found += scan_text("log", log.getvalue())
    found += scan_text("mail", *(str(message.message()) for message in mail.outbox))
    assert not found, told_of(found)
    with every_organisation():
        left_after_erasure(child)
    # The same search finds what somebody typed into a field that is not for it.
    Sample.objects.create(note=f"met {SAID}", sex="female")
    assert {each.where for each in scan_database()} == {"sample_sample.note"}


ITS_OWN = {"alternative_care.CarePlace", "alternative_care.CareCheck", "alternative_care.CareDoubt"}
ITS_OWN |= {"tracing.Enquiry"}
"""Kept until their own end: a caregiver, and who asked for somebody who may be no one here."""


def left_after_erasure(child: Whole) -> None:
    """Of a child who is erased no row and no word is left in any of the apps."""
    erase(child.person.pk)
    ours = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    about = [(each, _link(each)) for each in ours if _link(each)]
    assert len(about) > 35
    left = {
        model._meta.label
        for model, link in about
        if model._default_manager.filter(**{link: child.person.pk}).exists()
    }
    assert left == set()
    with open_vault():
        told = {model._meta.label for model, name in sealed_fields() if holds(model, name)}
    assert told == ITS_OWN, "the control: those that are about no child are still there"


def _link(model: type[Model]) -> str:
    """By which column a row is about a child; a coded fact is about a subject without a key."""
    names = {each.name: each.related_model for each in model._meta.concrete_fields}
    return "person" if names.get("person") is Person else ""
