"""Which forms are taken: only what the register lets a step ask, told by row and column."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from marfa.apps.forms.actions.versions import (
    add_form,
    examine_xlsform,
    publish_version,
    withdraw_version,
)
from marfa.apps.forms.field_map import name_key, standard_fields
from marfa.apps.forms.models import FormDefinition, FormVersion
from marfa.apps.forms.queries import offered_to_apps, offered_versions
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import by_command
from marfa.apps.organisations.queries import actor_of
from marfa.domain.catalogue import LANGUAGES, render_message
from marfa.domain.message import InputError
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.apps.forms.sheets import sheet
from tests.conftest import Operation
from tests.support.reference import form_of_the_standard
from tests.support.second_person import second_person

pytestmark = pytest.mark.django_db(transaction=True)
REGISTRATION, SCREENING = Purpose.REGISTRATION, Purpose.SCREENING
NAME = "text|called|Name|الاسم|registry.PersonName.text|"
WARD = "text|ward|Ward|الجناح||coded"


def faults(
    data: bytes, purpose: Purpose = REGISTRATION
) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(InputError) as caught:
        examine_xlsform(data, "form.md", purpose)
    for problem in caught.value.problems:
        for language in LANGUAGES:
            assert render_message(problem.message, language)
    return [
        (one.message.code.partition(":")[2], one.place.row, one.place.column)
        for one in caught.value.problems
    ]


def test_a_question_that_may_identify_is_named_with_its_row() -> None:
    assert faults(sheet(WARD, "text|remarks|Remarks|ملاحظات")) == [
        ("undeclared", 3, "marfa::field")
    ]


@pytest.mark.parametrize("name", ["phone", "mother_name", "id_number", "place_of_birth", "tribe"])
def test_a_telling_name_is_enough(name: str) -> None:
    assert faults(sheet(f"integer|{name}|Q|س"))[0][0] == "undeclared"


@pytest.mark.parametrize("kind", ["text", "date", "geopoint", "image", "audio", "file"])
def test_a_kind_that_takes_anything_is_enough(kind: str) -> None:
    assert faults(sheet(f"{kind}|q|Q|س"))[0][0] == "undeclared"


@pytest.mark.parametrize(
    ("row", "key", "column"),
    [
        ("text|q|Q|س|registry.PersonName.nothing|", "field-unknown", "marfa::field"),
        ("text|q|Q|س|nonsense|", "field-unknown", "marfa::field"),
        ("text|q|Q|س|registry.PersonName.id|", "field-not-asked", "marfa::field"),
        ("text|q|Q|س|accounts.User.username|", "field-not-asked", "marfa::field"),
        ("text|q|Q|س||secret", "tier-unknown", "marfa::tier"),
        ("text|q|Q|س||sealed", "tier-unknown", "marfa::tier"),
        ("text|q|Q|س||sensitive", "not-for-step", "marfa::tier"),
        ("text|vic_Methods_of_Control|Q|س", "not-for-step", "marfa::field"),
    ],
)
def test_what_this_step_may_not_ask_is_refused(row: str, key: str, column: str) -> None:
    assert faults(sheet(WARD, row)) == [(key, 3, column)]


def test_another_step_may_ask_it() -> None:
    found = examine_xlsform(sheet("text|vic_Methods_of_Control|Q|س"), "form.md", SCREENING)
    assert found.sensitive
    assert found.asks["/data/vic_Methods_of_Control"]["field"] == "HTCDS vic_MethodsOfControl"


def test_every_fault_is_named_at_once() -> None:
    rows = (WARD, "text|a|A|أ", "text|b|B|ب|people.No.no|", "text|c|C|ج||sensitive")
    assert [row for _key, row, _column in faults(sheet(*rows))] == [3, 4, 5]


def test_a_faulty_form_is_refused_with_its_row() -> None:
    broken = sheet(WARD, "integer|n|N|ع||coded").replace(b"integer", b"intger")
    assert any(row == 3 for _key, row, _column in faults(broken))


def test_a_form_without_a_version() -> None:
    assert faults(sheet(WARD, version=""))[0][0] == "version-missing"


def test_what_is_not_translated_is_named() -> None:
    whole = examine_xlsform(sheet(WARD), "form.md", REGISTRATION)
    assert whole.missing == {}
    part = examine_xlsform(sheet(WARD, "integer|beds|Beds"), "form.md", REGISTRATION)
    assert part.missing == {"ar": ["/data/beds:label"]}


def test_the_form_of_the_standard_loads() -> None:
    """The toolkit's own XLSForm (HTCDS 2.0): every question is known by its name."""
    file = form_of_the_standard()
    found = examine_xlsform(file.read_bytes(), file.name, SCREENING)
    assert len(found.asks) == 31
    assert all(one["field"].startswith("HTCDS ") for one in found.asks.values())
    assert found.missing == {"en": ["*"], "ar": ["*"]}


def test_names_are_compared_as_forms_write_them() -> None:
    assert name_key("prs_First_Name") in standard_fields()
    assert name_key("prs_FirstNames") not in standard_fields()


def added(operation: Operation, actor: Actor, data: bytes) -> FormVersion:
    return add_form(
        actor=actor,
        organisation=operation.controller,
        examined=examine_xlsform(data, "form.md", REGISTRATION),
    )


def test_a_form_is_added_published_and_withdrawn(operation: Operation, supervisor: Actor) -> None:
    key = operation.controller.pk
    with every_organisation():
        version = added(operation, supervisor, sheet(NAME, WARD))
        mine = {"form__form_id": "arrival"}
        assert not offered_versions(key).filter(**mine).exists(), (
            "nothing is asked before somebody says so"
        )
        publish_version(actor=second_person(operation), version=version, to_apps=True)
        assert [found.pk for found in offered_to_apps(key)] == [version.pk]
        withdraw_version(actor=supervisor, version=version)
        assert not offered_versions(key, all_versions=True).filter(**mine).exists()


def test_a_changed_form_needs_a_new_version(operation: Operation, supervisor: Actor) -> None:
    with every_organisation():
        first = added(operation, supervisor, sheet(NAME, WARD))
        assert added(operation, supervisor, sheet(NAME, WARD)).pk == first.pk
        with pytest.raises(InputError, match="version-there"):
            added(operation, supervisor, sheet(NAME))
        second = added(operation, supervisor, sheet(NAME, version="2"))
        assert second.form_id == first.form_id
        assert FormVersion.objects.get(pk=first.pk).xml == first.xml


def test_a_form_keeps_its_step(operation: Operation, supervisor: Actor) -> None:
    with every_organisation():
        added(operation, supervisor, sheet(WARD))
        examined = examine_xlsform(sheet(WARD, version="2"), "form.md", SCREENING)
        with pytest.raises(InputError, match="other-step"):
            add_form(actor=supervisor, organisation=operation.controller, examined=examined)


def test_what_is_sensitive_is_not_published_to_apps(
    operation: Operation, supervisor: Actor
) -> None:
    examined = examine_xlsform(sheet("text|vic_Methods_of_Control|Q|س"), "form.md", SCREENING)
    with every_organisation():
        version = add_form(actor=supervisor, organisation=operation.controller, examined=examined)
        with pytest.raises(InputError, match="sensitive-not-for-apps"):
            publish_version(actor=second_person(operation), version=version, to_apps=True)
        publish_version(actor=second_person(operation), version=version)
        assert offered_versions(operation.controller.pk).exists()
        assert not offered_to_apps(operation.controller.pk).exists()


def test_a_version_that_becomes_sensitive_closes_the_form_to_apps(
    operation: Operation, supervisor: Actor
) -> None:
    with every_organisation():
        first = added(operation, supervisor, sheet(WARD))
        publish_version(actor=second_person(operation), version=first, to_apps=True)
        added(operation, supervisor, sheet("text|q|Q|س|registry.Person.gender|", version="2"))
        form = FormDefinition.objects.get(form_id="arrival")
        assert (form.sensitive, form.open_to_apps) == (True, False)
        with pytest.raises(IntegrityError), transaction.atomic():
            FormDefinition.objects.update(open_to_apps=True)


def test_files_that_a_form_shows_must_be_there(operation: Operation, supervisor: Actor) -> None:
    data = sheet(WARD).replace(b"| marfa::tier |", b"| marfa::tier | media::image |", 1)
    data = data.replace(b"| coded |", b"| coded | harbour.png |", 1)
    with every_organisation():
        version = added(operation, supervisor, data)
        with pytest.raises(InputError, match="files-missing"):
            publish_version(actor=second_person(operation), version=version)


@pytest.mark.parametrize("who", [Desk.RECEPTION, Desk.INVESTIGATIONS, "partner", "colleague"])
def test_others_add_no_forms(operation: Operation, who: str | Desk) -> None:
    user = operation.desks[who] if isinstance(who, Desk) else getattr(operation, who)
    with every_organisation(), pytest.raises(DeniedError):
        added(operation, actor_of(user), sheet(WARD))


def test_a_tier_is_raised_and_never_lowered() -> None:
    lower = sheet("text|vic_Methods_of_Control|Q|س||personal")
    found = examine_xlsform(lower, "form.md", SCREENING)
    assert found.asks["/data/vic_Methods_of_Control"]["tier"] == "sensitive"
    assert found.sensitive
    (warning,) = [one for one in found.warnings if one.message.key == "tier-kept"]
    assert (warning.place.row, warning.place.column) == (2, "marfa::tier")
    higher = sheet("text|prs_First_Name|Q|س||sensitive")
    assert examine_xlsform(higher, "form.md", SCREENING).sensitive


def test_a_religion_is_no_mere_code_whatever_its_name() -> None:
    found = examine_xlsform(sheet("integer|q|Which religion?|أي دين؟||coded"), "f.md", REGISTRATION)
    assert found.asks["/data/q"]["tier"] == "personal"


def test_a_field_of_the_register_tells_of_an_origin_by_itself() -> None:
    rows = ("text|q|Code|رمز|registry.Person.religion|", "calculate|s|||")
    data = sheet(*rows).replace(b"| marfa::tier |", b"| marfa::tier | calculation |", 1)
    data = data.replace(b"| calculate | s |  |  |  |  |", b"| calculate | s |  |  |  |  | ${q} |")
    with pytest.raises(InputError) as caught:
        examine_xlsform(data, "form.md", SCREENING)
    told = [(one.message.key, one.rule, one.place.row) for one in caught.value.problems]
    assert ("depends-on-origin", "charter-4", 3) in told, told


@pytest.mark.parametrize(
    ("head", "cells", "key"),
    [
        ("appearance", "select_one l | q | Q | س |  | coded | search('places')", "search-choices"),
        (
            "parameters",
            "audit | audit |  |  |  |  | location-priority=balanced, "
            "location-min-interval=60, location-max-age=90",
            "audit-location",
        ),
    ],
)
def test_what_would_be_wrong_in_silence_is_refused(head: str, cells: str, key: str) -> None:
    data = sheet(WARD, choices="l|a|A|أ")
    data = data.replace(b"| marfa::tier |", f"| marfa::tier | {head} |".encode(), 1)
    data = data.replace(b"| choices |", f"| | {cells} |\n| choices |".encode(), 1)
    assert (key, 3, head) in faults(data)


def test_nobody_publishes_what_they_added(operation: Operation, supervisor: Actor) -> None:
    second = second_person(operation)
    with every_organisation():
        version = added(operation, supervisor, sheet(WARD))
        for actor in (supervisor, by_command()):
            with pytest.raises(DeniedError):
                publish_version(actor=actor, version=version)
        assert not FormVersion.objects.get(pk=version.pk).is_offered
        publish_version(actor=second, version=version)
        version.refresh_from_db()
        assert (version.added_by_id, version.published_by_id) == (supervisor.id, second.id)
        with pytest.raises(IntegrityError), transaction.atomic():
            FormVersion.objects.filter(pk=version.pk).update(published_by=supervisor.id)


def test_what_was_added_before_it_was_looked_at_is_not_published(
    operation: Operation, supervisor: Actor
) -> None:
    with every_organisation():
        version = added(operation, supervisor, sheet("text|q|Which ward?|أي جناح؟||personal"))
        xml = version.xml.replace("Which ward?", "Which tribe?").replace(
            '<bind nodeset="/data/q" type="string"/>',
            '<bind nodeset="/data/q" type="string" constraint=". = \'a\'"/>',
        )
        assert xml.count("tribe") == 1
        FormVersion.objects.filter(pk=version.pk).update(xml=xml, md5="0" * 32)
        version.refresh_from_db()
        with pytest.raises(InputError, match="depends-on-origin"):
            publish_version(actor=second_person(operation), version=version)
