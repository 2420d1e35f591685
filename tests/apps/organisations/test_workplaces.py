"""At which places somebody works: a site, a team, or the whole organisation."""

from __future__ import annotations

import pytest

from marfa.apps.organisations.models import Organisation, Site, Team
from marfa.apps.organisations.workplaces import places_of, sites_where
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.words import Role
from tests.conftest import Operation

pytestmark = pytest.mark.django_db
BOSS, OFFICER = Role.SUPERVISOR, Role.RECEPTION_OFFICER


def actor(*held: HeldRole) -> Actor:
    return Actor(new_id(), ActorKind.PERSON, frozenset(held))


@pytest.fixture
def here(operation: Operation) -> tuple[Organisation, Site, Site, Team]:
    organisation = operation.controller
    one, other = organisation.sites.order_by("name")[:2]
    team = Team.objects.create(
        organisation=organisation, site=other, name="Night", created_at=clock.now()
    )
    return organisation, one, other, team


def test_by_role_and_by_scope(here: tuple[Organisation, Site, Site, Team]) -> None:
    organisation, one, other, team = here
    key = organisation.pk
    assert list(sites_where(actor(HeldRole(BOSS, key, one.pk)), {BOSS})) == [one]
    assert list(sites_where(actor(HeldRole(BOSS, key)), {BOSS})) == [
        *organisation.sites.order_by("name", "pk")
    ]
    assert not sites_where(actor(HeldRole(OFFICER, key)), {BOSS})
    in_team = actor(HeldRole(BOSS, key, None, team.pk))
    assert not sites_where(in_team, {BOSS}), "a team is not the whole organisation"
    assert list(sites_where(in_team, {BOSS}, by_team=True)) == [other]


def test_of_one_organisation(
    operation: Operation, here: tuple[Organisation, Site, Site, Team]
) -> None:
    organisation, one, _other, _team = here
    both = actor(HeldRole(BOSS, organisation.pk, one.pk), HeldRole(BOSS, operation.guest.pk))
    assert list(sites_where(both, {BOSS}, organisation=organisation.pk)) == [one]
    assert set(sites_where(both, {BOSS})) == {one, *operation.guest.sites.all()}


def test_places_keep_the_three_scopes_apart(here: tuple[Organisation, Site, Site, Team]) -> None:
    organisation, one, _other, team = here
    key = organisation.pk
    found = places_of(
        actor(HeldRole(BOSS, key, one.pk), HeldRole(OFFICER, key, None, team.pk)), {BOSS, OFFICER}
    )
    assert (found.sites, found.teams) == (frozenset({one.pk}), frozenset({team.pk}))
    assert not found.organisations
