import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.facts.columns
import marfa.platform.rowsecurity.operations
import marfa.safeguards.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Screening",
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
                ("officer", models.UUIDField(editable=False)),
                ("submission", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "before the first question"),
                            ("asking", "under way"),
                            ("finished", "finished"),
                            ("stopped", "stopped"),
                            ("declined", "the person said no"),
                            ("not_safe", "put off: it was not safe to speak"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="begun")),
                ("asked_at", models.DateTimeField(null=True, verbose_name="first question")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="interview ended")),
                (
                    "recorded_at",
                    models.DateTimeField(null=True, verbose_name="put on record later"),
                ),
                (
                    "instrument",
                    models.CharField(blank=True, max_length=60, verbose_name="instrument"),
                ),
                ("instrument_version", models.CharField(blank=True, max_length=20)),
                ("instrument_digest", models.CharField(blank=True, max_length=80)),
                ("pilot", models.BooleanField(default=True, verbose_name="trial")),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                (
                    "addressee",
                    models.CharField(
                        default="feminine", max_length=12, verbose_name="form of address"
                    ),
                ),
                (
                    "age",
                    models.CharField(
                        default="unknown", max_length=10, verbose_name="age, for the rule"
                    ),
                ),
                (
                    "urgency",
                    models.CharField(default="routine", max_length=10, verbose_name="urgency"),
                ),
                ("conditions", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("interpreter", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("stated", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("observed", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("worded", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("said", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("seen", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("outcome", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("indication", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("wish", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("why_closed", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "help_declined_at",
                    models.DateTimeField(null=True, verbose_name="said no to protection"),
                ),
                ("reach", marfa.safeguards.vault.fields.VaultTextField(null=True)),
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
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "screening",
                "verbose_name_plural": "screenings",
                "indexes": [models.Index(fields=["site", "state"], name="screening_at_site")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["preparing", "asking"])),
                        fields=("person",),
                        name="screening_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "preparing",
                                    "asking",
                                    "finished",
                                    "stopped",
                                    "declined",
                                    "not_safe",
                                ],
                            )
                        ),
                        name="screening_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["routine", "days", "now"])),
                        name="screening_urgency_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state__in", ["preparing", "asking"])),
                            models.Q(
                                models.Q(("state__in", ["preparing", "asking"]), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="screening_closed_at_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["preparing", "declined", "not_safe", "stopped"]),
                            ("asked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="screening_asked_before_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("help_declined_at", None), ("state", "finished"), _connector="OR"
                        ),
                        name="screening_declined_after_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutcomeChange",
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
                    "direction",
                    models.CharField(
                        choices=[("raise", "raised"), ("lower", "to be lowered")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("done", "done"),
                            ("waiting", "waiting for a second person"),
                            ("refused", "not agreed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sentence", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("before", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("after", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("asked_by", models.UUIDField(editable=False)),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("answered_by", models.UUIDField(editable=False, null=True)),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
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
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="screening.screening",
                    ),
                ),
            ],
            options={
                "verbose_name": "change to a screening outcome",
                "verbose_name_plural": "changes to screening outcomes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("direction", "raise"), ("state", "done")),
                            models.Q(
                                ("answered_by", None), ("direction", "lower"), ("state", "waiting")
                            ),
                            models.Q(
                                ("direction", "lower"),
                                ("state__in", ["done", "refused"]),
                                ("answered_by__isnull", False),
                                models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="screening_lowered_by_two",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
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
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting for protection"), ("taken", "taken")],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("agreed", "the person agreed"),
                            ("child", "a child"),
                            ("life_in_danger", "life in danger"),
                        ],
                        max_length=20,
                        verbose_name="ground",
                    ),
                ),
                ("urgency", models.CharField(max_length=10, verbose_name="urgency")),
                ("due_at", models.DateTimeField(verbose_name="take by")),
                ("note", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("made_by", models.UUIDField(editable=False)),
                ("made_at", models.DateTimeField(verbose_name="handed over")),
                ("taken_by", models.UUIDField(editable=False, null=True)),
                ("taken_at", models.DateTimeField(null=True, verbose_name="taken")),
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
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
                (
                    "screening",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hand_over",
                        to="screening.screening",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over to protection",
                "verbose_name_plural": "hand-overs to protection",
                "indexes": [
                    models.Index(fields=["site", "state", "due_at"], name="screening_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "waiting"), ("taken_at", None), ("taken_by", None)),
                            models.Q(
                                ("state", "taken"),
                                ("taken_at__isnull", False),
                                ("taken_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="screening_taken_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ground__in", ["agreed", "child", "life_in_danger"])),
                        name="screening_ground_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["routine", "days", "now"])),
                        name="screening_hand_over_urgency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DangerStep",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("immediate", "Someone is in danger now"),
                            ("self_harm", "The person may hurt themselves"),
                            ("medical", "A medical emergency"),
                            ("child_alone", "A child is alone"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("done", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="recorded on")),
                ("by", models.UUIDField(editable=False)),
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
                    "screening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dangers",
                        to="screening.screening",
                    ),
                ),
            ],
            options={
                "verbose_name": "step taken in a danger",
                "verbose_name_plural": "steps taken in dangers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["immediate", "self_harm", "medical", "child_alone"])
                        ),
                        name="screening_danger_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteWords",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("duties", "What has to be reported at this site"),
                            ("immediate", "Someone is in danger now"),
                            ("self_harm", "The person may hurt themselves"),
                            ("medical", "A medical emergency"),
                            ("child_alone", "A child is alone"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                ("text", models.TextField(verbose_name="text")),
                ("written_by", models.UUIDField(editable=False, null=True)),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("reviewed_by", models.UUIDField(editable=False, null=True)),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a site",
                "verbose_name_plural": "texts of sites",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "kind", "language"), name="screening_words_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["duties", "immediate", "self_harm", "medical", "child_alone"],
                            )
                        ),
                        name="screening_words_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at", None), ("reviewed_by", None)),
                            models.Q(
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                models.Q(
                                    ("written_by", None),
                                    models.Q(
                                        ("reviewed_by", models.F("written_by")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="screening_words_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScreeningFact",
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
                ("organisation", models.UUIDField(editable=False)),
                ("subject", models.UUIDField(editable=False)),
                ("valid_from", models.DateField(editable=False, verbose_name="valid from")),
                (
                    "valid_until",
                    models.DateField(editable=False, null=True, verbose_name="valid until"),
                ),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("replaced_at", models.DateTimeField(editable=False, null=True)),
                (
                    "age_band",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=[
                            "age_0_4",
                            "age_5_11",
                            "age_12_17",
                            "age_18_24",
                            "age_25_59",
                            "age_60_plus",
                            "child",
                            "adult",
                            "unknown",
                        ],
                        list_name="age_bands",
                    ),
                ),
                (
                    "is_child_until",
                    marfa.platform.facts.columns.DayColumn(exported="month", null=True),
                ),
                (
                    "sex",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=["female", "male", "intersex", "unknown"], list_name="sex"
                    ),
                ),
                ("admin_area", marfa.platform.facts.columns.AreaColumn(max_length=14, null=True)),
                (
                    "conflict_link",
                    marfa.platform.facts.columns.CodesColumn(
                        codes=[
                            "in_conflict_area",
                            "fleeing_conflict",
                            "moved_into_conflict",
                            "by_armed_or_terrorist_group",
                            "by_state_forces",
                            "post_conflict",
                            "none",
                            "unknown",
                        ],
                        list_name="conflict_link",
                    ),
                ),
                ("site", marfa.platform.facts.columns.KeyColumn(null=True)),
                ("officer", marfa.platform.facts.columns.KeyColumn(null=True)),
                (
                    "indication",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=[
                            "none_seen",
                            "at_risk",
                            "presumed_victim",
                            "reasons_only",
                            "not_finished",
                        ],
                        list_name="screening_indications",
                    ),
                ),
                (
                    "urgency",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=["routine", "days", "now"], list_name="screening_urgencies"
                    ),
                ),
                (
                    "rule",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=[
                            "none_seen",
                            "at_risk",
                            "presumed_victim",
                            "reasons_only",
                            "not_finished",
                        ],
                        default="not_finished",
                        list_name="screening_indications",
                    ),
                ),
                (
                    "earlier",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=[
                            "none_seen",
                            "at_risk",
                            "presumed_victim",
                            "reasons_only",
                            "not_finished",
                        ],
                        default="not_finished",
                        list_name="screening_indications",
                    ),
                ),
                (
                    "waited",
                    marfa.platform.facts.columns.WholeColumn(highest=200000, lowest=0, null=True),
                ),
            ],
            options={
                "verbose_name": "fact of a screening",
                "verbose_name_plural": "facts of screenings",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "recorded_at"], name="screeningfact_subject")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="screeningfact_some_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_at", None),
                            ("replaced_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="screeningfact_some_moment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)),
                        fields=("subject", "valid_from"),
                        name="screeningfact_one_present",
                    ),
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ScreeningFact",
            owner="organisation",
            object_key="subject",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="DangerStep",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="HandOver",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="OutcomeChange",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Screening",
            owner="organisation",
            object_key="person",
        ),
    ]
