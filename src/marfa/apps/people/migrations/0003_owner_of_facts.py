"""Facts of registered people say whose they are, and whoever may change an opened row does not
give it away."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery

from marfa.platform.rowsecurity.operations import ProtectRows, RunOverAllRows

ABOUT = (
    "personname",
    "identitydocument",
    "contactpoint",
    "householdmember",
    "relationship",
    "registration",
)


def from_person(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Facts belong to whoever registered the person; those of nobody who is there go."""
    facts = apps.get_model("people", "RegisteredFact")
    people = apps.get_model("people", "Person").objects.filter(pk=OuterRef("subject"))
    facts.objects.update(organisation=Subquery(people.values("organisation_id")))
    facts.objects.filter(organisation=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_consent"),
        ("organisations", "0005_owner_of_the_opened"),
    ]

    operations = [
        migrations.AddField(
            model_name="registeredfact",
            name="organisation",
            field=models.UUIDField(editable=False, null=True),
        ),
        RunOverAllRows(from_person, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="registeredfact",
            name="organisation",
            field=models.UUIDField(editable=False),
        ),
        ProtectRows("registeredfact", owner="organisation", kind="Person", object_key="subject"),
        ProtectRows("person", owner="organisation", kind="Person", again=True),
        ProtectRows("household", owner="organisation", kind="Household", again=True),
        *(
            ProtectRows(model, owner="organisation", kind="Person", object_key="person", again=True)
            for model in ABOUT
        ),
    ]
