"""Whoever may change an opened row does not give it away."""

from django.db import migrations

from marfa.platform.rowsecurity.operations import ProtectRows


class Migration(migrations.Migration):
    dependencies = [
        ("sealedtier", "0001_initial"),
        ("organisations", "0005_owner_of_the_opened"),
    ]

    operations = [
        ProtectRows(
            "sealednote",
            owner="organisation",
            kind="SealedRecord",
            object_key="record",
            again=True,
        ),
    ]
