"""Searches for protected people are told of in one way, and to whoever protects the person."""

from uuid import UUID

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery

from marfa.platform.rowsecurity.operations import RunOverAllRows

WAYS = {"address": "address", "duplicate": "duplicate", "tracing": "tracing"}


def to_whoever_protects(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Notices that went to the searcher's organisation go to the person's; of whom nothing is
    known any more, they go."""
    notices = apps.get_model("finding", "Notice").objects
    people = apps.get_model("people", "Person").objects
    sought = notices.filter(kind="protected")
    sought.exclude(subject__in=people.values("pk")).delete()
    owner = people.filter(pk=OuterRef("subject")).values("organisation_id")
    sought.update(organisation=Subquery(owner))
    notices.filter(kind="again").delete()


def from_the_former_table(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What focal points were told in the other way; one a day of a searcher and a person."""
    model = apps.get_model("finding", "Notice")
    former = apps.get_model("people", "ProtectedSearch").objects.order_by("at", "pk")
    for row in former.iterator():
        made = model(
            organisation_id=row.organisation_id,
            site_id=row.site_id,
            searcher=row.searcher,
            subject=row.person_id,
            kind="protected",
            way=WAYS.get(row.way, "search"),
            day=row.at.date(),
            at=row.at,
            settled_at=row.seen_at,
            settled_by=row.seen_by,
        )
        model.objects.bulk_create([made], ignore_conflicts=True)


def name_who_protects(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Searches that nobody looked at yet name the organisation beside the person."""
    owners = dict(apps.get_model("people", "Person").objects.values_list("pk", "organisation_id"))
    for row in apps.get_model("finding", "Search").objects.filter(reviewed=False).exclude(met=[]):
        keys = [UUID(hex=each) for each in row.met if isinstance(each, str)]
        row.met = [[owners[key].hex, key.hex] for key in keys if key in owners]
        row.save(update_fields=["met"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_queue"),
        ("finding", "0002_protecting_organisation"),
    ]

    operations = [
        RunOverAllRows(to_whoever_protects, migrations.RunPython.noop),
        RunOverAllRows(from_the_former_table, migrations.RunPython.noop),
        RunOverAllRows(name_who_protects, migrations.RunPython.noop),
        migrations.DeleteModel("ProtectedSearch"),
    ]
