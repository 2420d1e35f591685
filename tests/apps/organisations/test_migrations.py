"""From desks to roles: what people could do before, they can do after."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from marfa.apps.manifest import Desk
from marfa.apps.organisations.roles import DESK_OF
from marfa.domain.ids import is_reference
from marfa.platform import clock
from marfa.platform.migration import new_models_alone
from marfa.safeguards.words import Role

BEFORE, AFTER = [("organisations", "0001_initial")], [("organisations", "0004_roles_alone")]


def migrate(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    with new_models_alone():
        executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.mark.owner  # it changes tables
@pytest.mark.django_db(transaction=True)
def test_each_desk_becomes_its_first_role() -> None:
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    # The tables are empty here, so going back loses nothing.
    try:
        old = migrate(BEFORE)
        organisation = old.get_model("organisations", "Organisation").objects.create(
            name="Us", kind="controller", created_at=clock.now()
        )
        user = old.get_model("accounts", "User").objects.create(
            username="amal", username_key="amal", created_at=clock.now()
        )
        for desk in Desk:
            old.get_model("organisations", "RoleGrant").objects.create(
                user=user, organisation=organisation, desk=desk, starts_at=clock.now()
            )
        new = migrate(AFTER)
        grants = list(new.get_model("organisations", "RoleGrant").objects.all())
        assert {DESK_OF[Role(grant.role)] for grant in grants} == set(Desk)
        assert len({grant.reference for grant in grants}) == len(Desk)
        assert all(is_reference(grant.reference) for grant in grants)
        new.get_model("organisations", "RoleGrant").objects.all().delete()
        new.get_model("organisations", "Organisation").objects.all().delete()
    finally:
        migrate(latest)
