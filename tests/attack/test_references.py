"""References of what is stored about one person, of whatever kind, tried at every address by
everybody.

What is there and may not be known of is answered as what is not there, byte for byte.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from marfa.apps.accounts.models import User
from marfa.apps.cases.models import Case
from marfa.apps.registry.models import Person
from marfa.demo.build import build_demo
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.fields.footprint import footprint_of
from tests.apps.registry.protection import protect
from tests.attack.addresses import addresses_found, differences
from tests.attack.write_paths import view_of
from tests.conftest import signed_in, thrown_away

pytestmark = pytest.mark.django_db
STAY = ("colleague", "focal")


@dataclass(frozen=True)
class Found:
    """hers: addresses that name something that is stored about one person."""

    person: Person
    hers: list[str]


@pytest.fixture(scope="module")
def found(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Found]:
    """The demonstration by hand, and all about one person that somebody comes to."""
    with django_db_blocker.unblock(), thrown_away(), every_organisation():  # type: ignore[attr-defined]
        build_demo()
        case = Case.objects.filter(closed_at=None).order_by("opened_at", "pk").first()
        assert case is not None
        person = Person.objects.get(pk=case.person_id)
        of_her = references_about(person)
        start = [f"/people/{person.reference}/", f"/cases/{case.reference}/"]
        around: set[str] = set()
        for user in people():
            if may_see(user, person):
                around |= addresses_found(signed_in(user), start, of_her)
        yield Found(person, sorted(around))


def people() -> list[User]:
    return list(User.objects.filter(is_active=True).order_by("username"))


def may_see(user: User, person: Person) -> bool:
    return signed_in(user).get(f"/people/{person.reference}/").status_code == 200


def references_about(person: Person) -> set[str]:
    """References of everything that is stored about somebody."""
    found = {person.reference}
    for model, keys in footprint_of(person.pk).rows.items():
        if any(field.name == "reference" for field in model._meta.concrete_fields):
            rows = model._base_manager.filter(pk__in=keys)
            found.update(rows.values_list("reference", flat=True))
    return found


def test_of_a_protected_person_every_reference_is_nobodys(
    found: Found, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before she is protected the same comparison tells her apart: the control."""
    with every_organisation():
        sees = {user for user in people() if may_see(user, found.person)}
        assert sees, "the control: somebody sees her"
        some = min(sees, key=lambda user: user.username)
        assert list(differences(signed_in(some), found.hers, ("get",))), "the control"
        protect(found.person, staying=STAY)
        still = {user for user in people() if may_see(user, found.person)}
        assert still
        assert len(still) < len(sees | still)
        others = [user for user in people() if user not in still]
        asked = [*map(signed_in, others), Client()]
        wrong = [
            difference
            for client in asked
            for difference in differences(client, found.hers, ("get",))
        ]
        sending = [
            wrong for each in asked[:3] for wrong in differences(each, found.hers, ("post",))
        ]
    say(capsys, f"{len(found.hers)} addresses of one person x {len(asked)}: {len(wrong)} tell")
    assert (wrong, sending) == ([], [])
    assert len({view_of(address) for address in found.hers}) > 15


def say(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")
