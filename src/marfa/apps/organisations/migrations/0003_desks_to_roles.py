"""Who could work at a desk holds the first role of that desk from here on.

What was never written down, which of a desk's roles it was, is for an administrator to put right.
"""

from typing import Any

from django.db import migrations

from marfa.platform.rowsecurity.operations import RunOverAllRows

from marfa.domain.ids import new_reference

FIRST_ROLE = {
    "reception": "reception_officer",
    "protection": "case_worker",
    "investigations": "investigator",
    "finance": "finance_analyst",
    "sanctions": "sanctions_officer",
    "reporting": "statistician",
    "coordination": "coordinator",
    "administration": "administrator",
}


def desks_to_roles(apps: Any, schema_editor: Any) -> None:
    grants = apps.get_model("organisations", "RoleGrant").objects
    for grant in grants.all():
        grant.role = FIRST_ROLE[grant.desk]
        grant.reference = new_reference()
        grant.save(update_fields=["role", "reference"])


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_roles")]
    # Back again goes an empty table alone: the next step cannot know a desk for a row.
    operations = [RunOverAllRows(desks_to_roles, RunOverAllRows.noop)]
