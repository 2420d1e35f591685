"""Deliveries say whose they are. Those that are there tell of no person."""

from typing import Any

from django.db import migrations, models

from marfa.platform.rowsecurity.operations import ProtectRows

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


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_initial"),
        ("organisations", "0005_owner_of_the_opened"),
    ]

    operations = [
        *owned("parcel"),
        constrained("parcel", "outbox_parcel_owned"),
        ProtectRows("parcel", **WHOSE),
    ]
