"""Files say whose they are: those that are there belong to the organisation for which their sender
first worked, or else to the one that runs the installation.
"""

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from marfa.platform.rowsecurity.operations import ProtectRows, RunOverAllRows

WHOSE: dict[str, Any] = {
    "owner": "organisation",
    "kind": "",
    "object_key": "about_id",
    "kind_key": "about_kind",
    "unowned": True,
}


def owned(model: str) -> list[migrations.operations.base.Operation]:
    """The columns that say whose a row is."""
    columns: dict[str, Any] = {
        "organisation": models.UUIDField(null=True, editable=False),
        "about_kind": models.CharField(max_length=60, blank=True, default="", editable=False),
        "about_id": models.UUIDField(null=True, editable=False),
    }
    return [
        migrations.AddField(model_name=model, name=name, field=field)
        for name, field in columns.items()
    ]


def constrained(model: str, name: str) -> migrations.AddConstraint:
    """No row about an object is without an owner."""
    return migrations.AddConstraint(
        model_name=model,
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("about_id", None), ("about_kind", "")),
                models.Q(
                    models.Q(("about_kind", ""), _negated=True),
                    ("about_id__isnull", False),
                    ("organisation__isnull", False),
                ),
                _connector="OR",
            ),
            name=name,
        ),
    )


def from_sender(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The organisation of the sender's first role, else the controller."""
    files = apps.get_model("files", "StoredFile")
    grants = apps.get_model("organisations", "RoleGrant")
    controllers = apps.get_model("organisations", "Organisation").objects.filter(kind="controller")
    controller = controllers.order_by("id").values_list("id", flat=True).first()
    for sender in files.objects.values_list("uploader_id", flat=True).distinct():
        first = grants.objects.filter(user_id=sender).order_by("starts_at", "id")
        found = first.values_list("organisation_id", flat=True).first() or controller
        files.objects.filter(uploader_id=sender).update(organisation=found)


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("organisations", "0005_owner_of_the_opened"),
    ]

    operations = [
        *owned("storedfile"),
        RunOverAllRows(from_sender, migrations.RunPython.noop),
        constrained("storedfile", "files_file_owned"),
        ProtectRows("storedfile", **WHOSE),
    ]
