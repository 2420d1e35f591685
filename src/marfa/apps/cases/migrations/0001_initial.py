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
        ("screening", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
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
                    "number",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, verbose_name="number"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("closed", "closed")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(default="days", max_length=10, verbose_name="urgency"),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("screening", "handed over after a screening"),
                            ("responder", "a first responder"),
                            ("person", "the person came themselves"),
                            ("family", "family or neighbours"),
                            ("referral", "referred by another organisation"),
                            ("other", "another way"),
                        ],
                        max_length=20,
                        verbose_name="source of the case",
                    ),
                ),
                ("worker", models.UUIDField(editable=False, null=True)),
                ("supervisor", models.UUIDField(editable=False, null=True)),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("opened_by", models.UUIDField(editable=False)),
                ("met_at", models.DateTimeField(null=True, verbose_name="last met")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed")),
                (
                    "hand_over",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="case",
                        to="screening.handover",
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
                    "site",
                    models.ForeignKey(
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
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "indexes": [
                    models.Index(fields=["worker", "state"], name="cases_of_worker"),
                    models.Index(fields=["site", "state", "urgency"], name="cases_at_site"),
                    models.Index(
                        condition=models.Q(("met_at", None), ("state", "open")),
                        fields=["opened_at"],
                        name="cases_never_met",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("organisation", "person"),
                        name="cases_one_open",
                    ),
                    models.UniqueConstraint(
                        fields=("organisation", "person", "number"), name="cases_numbered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            _connector="OR",
                        ),
                        name="cases_closed_at_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ("routine", "days", "now"))),
                        name="cases_urgency_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
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
                    "state",
                    models.CharField(
                        choices=[("open", "under way"), ("done", "finished")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="begun")),
                ("started_by", models.UUIDField(editable=False)),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                ("finished_by", models.UUIDField(editable=False, null=True)),
                ("released", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "individual assessment",
                "verbose_name_plural": "individual assessments",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("organisation", "case"),
                        name="cases_one_assessment_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("state", "open")),
                            models.Q(
                                ("finished_at__isnull", False),
                                ("finished_by__isnull", False),
                                ("state", "done"),
                            ),
                            _connector="OR",
                        ),
                        name="cases_assessment_finished",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseNote",
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
                        choices=[("note", "note"), ("conference", "case conference")],
                        default="note",
                        max_length=12,
                    ),
                ),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("present", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.UUIDField(editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
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
                "verbose_name": "note of a case",
                "verbose_name_plural": "notes of cases",
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
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
                            ("opened", "opened"),
                            ("assigned", "assigned"),
                            ("urgency", "urgency changed"),
                            ("closed", "closed"),
                            ("reopened", "opened again"),
                            ("moved", "moved to another site or team"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=40)),
                ("after", models.CharField(blank=True, max_length=40)),
                ("sentence", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.UUIDField(editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
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
                "verbose_name": "step of a case",
                "verbose_name_plural": "steps of cases",
                "indexes": [
                    models.Index(fields=["case", "at"], name="cases_steps_in_time"),
                    models.Index(fields=["-at", "-id"], name="cases_steps_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountryProfile",
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
                ("country", models.CharField(max_length=2, verbose_name="country")),
                (
                    "mechanism",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="national referral mechanism"
                    ),
                ),
                (
                    "authority",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="competent authority"
                    ),
                ),
                (
                    "authority_kind",
                    models.CharField(
                        default="Other", max_length=40, verbose_name="kind of authority"
                    ),
                ),
                (
                    "reflection_days",
                    models.PositiveSmallIntegerField(
                        null=True, verbose_name="reflection period in days"
                    ),
                ),
                (
                    "decision_days",
                    models.PositiveSmallIntegerField(
                        null=True, verbose_name="decision within days"
                    ),
                ),
                (
                    "appeal_days",
                    models.PositiveSmallIntegerField(null=True, verbose_name="appeal within days"),
                ),
                (
                    "review_hours",
                    models.PositiveSmallIntegerField(
                        default=72, verbose_name="review within hours"
                    ),
                ),
                ("source", models.TextField(blank=True, verbose_name="law or procedure")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded on")),
                ("recorded_by", models.UUIDField(editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "country profile",
                "verbose_name_plural": "country profiles",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "country"), name="cases_profile_of_country"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "authority_kind__in",
                                (
                                    "Police",
                                    "NGO",
                                    "CourtOrProsecution",
                                    "NonPoliceGovernmentalOrganization",
                                    "Other",
                                ),
                            )
                        ),
                        name="cases_profile_authority",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_hours__gte", 1), ("review_hours__lte", 720)),
                        name="cases_profile_review_hours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExploitationEpisode",
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
                ("forms", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("recruitment", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("control", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("industries", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("sexual", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("relation", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("countries", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("place", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("since", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("until", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("age", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("conflict_links", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("group", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("state_actor", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("recorded_at", models.DateTimeField(verbose_name="recorded on")),
                ("recorded_by", models.UUIDField(editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="episodes",
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
                "verbose_name": "episode of exploitation",
                "verbose_name_plural": "episodes of exploitation",
            },
        ),
        migrations.CreateModel(
            name="FormalIdentification",
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
                ("country", models.CharField(max_length=2, verbose_name="country")),
                ("authority", models.CharField(max_length=200, verbose_name="authority")),
                (
                    "authority_kind",
                    models.CharField(max_length=40, verbose_name="kind of authority"),
                ),
                ("asked_at", models.DateTimeField(verbose_name="authority asked")),
                ("asked_by", models.UUIDField(editable=False)),
                (
                    "expected_at",
                    models.DateTimeField(null=True, verbose_name="decision expected by"),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "not decided"),
                            ("identified", "identified as a victim"),
                            ("refused", "not identified as a victim"),
                        ],
                        max_length=12,
                        verbose_name="decision",
                    ),
                ),
                ("decided_on", models.DateField(null=True, verbose_name="decided on")),
                ("recorded_at", models.DateTimeField(null=True, verbose_name="recorded on")),
                ("recorded_by", models.UUIDField(editable=False, null=True)),
                ("reasons", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("file_number", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("appeal_until", models.DateField(null=True, verbose_name="appeal until")),
                ("wish", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "rests_on",
                    models.CharField(
                        choices=[
                            ("person", "the person’s own yes"),
                            ("guardian", "the person’s own yes and a verified guardian"),
                            ("basis", "the person’s own yes and another recorded ground"),
                        ],
                        default="person",
                        max_length=10,
                        verbose_name="based on",
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="taken back")),
                ("withdrawn_by", models.UUIDField(editable=False, null=True)),
                (
                    "appeals",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="appealed_by",
                        to="cases.formalidentification",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="formal",
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
                "verbose_name": "formal identification",
                "verbose_name_plural": "formal identifications",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_on", None), ("decision", "")),
                            models.Q(
                                ("decided_on__isnull", False),
                                ("decision__in", ["identified", "refused"]),
                            ),
                            _connector="OR",
                        ),
                        name="cases_decided_with_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "authority_kind__in",
                                (
                                    "Police",
                                    "NGO",
                                    "CourtOrProsecution",
                                    "NonPoliceGovernmentalOrganization",
                                    "Other",
                                ),
                            )
                        ),
                        name="cases_authority_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decision", ""), ("withdrawn_at", None)),
                        fields=("organisation", "case"),
                        name="cases_one_request_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("organisation", "appeals"),
                        name="cases_one_appeal_stands",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presumption",
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
                    "ground",
                    models.CharField(
                        choices=[
                            ("screening", "a screening"),
                            ("told", "the person said it"),
                            ("observed", "what was seen"),
                            ("referred", "reported by another organisation"),
                            ("child", "a child in exploitation"),
                            ("other", "another reason"),
                        ],
                        max_length=12,
                        verbose_name="ground",
                    ),
                ),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("made_at", models.DateTimeField(verbose_name="when")),
                ("made_by", models.UUIDField(editable=False)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presumptions",
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
                    "screening",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="presumptions",
                        to="screening.screening",
                    ),
                ),
            ],
            options={
                "verbose_name": "presumption",
                "verbose_name_plural": "presumptions",
            },
        ),
        migrations.CreateModel(
            name="Review",
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
                    "of",
                    models.CharField(
                        choices=[
                            ("presumption", "a presumption"),
                            ("closure", "the end of a case"),
                            ("lowering", "a lower urgency"),
                            ("periodic", "the whole case"),
                        ],
                        max_length=12,
                        verbose_name="subject",
                    ),
                ),
                ("subject", models.UUIDField(editable=False, null=True)),
                ("asked_by", models.UUIDField(editable=False)),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("wanted", models.CharField(blank=True, max_length=40)),
                ("why", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("due_at", models.DateTimeField(verbose_name="answer due by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for a second person"),
                            ("agreed", "agreed"),
                            ("not_agreed", "not agreed"),
                            ("withdrawn", "no longer needed: it became more urgent"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("answered_by", models.UUIDField(editable=False, null=True)),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
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
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="cases_reviews_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at", None), ("answered_by", None), ("state", "waiting")
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by", None),
                                ("state", "withdrawn"),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("state__in", ["agreed", "not_agreed"]),
                                ("answered_by__isnull", False),
                                models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="cases_reviewed_by_another",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("organisation", "case", "of"),
                        name="cases_one_review_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteCountry",
            fields=[
                (
                    "site",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="country_profile",
                        serialize=False,
                        to="organisations.site",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="cases.countryprofile",
                    ),
                ),
            ],
            options={
                "verbose_name": "country of a site",
                "verbose_name_plural": "countries of sites",
            },
        ),
        migrations.CreateModel(
            name="CaseFact",
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
                (
                    "state",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=["open", "closed"], list_name="case_states"
                    ),
                ),
                (
                    "urgency",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=["routine", "days", "now"], list_name="screening_urgencies"
                    ),
                ),
                ("presumed", marfa.platform.facts.columns.FlagColumn(default=False)),
                (
                    "decision",
                    marfa.platform.facts.columns.CodeColumn(
                        codes=["none", "asked", "identified", "refused"],
                        default="none",
                        list_name="formal_decisions",
                    ),
                ),
                (
                    "exploitation",
                    marfa.platform.facts.columns.CodesColumn(
                        codes=[
                            "exploitation_of_prostitution",
                            "other_sexual_exploitation",
                            "sexual_slavery",
                            "forced_labour",
                            "slavery_and_similar_practices",
                            "servitude",
                            "organ_removal",
                            "recruitment_or_use_by_armed_forces_or_groups",
                            "forced_marriage",
                            "forced_criminality",
                        ],
                        list_name="exploitation_forms",
                    ),
                ),
                (
                    "given",
                    marfa.platform.facts.columns.CodesColumn(
                        codes=[
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
                        ],
                        list_name="support_types",
                    ),
                ),
                (
                    "lacking",
                    marfa.platform.facts.columns.CodesColumn(
                        codes=[
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
                        ],
                        list_name="support_types",
                    ),
                ),
            ],
            options={
                "verbose_name": "fact of a case",
                "verbose_name_plural": "facts of cases",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["subject", "recorded_at"], name="casefact_subject")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="casefact_some_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_at", None),
                            ("replaced_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="casefact_some_moment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)),
                        fields=("subject", "valid_from"),
                        name="casefact_one_present",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentArea",
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "discussed"),
                            ("later", "put off"),
                            ("declined", "the person does not want to discuss it"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("need", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("answers", marfa.safeguards.vault.fields.VaultJSONField(null=True)),
                ("words", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("seen", marfa.safeguards.vault.fields.VaultTextField(null=True)),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.UUIDField(editable=False)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="cases.assessment",
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
                "verbose_name": "area of an assessment",
                "verbose_name_plural": "areas of assessments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "assessment", "area"), name="cases_area_once"
                    ),
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
                        name="cases_area_known",
                    ),
                ],
            },
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="CaseFact",
            owner="organisation",
            object_key="subject",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Assessment",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="AssessmentArea",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Case",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="CaseNote",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="CaseStep",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="ExploitationEpisode",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="FormalIdentification",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Presumption",
            owner="organisation",
            object_key="person",
        ),
        marfa.platform.rowsecurity.operations.ProtectRows(
            model_name="Review",
            owner="organisation",
            object_key="person",
        ),
    ]
