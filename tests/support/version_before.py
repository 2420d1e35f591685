"""The version before: a data folder as this version makes it, which a later one is to open.

    python -m tests.support.version_before make FOLDER    with this version, or with one checked out
    python -m tests.support.version_before read FOLDER    what is stored in it, as JSON

It is the demonstration with a further row in each table that it leaves empty. What is sealed is
written down in clear beside the folder (``FOLDER.clear.json``), for whoever opens it later.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

LEFT_EMPTY = frozenset(
    {
        "accounts.Authenticator",
        "accounts.Passkey",
        "accounts.Password",
        "form_pages.LateForm",
        "forms.Attachment",
        "sealed_records.SealedNote",
    }
)
"""Tables of apps that have no row in it: what is in them is made by machinery of its own, such as
keys that only a browser, a passphrase or the store of files has."""


def _row(label: str) -> Callable[[Any], Any]:
    """The row that there is in a table."""

    def found(made: Any) -> Any:
        (row,) = (row for model, row in made.items() if model._meta.label == label)
        return row

    return found


def _tomorrow(_made: Any) -> Any:
    """A moment after all others in it."""
    from datetime import timedelta

    from marfa.platform import clock

    return clock.now() + timedelta(days=1)


def _next_day(made: Any) -> Any:
    """The day after all others in it."""
    return _tomorrow(made).date()


def _now(_made: Any) -> Any:
    from marfa.platform import clock

    return clock.now()


def _somebody(_made: Any) -> Any:
    """The key of somebody who did nothing else in it."""
    from marfa.domain.ids import new_id

    return new_id()


def _own_word(made: Any) -> Any:
    """On what the yes of a child rests: that it can decide by itself."""
    return _row("best_interests.CapacityNote")(made).pk


def _other_child(made: Any) -> Any:
    """Somebody else than whom most rows tell of."""
    person = _row("registry.Person")(made)
    return type(person).objects.exclude(pk=person.pk).first()


YES = {
    "agreed_by": "child",
    "agreed_answer": "given",
    "agreed_basis": _own_word,
    "agreed_at": _now,
}
LOOKED_AT_AGAIN = {"review_at": _tomorrow}
PARTICULAR: dict[str, dict[str, Any]] = {
    "organisations.Exclusion": {"user": _row("accounts.User")},
    "incidents.Incident": {"kind": "lost_device", "state": "open"},
    "privacy.Hold": {"reason": "safety"},
    "privacy.RequestAnswer": {"outcome": "granted"},
    "consents.LegalBasisRecord": {
        "purpose": "assistance",
        "ground": "vital_interest",
        "basis": "vital_interest",
    },
    "consents.Sharing": {
        "recipient_kind": "health",
        "purpose": "assistance",
        "consent": _row("consents.Consent"),
    },
    "cases.AssessmentArea": {"area": "safety"},
    "assistance.ReturnAssessment": {"kind": "voluntary_return"},
    "proceedings.CompelledAct": {"with_counsel": True},
    "tours.TourProgress": {"state": "left"},
    "list_files.NamedFileRequest": {
        "state": "asked",
        "purpose": "assistance",
        "expires_at": _tomorrow,
    },
    "forms.FormMedia": {"content": b"a picture"},
    "studies.Band": {"begins": date(2026, 1, 1), "ends": date(2027, 1, 1)},
    "age_assessment.AgeResult": {"method": "documents"},
    "child_talks.ChildTalk": {"state": "open", "since": _now, "told_first": True},
    "materials.PrintBatch": {"copies": 200},
    "directory.Service": {"need": "shelter"},
    "screening.ListSignature": {"second_at": None, "second_by": None, "until": None}
    | {"ended_at": None, "ended_by": None},
    "texts.TextReview": {"decision": "stop", "text": "", "feminine": "", "masculine": ""}
    | {"confirmed_at": None, "confirmed_by": None, "until": None},
    "tracing.ClaimedRelative": {"kind": "sibling"},
    "tracing.TieAccount": {"apart": True, "open_questions": True},
    "tracing.TieDecision": {
        "outcome": "verified",
        "sides": "agree",
        "child_account": _row("tracing.TieAccount"),
        "relative_account": _row("tracing.TieAccount"),
        "state": "agreed",
        "decided_at": _now,
        "decided_by": _somebody,
        **LOOKED_AT_AGAIN,
    },
    "tracing.FamilyContact": {"wished": True},
    "tracing.TracingRequest": {"kind": "sibling"},
    "tracing.NeverThrough": {"party": "consulate"},
    "tracing.TracingShare": {"body": "tracing", **YES},
    "tracing.Parting": {"other": _other_child, **LOOKED_AT_AGAIN},
    "tracing.Reunification": LOOKED_AT_AGAIN,
    "alternative_care.Placement": {
        "sort": "emergency",
        "settle_by": _tomorrow,
        "visit_by": _tomorrow,
        **LOOKED_AT_AGAIN,
    },
    "reintegration.PlanReview": {"review_on": _next_day},
    "violation_notices.ViolationNotice": {"violation": "abduction", **YES},
}
"""What constraints of single tables ask for."""


SEALED_WITH: dict[str, dict[str, Any]] = {
    "best_interests.Determination.ordered_by": {
        "matter": "separation",
        "order_on": lambda made: _now(made).date(),
        "order_entered_by": _somebody,
    },
}
"""What a constraint asks for beside a sealed field that is filled in a row of the demonstration."""


def make(folder: Path) -> None:
    """Make it, as the commands make an installation."""
    from marfa.cli.server.create import fill_installation, prepare_django
    from marfa.cli.server.serve import DEMONSTRATED
    from marfa.platform.datafolder import InstallationKind, new_folder

    with new_folder(folder, kind=InstallationKind.DEMONSTRATION, desks=DEMONSTRATED) as making:
        prepare_django(making.folder)
        fill_installation(making, _everything)
        clear = json.dumps(stored(), indent=1, sort_keys=True)
    clear_beside(folder).write_text(clear, encoding="utf-8")


def clear_beside(folder: Path) -> Path:
    """Where it is written what lies sealed in the folder."""
    return folder.with_name(f"{folder.name}.clear.json")


def _everything() -> None:
    from marfa.demo.build import build_demo
    from marfa.platform.rowsecurity.context import every_organisation
    from marfa.safeguards.vault.access import open_vault

    build_demo()
    with every_organisation(), open_vault():
        _keep_spreadsheet()
        for label, error in {**_fill_empty(), **_seal_empty()}.items():
            if label not in LEFT_EMPTY:
                raise RuntimeError(f"nothing in {label}: {error}")


def _keep_spreadsheet() -> None:
    """What is sealed by the instance key is made as in use, since a rotation opens it."""
    from marfa.apps.accounts.models import User
    from marfa.apps.forms.actions.uploads import keep_upload
    from marfa.apps.forms.upload_parts import Part
    from marfa.apps.organisations.queries import actor_of, data_controller
    from marfa.safeguards.words import Purpose

    keep_upload(
        actor=actor_of(User.objects.get(username="supervisor")),
        organisation=data_controller(),
        sheet=Part("wards.md", "text/markdown", b"| survey |"),
        purpose=Purpose.REGISTRATION,
    )


def _fill_empty() -> dict[str, str]:
    """A row in each table of an app that has none; what stood against it, by table."""
    from django.db import transaction

    from tests.support.sample_rows import fill, tables_of

    failed = {}
    tables = tables_of(*_labels())
    made: Any = {model: row for model in tables if (row := model._default_manager.first())}
    for model in tables:
        if model in made or model._meta.label in LEFT_EMPTY:
            continue
        try:
            with transaction.atomic():
                _prepare(model, made)
                made |= fill([model], made, _value, PARTICULAR)
        except Exception as error:  # each table says what it asks for
            failed[model._meta.label] = f"{type(error).__name__}: {error}"
    return failed


def _seal_empty() -> dict[str, str]:
    """Something in each sealed field that is empty in all rows; what stood against it, by field."""
    from django.apps import apps
    from django.db import transaction

    failed = {}
    for model in apps.get_models():
        for field in _sealed_fields(model):
            row = model._default_manager.first()
            held = model._default_manager.filter(**{f"{field.name}__isnull": False})
            if row is None or held.exists():
                continue
            try:
                with transaction.atomic():
                    setattr(row, field.attname, _value(field))
                    row.save(update_fields=[field.attname, *_set_with(row, field)])
            except Exception as error:  # each table says what it asks for
                failed[f"{model._meta.label}.{field.name}"] = f"{type(error).__name__}: {error}"
    return failed


def _set_with(row: Any, field: Any) -> list[str]:
    """The columns that a constraint asks for beside a sealed field of a row that is there; gives
    their names."""
    others = SEALED_WITH.get(f"{field.model._meta.label}.{field.name}", {})
    for name, value in others.items():
        setattr(row, name, value({}) if callable(value) else value)
    return list(others)


def _prepare(model: Any, made: Any) -> None:
    """What stands before a row of a table: a key of its own for the record of which it is sealed,
    or a relationship that was verified."""
    from marfa.safeguards.vault.records import protect_record

    if model._meta.label == "incidents.Note":
        incident, person = _row("incidents.Incident")(made), _row("registry.Person")(made)
        protect_record(record=incident.pk, subjects=[person.pk])
    if model._meta.label == "tracing.FamilyContact":
        # What follows is allowed with a relative alone who was verified.
        claim, found = _row("tracing.ClaimedRelative")(made), _row("tracing.TieDecision")(made)
        claim.state, claim.decision = "verified", found
        claim.save(update_fields=["state", "decision"])


def _labels() -> list[str]:
    from django.apps import apps

    return [each.label for each in apps.get_app_configs() if each.name.startswith("marfa.apps.")]


def _value(field: Any) -> object:
    """What is sealed in a field: something that says where it was."""
    from marfa.platform import clock
    from marfa.safeguards.vault.fields import VaultDateField, VaultJSONField

    text = f"{field.model._meta.label}.{field.name}"
    if isinstance(field, VaultDateField):
        return clock.now().date()
    return [text] if isinstance(field, VaultJSONField) else text


def stored() -> dict[str, Any]:
    """How many rows each table has, and what opens of what is sealed, by field and key."""
    from django.apps import apps

    from marfa.platform.rowsecurity.context import every_organisation
    from marfa.safeguards.vault.access import open_vault

    with every_organisation(), open_vault():
        rows = {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}
        sealed = {
            f"{model._meta.label}.{field.name}": dict(_opened(model, field))
            for model in apps.get_models()
            for field in _sealed_fields(model)
        }
    return {"rows": rows, "sealed": sealed}


def _sealed_fields(model: Any) -> list[Any]:
    from marfa.safeguards.vault.fields import VaultField

    return [field for field in model._meta.concrete_fields if isinstance(field, VaultField)]


def _opened(model: Any, field: Any) -> Iterator[tuple[str, str]]:
    for row in model._default_manager.all():
        value = getattr(row, field.attname)
        if value is not None:
            yield row.pk.hex, value.hex() if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]).absolute())
    else:
        from marfa.cli.server.installation import open_installation

        open_installation(Path(sys.argv[2]).absolute())
        sys.stdout.write(json.dumps(stored()))
