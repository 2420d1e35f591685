"""Facts of screenings say whose they are."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery

from marfa.platform.rowsecurity.operations import ProtectRows, RunOverAllRows


def from_person(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Facts belong to whoever registered the person; those of nobody who is there go."""
    facts = apps.get_model("screening", "ScreeningFact")
    people = apps.get_model("people", "Person").objects.filter(pk=OuterRef("subject"))
    facts.objects.update(organisation=Subquery(people.values("organisation_id")))
    facts.objects.filter(organisation=None).delete()


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial"), ("people", "0003_owner_of_facts")]

    operations = [
        migrations.AddField(
            model_name="screeningfact",
            name="organisation",
            field=models.UUIDField(editable=False, null=True),
        ),
        RunOverAllRows(from_person, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="screeningfact",
            name="organisation",
            field=models.UUIDField(editable=False),
        ),
        ProtectRows("screeningfact", owner="organisation", kind="Person", object_key="subject"),
    ]
