import django.db.models.deletion
import marfa.domain.ids
import marfa.platform.facts.columns
import marfa.platform.rowsecurity.operations
import marfa.safeguards.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Household",
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
                ("code", models.CharField(editable=False, max_length=9, verbose_name="code")),
                ("formed_at", models.DateTimeField(verbose_name="registered")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "household",
                "verbose_name_plural": "households",
                "indexes": [models.Index(fields=["code"], name="registry_household_by_code")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "code"), name="registry_household_code_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
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
                ("code", models.CharField(editable=False, max_length=9, verbose_name="code")),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("present", "present"),
                            ("departed", "departed"),
                            ("died", "died"),
                        ],
                        default="present",
                        max_length=20,
                        verbose_name="presence",
                    ),
                ),
                ("sex", models.CharField(default="unknown", max_length=40, verbose_name="sex")),
                ("age_disputed", models.BooleanField(default=False, verbose_name="age in doubt")),
                ("age_decided_at", models.DateTimeField(null=True, verbose_name="age decided")),
                ("child_until", models.DateField(null=True, verbose_name="child until")),
                ("protected", models.BooleanField(default=False, verbose_name="protected")),
                ("protected_at", models.DateTimeField(null=True, verbose_name="protected since")),
                ("erased_at", models.DateTimeField(null=True, verbose_name="erased")),
                ("registered_at", models.DateTimeField(verbose_name="registered")),
                ("left_at", models.DateTimeField(null=True, verbose_name="left the site")),
                ("born", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("birth_basis", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("birth_place", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("gender", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("languages", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("interpreter", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("citizenships", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("statelessness", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("displacement", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("migration_status", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("marital_status", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("education", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("functioning", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("ethnicity", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("religion", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.site",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "indexes": [
                    models.Index(fields=["site", "registered_at"], name="registry_at_site"),
                    models.Index(fields=["code"], name="registry_by_code"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "code"), name="registry_code_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sex__in", ("female", "male", "intersex", "unknown"))),
                        name="registry_sex_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("presence__in", ["present", "departed", "died"])),
                        name="registry_presence_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("protected", False), ("protected_at__isnull", False), _connector="OR"
                        ),
                        name="registry_protected_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_at", None), ("presence", "present")),
                            models.Q(
                                ("left_at__isnull", False), ("presence__in", ["departed", "died"])
                            ),
                            _connector="OR",
                        ),
                        name="registry_left_when_gone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityDocument",
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
                ("kind", models.CharField(default="other", max_length=40, verbose_name="kind")),
                ("number", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("country", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("held_by", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("valid_until", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("scan", models.UUIDField(editable=False, null=True)),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
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
                "verbose_name": "document of a person",
                "verbose_name_plural": "documents of persons",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "passport",
                                    "national_id",
                                    "birth_certificate",
                                    "family_book",
                                    "refugee_document",
                                    "registration_number",
                                    "residence_permit",
                                    "travel_document",
                                    "other",
                                ),
                            )
                        ),
                        name="registry_document_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseholdMember",
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
                ("head", models.BooleanField(default=False, verbose_name="head of household")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("until", models.DateTimeField(null=True, verbose_name="until")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="registry.household",
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
                        related_name="households",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of a household",
                "verbose_name_plural": "members of households",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)),
                        fields=("household", "person"),
                        name="registry_member_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="registry_member_until_after_since",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
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
                ("kind", models.CharField(default="phone", max_length=40, verbose_name="kind")),
                (
                    "safety",
                    models.CharField(
                        choices=[
                            ("safe", "safe"),
                            ("not_safe", "not safe"),
                            ("not_asked", "not asked yet"),
                        ],
                        default="not_asked",
                        max_length=20,
                        verbose_name="safe to use",
                    ),
                ),
                ("value", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("whose", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("when", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("avoid", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
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
                "verbose_name": "contact details of a person",
                "verbose_name_plural": "contact details of people",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "phone",
                                    "messaging",
                                    "email",
                                    "address",
                                    "through_person",
                                    "at_site",
                                ),
                            )
                        ),
                        name="registry_contact_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("safety__in", ["safe", "not_safe", "not_asked"])),
                        name="registry_contact_safety_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonName",
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
                ("kind", models.CharField(default="usual", max_length=40, verbose_name="kind")),
                ("text", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
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
                "verbose_name": "name",
                "verbose_name_plural": "names",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "usual",
                                    "in_document",
                                    "at_birth",
                                    "by_marriage",
                                    "called",
                                    "religious",
                                    "given_by_others",
                                    "other",
                                ),
                            )
                        ),
                        name="registry_name_kind_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Protection",
            fields=[
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
                    "id",
                    models.UUIDField(
                        default=marfa.domain.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("reason", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("began_at", models.DateTimeField(verbose_name="protected since")),
                ("began_by", models.UUIDField(editable=False)),
                ("review_on", models.DateField(verbose_name="review by")),
                ("asked_at", models.DateTimeField(null=True)),
                ("asked_by", models.UUIDField(editable=False, null=True)),
                ("asked_why", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("ended_by", models.UUIDField(editable=False, null=True)),
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
                "verbose_name": "protection of a person",
                "verbose_name_plural": "protections of persons",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("organisation", "person"),
                        name="registry_protected_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(
                                ("asked_by__isnull", False),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                models.Q(("ended_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="registry_protection_ended_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_at", None), ("asked_by", None)),
                            models.Q(("asked_at__isnull", False), ("asked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_protection_asked_by_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
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
                    "event",
                    models.CharField(
                        choices=[
                            ("arrival", "arrival"),
                            ("birth", "birth"),
                            ("departure", "departure"),
                            ("return", "return"),
                            ("death", "death"),
                        ],
                        max_length=20,
                        verbose_name="event",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("individual", "one person"),
                            ("group", "a household"),
                            ("code_only", "by code only"),
                        ],
                        max_length=20,
                        verbose_name="how",
                    ),
                ),
                ("day", models.DateField(null=True, verbose_name="day")),
                ("at", models.DateTimeField(verbose_name="recorded on")),
                ("by", models.UUIDField(editable=False)),
                ("batch", models.UUIDField(editable=False, null=True)),
                ("digest", models.CharField(blank=True, default="", editable=False, max_length=64)),
                ("place", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="registry.household",
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
                        related_name="registrations",
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
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
                "indexes": [models.Index(fields=["site", "at"], name="registry_registered_at")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("batch__isnull", False)),
                        fields=("organisation", "batch", "place"),
                        name="registry_batch_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("event__in", ["arrival", "birth", "departure", "return", "death"])
                        ),
                        name="registry_event_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["individual", "group", "code_only"])),
                        name="registry_mode_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relationship",
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
                    "kind",
                    models.CharField(default="unknown", max_length=40, verbose_name="relationship"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("claimed", "claimed"),
                            ("verified", "verified"),
                            ("refuted", "found to be incorrect"),
                        ],
                        default="claimed",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("accompanies", models.BooleanField(default=False, verbose_name="accompanies")),
                ("basis", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                ("settled_by", models.UUIDField(editable=False, null=True)),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
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
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="related",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "relationship",
                "verbose_name_plural": "relationships",
                "indexes": [models.Index(fields=["to"], name="registry_related_to")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "parent",
                                    "child",
                                    "sibling",
                                    "grandparent",
                                    "grandchild",
                                    "aunt_or_uncle",
                                    "niece_or_nephew",
                                    "cousin",
                                    "step_parent",
                                    "step_child",
                                    "spouse",
                                    "partner",
                                    "co_wife",
                                    "forced_spouse",
                                    "in_law",
                                    "other_relative",
                                    "guardian",
                                    "ward",
                                    "caregiver",
                                    "cared_for",
                                    "foster_parent",
                                    "foster_child",
                                    "household_member",
                                    "travel_companion",
                                    "friend",
                                    "other",
                                    "unknown",
                                ),
                            )
                        ),
                        name="registry_relationship_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("to")), _negated=True),
                        name="registry_related_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "claimed")),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("state__in", ["verified", "refuted"]),
                            ),
                            _connector="OR",
                        ),
                        name="registry_settled_when_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisteredFact",
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
                (
                    "displacement",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=[
                            "not_displaced",
                            "internally_displaced",
                            "asylum_seeker",
                            "refugee",
                            "other_in_need_of_protection",
                            "evacuated_or_resettled",
                            "returned_internally",
                            "returned_from_abroad",
                            "unknown",
                        ],
                        list_name="displacement_status",
                    ),
                ),
                ("present", marfa.platform.facts.columns.FlagColumn()),
                ("without_care", marfa.platform.facts.columns.FlagColumn()),
            ],
            options={
                "verbose_name": "fact of a registered person",
                "verbose_name_plural": "facts of registered persons",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "recorded_at"], name="registeredfact_subject")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="registeredfact_some_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_at", None),
                            ("replaced_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="registeredfact_some_moment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)),
                        fields=("subject", "valid_from"),
                        name="registeredfact_one_present",
                    ),
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="RegisteredFact",
            owner="organisation",
            object_key="subject",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Household",
            owner="organisation",
            kind="Household",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Person",
            owner="organisation",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="IdentityDocument",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="HouseholdMember",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ContactPoint",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="PersonName",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Protection",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Registration",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Relationship",
            owner="organisation",
            object_key="person",
        ),
    ]
