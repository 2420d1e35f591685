"""What a row's history says of who, what for and by which action is what the log says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import pytest
from django.urls import reverse

from marfa.apps.cases.actions.country_profiles import begin_profile
from marfa.apps.cases.models import CountryProfile
from marfa.apps.children.models import Duty, DutyStep
from marfa.apps.manifest import Desk
from marfa.apps.reception.models.queue import ScreeningReason
from marfa.apps.registry.models import Person
from marfa.apps.screening.actions import open_screening
from marfa.demo.build import build_demo
from marfa.domain.addressee import Addressee
from marfa.domain.ids import new_id
from marfa.platform.revisions.models import Revision
from marfa.platform.revisions.queries import label_of
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import ActorKind
from marfa.safeguards.audit.models import Entry
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

APPS = Path(str(files("marfa.apps")))
BELOW = frozenset({"create_row", "save_changes", "save_sealed"})
"""What only an action calls, which says who, what for and by which action."""

BY_A_RULE = frozenset(
    {
        (label_of(ScreeningReason), None, "people.raise_reason"),
        (label_of(Duty), None, "children.follow"),
        (label_of(DutyStep), None, "children.follow"),
    }
)
"""What a rule finds is nobody's doing; the log has the action that gave rise to it."""

UNDECIDED = {
    "referrals/actions/one_time_page.py": "a visitor holds a link and its code",
    "cases/action_base.py": "time brings a referral back",
    "children/actions/duties.py": "a clock follows what happened to a child",
    "reception/actions/reasons.py": "a rule finds a reason",
}
"""Where an act is made without asking the charter, and why."""

NOBODY = None
Line = tuple[object, ...]


def told() -> set[Line]:
    """Of whom, who, what for and by which action, as the log has it, and the same without of whom.
    A machine has no account."""
    found: set[Line] = set()
    for entry in Entry.objects.filter(outcome="done"):
        by = entry.actor_id if entry.actor_kind == ActorKind.PERSON else None
        found |= {(about, by, entry.purpose, entry.action) for about in (entry.subject_id, NOBODY)}
    return found


def untold(after: int = 0) -> list[Line]:
    """Rows whose history says what no entry says. after: so many revisions are left out."""
    lines = told()
    return [
        (row.model, row.about_id, row.actor_id, row.purpose, row.action)
        for row in Revision.objects.order_by("pk")[after:]
        if (_person(row), row.actor_id, row.purpose, row.action) not in lines
        and (row.model, row.actor_id, row.action) not in BY_A_RULE
    ]


def _person(row: Revision) -> UUID | None:
    """Of whom a row is; a referral is a thing of its own."""
    return row.about_id if row.about_kind == "Person" else NOBODY


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.mark.django_db
def test_the_pages_of_several_apps_say_the_same_in_both(office: Office) -> None:
    before = Revision.objects.count()
    operation, person = office.operation, office.person
    worker, reception = signed_in(operation.desks[Desk.PROTECTION]), operation.at(Desk.RECEPTION)
    household = {
        "do": "save",
        "person": operation.desks[Desk.RECEPTION].reference,
        "batch": str(new_id()),
        "name-0": "Karam",
        "sex-0": "male",
        "born-0": "1988",
        "relation-0": "",
        "name-1": "Layla",
        "sex-1": "female",
        "born-1": "7",
        "relation-1": "child",
    }
    people = Person.objects.count()
    assert reception.post(reverse("reception:household"), household).status_code == 302
    assert Person.objects.count() == people + 2
    case = office.case()
    proceedings = reverse("proceedings:show", args=[person.reference])
    assert worker.post(proceedings, {"do": "counsel"}).status_code == 302
    named = {"do": "counsel", "counsel": "A lawyer of the port"}
    assert worker.post(proceedings, named).status_code == 302
    told = {"kind": "shelter", "name": "", "by_whom": "The harbour house", "do": "ask"}
    asking = reverse("cases:help_ask", args=[case.reference])
    assert worker.post(asking, told).status_code == 302
    open_screening(
        actor=office.officer,
        person=person,
        site=office.site,
        language="ar",
        addressee=Addressee.FEMININE,
    )
    profile = CountryProfile(organisation=operation.controller, country="SD")
    begin_profile(profile, office.supervisor)
    found = Revision.objects.order_by("pk")[before:]
    codes = {row.action for row in found}
    assert codes >= {"people.register", "proceedings.write", "assistance.grant", "records.write"}
    assert {row.model.split(".")[0] for row in found} >= {
        *("registry", "cases", "proceedings", "screening")
    }
    assert untold(before) == []
    # The control: one that was typed a second time, and otherwise, is seen.
    for field, value in (("purpose", "tracing"), ("action", "cases.close"), ("actor_id", None)):
        row = found[0]
        held = getattr(row, field)
        Revision.objects.filter(pk=row.pk).update(**{field: value})
        assert len(untold(before)) == 1, field
        Revision.objects.filter(pk=row.pk).update(**{field: held})
    assert untold(before) == []


@pytest.mark.django_db
def test_the_whole_demonstration_says_the_same_in_both() -> None:
    build_demo()
    with every_organisation():
        assert len(set(Revision.objects.values_list("model", flat=True))) > 10
        assert sorted(map(str, set(untold()))) == []


def calls(source: str) -> set[str]:
    """Which of the functions below an action a module calls or takes in."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found & BELOW


def test_few_write_what_no_policy_decides() -> None:
    """An ``Act`` of its own is told nothing by the charter: it is made where it says why."""
    making = {
        path.relative_to(APPS).as_posix()
        for path in APPS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Act"
    }
    assert making == set(UNDECIDED)


def test_no_app_says_a_second_time_who_and_what_for() -> None:
    modules = [path for path in APPS.rglob("*.py") if "migrations" not in path.parts]
    assert len(modules) > 100
    assert {str(path): calls(path.read_text()) for path in modules if calls(path.read_text())} == {}
    assert calls("from marfa.platform.revisions.actions import Saved, create_row") == {"create_row"}
    assert calls("from marfa.safeguards.vault import saving\nsaving.save_sealed(row)")
