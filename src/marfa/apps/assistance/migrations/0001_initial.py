import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.rowsecurity.operations
import marfa.safeguards.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agreements", "0001_initial"),
        ("cases", "0001_initial"),
        ("organisations", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Goal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("area", models.CharField(max_length=40, verbose_name="area")),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "under way"),
                            ("reached", "reached"),
                            ("dropped", "no longer wanted"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="until")),
                ("set_at", models.DateTimeField(verbose_name="set on")),
                ("set_by", models.UUIDField(editable=False)),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="goals",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal",
                "verbose_name_plural": "goals",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "area__in",
                                (
                                    "safety",
                                    "health",
                                    "psychosocial",
                                    "shelter",
                                    "legal",
                                    "family",
                                    "work",
                                    "education",
                                    "wishes",
                                ),
                            )
                        ),
                        name="assistance_goal_area",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "open")),
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ["reached", "dropped"])
                            ),
                            _connector="OR",
                        ),
                        name="assistance_goal_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Help",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="kind of help")),
                ("name", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("by_whom", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("wanted", "requested"),
                            ("no_place", "no place available"),
                            ("running", "given"),
                            ("ended", "ended"),
                            ("declined", "the person does not want it"),
                        ],
                        default="wanted",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("urgent", models.BooleanField(default=False, verbose_name="urgent")),
                ("asked_at", models.DateTimeField(verbose_name="requested")),
                ("asked_by", models.UUIDField(editable=False)),
                ("next_try_at", models.DateTimeField(null=True, verbose_name="search again by")),
                ("interim", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("started_at", models.DateTimeField(null=True, verbose_name="begun")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("needs_met", "no longer needed"),
                            ("declined", "the person no longer wants it"),
                            ("moved", "the person moved"),
                            ("unsafe", "it was not safe"),
                            ("handed_over", "handed over to someone else"),
                            ("registered_twice", "registered twice"),
                        ],
                        max_length=20,
                        verbose_name="why",
                    ),
                ),
                ("outcome", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="help",
                        to="cases.case",
                    ),
                ),
                (
                    "goal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="help",
                        to="assistance.goal",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agreements.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "help",
                "verbose_name_plural": "help",
                "indexes": [
                    models.Index(fields=["case", "state"], name="assistance_help_of_case"),
                    models.Index(
                        condition=models.Q(("state", "no_place")),
                        fields=["next_try_at"],
                        name="assistance_no_place",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "shelter",
                                    "food_and_essentials",
                                    "safety_measures",
                                    "medical_care",
                                    "sexual_and_reproductive_health",
                                    "mental_health_and_psychosocial",
                                    "disability_support",
                                    "interpretation",
                                    "legal_advice",
                                    "civil_documentation",
                                    "residence_and_status",
                                    "family_tracing_and_reunification",
                                    "alternative_care",
                                    "childcare_and_parenting",
                                    "education",
                                    "vocational_training",
                                    "livelihood",
                                    "cash_assistance",
                                    "release_and_reintegration",
                                    "voluntary_return",
                                    "relocation_or_resettlement",
                                    "other",
                                ),
                            )
                        ),
                        name="assistance_help_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_try_at__isnull", False), ("state", "no_place")),
                            models.Q(
                                models.Q(("state", "no_place"), _negated=True),
                                ("next_try_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="assistance_no_place_is_looked_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None),
                                ("started_at", None),
                                ("state__in", ["wanted", "no_place"]),
                            ),
                            models.Q(
                                ("ended_at", None),
                                ("started_at__isnull", False),
                                ("state", "running"),
                            ),
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ["ended", "declined"])
                            ),
                            _connector="OR",
                        ),
                        name="assistance_help_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "end_reason__in",
                                    [
                                        "needs_met",
                                        "declined",
                                        "moved",
                                        "unsafe",
                                        "handed_over",
                                        "registered_twice",
                                    ],
                                ),
                                ("state", "ended"),
                            ),
                            models.Q(
                                models.Q(("state", "ended"), _negated=True), ("end_reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="assistance_help_ends_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelpTry",
            fields=[
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.UUIDField(editable=False)),
                ("found", models.BooleanField(verbose_name="found")),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "help",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tries",
                        to="assistance.help",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "search for a place",
                "verbose_name_plural": "searches for a place",
            },
        ),
        migrations.CreateModel(
            name="ReflectionPeriod",
            fields=[
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded on")),
                ("recorded_by", models.UUIDField(editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reflection",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "reflection period",
                "verbose_name_plural": "reflection periods",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="assistance_reflection_some_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnAssessment",
            fields=[
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="kind of help")),
                ("country", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("wished", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("conclusion", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("findings", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("valid_until", models.DateField(verbose_name="valid up to")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("made_by", models.UUIDField(editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="returns",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "assessment of a return",
                "verbose_name_plural": "assessments of returns",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("voluntary_return", "relocation_or_resettlement"))
                        ),
                        name="assistance_return_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("dangers", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("signs", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("steps", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("people", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("code_word", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("made_by", models.UUIDField(editable=False)),
                ("review_on", models.DateField(verbose_name="review by")),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="safety_plan",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "safety plan",
                "verbose_name_plural": "safety plans",
            },
        ),
        migrations.CreateModel(
            name="Voice",
            fields=[
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("helps", "it works"),
                            ("partly", "it works a little"),
                            ("not", "it does not work"),
                            ("harms", "it makes things worse"),
                            ("not_said", "not said"),
                        ],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.UUIDField(editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="voices",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "what the person says",
                "verbose_name_plural": "what people say",
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "reference",
                    models.CharField(
                        default=marfa.domain.ids.new_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("in_person", "in person"),
                            ("phone", "by phone"),
                            ("message", "by message"),
                            ("through_other", "through someone they trust"),
                        ],
                        max_length=15,
                        verbose_name="way",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("held", "took place"),
                            ("missed", "missed"),
                            ("cancelled", "cancelled"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due by")),
                ("responsible", models.UUIDField(editable=False, null=True)),
                ("planned_at", models.DateTimeField(verbose_name="planned on")),
                ("planned_by", models.UUIDField(editable=False)),
                ("ended_at", models.DateTimeField(null=True, verbose_name="when")),
                ("ended_by", models.UUIDField(editable=False, null=True)),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("risk", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="registry.person",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="registry.contactpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["responsible", "due_at"],
                        name="assistance_contacts_due",
                    ),
                    models.Index(fields=["case", "due_at"], name="assistance_contacts_of_case"),
                    models.Index(
                        condition=models.Q(("state", "missed")),
                        fields=["case"],
                        name="assistance_contacts_missed",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "planned")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["held", "missed", "cancelled"]),
                            ),
                            _connector="OR",
                        ),
                        name="assistance_contact_ended",
                    )
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Contact",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Goal",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Help",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="HelpTry",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ReflectionPeriod",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ReturnAssessment",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="SafetyPlan",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Voice",
            owner="organisation",
            object_key="person",
        ),
    ]
